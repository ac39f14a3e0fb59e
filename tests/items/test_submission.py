from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest

from shuzheng.base.access.errors import NothingToSee, OtherUnit
from shuzheng.base.access.queries import list_readings
from shuzheng.base.jobs.actions import run_due
from shuzheng.base.jobs.models import Outbox
from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.ledger.models import Entry
from shuzheng.base.notices.queries import list_notices
from shuzheng.engines.cases.actions import fire_due_timers, withdraw_case
from shuzheng.engines.cases.queries import get_case, get_history, list_cases_of
from shuzheng.engines.cases.types import CaseState, CaseView
from shuzheng.engines.credentials.queries import find_licences_of_case, list_licences_of
from shuzheng.engines.credentials.types import LicenceState
from shuzheng.services.items import actions, errors, queries
from shuzheng.services.items.models import Application, Draft, Supplement
from shuzheng.services.items.types import PaperState, Upload
from tests.items.city import (
    APPROVER,
    ARCHIVE,
    ARCHIVE_UNIT,
    AT,
    CLERK,
    COUNTY_UNIT,
    ELDER,
    OLD_MAN,
    OTHER_FIRM,
    OTHER_OWNER,
    OWNER,
    PDF,
    PERMIT,
    RIGHT,
    STRANGE_CLERK,
    VILLAGE_UNIT,
    YOUNG,
    act,
    fill,
    for_firm,
    granted,
    officer,
    person,
    start,
    submitted,
)


def titles(id_no: str = OWNER, *, days: int = 0) -> list[str]:
    """What the person is told so many days later, oldest first."""
    run_due(at=AT + timedelta(days=days, minutes=1))
    reader = person(id_no).person
    assert reader is not None
    return [notice.title for notice in reversed(list_notices(reader).rows)]


def asked(case: CaseView) -> CaseView:
    return act(case, CLERK, "supplement", reasons=("健康证明看不清",), papers=(6,))


def test_a_submitted_draft_is_a_case_with_a_number_and_two_clocks(city: PackRows) -> None:
    case = submitted()
    assert case.number.startswith("99010220261124")
    assert case.state is CaseState.OPEN
    assert (case.title, case.process) == ("小餐饮经营许可（新办）", "promised")
    assert case.due_on is not None
    application = queries.get_application(case.id, actor=for_firm(), at=AT)
    assert application.answers["area"].value == "86.5"
    assert application.answers["ent_name"].source is not None
    assert application.answers["layout"].typed == ("材料.pdf",)
    assert [p.state for p in application.papers if p.seq in (2, 4, 6)] == ["waived", "given", "given"]
    draft = Draft.objects.get()
    assert (draft.state, bytes(draft.answers), draft.case_number) == ("submitted", b"", case.number)
    assert Entry.objects.filter(act="items.submitted").count() == 1


def test_the_same_command_twice_is_one_case(city: PackRows) -> None:
    draft, command, actor = fill(start()), uuid4(), for_firm()
    first = actions.submit_draft(draft.id, command_id=command, actor=actor, at=AT)
    second = actions.submit_draft(draft.id, command_id=command, actor=actor, at=AT + timedelta(seconds=1))
    assert (first.id, first.number) == (second.id, second.number)
    assert Application.objects.count() == 1
    assert len(list_cases_of(actor).rows) == 1


def test_another_command_on_a_submitted_draft_is_told_so(city: PackRows) -> None:
    draft, actor = fill(start()), for_firm()
    actions.submit_draft(draft.id, command_id=uuid4(), actor=actor, at=AT)
    with pytest.raises(errors.DraftClosed, match="已经提交"):
        actions.submit_draft(draft.id, command_id=uuid4(), actor=actor, at=AT)
    with pytest.raises(errors.DraftClosed):
        actions.save_section(draft.id, 0, {}, actor=actor, at=AT)
    assert Application.objects.count() == 1


