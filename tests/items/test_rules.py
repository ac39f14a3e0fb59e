from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel.types import ItemCode, JsonObject
from shuzheng.engines.credentials.types import SystemValue
from shuzheng.services.items.rules import wording
from shuzheng.services.items.rules.licence import fill_licence, term_of, years_after
from shuzheng.services.items.rules.papers import decide_paper, decide_papers, mark_asked, missing_papers
from shuzheng.services.items.rules.prefill import Known, KnownRecord, prefill, same_answer, take_answer
from shuzheng.services.items.rules.specs import form_of, materials_of
from shuzheng.services.items.rules.stored import dump_answers, load_answers
from shuzheng.services.items.rules.units import Unresolved, resolve_units
from shuzheng.services.items.types import (
    Answer,
    FieldType,
    Handling,
    HeldLicence,
    Level,
    LicenceFieldRule,
    MaterialSource,
    MaterialView,
    Original,
    PaperState,
    PrefillRule,
    SourceRef,
)
from tests.items.builders import (
    AT,
    TODAY,
    make_field,
    make_file,
    make_form,
    make_implementers,
    make_licence,
    make_material,
    make_organizations,
)

CODE = ItemCode("000199001001")
SOURCE = SourceRef("directory.firm", "urn:shuzheng:firm:1", "1", "企业登记")


def parties(level: Level, handling: Handling) -> list[tuple[str, str, str]]:
    units = resolve_units(CODE, "局", [level], handling, make_implementers())
    return [(unit.organization, unit.window, unit.decider) for unit in units]


@pytest.mark.parametrize(
    ("level", "handling", "expected"),
    [
        (Level.CITY, Handling.PROMISED, [("bureau", "bureau", "bureau")]),
        (
            Level.COUNTY,
            Handling.INSTANT,
            [("county-a", "county-a", "county-a"), ("county-b", "county-b", "county-b")],
        ),
        (Level.TOWN, Handling.INSTANT, [("town", "centre", "centre")]),
        (Level.TOWN, Handling.PROMISED, [("town", "centre", "town")]),
        (Level.VILLAGE, Handling.INSTANT, [("village", "village", "village")]),
        (Level.VILLAGE, Handling.PROMISED, [("village", "village", "town")]),
    ],
)
def test_each_level_has_its_window_and_its_decider(
    level: Level, handling: Handling, expected: list[tuple[str, str, str]]
) -> None:
    assert parties(level, handling) == expected


def test_an_implementing_code_has_organization_level_and_item() -> None:
    codes = [u.code for u in resolve_units(CODE, "局", list(Level), Handling.PROMISED, make_implementers())]
    assert codes == [f"{org}{digit}{CODE}" for org, digit in zip(
        ("bureau", "county-a", "county-b", "town", "village"), "34456", strict=True
    )]  # fmt: skip


def test_a_town_without_a_service_centre_is_found() -> None:
    organizations = {code: org for code, org in make_organizations().items() if code != "centre"}
    with pytest.raises(Unresolved) as caught:
        list(resolve_units(CODE, "局", [Level.TOWN], Handling.PROMISED, make_implementers(organizations)))
    assert (caught.value.organization, caught.value.kind) == ("town", "window_centre")


EXPIRED = make_licence(type_name="从业人员健康证明", valid=False, valid_to=date(2024, 9, 8))
HEALTH = make_material(name="从业人员健康证明", licence_type="从业人员健康证明")
PLAN = make_field(FieldType.FILE, name="layout", label="平面布局图", material_seq=1)


@pytest.mark.parametrize(
    ("material", "licence", "state", "why"),
    [
        (
            make_material(),
            make_licence(),
            "waived",
            "已查到松风小馆的营业执照（9901***********0001，长期有效），不用交",
        ),
        (
            make_material(),
            make_licence(valid_to=date(2031, 1, 9)),
            "waived",
            "已查到松风小馆的营业执照（9901***********0001，有效期至2031年1月9日），不用交",
        ),
        (HEALTH, EXPIRED, "to_give", "从业人员健康证明已于2024年9月8日到期，请上传"),
        (make_material(), None, "to_give", "没有查到您的营业执照，请上传"),
        (
            make_material(),
            make_licence(valid=False, why_not="已作废"),
            "to_give",
            "营业执照已作废，请上传有效的证照",
        ),
        (
            make_material(required=False, condition="委托他人办理的"),
            None,
            "not_needed",
            "只有“委托他人办理的”才要交；需要时可以在这里上传",
        ),
        (make_material(required=False, condition="自然人"), make_licence(), "waived", "已查到"),
        (
            make_material(source=MaterialSource.DEPARTMENT),
            None,
            "department",
            "由办理单位向有关部门取得，不用交",
        ),
        (
            make_material(source=MaterialSource.REGISTER, dataset="医师信息"),
            None,
            "department",
            "由登记数据核验（医师信息），不用交",
        ),
        (make_material(source=MaterialSource.APPLICANT), None, "to_give", "请上传扫描件或照片"),
        (
            make_material(source=MaterialSource.APPLICANT, covered_by="form"),
            None,
            "given",
            "您填写的申请表就是这份材料，不用另交",
        ),
    ],
)
def test_each_paper_says_whether_it_must_be_given_and_why(
    material: MaterialView, licence: HeldLicence | None, state: str, why: str
) -> None:
    paper = decide_paper(material, None, None, licence)
    assert paper.state == state
    assert paper.why.startswith(why)


