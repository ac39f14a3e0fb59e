"""One subject, one policy: fits, does not with reasons, or is to be proved; and everyone, in the background."""

from datetime import date
from uuid import UUID

import pytest

from shuzheng.base.directory.queries import find_firm_by_uscc, find_person_by_id_no
from shuzheng.base.jobs.actions import run_due
from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.kernel.types import Party, PartyKind
from shuzheng.base.ledger.models import Entry
from shuzheng.services.benefits import queries
from shuzheng.services.benefits.actions import start_run
from shuzheng.services.benefits.errors import MayNotFindEveryone, PolicyNotFound, RunNotFound
from shuzheng.services.benefits.models import Run, RunMatch
from shuzheng.services.benefits.types import Decision, RunState
from tests.benefits.city import AT, CHIEF, ELDERS, KITCHEN, in_post
from tests.items.city import APPROVER, FIRM, OLD_MAN, OTHER_FIRM, YOUNG, officer, person

TODAY = date(2026, 11, 24)


def firm(uscc: str) -> Party:
    found = find_firm_by_uscc(uscc)
    assert found is not None
    return Party(PartyKind.FIRM, found.id, found.name)


def human(id_no: str) -> Party:
    found = find_person_by_id_no(id_no)
    assert found is not None
    return Party(PartyKind.PERSON, found.id, found.name)


def decided(party: Party, code: str) -> Decision:
    found = queries.find_for(party, queries.get_policy(code), today=TODAY)
    assert found is not None
    return found


def test_a_firm_that_meets_every_condition_fits_and_gets_the_smaller_of_amount_and_cap(city: PackRows) -> None:
    found = decided(firm(FIRM), f"{KITCHEN}-990102-2023")
    assert found.fits is True
    assert found.amount_fen == 1000_00


def test_a_false_condition_is_a_refusal_with_its_reason_and_what_would_change_it(city: PackRows) -> None:
    found = decided(human(YOUNG), f"{ELDERS}-990100-2023")
    assert found.fits is False
    assert found.amount_fen is None
    refused = [one for one in found.asked if one.holds is False]
    assert [one.condition.failure for one in refused] == ["未满 80 周岁"]
    assert refused[0].explanation.findings[0].actual == "27周岁"


def test_what_a_register_did_not_answer_is_to_be_proved_and_names_the_register(city: PackRows) -> None:
    found = decided(firm(OTHER_FIRM), f"{KITCHEN}-990122-2023")
    assert found.fits is None
    assert found.amount_fen is None
    unknown = [one for one in found.asked if one.holds is None]
    assert [(spec.dataset, spec.fact.column) for one in unknown for spec in one.missing] == [
        ("明厨亮灶接入信息", "接入日期")
    ]


def test_an_unknown_fact_does_not_save_what_another_condition_refuses(city: PackRows) -> None:
    found = decided(firm(OTHER_FIRM), f"{KITCHEN}-990102-2023")
    assert found.fits is False
    assert [one.holds for one in found.asked] == [False, True, True, None, True]


def test_amounts_follow_the_year_of_the_policy(city: PackRows) -> None:
    assert decided(human(OLD_MAN), f"{ELDERS}-990100-2023").amount_fen == 600_00
    earlier = decided(human(OLD_MAN), f"{ELDERS}-990100-2022")
    assert earlier.fits is True
    assert earlier.amount_fen == 600_00


def test_the_list_agrees_with_the_page(city: PackRows) -> None:
    for party in (firm(FIRM), firm(OTHER_FIRM), human(OLD_MAN), human(YOUNG)):
        policies = [queries.get_policy(code) for code in (f"{KITCHEN}-990102-2023", f"{ELDERS}-990100-2022")]
        for code, (fits, amount) in queries.fits_for(party, policies, today=TODAY).items():
            page = decided(party, code)
            assert (page.fits, page.amount_fen) == (fits, amount)