def test_an_incomplete_draft_is_not_submitted_and_nothing_is_written(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    with pytest.raises(errors.Incomplete) as caught:
        actions.submit_draft(draft.id, command_id=uuid4(), actor=actor, at=AT)
    assert len(caught.value.problems) == 10
    assert not Application.objects.exists()
    assert not list_cases_of(actor).rows
    assert Draft.objects.get().state == "open"


def test_a_licence_that_expired_meanwhile_is_asked_for_at_submission(city: PackRows) -> None:
    actor = for_firm()
    draft = fill(start())
    much_later = AT.replace(year=2039)
    actions.save_section(draft.id, 2, {}, actor=actor, at=AT)
    Draft.objects.update(expires_on=much_later.date())
    with pytest.raises(errors.Incomplete) as caught:
        actions.submit_draft(draft.id, command_id=uuid4(), actor=actor, at=much_later)
    assert "请上传法定代表人身份证" in {getattr(p, "message", "") for p in caught.value.problems}


def test_the_applicant_is_told_each_step_and_what_comes_next(city: PackRows) -> None:
    case = submitted()
    act(case, CLERK, "accept")
    act(case, APPROVER, "grant", opinion="符合条件")
    assert titles() == [f"“{case.title}”已提交", f"“{case.title}”已受理", f"“{case.title}”已办结"]
    reader = person(OWNER).person
    assert reader is not None
    newest = list_notices(reader).rows[0]
    assert "小餐饮经营许可证已经签发" in newest.body
    assert newest.link == f"/my/cases/{case.number}/"


def test_running_the_jobs_twice_tells_once(city: PackRows) -> None:
    submitted()
    assert titles() == titles()


def test_a_granted_permit_is_a_licence_in_the_firms_wallet(city: PackRows) -> None:
    case = granted()
    licence = find_licences_of_case(case.id, at=AT)[0]
    assert licence.holder == for_firm().on_behalf_of
    assert (licence.state, licence.type_name) == (LicenceState.VALID, "小餐饮经营许可证")
    assert licence.fields["单位名称"] == "墨溪区松风小馆（个体工商户）"
    assert licence.fields["经营项目"] == "热食类食品制售、自制饮品制售"
    assert licence.fields["证照编号"] == licence.number
    assert licence.fields["有效期止"] == "2031-11-23"
    decision = queries.find_decision(case.id)
    assert decision is not None
    assert (decision.result, decision.opinion, decision.licence) == ("granted", "符合条件", licence.id)
    party = for_firm().party
    assert party is not None
    assert licence.id in {held.id for held in list_licences_of(party, at=AT).rows}


def test_an_item_without_a_licence_only_gets_a_decision(city: PackRows) -> None:
    actor = person(YOUNG)
    draft = actions.start_draft(ARCHIVE, ARCHIVE_UNIT, actor=actor, at=AT)
    typed = {name: list(answer.typed) for name, answer in draft.answers.items()}
    actions.save_section(draft.id, 0, {**typed, "purpose": ["入学入职"]}, actor=actor, at=AT)
    case = actions.submit_draft(draft.id, command_id=uuid4(), actor=actor, at=AT)
    assert case.process == "instant"
    act(case, STRANGE_CLERK, "grant")
    decision = queries.find_decision(case.id)
    assert decision is not None
    assert (decision.result, decision.licence) == ("granted", None)
    assert titles(YOUNG)[-1] == "“健康档案查询证明”已办结"


def test_a_refusal_is_recorded_and_told_with_reasons_and_remedy(city: PackRows) -> None:
    case = submitted()
    act(case, CLERK, "accept")
    act(case, APPROVER, "refuse", reasons=("经营场所面积过小",))
    decision = queries.find_decision(case.id)
    assert decision is not None
    assert (decision.result, decision.reasons) == ("refused", ("经营场所面积过小",))
    assert titles()[-1] == f"“{case.title}”没有批准"
    reader = person(OWNER).person
    assert reader is not None
    assert list_notices(reader).rows[0].body.startswith("理由：经营场所面积过小。不服这个决定的")


def test_not_accepting_is_told_with_reasons_too(city: PackRows) -> None:
    case = submitted()
    act(case, CLERK, "not_accept", reasons=("不属于本机关职权",))
    decision = queries.find_decision(case.id)
    assert decision is not None
    assert (decision.result, decision.reasons) == ("not_accepted", ("不属于本机关职权",))
    assert titles()[-1] == f"“{case.title}”不予受理"


def test_papers_asked_for_are_marked_told_and_given_again(city: PackRows) -> None:
    case, actor = submitted(), for_firm()
    paused = asked(case)
    assert paused.state is CaseState.PAUSED
    rejected = queries.get_application(case.id, actor=actor, at=AT).papers[5]
    assert (rejected.state, rejected.why) == (PaperState.REJECTED, "请补正：健康证明看不清")
    assert titles()[-1] == f"“{case.title}”要补正材料"
    later = AT + timedelta(hours=2)
    files = {6: Upload(BytesIO(PDF), "新的健康证明.pdf")}
    moved = actions.supplement_case(case.number, files, command_id=uuid4(), actor=actor, at=later)
    assert moved.state is CaseState.OPEN
    given = queries.get_application(case.id, actor=actor, at=later).papers[5]
    assert (given.state, given.why) == (PaperState.GIVEN, "已上传：新的健康证明.pdf")


def test_a_supplement_sent_twice_counts_once(city: PackRows) -> None:
    case, actor, command = submitted(), for_firm(), uuid4()
    asked(case)
    for _ in range(2):
        files = {6: Upload(BytesIO(PDF), "健康证明.pdf")}
        moved = actions.supplement_case(case.number, files, command_id=command, actor=actor, at=AT)
    assert moved.state is CaseState.OPEN
    assert Supplement.objects.count() == 1
    assert len([e for e in get_history(case.id) if e.outcome == "submit"]) == 1


def test_a_note_can_stand_for_a_paper_and_only_the_parties_read_it(city: PackRows) -> None:
    case, actor = submitted(), for_firm()
    asked(case)
    actions.supplement_case(case.number, {}, note="证明下周才能取到", command_id=uuid4(), actor=actor, at=AT)
    assert queries.get_application(case.id, actor=actor, at=AT).notes == ("证明下周才能取到",)
    assert "证明下周".encode() not in bytes(Supplement.objects.get().note)


@pytest.mark.parametrize(
    ("files", "note", "refusal"),
    [
        ({}, "", errors.SupplementEmpty),
        ({4: "平面图.pdf"}, "", errors.SupplementEmpty),
        ({99: "别的.pdf"}, "有", errors.MaterialNotFound),
        ({}, "长" * 501, errors.NoteTooLong),
    ],
)
def test_a_supplement_that_is_not_enough_changes_nothing(
    city: PackRows, files: dict[int, str], note: str, refusal: type[Exception]
) -> None:
    case = submitted()
    asked(case)
    uploads = {seq: Upload(BytesIO(PDF), name) for seq, name in files.items()}
    with pytest.raises(refusal):
        actions.supplement_case(case.number, uploads, note=note, command_id=uuid4(), actor=for_firm(), at=AT)
    assert not Supplement.objects.exists()
    assert get_case(case.number, actor=for_firm()).state is CaseState.PAUSED


def test_nothing_is_supplemented_when_nothing_was_asked_or_by_others(city: PackRows) -> None:
    case = submitted()
    files = {6: Upload(BytesIO(PDF), "健康证明.pdf")}
    with pytest.raises(errors.NothingAsked):
        actions.supplement_case(case.number, files, command_id=uuid4(), actor=for_firm(), at=AT)
    asked(case)
    with pytest.raises(errors.NotYourTask):
        actions.supplement_case(case.number, files, command_id=uuid4(), actor=officer(CLERK), at=AT)
    with pytest.raises(NothingToSee):
        actions.supplement_case(case.number, files, command_id=uuid4(), actor=for_firm(OTHER_OWNER, OTHER_FIRM), at=AT)


def test_an_officers_look_is_recorded_for_the_applicant(city: PackRows) -> None:
    case = submitted()
    queries.get_application(case.id, actor=officer(CLERK), at=AT)
    party = for_firm().party
    assert party is not None
    reading = list_readings(party).rows[0]
    assert (reading.reader, reading.organization_name, reading.what, reading.purpose) == (
        "许*青",
        "墨溪区市场监管局",
        "申请表和材料",
        "审查申请材料",
    )
    file = queries.get_application(case.id, actor=officer(CLERK), at=AT).papers[5].file
    assert file is not None
    queries.get_application_file(case.id, file.id, actor=officer(CLERK), at=AT)
    assert list_readings(party).rows[0].what == "材料：从业人员健康证明"


def test_ones_own_look_is_not_recorded(city: PackRows) -> None:
    case = submitted()
    queries.get_application(case.id, actor=for_firm(), at=AT)
    party = for_firm().party
    assert party is not None
    assert list_readings(party).rows == ()


def test_strangers_and_other_units_do_not_see_an_application(city: PackRows) -> None:
    case = submitted()
    with pytest.raises(NothingToSee):
        queries.get_application(case.id, actor=person(YOUNG), at=AT)
    with pytest.raises(OtherUnit):
        queries.get_application(case.id, actor=officer(STRANGE_CLERK), at=AT)
    with pytest.raises(errors.ApplicationNotFound):
        queries.get_application(uuid4(), actor=for_firm(), at=AT)
    file = queries.get_application(case.id, actor=for_firm(), at=AT).papers[5].file
    assert file is not None
    with pytest.raises(OtherUnit):
        queries.get_application_file(case.id, file.id, actor=officer(STRANGE_CLERK), at=AT)
    with pytest.raises(errors.ApplicationNotFound):
        queries.get_application_file(case.id, uuid4(), actor=for_firm(), at=AT)


def test_a_withdrawn_case_and_a_lapsed_one_are_told(city: PackRows) -> None:
    case, actor = submitted(), for_firm()
    withdraw_case(case.id, reason="改主意了", command_id=uuid4(), actor=actor, at=AT)
    assert titles()[-1] == f"“{case.title}”已撤回"
    other = asked(submitted())
    fire_due_timers(at=AT + timedelta(days=40))
    decision = queries.find_decision(other.id)
    assert decision is not None
    assert decision.result == "lapsed"
    assert titles(days=40)[-1] == f"“{case.title}”已终止"


def test_a_case_not_answered_in_time_is_deemed_accepted_and_told(city: PackRows) -> None:
    case = submitted()
    fire_due_timers(at=AT + timedelta(days=10))
    assert get_case(case.number, actor=for_firm()).accepted_at is not None
    assert titles(days=10)[-1] == f"“{case.title}”已受理"
    assert Entry.objects.filter(act="items.accepted").count() == 1


def test_a_job_waits_without_the_officers_words_in_clear(city: PackRows) -> None:
    asked(submitted())
    payloads = [str(payload) for payload in Outbox.objects.values_list("payload", flat=True)]
    assert payloads
    assert not any("看不清" in payload or "松风" in payload for payload in payloads)


def test_a_case_in_one_call_is_checked_like_a_page_and_made_once(city: PackRows) -> None:
    actor, command = for_firm(), uuid4()
    raw = {name: texts for step in RIGHT for name, texts in step.items()}
    files = {4: ("平面图.pdf", PDF), 6: ("健康证明.pdf", PDF)}
    with pytest.raises(errors.Incomplete) as caught:
        actions.apply_at_once(
            PERMIT, COUNTY_UNIT, {**raw, "area": ["十八"]}, files, command_id=command, actor=actor, at=AT
        )
    assert [getattr(p, "field", "") for p in caught.value.problems] == ["area"]
    assert not Draft.objects.exists()
    cases = {
        actions.apply_at_once(PERMIT, COUNTY_UNIT, raw, files, command_id=command, actor=actor, at=AT).number
        for _ in range(2)
    }
    assert len(cases) == Application.objects.count() == 1


def test_a_village_accepts_and_its_town_decides(city: PackRows) -> None:
    actor = person(OLD_MAN)
    draft = actions.start_draft(ELDER, VILLAGE_UNIT, actor=actor, at=AT)
    typed = {name: list(answer.typed) for name, answer in draft.answers.items()}
    actions.save_section(draft.id, 0, {**typed, "bank_account": ["6217000000000000"]}, actor=actor, at=AT)
    case = actions.submit_draft(draft.id, command_id=uuid4(), actor=actor, at=AT)
    assert case.division == "990102"
    act(case, "99010219760404993X", "accept")
    done = act(case, "990102198107079921", "grant")
    assert (done.state, done.result) == (CaseState.DONE, "granted")


def test_nothing_personal_stands_in_the_repr_of_what_was_applied_for(city: PackRows) -> None:
    case = submitted()
    shown = repr(queries.get_application(case.id, actor=for_firm(), at=AT))
    assert "13800001234" not in shown
    assert OWNER not in shown
