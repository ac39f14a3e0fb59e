"""A person decides on what discovery proposes; a load of the pack undoes nothing."""

import json
from random import Random

import pytest
from django.db.models import Model

from bench.discovery_families import FIRST
from bench.discovery_set import Maker, card, identity, mobile
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.models import Entry
from shuzheng.engines.lake.actions import confirm_proposal, decline_proposal, discover, load_tables
from shuzheng.engines.lake.errors import (
    AnswerMissing,
    GradingNotYours,
    KeyNotSealed,
    PositionInvalid,
    ProposalDecided,
    ProposalNotFound,
    ProposalOutdated,
    TableNotFound,
)
from shuzheng.engines.lake.models import GradeOverride, Proposal, TableEdition
from shuzheng.engines.lake.queries import get_proposal, get_table, list_proposals, may_decide
from shuzheng.engines.lake.rules.overlaying import overlay
from shuzheng.engines.lake.types.discovery import Found, ProposalState
from shuzheng.engines.lake.types.tables import Grade, Mask
from tests.lake.city import AT, BUREAU, COUNTY, MARKET, in_post, land

pytestmark = pytest.mark.usefixtures("city")
STEWARD = ("data_steward",)


@pytest.fixture
def values() -> list[dict[str, object]]:
    """Rows whose column `division_code` (L1) holds bank cards, and `sex` (L1) mobiles."""
    r, m = Random(5), Maker(FIRST)
    rows: list[dict[str, object]] = [
        {
            "id_no": identity(r),
            "name": m.name(r),
            "sex": mobile(r),
            "division_code": card(r),
            "address": m.address(r),
            "monthly_income": b"sealed",
        }
        for _ in range(300)
    ]
    land(rows)
    return rows


@pytest.fixture
def proposal(values: list[dict[str, object]]) -> int:
    """An open proposal for the bank cards."""
    report = discover("person", actor=in_post(BUREAU, *STEWARD), at=AT)
    return next(one.id for one in report.proposals if one.column == "division_code")


def test_what_is_graded_too_low_is_proposed(values: list[dict[str, object]]) -> None:
    told: list[tuple[int, int]] = []
    report = discover("person", actor=SYSTEM, at=AT, progress=lambda done, total: told.append((done, total)))
    assert report.rows == len(values)
    found = {one.column: (one.found, one.grade, one.mask, one.now_grade) for one in report.proposals}
    assert found == {
        "sex": (Found.MOBILE, Grade.L3, Mask.KEEP_ENDS, Grade.L1),
        "division_code": (Found.BANK_CARD, Grade.L3, Mask.KEEP_ENDS, Grade.L1),
    }
    assert set(report.fitting) == {"id_no", "name", "address"}
    assert report.skipped == ("monthly_income",)
    assert told[-1] == (7, 7)


def test_a_table_without_rows_is_left(db: None) -> None:
    report = discover("person", actor=SYSTEM, at=AT)
    assert report.version is None
    assert not report.proposals


def test_no_value_is_kept_anywhere(values: list[dict[str, object]], proposal: int) -> None:
    confirm_proposal(proposal, actor=in_post(BUREAU, *STEWARD), at=AT)
    kinds: tuple[type[Model], ...] = (Proposal, GradeOverride, Entry)
    kept = json.dumps([list(kind._default_manager.values()) for kind in kinds], default=str, ensure_ascii=False)
    assert len(kept) > 500
    assert not [row for row in values for value in row.values() if isinstance(value, str) and value in kept]


def test_looking_again_writes_nothing_new(proposal: int) -> None:
    report = discover("person", actor=SYSTEM, at=AT)
    assert not report.proposals
    assert Proposal.objects.filter(state=ProposalState.OPEN).count() == 2


