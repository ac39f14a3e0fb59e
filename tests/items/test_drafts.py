from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest

from shuzheng.base.files.errors import FileKindRefused, FileTooLarge
from shuzheng.base.files.models import StoredFile
from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.models import Entry
from shuzheng.base.notices.models import Notice
from shuzheng.services.items import actions, errors, pack, queries
from shuzheng.services.items.models import Draft, DraftPaper, HeldInput
from shuzheng.services.items.types import PaperProblem, PaperState
from tests.items.city import (
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
    VILLAGE_UNIT,
    YOUNG,
    fill,
    for_firm,
    officer,
    person,
    start,
    typed_of,
    with_cell,
)


def test_a_draft_begins_with_what_is_known_each_answer_with_its_source(city: PackRows) -> None:
    draft = start()
    firm, licence, own = (draft.answers[name].source for name in ("ent_name", "property_no", "rep_id"))
    assert draft.answers["ent_name"].value == "墨溪区松风小馆（个体工商户）"
    assert firm is not None
    assert (firm.source, firm.label, firm.record) == ("directory.firm", "企业登记", draft.party.urn)
    assert licence is not None
    assert (licence.source, licence.label) == ("credentials.licence", "不动产权证书")
    assert own is not None
    assert (own.source, own.record) == ("directory.person", f"urn:shuzheng:person:{draft.person}")
    assert "contact_mobile" not in draft.answers
    assert draft.expires_on == date(2027, 2, 22)
    assert Entry.objects.filter(act="items.draft_started").count() == 1


def test_a_person_is_known_from_the_population_register(city: PackRows) -> None:
    draft = actions.start_draft(ELDER, VILLAGE_UNIT, actor=person(OLD_MAN), at=AT)
    assert draft.answers["birth_date"].value == "1938-06-21"
    assert draft.answers["id_no"].value == OLD_MAN


def test_answers_are_sealed_at_rest(city: PackRows) -> None:
    draft = start()
    stored = bytes(Draft.objects.get(public_id=draft.id).answers)
    assert OWNER.encode() not in stored
    assert "松风".encode() not in stored


@pytest.mark.parametrize(
    ("item", "unit", "who", "refusal"),
    [
        (ARCHIVE, ARCHIVE_UNIT, "firm", errors.ApplicantWrong),
        (PERMIT, COUNTY_UNIT, "officer", errors.OfficerMayNotApply),
        (PERMIT, ARCHIVE_UNIT, "firm", errors.UnitNotFound),
        ("000000000000", COUNTY_UNIT, "firm", errors.ItemNotFound),
    ],
)
def test_what_is_not_ones_to_apply_for_is_refused_and_nothing_is_written(
    city: PackRows, item: str, unit: str, who: str, refusal: type[Exception]
) -> None:
    actor = officer(CLERK) if who == "officer" else for_firm()
    with pytest.raises(refusal):
        actions.start_draft(item, unit, actor=actor, at=AT)
    assert not Draft.objects.exists()
    assert not Entry.objects.filter(act__startswith="items.").exists()


def test_what_is_typed_wrong_is_kept_and_told(city: PackRows) -> None:
    draft = start()
    typed = {"place_address": ["石桥路 8 号"], "area": ["十八"], "division": ["990102"]}
    draft, problems, _ = actions.save_section(draft.id, 1, typed, actor=for_firm(), at=AT)
    assert [(p.field, p.section, p.message) for p in problems] == [
        ("area", 1, "经营场所面积要填数字，例如 12.5"),
    ]
    again = queries.get_draft(draft.id, actor=for_firm(), at=AT)
    assert (again.answers["area"].value, again.answers["area"].text) == (None, "十八")
    assert again.answers["place_address"].value == "石桥路 8 号"