def test_a_file_the_form_insists_on_is_asked_for_even_when_a_licence_is_held() -> None:
    paper = decide_paper(make_material(name="演员身份证明"), PLAN, None, make_licence())
    assert (paper.state, paper.required, paper.label) == (PaperState.TO_GIVE, True, "平面布局图")


def test_an_uploaded_file_settles_its_paper() -> None:
    papers = decide_papers([make_material(), HEALTH], None, {1: make_file()}, {})
    assert papers[0].state is PaperState.GIVEN
    assert papers[0].why == "已上传：平面图.pdf"


def test_only_required_papers_not_given_keep_a_draft_from_being_submitted() -> None:
    materials = [
        make_material(1),
        make_material(2, source=MaterialSource.APPLICANT, name="制度"),
        make_material(3, source=MaterialSource.APPLICANT, required=False, name="委托书"),
        make_material(4, source=MaterialSource.DEPARTMENT, name="报告"),
    ]
    papers = decide_papers(materials, None, {}, {"营业执照": make_licence()})
    assert [(p.seq, p.message) for p in missing_papers(papers)] == [(2, "请上传制度")]


def test_a_paper_an_officer_asked_for_is_marked_until_it_is_given_again() -> None:
    papers = decide_papers([make_material()], None, {}, {"营业执照": make_licence()})
    asked = mark_asked(papers, [1], why="看不清", asked_at=AT, given_at={1: AT - timedelta(hours=1)})
    assert (asked[0].state, asked[0].why) == (PaperState.REJECTED, "请补正：看不清")
    given_again = mark_asked(papers, [1], why="看不清", asked_at=AT, given_at={1: AT + timedelta(hours=1)})
    assert given_again == papers


RULES = {
    "企业.名称": PrefillRule("企业.名称", "firm", "", "name", "企业登记"),
    "不动产.证号": PrefillRule("不动产.证号", "licence", "不动产权证书", "证照编号", "不动产权证书"),
}


def known(**licence: object) -> Known:
    record = KnownRecord("directory.firm", "urn:shuzheng:firm:1", "3", {"name": "松风小馆"})
    return Known({"firm": record}, {"不动产权证书": make_licence(type_name="不动产权证书", **licence)})


def test_known_answers_come_with_source_record_and_version() -> None:
    form = make_form(make_field(name="n", prefill="企业.名称"), make_field(name="p", prefill="不动产.证号"))
    answers = prefill(form, RULES, known())
    assert answers["n"].value == "松风小馆"
    assert answers["n"].source == SourceRef("directory.firm", "urn:shuzheng:firm:1", "3", "企业登记")
    assert answers["p"].source == SourceRef("credentials.licence", "urn:shuzheng:licence:1", "1", "不动产权证书")


@pytest.mark.parametrize(
    "licence", [{"valid": False}, {"fields": {"证照编号": "详见证照副本"}}, {"fields": {}}], ids=str
)
def test_an_invalid_licence_or_a_value_kept_elsewhere_fills_nothing(licence: dict[str, object]) -> None:
    form = make_form(make_field(name="p", prefill="不动产.证号"))
    assert prefill(form, RULES, known(**licence)) == {}


def test_a_known_value_the_field_would_refuse_is_left_out() -> None:
    assert prefill(make_form(make_field(FieldType.NUMBER, prefill="企业.名称")), RULES, known()) == {}


def test_a_changed_answer_becomes_the_applicants_own_and_keeps_the_original_beside_it() -> None:
    before = Answer("松风小馆", SOURCE, ("松风小馆",))
    kept = take_answer(before, "松风小馆", ["松风小馆"], rev=2)
    assert (kept.source, kept.original) == (SOURCE, None)
    changed = take_answer(before, "松月小馆", ["松月小馆"], rev=2)
    assert (changed.source, changed.original) == (None, Original("松风小馆", SOURCE))
    back = take_answer(changed, "松风小馆", ["松风小馆 "], rev=3)
    assert (back.source, back.original) == (SOURCE, None)


def test_a_wrong_answer_keeps_what_was_typed() -> None:
    answer = take_answer(None, None, ["十八"], rev=2)
    assert (answer.value, answer.text) == (None, "十八")
    assert not same_answer(None, answer)
    assert same_answer(None, take_answer(None, None, [""], rev=2))


