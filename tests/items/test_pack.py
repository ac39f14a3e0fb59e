from dataclasses import replace

import pytest

from shuzheng.base.kernel.pack import Changes, PackRows, Row
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.packs.queries import read_pack
from shuzheng.services.items import pack, queries
from shuzheng.services.items.models import Item, Unit
from tests.items.city import AT, COUNTY_UNIT, ELDER, PERMIT, TEMPLATE, VILLAGE_UNIT, with_cell, without


def apply(rows: PackRows) -> Changes:
    return pack.apply(rows, actor=SYSTEM, at=AT)


def test_the_template_pack_is_sound() -> None:
    assert pack.check(read_pack(TEMPLATE)) == []


def test_loading_twice_changes_nothing(city: PackRows) -> None:
    changes = apply(city)
    assert changes.nothing_changed
    assert changes.unchanged > 0


def test_changed_content_gives_a_new_version_and_the_old_one_stays(city: PackRows) -> None:
    changes = apply(with_cell(city, "items.csv", 0, promised_days="3"))
    assert (changes.added, changes.changed, changes.retired) == (0, 1, 0)
    assert (queries.get_item(PERMIT).version, queries.get_item(PERMIT).promised_days) == (2, 3)
    assert (queries.get_item(PERMIT, 1).current, queries.get_item(PERMIT, 1).promised_days) == (False, 4)


@pytest.mark.parametrize("file", ["materials.csv", "form_licence_fields.csv", "guides.toml", "forms.toml"])
def test_every_file_of_an_item_counts_for_its_version(city: PackRows, file: str) -> None:
    key = {"materials.csv": "name", "form_licence_fields.csv": "value", "guides.toml": "scope_zh"}.get(file, "title")
    apply(with_cell(city, file, 0, **{key: "另一种写法"}))
    assert queries.get_item(PERMIT).version == 2


def test_an_item_taken_out_is_retired_and_comes_back_in_the_same_version(city: PackRows) -> None:
    assert apply(without(city, "items.csv", 2)).retired >= 1
    assert not Item.objects.filter(code=ELDER, current=True).exists()
    assert not Unit.objects.filter(item_code=ELDER, current=True).exists()
    apply(city)
    assert queries.get_item(ELDER).version == 1
    assert queries.get_unit(VILLAGE_UNIT).level == "village"


def test_units_are_computed_for_every_level(city: PackRows) -> None:
    assert Unit.objects.count() == 1 + 2 + 2 + 1 + 1
    unit = queries.get_unit(COUNTY_UNIT)
    assert len(unit.code) == 31
    assert unit.window == unit.decider == unit.organization
    village = queries.get_unit(VILLAGE_UNIT)
    assert (village.window_name, village.decider_name) == ("竹笺镇松烟村", "墨溪区竹笺镇政府")


def test_a_promised_item_made_instant_moves_the_decision_of_its_units(city: PackRows) -> None:
    apply(with_cell(city, "items.csv", 2, handling="instant", promised_days="0"))
    assert queries.get_unit(VILLAGE_UNIT).decider_name == "竹笺镇松烟村"


@pytest.mark.parametrize(
    ("file", "index", "cells", "what"),
    [
        ("items.csv", 0, {"kind": "05"}, "kind 与 basic_code 第 3、4 位不一致"),
        ("items.csv", 0, {"promised_days": "0"}, "承诺件没有承诺时限"),
        ("items.csv", 1, {"promised_days": "3"}, "即办件的 promised_days 应当是 0"),
        ("items.csv", 0, {"licence_type": "没有的证"}, "licence_type “没有的证”不在 licence_types.csv 里"),
        ("items.csv", 1, {"levels": "town"}, "市卫健委在 town 一级没有实施机构"),
        ("implementers.csv", 0, {"organization": "11990100MBY0000XXX"}, "organization 不在 organizations.csv 里"),
        ("materials.csv", 0, {"basic_code": "000000000000"}, "basic_code 不在 items.csv 里"),
        ("materials.csv", 1, {"licence_type": ""}, "由电子证照代替的材料没有写 licence_type"),
        ("materials.csv", 7, {"condition_zh": ""}, "有条件提交的材料没有写 condition_zh"),
        ("form_licence_fields.csv", 1, {"value": "form.nobody"}, "申请表没有 form.nobody 这个字段"),
        ("form_licence_fields.csv", 0, {"value": "seal"}, "没有系统值 seal"),
        ("form_licence_fields.csv", 0, {"licence_field": "颜色"}, "小餐饮经营许可证没有“颜色”这个字段"),
        ("prefill.toml", 0, {"field": "colour"}, "firm 没有 colour 这个字段"),
        ("guides.toml", 0, {"basic_code": "000000000000"}, "basic_code 不在 items.csv 里"),
    ],
)
def test_each_fault_is_told_with_file_line_and_remedy(
    file: str, index: int, cells: dict[str, object], what: str
) -> None:
    rows = with_cell(read_pack(TEMPLATE), file, index, **cells)
    faults = [fault for fault in pack.check(rows) if fault.what == what]
    assert [(f.file, bool(f.remedy)) for f in faults] == [(faults[0].file, True)] * len(faults)
    assert faults
    if not what.startswith("市卫健委"):
        assert faults[0].line == rows.of(file)[index].line


def test_faults_of_a_form_stand_at_the_line_of_the_field() -> None:
    rows = read_pack(TEMPLATE)
    forms = list(rows.of("forms.toml"))
    field = next(f for s in forms[0].tables("section") for f in s["field"] if f["name"] == "layout")  # type: ignore[attr-defined]
    field["material_seq"] = 99
    faults = pack.check(replace(rows, rows={**rows.rows, "forms.toml": forms}))
    assert [(f.line, f.what) for f in faults] == [(field.line, "字段 layout 没有对应的材料")]


def test_rows_with_faults_of_form_do_not_break_the_check() -> None:
    rows = read_pack(TEMPLATE)
    broken = {file: [Row(row.file, row.line, {}, row.table) for row in rows.of(file)] for file in pack.FILES}
    assert pack.check(replace(rows, rows={**rows.rows, **broken}))