def test_a_changed_prefilled_answer_is_the_applicants_own_with_the_original_beside_it(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    typed = {**typed_of(draft, 0, actor), "legal_rep": ["林知白"], "contact_mobile": ["13800001234"]}
    draft, _, _ = actions.save_section(draft.id, 0, typed, actor=actor, at=AT)
    changed = draft.answers["legal_rep"]
    assert (changed.value, changed.source) == ("林知白", None)
    assert changed.original is not None
    assert (changed.original.value, changed.original.source.label) == ("林知墨", "企业登记")
    assert draft.answers["ent_name"].source is not None


def test_two_tabs_meet_with_both_texts_and_nothing_is_lost(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    rev = draft.rev
    first = {**typed_of(draft, 0, actor), "contact_mobile": ["13800001234"]}
    actions.save_section(draft.id, 0, first, actor=actor, at=AT, expected_rev=rev)
    second = {**first, "contact_mobile": ["13900005678"]}
    with pytest.raises(errors.DraftChanged) as caught:
        actions.save_section(draft.id, 0, second, actor=actor, at=AT, expected_rev=rev)
    difference = caught.value.differences[0]
    assert (difference.field, difference.mine, difference.saved) == (
        "contact_mobile",
        ("13900005678",),
        ("13800001234",),
    )
    assert "13900005678" not in str(caught.value)
    kept = queries.get_draft(draft.id, actor=actor, at=AT)
    assert kept.answers["contact_mobile"].value == "13800001234"
    done, _, _ = actions.save_section(draft.id, 0, second, actor=actor, at=AT, expected_rev=caught.value.rev)
    assert done.answers["contact_mobile"].value == "13900005678"


def test_two_tabs_on_different_steps_do_not_disturb_each_other(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    actions.save_section(draft.id, 1, {"area": ["20"]}, actor=actor, at=AT, expected_rev=draft.rev)
    typed = {**typed_of(draft, 0, actor), "contact_mobile": ["13800001234"]}
    saved, _, _ = actions.save_section(draft.id, 0, typed, actor=actor, at=AT, expected_rev=draft.rev)
    assert (saved.answers["area"].value, saved.answers["contact_mobile"].value) == ("20", "13800001234")


def test_saving_the_same_again_is_no_change(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    same, _, _ = actions.save_section(draft.id, 0, typed_of(draft, 0, actor), actor=actor, at=AT)
    assert same.rev == draft.rev


def test_the_paper_list_says_what_to_give_and_why_the_rest_is_waived(city: PackRows) -> None:
    papers = {p.seq: p for p in queries.list_papers(start().id, actor=for_firm(), at=AT)}
    assert {seq: str(p.state) for seq, p in papers.items()} == {
        1: "given", 2: "waived", 3: "waived", 4: "to_give", 5: "department", 6: "to_give", 7: "waived", 8: "not_needed",
    }  # fmt: skip
    assert papers[2].why.startswith("已查到墨溪区松风小馆（个体工商户）的营业执照（9901")
    assert papers[3].why.startswith("已查到林知墨的居民身份证（9901**********9917，有效期至2038年3月1日）")
    assert papers[6].why == "从业人员健康证明已于2021年9月8日到期，请上传"
    assert papers[7].ref is not None


def test_a_file_is_attached_replaced_and_taken_back(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    papers = actions.attach_paper(draft.id, 6, BytesIO(PDF), "健康证明.pdf", actor=actor, at=AT)
    assert papers[5].state is PaperState.GIVEN
    actions.attach_paper(draft.id, 6, BytesIO(PDF), "新的健康证明.pdf", actor=actor, at=AT)
    file = queries.get_draft_file(draft.id, 6, actor=actor, at=AT)
    assert file.name == "新的健康证明.pdf"
    papers = actions.remove_paper(draft.id, 6, actor=actor, at=AT)
    assert papers[5].state is PaperState.TO_GIVE
    assert DraftPaper.objects.count() == 2
    assert list(Entry.objects.filter(act__startswith="items.paper").values_list("act", flat=True)) == [
        "items.paper_attached",
        "items.paper_attached",
        "items.paper_removed",
    ]


@pytest.mark.parametrize(
    ("content", "seq", "refusal"),
    [
        (b"#!/bin/sh\necho hi\n", 6, FileKindRefused),
        (b"%PDF-1.4\n" + b"0" * (10 * 1024 * 1024 + 1), 6, FileTooLarge),
        (PDF, 99, errors.MaterialNotFound),
    ],
    ids=["a script named .pdf", "over 10 MB", "no such material"],
)
def test_a_refused_file_leaves_the_draft_as_it_was(
    city: PackRows, content: bytes, seq: int, refusal: type[Exception]
) -> None:
    draft = start()
    with pytest.raises(refusal):
        actions.attach_paper(draft.id, seq, BytesIO(content), "材料.pdf", actor=for_firm(), at=AT)
    assert not DraftPaper.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_draft_says_everything_that_is_missing_step_by_step(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    problems = queries.check_draft(draft.id, actor=actor, at=AT)
    fields = [(p.section, p.field) for p in problems if not isinstance(p, PaperProblem)]
    assert fields == [
        (0, "contact_mobile"), (1, "place_address"), (1, "division"), (1, "area"), (2, "format"), (2, "projects"),
        (2, "online"), (2, "staff"),
    ]  # fmt: skip
    assert [p.seq for p in problems if isinstance(p, PaperProblem)] == [4, 6]
    assert queries.check_draft(fill(draft).id, actor=actor, at=AT) == ()


def test_a_draft_keeps_the_version_it_was_started_with(city: PackRows) -> None:
    draft = start()
    pack.apply(with_cell(city, "items.csv", 0, name="小餐饮经营许可（改）"), actor=SYSTEM, at=AT)
    assert queries.get_item(PERMIT).version == 2
    assert queries.get_draft(draft.id, actor=for_firm(), at=AT).item.version == 1
    assert queries.get_draft_form(draft.id, actor=for_firm(), at=AT).version == 1


def test_nobody_else_learns_that_a_draft_exists(city: PackRows) -> None:
    draft = start()
    strangers = (person(OWNER), for_firm(OTHER_OWNER, OTHER_FIRM), person(YOUNG), officer(CLERK), SYSTEM)
    for actor in strangers:
        with pytest.raises(errors.DraftNotFound):
            queries.get_draft(draft.id, actor=actor, at=AT)
        with pytest.raises(errors.DraftNotFound):
            actions.save_section(draft.id, 0, {}, actor=actor, at=AT)
        assert queries.list_drafts(actor, at=AT) == ()
    with pytest.raises(errors.DraftNotFound):
        queries.get_draft(uuid4(), actor=for_firm(), at=AT)


def test_drafts_are_listed_the_last_changed_first_and_offered_again(city: PackRows) -> None:
    actor = for_firm()
    old, new = start(), start()
    actions.save_section(old.id, 1, {"area": ["20"]}, actor=actor, at=AT + timedelta(hours=1))
    assert [row.id for row in queries.list_drafts(actor, at=AT)] == [old.id, new.id]
    found = queries.find_open_draft(PERMIT, actor=actor, at=AT)
    assert found is not None
    assert found.id == old.id


def test_a_discarded_draft_is_wiped_and_gone(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    actions.discard_draft(draft.id, actor=actor, at=AT)
    assert bytes(Draft.objects.get(public_id=draft.id).answers) == b""
    with pytest.raises(errors.DraftNotFound):
        queries.get_draft(draft.id, actor=actor, at=AT)
    assert Entry.objects.filter(act="items.draft_discarded").count() == 1


def test_a_draft_untouched_for_ninety_days_expires_and_is_wiped(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    queries.get_draft(draft.id, actor=actor, at=AT + timedelta(days=90))
    late = AT + timedelta(days=91)
    with pytest.raises(errors.DraftExpired, match="超过 90 天"):
        queries.get_draft(draft.id, actor=actor, at=late)
    actions.purge_expired(late)
    assert bytes(Draft.objects.get(public_id=draft.id).answers) == b""
    with pytest.raises(errors.DraftExpired):
        actions.save_section(draft.id, 0, {}, actor=actor, at=late)


def test_there_is_no_step_beyond_the_last(city: PackRows) -> None:
    draft = start()
    for index in (-1, 3):
        with pytest.raises(errors.SectionNotFound):
            actions.save_section(draft.id, index, {}, actor=for_firm(), at=AT)


def test_typed_text_of_an_expired_session_comes_back_once(db: None) -> None:
    typed = {"area": ["十八"], "projects": ["甲", "乙"], "password": ["秘"], "csrfmiddlewaretoken": ["t"]}
    token = actions.hold_input("/drafts/x/1/", typed, at=AT)
    assert "十八".encode() not in bytes(HeldInput.objects.get().content)
    assert actions.take_held_input(token, at=AT, path="/other/") is None
    assert actions.take_held_input(token, at=AT, path="/drafts/x/1/") == {"area": ["十八"], "projects": ["甲", "乙"]}
    assert actions.take_held_input(token, at=AT) is None
    assert actions.take_held_input("猜的", at=AT) is None


def test_typed_text_is_kept_for_a_day_and_not_without_end(db: None) -> None:
    token = actions.hold_input("/a/", {"x": ["y"]}, at=AT)
    late = AT + timedelta(hours=24)
    assert actions.take_held_input(token, at=late) is None
    actions.purge_held(late)
    assert bytes(HeldInput.objects.get().content) == b""
    with pytest.raises(errors.HeldTooLarge):
        actions.hold_input("/a/", {"x": ["长" * 100_000]}, at=AT)


def test_one_command_starts_one_draft(city: PackRows) -> None:
    command = uuid4()
    first, again = (
        actions.start_draft(PERMIT, COUNTY_UNIT, actor=for_firm(), at=AT, command_id=command) for _ in range(2)
    )
    assert first.id == again.id
    assert Draft.objects.count() == 1
    with pytest.raises(errors.DraftNotFound):
        actions.start_draft(ARCHIVE, ARCHIVE_UNIT, actor=person(OLD_MAN), at=AT, command_id=command)


@pytest.mark.parametrize(
    ("before", "titles"), [(8, []), (7, ["草稿快到期了"]), (3, ["草稿快到期了"]), (1, ["草稿明天就到期了"])]
)
def test_the_writer_is_told_before_a_draft_expires(city: PackRows, before: int, titles: list[str]) -> None:
    draft = start()
    at = AT + timedelta(days=90 - before)
    actions.warn_expiring(at)
    actions.warn_expiring(at + timedelta(hours=1))
    told = Notice.objects.filter(kind="draft")
    assert [one.title for one in told] == titles
    assert {one.person_id for one in told} <= {draft.person}


def test_a_second_warning_comes_on_the_last_day_and_a_save_puts_both_off(city: PackRows) -> None:
    draft, actor = start(), for_firm()
    for before in (7, 6, 1):
        actions.warn_expiring(AT + timedelta(days=90 - before))
    assert Notice.objects.filter(kind="draft").count() == 2
    actions.save_section(draft.id, 0, {}, actor=actor, at=AT + timedelta(days=89))
    actions.warn_expiring(AT + timedelta(days=90))
    assert Notice.objects.filter(kind="draft").count() == 2
