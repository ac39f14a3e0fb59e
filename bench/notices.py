"""Fan-out of notices: tell, plan and send, a second's worth at a time, to a provider that answers in five milliseconds.

Peer: the limit of the same database and provider: one bare row a person, and the messages by as many threads.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Final
from uuid import uuid4

from django.db import connection, transaction
from typing_extensions import override

from bench.frame import SEED, Outcome, Say, scratch_database, time_pairs
from shuzheng.base.directory.models import Person
from shuzheng.base.directory.queries.sealing import seal_field
from shuzheng.base.kernel import clock
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import PersonId
from shuzheng.base.notices.actions import deliver_due, plan_deliveries, send_notices
from shuzheng.base.notices.actions.delivering import SENDERS
from shuzheng.base.notices.models import Delivery
from shuzheng.base.notices.types import CHANNELS, ChannelPort, Message

KEYS: Final = ("notices_per_second", "ratio_bare_send")
PEOPLE: Final = 500
ANSWER_SECONDS: Final = 0.005
ASKED: Final = 360
"""Notices a second that a city of this size asks for."""
PARTS: Final = ("tell", "plan", "send")


class Provider(ChannelPort):
    """Takes every message after five milliseconds."""

    @override
    def send(self, message: Message) -> str:
        """Take it."""
        time.sleep(ANSWER_SECONDS)
        return str(message.id)


def run(scale: float, say: Say) -> Outcome:
    """Tell everybody something, several times, beside bare rows and bare sending."""
    outcome = Outcome()
    number = max(20, int(PEOPLE * min(1.0, scale)))
    with scratch_database():
        CHANNELS._entries["sms"] = Provider()
        people = _make_people(number)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bench_bare (public_id char(32) PRIMARY KEY, rest text)")
        parts = dict.fromkeys(PARTS, 0.0)
        rounds = [0]

        def ours() -> None:
            rounds[0] += 1
            for part, taken in zip(PARTS, _tell_all(people, key=str(rounds[0])), strict=True):
                parts[part] += taken

        say(f"{number} people a round")
        pairs = time_pairs(ours, lambda: _bare(number))
        sent = Delivery.objects.filter(state="sent").count()
        if sent != rounds[0] * number:
            raise AssertionError(f"{sent} of {rounds[0] * number} sent")
    outcome.work = {"scale": scale, "people": number, "rounds": rounds[0], "senders": SENDERS, "seed": SEED}
    outcome.figures["notices_per_second"] = number / pairs.seconds
    outcome.figures |= {f"{part}_per_second": sent / taken for part, taken in parts.items()}
    outcome.figures["of_what_is_asked"] = number / pairs.seconds / ASKED
    outcome.figures |= pairs.figures("ratio_bare_send")
    outcome.notes.append(
        f"of_what_is_asked: against {ASKED} a second, all three parts one after another in one process"
    )
    outcome.notes.append("ratio_bare_send: against a bare row a person and the same messages by as many threads")
    return outcome


def _make_people(number: int) -> list[PersonId]:
    """Put people with a mobile into the register."""
    ids = [new_id(clock.now()) for _ in range(number)]
    Person.objects.bulk_create(
        Person(public_id=one, name="甲", status="正常", mobile_sealed=seal_field("person.mobile", one, "13800001234"))
        for one in ids
    )
    return [PersonId(one) for one in ids]


def _tell_all(people: list[PersonId], *, key: str) -> tuple[float, float, float]:
    """Tell everybody; return the seconds of each part."""
    marks = [time.perf_counter()]
    send_notices(people, kind="security", title="申请已受理", body="", link="/my/", key=key, at=clock.now())
    marks.append(time.perf_counter())
    while plan_deliveries(at=clock.now()):
        pass
    marks.append(time.perf_counter())
    while deliver_due(at=clock.now()):
        pass
    marks.append(time.perf_counter())
    tell, plan, send = (ended - began for began, ended in pairwise(marks))
    return tell, plan, send


def _bare(number: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for _ in range(number):
            cursor.execute("INSERT INTO bench_bare VALUES (%s, %s)", [uuid4().hex, "申请已受理"])
    with ThreadPoolExecutor(max_workers=SENDERS) as pool:
        list(pool.map(lambda _one: time.sleep(ANSWER_SECONDS), range(number)))