def test_who_is_in_no_register_is_to_be_proved_and_not_refused(city: PackRows) -> None:
    stranger = Party(PartyKind.FIRM, UUID(int=1), "没有归集过的企业")
    found = decided(stranger, f"{KITCHEN}-990102-2023")
    assert found.fits is None
    assert {one.holds for one in found.asked} == {None}
    policy = queries.get_policy(f"{KITCHEN}-990102-2023")
    assert queries.fits_for(stranger, [policy], today=TODAY) == {policy.code: (None, None)}


def test_a_policy_for_firms_is_not_decided_for_a_person(city: PackRows) -> None:
    assert queries.find_for(human(YOUNG), queries.get_policy(f"{KITCHEN}-990102-2023"), today=TODAY) is None


def test_a_run_finds_everyone_a_year_at_a_time_and_names_nobody_in_its_counts(city: PackRows) -> None:
    view = start_run(ELDERS, actor=in_post(CHIEF, "data_authority"), at=AT)
    assert (view.state, view.done, view.total) == (RunState.WAITING, 0, 2)
    run_due(at=AT, limit=1)
    halfway = queries.find_run(ELDERS)
    assert halfway is not None
    assert (halfway.state, halfway.done, len(halfway.counts)) == (RunState.RUNNING, 1, 1)
    while run_due(at=AT):
        pass
    done = queries.find_run(ELDERS)
    assert done is not None
    assert (done.state, done.done, done.finished_at) == (RunState.DONE, 2, AT)
    by_code = {count.policy: count for count in done.counts}
    assert by_code[queries.get_policy(f"{ELDERS}-990100-2023").code].fits == 1
    assert by_code[queries.get_policy(f"{ELDERS}-990100-2023").code].amount_fen == 600_00
    matches = queries.list_matches(done, f"{ELDERS}-990100-2023")
    assert [(one.subject, one.fits, one.amount_fen) for one in matches.rows] == [(human(OLD_MAN).id, True, 600_00)]


def test_a_run_agrees_with_the_decision_of_each_subject(city: PackRows) -> None:
    start_run(KITCHEN, actor=in_post(CHIEF, "data_authority"), at=AT)
    while run_due(at=AT):
        pass
    run = queries.find_run(KITCHEN)
    assert run is not None
    for policy in queries.list_published(KITCHEN):
        found = {one.subject: (one.fits, one.amount_fen) for one in queries.list_matches(run, policy.code).rows}
        for uscc in (FIRM, OTHER_FIRM):
            one = decided(firm(uscc), policy.code)
            assert found.get(firm(uscc).id, (False, None)) == (one.fits, one.amount_fen)


def test_a_new_run_takes_the_place_of_the_old_one(city: PackRows) -> None:
    actor = in_post(CHIEF, "data_authority")
    first = start_run(ELDERS, actor=actor, at=AT)
    assert start_run(ELDERS, actor=actor, at=AT).id == first.id
    while run_due(at=AT):
        pass
    second = start_run(ELDERS, actor=actor, at=AT)
    assert second.id != first.id
    while run_due(at=AT):
        pass
    assert Run.objects.count() == 1
    with pytest.raises(RunNotFound):
        queries.list_matches(first, f"{ELDERS}-990100-2023")


def test_a_run_stands_in_the_ledger(city: PackRows) -> None:
    view = start_run(ELDERS, actor=in_post(CHIEF, "data_authority"), at=AT)
    assert Entry.objects.filter(act="benefits.run_started", subject=f"urn:shuzheng:policy-run:{view.id}").exists()


def test_other_posts_and_the_public_may_not_look_for_everyone(city: PackRows) -> None:
    for actor in (officer(APPROVER), in_post(CHIEF, "approval"), person(OLD_MAN)):
        with pytest.raises(MayNotFindEveryone):
            start_run(ELDERS, actor=actor, at=AT)
    assert Run.objects.count() == RunMatch.objects.count() == 0


def test_an_unknown_family_or_policy_is_not_found(city: PackRows) -> None:
    with pytest.raises(PolicyNotFound):
        start_run("TP-XX-99", actor=in_post(CHIEF, "data_authority"), at=AT)
    with pytest.raises(PolicyNotFound):
        queries.get_policy("TP-XX-99-990100-2023")
