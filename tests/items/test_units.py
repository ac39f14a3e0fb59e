"""Implementing items by rule and by override; composite services and benchmarks beside them."""

from dataclasses import replace
from fnmatch import fnmatchcase

import pytest

from shuzheng.base.kernel.pack import Changes, PackRows, Row
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.cases.models import Case
from shuzheng.engines.cases.types import CaseView
from shuzheng.packs.queries import read_pack
from shuzheng.services.items import pack, queries
from shuzheng.services.items.models import Benchmark, Composite, Item, PackDigest, Unit
from shuzheng.services.items.pack import units
from shuzheng.services.items.rules.composites import QuestionKind, problems_of_condition
from shuzheng.services.items.rules.papers import decide_papers
from shuzheng.services.items.rules.units import Override, OverrideAct, item_here
from shuzheng.services.items.types import MaterialSource
from tests.items.builders import make_field, make_form, make_material
from tests.items.city import (
    ARCHIVE,
    AT,
    COUNTY_UNIT,
    ELDER,
    OTHER_COUNTY_UNIT,
    PERMIT,
    TEMPLATE,
    submitted,
    with_cell,
    without,
)

OVERRIDES = "implementing_overrides.csv"
NEW_UNIT = f"11990100MBY000061T3{ARCHIVE}"


def apply(rows: PackRows) -> Changes:
    return pack.apply(rows, actor=SYSTEM, at=AT)


def overridden(rows: PackRows, **cells: object) -> PackRows:
    """The pack with one more override."""
    row = Row(OVERRIDES, 9, {"unit": COUNTY_UNIT, "act": "change", **cells})
    return replace(rows, rows={**rows.rows, OVERRIDES: [*rows.of(OVERRIDES), row]})


def promised_of(case: CaseView) -> int:
    return Case.objects.get(number=case.number).promised_days


class TestOverrides:
    def test_a_unit_says_what_differs_here_and_others_do_not(self, city: PackRows) -> None:
        here, there = queries.get_unit(OTHER_COUNTY_UNIT), queries.get_unit(COUNTY_UNIT)
        assert (here.phone, here.channels) == ("0990-6600012", ("online", "window"))
        assert here.hours.startswith("工作日")
        assert (there.phone, there.address, there.channels, there.promised_days) == ("", "", None, None)

    def test_days_promised_here_count_for_the_case(self, city: PackRows) -> None:
        apply(overridden(city, promised_days="2"))
        assert promised_of(submitted()) == 2

    def test_without_an_override_the_days_of_the_item_count(self, city: PackRows) -> None:
        assert promised_of(submitted()) == 4

    def test_the_item_as_handled_here_keeps_what_is_not_overridden(self, city: PackRows) -> None:
        apply(overridden(city, visits="2"))
        item, unit = queries.get_item(PERMIT), queries.get_unit(COUNTY_UNIT)
        here = item_here(item, unit)
        assert (here.visits, here.promised_days, here.channels) == (2, item.promised_days, item.channels)

    def test_window_and_decider_can_be_other_bodies(self, city: PackRows) -> None:
        apply(overridden(city, window="11990100MBY0000455", decider="11990100MBY000037A"))
        unit = queries.get_unit(COUNTY_UNIT)
        assert (unit.window_name, unit.decider_name) == ("市数管局", "市市场监管局")

    def test_a_unit_can_be_taken_away_and_comes_back(self, city: PackRows) -> None:
        assert apply(overridden(city, act="remove")).retired == 1
        assert not Unit.objects.get(code=COUNTY_UNIT).current
        assert apply(city).changed == 1
        assert Unit.objects.get(code=COUNTY_UNIT).current

    def test_a_unit_the_rule_does_not_give_can_be_added(self, city: PackRows) -> None:
        rows = with_cell(city, "items.csv", 1, levels="city;county")
        rows = overridden(rows, unit=NEW_UNIT, act="add", phone="1")
        assert pack.check(rows) == []
        apply(rows)
        unit = queries.get_unit(NEW_UNIT)
        assert (unit.organization_name, unit.level, unit.phone, unit.window) == ("市民政局", "city", "1", unit.decider)

    def test_adding_what_the_rule_gives_gives_it_once(self, city: PackRows) -> None:
        before = Unit.objects.count()
        apply(overridden(city, act="add", phone="2"))
        assert Unit.objects.count() == before
        assert queries.get_unit(COUNTY_UNIT).phone == "2"

    def test_an_override_reads_body_level_and_item_from_the_code(self) -> None:
        override = Override(f"11990100MBY000061T3{PERMIT}01", OverrideAct.ADD)
        assert (override.organization, override.level, override.item) == ("11990100MBY000061T", "city", f"{PERMIT}01")
        assert Override("x" * 31, OverrideAct.ADD).level is None


