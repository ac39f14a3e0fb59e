"""Fan-out of notices: tell, plan and send, a second's worth at a time, to a provider that answers in five milliseconds.

    SHUZHENG_VAR=$(mktemp -d) .venv/bin/python bench/notices.py [how many]

Prints notices a second for each part and for all three. The issue asks for 360 a second.
"""

import os
import sys
import tempfile
import time

os.environ.setdefault("SHUZHENG_VAR", tempfile.mkdtemp(prefix="shuzheng-bench-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "shuzheng.config.settings"

from pathlib import Path

from shuzheng.config.keys import ensure_keys

ensure_keys(Path(os.environ["SHUZHENG_VAR"]) / "keys")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from typing_extensions import override  # noqa: E402

from shuzheng.base.directory.models import Person  # noqa: E402
from shuzheng.base.directory.queries.sealing import seal_field  # noqa: E402
from shuzheng.base.kernel import clock  # noqa: E402
from shuzheng.base.kernel.ids import new_id  # noqa: E402
from shuzheng.base.kernel.types import PersonId  # noqa: E402
from shuzheng.base.notices.actions import deliver_due, plan_deliveries, send_notices  # noqa: E402
from shuzheng.base.notices.models import Delivery  # noqa: E402
from shuzheng.base.notices.types import CHANNELS, ChannelPort, Message  # noqa: E402

PEOPLE = 500


class Provider(ChannelPort):
    """Takes every message after five milliseconds."""

    @override
    def send(self, message: Message) -> str:
        """Take it."""
        time.sleep(0.005)
        return str(message.id)


def make_people() -> list[PersonId]:
    """Put people with a mobile into the register."""
    ids = [new_id(clock.now()) for _ in range(PEOPLE)]
    Person.objects.bulk_create(
        Person(public_id=one, name="甲", status="正常", mobile_sealed=seal_field("person.mobile", one, "13800001234"))
        for one in ids
    )
    return [PersonId(one) for one in ids]


def main(total: int) -> int:
    """Run all three parts; exit code 1 when it was too slow or something was not sent."""
    call_command("migrate", verbosity=0)
    CHANNELS._entries["sms"] = Provider()
    people = make_people()
    marks = [time.perf_counter()]
    for n in range(0, total, PEOPLE):
        send_notices(
            people[: total - n], kind="security", title="申请已受理", body="", link="/my/", key=str(n), at=clock.now()
        )
    marks.append(time.perf_counter())
    while plan_deliveries(at=clock.now()):
        pass
    marks.append(time.perf_counter())
    while deliver_due(at=clock.now()):
        pass
    marks.append(time.perf_counter())
    sent = Delivery.objects.filter(state="sent").count()
    for name, began, ended in zip(("tell", "plan", "send"), marks, marks[1:], strict=False):
        print(f"{name:6}{total / (ended - began):9.0f}/s")
    whole = sent / (marks[-1] - marks[0])
    print(f"whole {whole:9.0f}/s  ({sent} of {total} sent; asked: 360/s)")
    return 0 if sent == total and whole >= 360 else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
