"""Every fault of a pack is found at once, with its line and a remedy."""

from datetime import date
from typing import Any

import pytest

from shuzheng.base.directory.rules.pack_directory import read_directory
from shuzheng.base.kernel.pack import Fault
from tests.directory import builders as city
from tests.directory.builders import CITY, CLERK, CLOSED_SHOP, DEAD, OWNER, SHOP, STATION, changed, make_pack


def faults(**over: Any) -> tuple[Fault, ...]:
    return read_directory(make_pack(**over)).faults


def test_the_tiny_city_has_no_fault() -> None:
    assert faults() == ()


def test_full_names_begin_with_the_highest_division() -> None:
    read = read_directory(make_pack())
    assert read.divisions["990102100201"].full_name == "样例省样例市墨溪区竹笺镇松烟村"


def test_levels_are_worked_out_from_parents() -> None:
    read = read_directory(make_pack())
    assert read.organizations[STATION].levels == (CITY, city.COUNTY_OFFICE, STATION, "")


def wrong_digit(number: str) -> str:
    return number[:-1] + ("0" if number[-1] != "0" else "1")


DIVISIONS, ORGANIZATIONS, PEOPLE = city.divisions(), city.organizations(), city.people()
FIRMS, POSTS, ACCOUNTS = city.firms(), city.posts(), city.demo_accounts()


@pytest.mark.parametrize(
    ("file", "rows", "line", "what"),
    [
        ("divisions", changed(DIVISIONS, 4, code="12345"), 6, "code：行政区划代码不正确"),
        ("divisions", changed(DIVISIONS, 4, parent_code="990199"), 6, "上级区划 990199 不在 divisions.csv 里"),
        ("divisions", changed(DIVISIONS, 3, parent_code="990102100201"), 5, "级别不高于本级"),
        ("divisions", changed(DIVISIONS, 4, level="county"), 6, "代码应为 6 位"),
        ("divisions", [*DIVISIONS, DIVISIONS[0]], 7, "code 与第 2 行重复"),
        ("divisions", changed(DIVISIONS, 2, longitude="1160.5"), 4, "longitude 不是有效的经纬度"),
        ("organizations", changed(ORGANIZATIONS, 3, code=wrong_digit(city.TOWN_OFFICE)), 5, "校验位不符"),
        ("organizations", changed(ORGANIZATIONS, 2, parent_code="X"), 4, "上级机构 X 不在 organizations.csv 里"),
        ("organizations", changed(ORGANIZATIONS, 3, parent_code=""), 5, "两个没有上级的机构"),
        ("organizations", changed(ORGANIZATIONS, 3, duties="service_window;magic"), 5, "没有“magic”这个词"),
        ("organizations", changed(ORGANIZATIONS, 3, kind="castle"), 5, "kind “castle”不在取值范围内"),
        ("organizations", changed(ORGANIZATIONS, 3, division_code="990199"), 5, "区划 990199 不在 divisions.csv 里"),
        (
            "organizations",
            changed(ORGANIZATIONS, 2, l1=CITY, l2=STATION),
            4,
            "l1 至 l4 与按 parent_code 推出的层级不一致",
        ),
        ("organizations", [*ORGANIZATIONS, ORGANIZATIONS[2]], 6, "code 与第 4 行重复"),
        ("people", changed(PEOPLE, 2, id_no=wrong_digit(DEAD)), 4, "公民身份号码的校验位不符"),
        ("people", changed(PEOPLE, 2, sex="女"), 4, "sex 与公民身份号码"),
        ("people", changed(PEOPLE, 2, birth_date="1990-01-02"), 4, "birth_date 与公民身份号码"),
        ("people", changed(PEOPLE, 2, birth_date="1990-02-30"), 4, "birth_date 不是有效日期"),
        ("people", changed(PEOPLE, 2, mobile="12"), 4, "mobile：手机号码不正确"),
        ("people", changed(PEOPLE, 2, status="睡着"), 4, "status “睡着”不在取值范围内"),
        ("people", changed(PEOPLE, 2, address=""), 4, "address 是空的"),
        ("people", [*PEOPLE, PEOPLE[2]], 5, "id_no 与第 4 行重复"),
        ("firms", changed(FIRMS, 1, uscc=wrong_digit(CLOSED_SHOP)), 3, "校验位不符"),
        ("firms", changed(FIRMS, 1, legal_rep_id_no="nobody"), 3, "legal_rep_id_no 指的人不在 people.csv 里"),
        ("firms", changed(FIRMS, 1, legal_rep_name="别人"), 3, "legal_rep_name 与 people.csv 里的姓名不一致"),
        ("firms", changed(FIRMS, 1, registered_capital_yuan="很多"), 3, "registered_capital_yuan：金额不正确"),
        ("firms", changed(FIRMS, 1, industry_code="62"), 3, "industry_code 不是国民经济行业代码"),
        ("firms", changed(FIRMS, 1, employees="-3"), 3, "employees 不是人数"),
        ("firms", changed(FIRMS, 1, village_code="990102100999"), 3, "区划 990102100999 不在"),
        ("posts", changed(POSTS, 0, person_id_no="nobody"), 2, "person_id_no 指的人不在 people.csv 里"),
        ("posts", changed(POSTS, 0, organization="nowhere"), 2, "机构 nowhere 不在 organizations.csv 里"),
        ("posts", changed(POSTS, 0, roles="king"), 2, "没有“king”这个词"),
        ("posts", changed(POSTS, 0, roles="administrator"), 2, "没有“administrator”这个词"),
        ("posts", changed(POSTS, 0, roles="inspection"), 2, "没有这些职责：inspection"),
        ("posts", changed(POSTS, 0, roles=""), 2, "roles 是空的"),
        ("posts", [*POSTS, POSTS[0]], 3, "重复"),
        ("demo_accounts", changed(ACCOUNTS, 2, acting_for=STATION), 4, "没有岗位"),
        ("demo_accounts", changed(ACCOUNTS, 0, acting_for=CLOSED_SHOP), 2, "已经注销"),
        (
            "demo_accounts",
            changed(ACCOUNTS, 0, person_id_no=CLERK, person_name="许研青"),
            2,
            "不是 acting_for 企业的法定代表人",
        ),
        ("demo_accounts", changed(ACCOUNTS, 1, person_id_no=DEAD, person_name="陆听松"), 3, "不能登录"),
        ("demo_accounts", changed(ACCOUNTS, 1, acting_for=SHOP), 3, "个人账号不代表单位"),
        ("demo_accounts", changed(ACCOUNTS, 1, sign_in_name="xiaoguan"), 3, "sign_in_name 与第 2 行重复"),
        ("demo_accounts", changed(ACCOUNTS, 1, sign_in_name="A B"), 3, "sign_in_name 的形式不对"),
        ("demo_accounts", changed(ACCOUNTS, 1, side="robot"), 3, "side “robot”不在取值范围内"),
    ],
)
def test_a_fault_names_its_file_line_and_remedy(file: str, rows: list[dict[str, Any]], line: int, what: str) -> None:
    found = [fault for fault in faults(**{file: rows}) if what in fault.what]
    assert [(fault.file, fault.line) for fault in found] == [(f"{file}.csv", line)]
    assert found[0].remedy


