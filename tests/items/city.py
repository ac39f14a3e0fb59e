"""The template city with this room's part loaded, and the people who act in it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.directory.queries import find_firm_by_uscc, find_person_by_id_no, list_posts_of
from shuzheng.base.jobs.types import HANDLERS
from shuzheng.base.kernel.events import subscribe
from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import SYSTEM, Actor, Party, PartyKind
from shuzheng.engines.cases import pack as cases_pack
from shuzheng.engines.cases.actions import complete_task
from shuzheng.engines.cases.events import CaseClosed, CaseMoved, CaseOpened
from shuzheng.engines.cases.queries import get_case
from shuzheng.engines.cases.types import ACTIONS, CaseView, TaskInput
from shuzheng.engines.credentials import pack as credentials_pack
from shuzheng.packs.queries import read_pack
from shuzheng.services.items import actions, pack
from shuzheng.services.items.queries import get_draft_form
from shuzheng.services.items.types import DraftView
from shuzheng.services.rulebook import actions as rulebook

TEMPLATE = Path(__file__).parents[2] / "packs" / "template"
AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PERMIT = "000199001001"
ARCHIVE = "002099001000"
ELDER = "000599001000"
COUNTY_UNIT = f"11990102MBY000096A4{PERMIT}"
OTHER_COUNTY_UNIT = f"11990122MBY0000A444{PERMIT}"
ARCHIVE_UNIT = f"11990102MBY0000C0T4{ARCHIVE}"
VILLAGE_UNIT = f"54990102MBY0000G3T6{ELDER}"
OWNER, OTHER_OWNER, OLD_MAN, YOUNG = (
    "990102198603149917",
    "990122197911029926",
    "990102193806219919",
    "990102199501309945",
)
CLERK, APPROVER, STRANGE_CLERK = "990102199005059916", "990102198308189924", "990102198802299942"
FIRM, OTHER_FIRM = "92990102MBY0000H1P", "91990122MBY0000J8G"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def wire() -> None:
    """Connect this room as the composition root does; once more changes nothing."""
    for name, action in (
        ("items.accept_case", actions.accept_case),
        ("items.issue_result", actions.issue_result),
        ("items.tell_refused", actions.tell_refused),
        ("rulebook.publish_rule", rulebook.publish_rule),
        ("rulebook.return_rule", rulebook.return_rule),
        ("rulebook.refuse_rule", rulebook.refuse_rule),
    ):
        if name not in ACTIONS:
            ACTIONS.register(name, action)
    if actions.JOB not in HANDLERS:
        HANDLERS.register(actions.JOB, actions.send_case_notice)
    subscribe(CaseOpened, actions.on_case_opened)
    subscribe(CaseMoved, actions.on_case_moved)
    subscribe(CaseClosed, actions.on_case_closed)


def load_city() -> PackRows:
    wire()
    rows = read_pack(TEMPLATE)
    for part in (directory_pack, cases_pack, credentials_pack, pack):
        part.apply(rows, actor=SYSTEM, at=AT)
    return rows


def with_cell(rows: PackRows, file: str, index: int, **cells: object) -> PackRows:
    """The same pack with some cells of one row changed."""
    changed = list(rows.of(file))
    row = changed[index]
    changed[index] = Row(row.file, row.line, {**row.values, **cells}, row.table)
    return replace(rows, rows={**rows.rows, file: changed})


def without(rows: PackRows, file: str, index: int) -> PackRows:
    kept = [row for n, row in enumerate(rows.of(file)) if n != index]
    return replace(rows, rows={**rows.rows, file: kept})


def person(id_no: str) -> Actor:
    found = find_person_by_id_no(id_no)
    assert found is not None
    return Actor(name=found.name, person=found.id)


def for_firm(id_no: str = OWNER, uscc: str = FIRM) -> Actor:
    firm = find_firm_by_uscc(uscc)
    assert firm is not None
    return replace(person(id_no), on_behalf_of=Party(PartyKind.FIRM, firm.id, firm.name))


def officer(id_no: str) -> Actor:
    actor = person(id_no)
    assert actor.person is not None
    post = list_posts_of(actor.person)[0]
    return replace(actor, post=post.id, org=post.organization, org_name=post.organization_name, roles=post.roles)


RIGHT: tuple[Mapping[str, list[str]], ...] = (
    {"contact_mobile": ["13800001234"]},
    {
        "place_address": ["石桥路 8 号"],
        "division": ["990102"],
        "area": ["８６.5"],
        "open_on": ["2026年12月24日"],
    },
    {
        "format": ["餐饮服务经营者"],
        "projects": ["热食类食品制售", "自制饮品制售"],
        "online": ["false"],
        "staff": ["6"],
    },
)


def start(actor: Actor | None = None, unit: str = COUNTY_UNIT) -> DraftView:
    return actions.start_draft(PERMIT, unit, actor=actor or for_firm(), at=AT)


def typed_of(draft: DraftView, index: int, actor: Actor) -> dict[str, list[str]]:
    """What a page would send back without a change."""
    section = get_draft_form(draft.id, actor=actor, at=AT).sections[index]
    return {s.name: list(draft.answers[s.name].typed) for s in section.fields if s.name in draft.answers}


def fill(draft: DraftView, actor: Actor | None = None) -> DraftView:
    """Type right answers into every step and give the two papers that are asked for."""
    actor = actor or for_firm()
    for index, typed in enumerate(RIGHT):
        draft, problems, _ = actions.save_section(
            draft.id, index, {**typed_of(draft, index, actor), **typed}, actor=actor, at=AT
        )
        assert problems == ()
    for seq in (4, 6):
        actions.attach_paper(draft.id, seq, BytesIO(PDF), "材料.pdf", actor=actor, at=AT)
    return draft


def submitted(actor: Actor | None = None) -> CaseView:
    actor = actor or for_firm()
    return actions.submit_draft(fill(start(actor), actor).id, command_id=uuid4(), actor=actor, at=AT)


def act(case: CaseView, id_no: str, outcome: str, *, at: datetime = AT, **given: Any) -> CaseView:
    """Let an officer complete the case's one open task."""
    actor = officer(id_no)
    now = get_case(case.number, actor=actor)
    return complete_task(
        case.id, now.tasks[0].n, outcome, given=TaskInput(**given), command_id=uuid4(), actor=actor, at=at
    )


def granted(actor: Actor | None = None) -> CaseView:
    case = submitted(actor)
    act(case, CLERK, "accept")
    return act(case, APPROVER, "grant", opinion="符合条件")