class TestDigest:
    def test_nothing_is_computed_when_nothing_units_come_from_has_changed(
        self, city: PackRows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(units, "read_sources", None)
        changes = units.apply(with_cell(city, "items.csv", 0, promised_days="3"), actor=SYSTEM, at=AT)
        assert (changes.nothing_changed, changes.unchanged) == (True, Unit.objects.count())

    @pytest.mark.parametrize(
        ("file", "cells"),
        [
            ("items.csv", {"levels": "city"}),
            ("implementers.csv", {"division_code": "990102"}),
            ("organizations.csv", {"division_code": "990102"}),
            (OVERRIDES, {"phone": "3"}),
        ],
    )
    def test_every_file_units_come_from_counts(self, city: PackRows, file: str, cells: dict[str, object]) -> None:
        before = PackDigest.objects.get(part="units").digest
        units.apply(with_cell(city, file, 0, **cells), actor=SYSTEM, at=AT)
        assert PackDigest.objects.get(part="units").digest != before

    def test_a_lost_digest_compares_and_writes_nothing(self, city: PackRows) -> None:
        PackDigest.objects.all().delete()
        assert units.apply(city, actor=SYSTEM, at=AT).nothing_changed

    def test_every_column_of_the_table_is_written(self) -> None:
        assert {"id", "code", *units._COLUMNS} == {field.column for field in Unit._meta.concrete_fields}

    def test_an_item_taken_out_takes_its_units_along(self, city: PackRows) -> None:
        apply(without(city, "items.csv", 2))
        assert not Unit.objects.filter(item_code=ELDER, current=True).exists()


def test_a_version_made_on_line_stays_and_a_pack_that_says_otherwise_reports_a_conflict(city: PackRows) -> None:
    row = Item.objects.get(code=PERMIT, current=True)
    Item.objects.filter(pk=row.pk).update(current=False)
    row.pk, row.version, row.edited, row.digest, row.promised_days = None, 2, True, "other", 9
    row.save()
    assert apply(city).nothing_changed
    assert queries.get_item(PERMIT).promised_days == 9
    changes = apply(with_cell(city, "items.csv", 0, promised_days="3"))
    assert (queries.get_item(PERMIT).version, queries.get_item(PERMIT).promised_days) == (4, 9)
    assert any(note.startswith("冲突") for note in changes.notes)


class TestComposites:
    def test_a_composite_service_keeps_its_questions_stages_and_conditions(self, city: PackRows) -> None:
        [composite] = queries.list_composites()
        assert (composite.code, composite.audience, composite.department) == ("OT901", "both", "市市场监管局")
        assert [(q.id, q.kind, q.options[0]) for q in composite.questions] == [
            ("staff", "boolean", "是"),
            ("kinds", "multi", "热食"),
        ]
        assert [(i.item, i.stage, i.when) for i in composite.items] == [
            (PERMIT, 1, ""),
            (ARCHIVE, 2, "answer.staff = TRUE AND has(answer.kinds, '热食')"),
        ]

    def test_a_change_is_a_new_version_and_a_missing_one_is_retired(self, city: PackRows) -> None:
        apply(with_cell(city, "onethings.toml", 0, summary="另一种说法"))
        found = queries.find_composite("OT901")
        assert found is not None
        assert (found.version, found.summary) == (2, "另一种说法")
        assert Composite.objects.count() == 2
        assert apply(without(city, "onethings.toml", 0)).retired == 1
        assert queries.find_composite("OT901") is None
        apply(city)
        assert Composite.objects.filter(code="OT901", current=True).count() == 1

    def test_benchmarks_of_an_item_are_read_changed_and_taken_away(self, city: PackRows) -> None:
        assert [(b.place, b.promised_days, b.papers) for b in queries.list_benchmarks(PERMIT)] == [
            ("全国最优", 3, 5),
            ("本省最优", 5, 7),
        ]
        apply(with_cell(city, "benchmarks.csv", 0, promised_days="2"))
        assert queries.list_benchmarks(PERMIT)[0].promised_days == 2
        assert apply(without(city, "benchmarks.csv", 0)).retired == 1
        assert Benchmark.objects.count() == 1
        assert queries.list_benchmarks(ARCHIVE) == ()

    @pytest.mark.parametrize(
        ("when", "problems"),
        [
            ("", []),
            ("answer.way = '甲'", []),
            ("answer.way IN ('甲', '乙')", []),
            ("answer.yes = TRUE AND has(answer.many, '丙')", []),
            ("answer.yes = FALSE OR answer.way = '乙'", []),
            ("answer.way IN ('甲', '丁')", ["里的“丁”不是问题 way 的选项"]),
            ("has(answer.many, '丁')", ["里的“丁”不是问题 many 的选项"]),
            ("answer.no = TRUE", ["里的问题 no 没有写"]),
            ("answer.many = '丙'", ["里对问题 many 的写法与它的类型 multi 不合"]),
            ("answer.way > 3", ["写法看不懂：answer.way > 3"]),
            ("answer.yes = TRUE answer.way = '甲'", ["写法看不懂：answer.way = '甲'"]),
            ("answer.yes = TRUE AND", ["在 AND 之后没有写完"]),
        ],
    )
    def test_a_condition_is_held_to_the_questions(self, when: str, problems: list[str]) -> None:
        questions = {
            "way": (QuestionKind.SINGLE, ("甲", "乙")),
            "many": (QuestionKind.MULTI, ("丙",)),
            "yes": (QuestionKind.BOOLEAN, ("是", "否")),
        }
        assert list(problems_of_condition(when, questions)) == problems


def test_a_paper_that_an_answer_replaces_names_the_answer() -> None:
    form = make_form(make_field(name="promise", label="承诺如实填写"))
    material = make_material(1, source=MaterialSource.APPLICANT, covered_by="form:promise")
    [paper] = decide_papers([material], form, {}, {})
    assert (paper.state, paper.why) == ("given", "您填写的申请表里的“承诺如实填写”就是这份材料，不用另交")


def test_the_template_pack_is_read_with_every_file_of_the_room() -> None:
    rows = read_pack(TEMPLATE)
    assert all(any(fnmatchcase(name, file) and found for name, found in rows.rows.items()) for file in pack.FILES)