JSON_VALUES = st.one_of(st.none(), st.booleans(), st.text(max_size=20), st.lists(st.text(max_size=5), max_size=3))
SOURCES = st.builds(SourceRef, st.text(max_size=9), st.text(max_size=9), st.text(max_size=3), st.text(max_size=9))
ANSWERS = st.builds(
    Answer,
    value=JSON_VALUES,
    source=st.none() | SOURCES,
    typed=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    original=st.none() | st.builds(Original, JSON_VALUES, SOURCES),
    rev=st.integers(0, 99),
)


@given(st.dictionaries(st.text(max_size=9), ANSWERS, max_size=4))
def test_answers_are_stored_and_read_back_whole(answers: dict[str, Answer]) -> None:
    assert load_answers(dump_answers(answers)) == answers


def test_a_licence_is_filled_from_answers_constants_and_values_of_issuing() -> None:
    rules = [
        LicenceFieldRule("证照编号", "system", "licence_no"),
        LicenceFieldRule("单位名称", "expression", "form.ent_name"),
        LicenceFieldRule("经营项目", "expression", "form.projects"),
        LicenceFieldRule("是否网营", "expression", "form.online"),
        LicenceFieldRule("证件类型", "constant", "居民身份证"),
        LicenceFieldRule("期限", "expression", "days_between(form.a, form.b)"),
        LicenceFieldRule("等级", "expression", "fact.grade"),
    ]
    answers = {"ent_name": Answer("松风小馆"), "projects": Answer(["热食", "冷食"]), "online": Answer(False)}
    filled = fill_licence(rules, answers)
    assert filled.system == {"证照编号": SystemValue.LICENCE_NO}
    assert filled.left == ("期限", "等级")
    assert list(filled.fields.items()) == [
        ("证照编号", ""), ("单位名称", "松风小馆"), ("经营项目", "热食、冷食"), ("是否网营", "否"),
        ("证件类型", "居民身份证"), ("期限", "详见决定书"), ("等级", "详见决定书"),
    ]  # fmt: skip


def test_validity_runs_whole_years_from_the_day_of_issue_unless_it_was_applied_for() -> None:
    asked = fill_licence(
        [LicenceFieldRule("有效期起", "expression", "form.a"), LicenceFieldRule("有效期止", "expression", "form.b")],
        {"a": Answer("2026-12-01"), "b": Answer("2027-02-28")},
    )
    assert term_of(asked, TODAY, 5) == (date(2026, 12, 1), date(2027, 2, 28))
    assert term_of(fill_licence([], {}), TODAY, 5) == (TODAY, date(2031, 11, 23))
    assert term_of(fill_licence([], {}), TODAY, None) == (TODAY, None)


@given(st.dates(max_value=date(2900, 1, 1)), st.integers(1, 50))
def test_a_term_of_years_ends_the_day_before_its_anniversary(start: date, years: int) -> None:
    end = years_after(start, years)
    assert (end + timedelta(days=1)).year - start.year == years or end.year - start.year == years
    assert (end + timedelta(days=1)).month in (start.month, start.month % 12 + 1)


def test_forms_and_materials_are_read_as_the_pack_tells_them() -> None:
    form: JsonObject = {
        "title": "申请表",
        "section": [
            {
                "title": "一",
                "field": [
                    {"name": "a", "label_zh": "面积", "type": "number", "required": True, "precision": "num(12,2)"},
                    {"name": "b", "label_zh": "图", "type": "file", "required": True, "material_seq": 2},
                    {"name": "c", "label_zh": "网营", "type": "boolean", "required": False},
                ],
            }
        ],
        "material": [{"seq": 1, "name": "申请书", "covered_by": "form"}],
    }
    spec = form_of(CODE, 3, form)
    assert (spec.version, [f.name for f in spec.fields()]) == (3, ["a", "b", "c"])
    assert spec.fields()[0].precision is not None
    assert [o.label for o in spec.fields()[2].options] == ["是", "否"]
    rows: list[JsonObject] = [
        {"seq": 2, "name": "图", "source": "applicant", "copies": 1, "required": "always"},
        {"seq": 1, "name": "申请书", "source": "applicant", "copies": 1, "required": "always"},
    ]
    assert [(m.seq, m.covered_by) for m in materials_of(rows, form)] == [(1, "form"), (2, "field:b")]


def test_notices_say_what_comes_next_and_by_when() -> None:
    opened = wording.tell_opened(number="N1", title="许可", window="窗口", due_on=date(2026, 12, 1), today=TODAY)
    assert opened.body == (
        "办件编号 N1。窗口会在 5 个工作日内告诉您是否受理，最晚12月1日（周二）。进度可以随时在办件页查看。"
    )
    asked = wording.tell_asked(
        number="N1", title="许可", n=2, papers=["健康证明"], opinion="已过期", due_on=date(2027, 1, 4), today=TODAY
    )
    assert "请补正：健康证明。" in asked.body
    assert "2027年1月4日（周一）" in asked.body
    refused = wording.tell_refused(number="N1", title="许可", result="refused", opinion="", reasons=["面积过小。"])
    assert refused.title == "“许可”没有批准"
    assert refused.body.startswith("理由：面积过小。不服这个决定的")
    assert "行政复议" in refused.body