def test_one_faulty_division_is_one_fault() -> None:
    assert len(faults(divisions=changed(DIVISIONS, 4, name=""))) == 1


def test_one_faulty_person_is_one_fault_though_firms_and_accounts_name_them() -> None:
    assert len(faults(people=changed(PEOPLE, 0, mobile="12"))) == 1


def test_all_faults_are_found_at_once() -> None:
    found = faults(people=changed(PEOPLE, 2, mobile="12"), posts=changed(POSTS, 0, roles="king"))
    assert {fault.file for fault in found} == {"people.csv", "posts.csv"}


def test_no_fault_repeats_an_identity_number() -> None:
    found = faults(people=[*changed(PEOPLE, 0, sex="女"), PEOPLE[1]], posts=[*POSTS, POSTS[0]])
    assert found
    assert not any(OWNER in fault.what + fault.remedy or CLERK in fault.what + fault.remedy for fault in found)


def test_a_tree_deeper_than_four_levels_is_refused() -> None:
    deep = [{**ORGANIZATIONS[2], "code": city.make_uscc(10 + n)} for n in range(3)]
    for row, parent in zip(deep, [STATION, *(row["code"] for row in deep)], strict=False):
        row["parent_code"] = parent
    found = faults(organizations=[*ORGANIZATIONS, *deep])
    assert {fault.line for fault in found} == {7, 8}


def test_organizations_that_are_each_others_parent_are_refused() -> None:
    ring = changed(changed(ORGANIZATIONS, 2, parent_code=city.TOWN_OFFICE), 3, parent_code=STATION)
    assert any("互相引用" in fault.what for fault in faults(organizations=ring, posts=[], demo_accounts=[]))


YEAR = {
    "year": 2027,
    "source": "国办发明电〔2026〕1号",
    "holidays": [{"from": date(2027, 1, 1), "to": date(2027, 1, 3), "name": "元旦"}],
    "makeup_days": ["2027-01-10"],
}


def test_a_holiday_notice_is_read() -> None:
    read = read_directory(make_pack(calendar=[YEAR]))
    assert read.faults == ()
    assert read.calendar[2027].holidays == ((date(2027, 1, 1), date(2027, 1, 3), "元旦"),)
    assert read.calendar[2027].makeup_days == (date(2027, 1, 10),)


@pytest.mark.parametrize(
    ("over", "what"),
    [
        ({"year": "next"}, "year 不是年份"),
        ({"source": ""}, "source 是空的"),
        ({"holidays": []}, "holidays 是空的"),
        ({"holidays": [{"from": "2027-01-03", "to": "2027-01-01", "name": "元旦"}]}, "放假日期不对"),
        ({"holidays": ["元旦"]}, "缺少 from、to 或 name"),
        ({"makeup_days": ["2027-01-11"]}, "不是周末"),
        ({"makeup_days": ["2027-01-03"]}, "既放假又上班"),
    ],
)
def test_a_wrong_holiday_notice_is_refused(over: dict[str, Any], what: str) -> None:
    assert any(what in fault.what for fault in faults(calendar=[YEAR | over]))


def test_two_notices_for_one_year_are_refused() -> None:
    assert [fault.line for fault in faults(calendar=[YEAR, YEAR])] == [2]
