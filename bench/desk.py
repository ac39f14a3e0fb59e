"""The desk at a city's size: inbox, filters, badges, figures of a subtree, what was done, and the address book.

Cases of a year are made by a seed. Peers in the same run: the figures by plain GROUP BY over all cases, and a later
page of the inbox by OFFSET.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q

from bench.frame import SEED, Outcome, Say, quantile, scratch_database, seconds, time_pairs
from shuzheng.base.directory.models import Organization
from shuzheng.base.directory.queries import search_book
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import SYSTEM, Actor, OrgId, PersonId, PostId
from shuzheng.config.configuration import build_dir
from shuzheng.engines.cases.models import Case, DayTally, History, Process, Token
from shuzheng.engines.cases.queries import (
    count_inbox,
    due_window,
    list_decided,
    list_done_by,
    list_inbox,
    list_inbox_items,
    tally_units,
)
from shuzheng.engines.cases.rules.state import FAR
from shuzheng.engines.cases.types import DueBand, InboxFilter
from shuzheng.packs.actions import load_pack

KEYS: Final = ("inbox_p95_ms", "figures_p95_ms")
CASES: Final = 100_000
COUNTIES: Final = 7
BUREAUS: Final = 40
"""Organizations below each county."""
OPEN_SHARE: Final = 0.08
PAUSED_SHARE: Final = 0.02
BUSY_SHARE: Final = 0.1
"""Share of all cases that one bureau has, whose inbox is read."""
AT: Final = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
MONTH: Final = date(2026, 11, 1)
REPEATS: Final = 60
BATCH: Final = 2000
PAGE: Final = 30
CITY: Final = OrgId("11990100MBY000010J")
CLERK: Final = PersonId(UUID(int=7))
ROLE: Final = "service_window"
SURNAMES: Final = "林许程章沈何叶唐苏谢"
GIVEN: Final = "墨青砂烟锋纸溪山颖书荷秋"


@dataclass(frozen=True, slots=True)
class Unit:
    """An organization that decides cases: its levels below the city."""

    county: str
    bureau: str


def run(scale: float, say: Say) -> Outcome:
    """Make a year of cases, then read them as an officer and as a director."""
    outcome = Outcome()
    number = max(400, int(CASES * scale))
    with scratch_database():
        load_pack(build_dir("packs") / "template", actor=SYSTEM, at=AT)
        units = _make_units()
        say(f"making {number} cases")
        taken = seconds(lambda: _make_cases(number, units))
        outcome.work = {"scale": scale, "cases": number, "organizations": Organization.objects.count(), "seed": SEED}
        outcome.figures["made_per_second"] = number / taken
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        clerk = _actor(OrgId(units[0].bureau), ROLE)
        director = _actor(CITY, "director")
        say("reading")
        _read_inbox(outcome, clerk, max(5, int(REPEATS * min(1.0, scale))))
        _read_figures(outcome, director, max(5, int(REPEATS * min(1.0, scale))))
        _compare(outcome, clerk, director)
    return outcome


def _read_inbox(outcome: Outcome, clerk: Actor, repeats: int) -> None:
    after, by = due_window(DueBand.SOON, at=AT)
    _, late = due_window(DueBand.LATE, at=AT)
    reads: Mapping[str, Callable[[], object]] = {
        "inbox": lambda: list_inbox(clerk, limit=PAGE),
        "late": lambda: list_inbox(clerk, limit=PAGE, filters=InboxFilter(due_by=late)),
        "soon": lambda: list_inbox(clerk, limit=PAGE, filters=InboxFilter(due_after=after, due_by=by)),
        "named": lambda: list_inbox(clerk, limit=PAGE, filters=InboxFilter(text="林墨")),
        "paused": lambda: list_inbox(clerk, limit=PAGE, filters=InboxFilter(waiting=True)),
        "done": lambda: list_done_by(clerk, limit=PAGE),
        "badge": lambda: count_inbox(clerk),
        "items": lambda: list_inbox_items(clerk),
    }
    for name, read in reads.items():
        outcome.figures[f"{name}_p95_ms"] = _p95(read, repeats)


def _read_figures(outcome: Outcome, director: Actor, repeats: int) -> None:
    under = InboxFilter(under=True)
    reads: Mapping[str, Callable[[], object]] = {
        "figures": lambda: tally_units(CITY, actor=director, since=MONTH, at=AT),
        "under": lambda: list_inbox(director, limit=PAGE, filters=under),
        "decided": lambda: list_decided(CITY, actor=director, since=MONTH, limit=PAGE),
        "book": lambda: search_book("scjg", limit=PAGE),
    }
    for name, read in reads.items():
        outcome.figures[f"{name}_p95_ms"] = _p95(read, repeats)
    tallies = tally_units(CITY, actor=director, since=MONTH, at=AT)
    outcome.work |= {"open": sum(one.open for one in tallies), "done": sum(one.done for one in tallies)}
    since = Case.objects.filter(closed_on__gte=MONTH).count()
    if sum(one.done for one in tallies) != since:
        raise AssertionError("the roll-up says another number than the cases")


def _compare(outcome: Outcome, clerk: Actor, director: Actor) -> None:
    """Set the figures beside a plain GROUP BY, and the tenth page beside OFFSET."""
    plain = Case.objects.filter(l1=CITY).values("l2")
    counts = {
        "open": Count("id", filter=Q(state="open")),
        "done": Count("id", filter=Q(closed_on__gte=MONTH)),
    }
    pairs = time_pairs(
        lambda: tally_units(CITY, actor=director, since=MONTH, at=AT), lambda: list(plain.annotate(**counts))
    )
    outcome.figures |= pairs.figures("ratio_group_by")
    position: str | None = None
    for _ in range(9):
        position = list_inbox(clerk, after=position, limit=PAGE).next or position
    tokens = Token.objects.select_related("case").filter(kind="u", state="o", org=clerk.org, role=ROLE)
    page = tokens.order_by("due_at", "id")[PAGE * 9 : PAGE * 10]
    pairs = time_pairs(lambda: list_inbox(clerk, after=position, limit=PAGE), lambda: list(page.all()))
    outcome.figures |= pairs.figures("ratio_offset")
    outcome.notes.append(
        "ratio_group_by: against counting cases by county in one statement, without deadlines; ratio_offset: the tenth"
        " page of one unit's inbox against the same rows by OFFSET through the ORM"
    )


def _p95(read: Callable[[], object], repeats: int) -> float:
    read()
    return quantile([seconds(read) * 1000 for _ in range(repeats)], 95)


def _actor(org: OrgId, role: str) -> Actor:
    return Actor("许研青", person=CLERK, post=PostId(UUID(int=8)), org=org, roles=frozenset({role}))


def _make_units() -> list[Unit]:
    """Add counties with bureaus to the template city."""
    rows: list[Organization] = []
    units: list[Unit] = []
    for county in range(COUNTIES):
        above = f"bench-county-{county:05d}"
        rows.append(_organization(above, f"第{county}县", CITY, (CITY, above, "")))
        for bureau in range(BUREAUS):
            code = f"bench-{county:02d}-{bureau:06d}"
            rows.append(_organization(code, f"第{county}县市场监管{bureau}所", above, (CITY, above, code)))
            units.append(Unit(above, code))
    Organization.objects.bulk_create(rows)
    return units


def _organization(code: str, name: str, parent: str, levels: tuple[str, str, str]) -> Organization:
    l1, l2, l3 = levels
    return Organization(
        code=code,
        short_name=name,
        full_name=name,
        parent_code=parent,
        kind="department",
        division_code="990102",
        level="county",
        duties=f";{ROLE};approval;",
        system="government",
        l1=l1,
        l2=l2,
        l3=l3,
    )


def _make_cases(number: int, units: Sequence[Unit]) -> None:
    process = Process.objects.filter(key="promised").order_by("-version")[0]
    draws = random.Random(SEED)
    made = (_case(n, units, process, draws) for n in range(number))
    tallies: dict[tuple[Unit, date], list[int]] = {}
    while batch := list(islice(made, BATCH)):
        with transaction.atomic():
            cases = Case.objects.bulk_create([case for case, _ in batch])
            Token.objects.bulk_create(_token(case) for case in cases if case.closed_on is None)
            History.objects.bulk_create(_histories(cases))
        for case, unit in batch:
            if case.closed_on is not None:
                tally = tallies.setdefault((unit, case.closed_on), [0, 0])
                tally[0] += 1
                tally[1] += 4
    DayTally.objects.bulk_create(
        DayTally(org=unit.bureau, day=day, l1=CITY, l2=unit.county, l3=unit.bureau, done=done, late=0, used_days=used)
        for (unit, day), (done, used) in tallies.items()
    )


def _case(n: int, units: Sequence[Unit], process: Process, draws: random.Random) -> tuple[Case, Unit]:
    unit = units[0] if draws.random() < BUSY_SHARE else draws.choice(units)
    share = draws.random()
    state = "open" if share < OPEN_SHARE else "paused" if share < OPEN_SHARE + PAUSED_SHARE else "done"
    age = draws.randrange(9) if state != "done" else draws.randrange(8, 365)
    opened = AT - timedelta(days=age, minutes=draws.randrange(600))
    closed = opened + timedelta(days=draws.randrange(1, 8)) if state == "done" else None
    case = Case(
        public_id=new_id(opened),
        number=f"990102{opened:%Y%m%d}{n:06d}",
        process=process,
        item=f"0001250050{draws.randrange(40):02d}",
        item_version=1,
        title="食品经营许可（餐饮服务）",
        division="990102",
        applicant_kind="person",
        applicant_id=UUID(int=draws.getrandbits(64)),
        applicant_name=draws.choice(SURNAMES) + draws.choice(GIVEN) + draws.choice(GIVEN),
        contact=UUID(int=1),
        parts={"window": unit.bureau, "decider": unit.bureau},
        l1=CITY,
        l2=unit.county,
        l3=unit.bureau,
        acceptance_days=5,
        promised_days=4,
        opened_at=opened,
        rev=1,
        next_n=2,
        state=state,
        result="granted" if closed else "",
        clocks=[],
        received_at=opened,
        closed_at=closed,
        closed_on=closed.date() if closed else None,
    )
    return case, unit


def _token(case: Case) -> Token:
    paused = case.state == "paused"
    return Token(
        case=case,
        n=1,
        node="supplement" if paused else "review",
        kind="u",
        state="o",
        role="applicant" if paused else ROLE,
        org="" if paused else case.l3,
        back_org=case.l3 if paused else "",
        item=case.item,
        l1=case.l1,
        l2=case.l2,
        l3=case.l3,
        due_at=FAR if paused else case.opened_at + timedelta(days=7),
        opened_at=case.opened_at,
    )


def _histories(cases: Sequence[Case]) -> Iterator[History]:
    for case in cases:
        for seq, act in enumerate(("opened", "completed"), start=1):
            yield History(
                case=case,
                seq=seq,
                at=case.opened_at,
                act=act,
                node="review",
                outcome="accept" if act == "completed" else "",
                person=CLERK,
                name="许研青",
                org=case.l3,
                payload={},
                trail=[],
                command_id=new_id(case.opened_at),
                fingerprint=b"",
                answer={},
            )