def test_the_same_rows_are_looked_at_each_time(
    values: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shuzheng.engines.lake.backends.sampling.SAMPLED", 100)
    discover("person", actor=SYSTEM, at=AT)
    first = [row.evidence for row in Proposal.objects.order_by("column")]
    Proposal.objects.all().delete()
    report = discover("person", actor=SYSTEM, at=AT)
    assert report.rows == 100
    assert [row.evidence for row in Proposal.objects.order_by("column")] == first


def test_confirming_grades_the_column_over_the_pack(proposal: int) -> None:
    actor = in_post(BUREAU, *STEWARD)
    view = confirm_proposal(proposal, actor=actor, at=AT)
    assert (view.state, view.by, view.now_grade) == (ProposalState.CONFIRMED, "某人", Grade.L3)
    column = get_table("person").by_name["division_code"]
    assert (column.grade, column.mask) == (Grade.L3, Mask.KEEP_ENDS)
    changed = {**TableEdition.objects.get(code="person", current=True).definition, "summary": "新"}
    load_tables([changed], actor=SYSTEM, at=AT)
    assert get_table("person").summary == "新"
    assert get_table("person").by_name["division_code"].grade is Grade.L3
    assert not discover("person", actor=SYSTEM, at=AT).proposals


def test_a_higher_grade_of_the_pack_wins(proposal: int) -> None:
    table = get_table("person")
    lower = overlay(table, {"monthly_income": (Grade.L3, Mask.KEEP_ENDS), "address": (Grade.L2, Mask.NONE)})
    assert lower == table
    assert overlay(table, {"birth_date": (Grade.L3, Mask.KEEP_ENDS)}) == table, "a day cannot keep its ends"
    assert overlay(table, {"gone": (Grade.L4, Mask.DROP)}) == table


def test_what_was_declined_is_not_proposed_again(proposal: int) -> None:
    actor = in_post(BUREAU, *STEWARD)
    with pytest.raises(AnswerMissing):
        decline_proposal(proposal, "  ", actor=actor, at=AT)
    view = decline_proposal(proposal, "是社保卡序列号", actor=actor, at=AT)
    assert (view.state, view.answer, view.now_grade) == (ProposalState.DECLINED, "是社保卡序列号", Grade.L1)
    assert not discover("person", actor=SYSTEM, at=AT).proposals
    assert get_table("person").by_name["division_code"].grade is Grade.L1


def test_a_decided_proposal_is_decided(proposal: int) -> None:
    actor = in_post(BUREAU, *STEWARD)
    confirm_proposal(proposal, actor=actor, at=AT)
    with pytest.raises((ProposalDecided, ProposalOutdated)):
        confirm_proposal(proposal, actor=actor, at=AT)
    with pytest.raises(ProposalDecided):
        decline_proposal(proposal, "不", actor=actor, at=AT)
    with pytest.raises(ProposalNotFound):
        confirm_proposal(10**6, actor=actor, at=AT)
    with pytest.raises(ProposalNotFound):
        get_proposal(10**6)


def test_a_proposal_for_a_table_that_is_gone_is_outdated(proposal: int) -> None:
    TableEdition.objects.update(current=False)
    with pytest.raises(ProposalOutdated):
        confirm_proposal(proposal, actor=in_post(BUREAU, *STEWARD), at=AT)
    assert get_proposal(proposal).column_label == "division_code"


def test_a_key_column_does_not_become_sealed(proposal: int) -> None:
    Proposal.objects.filter(pk=proposal).update(column="id_no", grade=Grade.L4, mask=Mask.DROP)
    with pytest.raises(KeyNotSealed):
        confirm_proposal(proposal, actor=in_post(BUREAU, *STEWARD), at=AT)
    assert not GradeOverride.objects.exists()


@pytest.mark.parametrize(
    ("organization", "roles", "may"),
    [
        (BUREAU, ("data_steward",), True),
        (BUREAU, ("data_authority",), True),
        (BUREAU, ("director", "approval"), False),
        (MARKET, ("data_steward",), False),
        (MARKET, ("data_authority",), True),
        (COUNTY, ("data_authority",), False),
        (COUNTY, ("data_steward",), False),
    ],
)
def test_who_may_decide(organization: str, roles: tuple[str, ...], may: bool, proposal: int) -> None:
    actor = in_post(organization, *roles)  # type: ignore[arg-type]
    assert may_decide(get_table("person"), actor) is may
    if may:
        assert confirm_proposal(proposal, actor=actor, at=AT).state is ProposalState.CONFIRMED
        return
    entries = Entry.objects.count()
    for act in (
        lambda: confirm_proposal(proposal, actor=actor, at=AT),
        lambda: decline_proposal(proposal, "不", actor=actor, at=AT),
        lambda: discover("person", actor=actor, at=AT),
    ):
        with pytest.raises(GradingNotYours):
            act()
    assert Entry.objects.count() == entries
    assert get_proposal(proposal).state is ProposalState.OPEN


def test_nobody_decides_without_a_post(proposal: int) -> None:
    for actor in (SYSTEM, in_post(BUREAU, "data_steward")):
        if actor is SYSTEM:
            with pytest.raises(GradingNotYours):
                confirm_proposal(proposal, actor=actor, at=AT)
    with pytest.raises(TableNotFound):
        discover("nothing", actor=SYSTEM, at=AT)


def test_proposals_come_in_pages(proposal: int) -> None:
    first = list_proposals(limit=1)
    second = list_proposals("person", after=first.next, limit=1)
    assert len(first.rows) == len(second.rows) == 1
    assert first.rows[0].id != second.rows[0].id
    assert second.next is None
    assert list_proposals("other").rows == ()
    assert len(list_proposals(state=None).rows) == 2
    with pytest.raises(PositionInvalid):
        list_proposals(after="x")
