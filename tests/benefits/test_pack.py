"""Loading policies: once, again, changed, gone; every fault at once with its place."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shuzheng.base.kernel.pack import PackRows
from shuzheng.packs.queries import check_pack, read_pack
from shuzheng.services.benefits.models import Policy, PolicyFamily, SubjectFacts
from shuzheng.services.benefits.pack.reading import facts_of
from shuzheng.services.benefits.rules.reading import read_spec
from shuzheng.services.rulebook.queries import get_rule, get_sheet, rules_in_force
from tests.benefits.city import ELDERS, KITCHEN, load_policies
from tests.packs.conftest import LUAN, TEMPLATE

ID_NUMBERS = ("990102193806219919", "990102194109099936")


def spoilt(folder: Path, *changes: tuple[str, str]) -> PackRows:
    """The template's rows with texts of policies.toml replaced."""
    text = (TEMPLATE / "policies.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "policies.toml").write_text(text, "utf-8")
    read = read_pack(folder)
    whole = read_pack(TEMPLATE)
    return replace(whole, rows={**whole.rows, "policies.toml": read.of("policies.toml")})


def test_families_are_published_for_each_county_and_year(city: PackRows) -> None:
    assert PolicyFamily.objects.filter(current=True).count() == 2
    assert sorted(Policy.objects.values_list("code", flat=True)) == [
        f"{ELDERS}-990100-2022",
        f"{ELDERS}-990100-2023",
        f"{KITCHEN}-990102-2023",
        f"{KITCHEN}-990122-2023",
    ]
    row = Policy.objects.get(code=f"{KITCHEN}-990102-2023")
    assert (row.place, row.valid_from, row.last_on) == ("墨溪区", date(2023, 1, 5), date(2023, 12, 31))


def test_loading_twice_changes_nothing(city: PackRows) -> None:
    changes = load_policies(city)
    assert changes.nothing_changed
    assert not changes.notes


def test_facts_of_people_are_kept_without_their_identity_numbers(city: PackRows) -> None:
    kept = str(list(SubjectFacts.objects.values_list("facts", flat=True)))
    assert SubjectFacts.objects.filter(kind="person").count() == 15
    assert "1938-06-21" in kept
    assert not any(number in kept for number in ID_NUMBERS)


def test_a_changed_policy_is_a_new_version_and_its_rule_a_successor(city: PackRows, tmp_path: Path) -> None:
    changed = spoilt(
        tmp_path, ("person.age >= 80", "person.age >= 85"), ("cap_yuan = 2000", "cap_yuan = 1500"), ("第四条", "第五条")
    )
    changes = load_policies(changed)
    said = "\n".join(changes.notes)
    assert "person.age >= 80 → person.age >= 85" in said
    assert "封顶 2,000.00 元 → 1,500.00 元" in said
    assert "依据 样民〔2022〕3号 第四条 → 样民〔2022〕3号 第五条" in said
    assert list(PolicyFamily.objects.filter(code=ELDERS).order_by("version").values_list("version", "current")) == [
        (1, False),
        (2, True),
    ]
    assert Policy.objects.get(code=f"{KITCHEN}-990102-2023").cap_fen == 150_000
    assert load_policies(changed).nothing_changed


def test_a_policy_that_is_gone_is_retired_and_comes_back(city: PackRows) -> None:
    rows = [row for row in city.of("policies.toml") if row.values.get("code") != KITCHEN]
    fewer = replace(city, rows={**city.rows, "policies.toml": rows})
    assert "不再提供政策“小餐饮明厨亮灶补助”（TP-SC-01）" in load_policies(fewer).notes
    assert Policy.objects.filter(family=KITCHEN, current=True).count() == 0
    load_policies(city)
    assert Policy.objects.filter(family=KITCHEN, current=True).count() == 2


def test_conditions_and_amounts_are_rules_of_the_book(city: PackRows) -> None:
    rules = rules_in_force(prefix=f"policy/{ELDERS}", on=date(2023, 6, 1))
    assert [rule.code for rule in rules] == [f"policy/{ELDERS}/{key}" for key in ("1", "2", "3", "amount")]
    assert rules[2].text == "person.age >= 80"
    assert rules[0].source == "样民〔2022〕3号 第四条"
    assert get_rule(f"policy/{KITCHEN}/amount", on=date(2023, 6, 1)).text == "firm.employees * 200"
    assert get_sheet("policy/person").facts["person.care_grade"].choices[0] == "轻度失能"
    assert rules_in_force(prefix=f"policy/{ELDERS}", on=date(2027, 1, 1)) == ()


FAULTS: tuple[tuple[str, str, str], ...] = (
    ("firm.employees * 200", "firm.employes * 200", "金额：第 1 行第 1 列：没有名为“firm.employes”的事实"),
    ("person.age >= 80", "person.age >= '80'", "条件 3：第 1 行第 1 列：不能拿"),
    ("person.is_alive = true", "firm.open_kitchen = true", "条件 1：第 1 行第 1 列：没有名为“firm.open_kitchen”"),
    ("firm.status = '存续'", "firm.status = '续存'", "条件 2：第 1 行第 15 列：“登记状态”不会是“续存”"),
    ("= '重度失能' then", "= '重度' then", "金额：第 1 行第 31 列：“能力评估等级”不会是“重度”"),
    ("connected_on <= policy.as_of", "connected_on <= policy.asof", "事实 firm.open_kitchen 的 where"),
    ("year(decision_date) = policy.year - 1", "year(decision_date = 1", "事实 firm.penalty_count_last_year 的 where"),
    ("substr(industry_code, 1, 1)", "substr(industry_code, 0, 1)", "事实 firm.industry_section 的 value"),
    ("death_date IS NOT NULL", "death_date", ""),
    ('aggregate = "exists"', 'aggregate = "some"', "的 aggregate “some”不能用"),
    ('type = "num(9,0)"', 'type = "num(9)"', "的类型“num(9)”不能用"),
    ('department = "市民政局"', 'department = "市民正局"', "没有单位“市民正局”"),
    ('"990102", "990122"', '"990102", "990199"', "发布地 990199 不在 divisions.csv 里"),
    ("years = [2022, 2023]", "years = [2021, 2023]", "2021 年没有一天在有效期内"),
    ("cap_yuan = 1200", "cap_yuan = 0", "cap_yuan 应当大于 0"),
    ('no_rows = "无"', 'no_rows = "没有"', "的 no_rows 不在取值域里"),
    ("published_target = 4", "published_target = 5", "published_target 写的是 5，算出来是 4"),
)


@pytest.mark.parametrize(("old", "new", "what"), FAULTS)
def test_each_fault_is_told_with_its_line_and_a_remedy(pack: Path, old: str, new: str, what: str) -> None:
    path = pack / "policies.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    faults = [fault for fault in check_pack(pack) if fault.file == "policies.toml"]
    if not what:
        assert faults == []
        return
    assert any(what in fault.what for fault in faults), faults
    assert all(fault.remedy and 1 <= fault.line <= text.count("\n") + 1 for fault in faults)


def test_all_faults_are_told_at_once(pack: Path) -> None:
    path = pack / "policies.toml"
    text = path.read_text("utf-8")
    planted = [one for one in FAULTS if one[2] and not one[0].startswith(("published", 'type = "num(9,0)"'))]
    for old, new, _ in planted:
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    told = "\n".join(fault.what for fault in check_pack(pack))
    assert all(what in told for _, _, what in planted)


def test_facts_of_subjects_are_checked_and_a_value_is_not_repeated(pack: Path) -> None:
    path = pack / "subject_facts.csv"
    path.write_text(
        path.read_text("utf-8")
        + "person,990102199501309945,care_grade,很重\nfirm,91990122MBY0000J8G,staff,5\n"
        + "firm,91990122MBY0000XXX,employees,5\nfirm,91990122MBY0000J8G,penalty_count_last_year,1.5\n",
        "utf-8",
    )
    faults = [fault for fault in check_pack(pack) if fault.file == "subject_facts.csv"]
    assert [fault.line for fault in faults] == [8, 9, 10, 11]
    assert not any("很重" in fault.what for fault in faults)


def test_a_facts_grade_is_that_of_its_column_and_may_only_be_raised(pack: Path) -> None:
    path, grades = pack / "policies.toml", pack / "column_grades.csv"
    specs = {spec.fact.name: spec.fact for spec in map(read_spec, facts_of(read_pack(pack)))}
    found = {name: str(specs[name].sensitivity) for name in ("person.age", "person.care_grade", "firm.uscc")}
    assert found == {"person.age": "L2", "person.care_grade": "L3", "firm.uscc": "L1"}
    text, rows = path.read_text("utf-8"), grades.read_text("utf-8")
    for grade, what in (("L9", "L9"), ("L1", "低于所取信息项的 L3"), ("L4", "")):
        path.write_text(text.replace('name = "care_grade"', f'name = "care_grade"\nsensitivity = "{grade}"'), "utf-8")
        told = [fault.what for fault in check_pack(pack) if fault.file == "policies.toml"]
        assert len(told) == bool(what)
        assert all(what in one for one in told), told
    path.write_text(text, "utf-8")
    grades.write_text(rows.replace("connected_on,L1", "connected_on,机密"), "utf-8")
    assert any(fault.file == "column_grades.csv" for fault in check_pack(pack))
    grades.write_text("".join(row for row in rows.splitlines(True) if "connected_on" not in row), "utf-8")
    assert ["没有分级" in fault.what for fault in check_pack(pack) if fault.file == "policies.toml"] == [True]


def test_the_whole_city_has_no_fault_in_its_policies() -> None:
    assert [fault for fault in check_pack(LUAN) if fault.file in {"policies.toml", "subject_facts.csv"}] == []
