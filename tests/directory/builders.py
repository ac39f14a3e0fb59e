"""A tiny city for tests: every number is made here and belongs to nobody."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from stdnum.iso7064 import mod_11_2

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.directory.actions import create_account
from shuzheng.base.directory.queries import find_firm_by_uscc, find_person_by_id_no, list_posts_of
from shuzheng.base.directory.types import AccountView, FirmView, PersonView, PostView
from shuzheng.base.kernel.codes import uscc_check_character
from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import SYSTEM, OrgId

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PASSWORD = "a long enough one"
Rows = list[dict[str, Any]]


def make_uscc(serial: int, head: str = "11990102") -> str:
    first = f"{head}MBY{serial:06d}"
    return first + uscc_check_character(first)


def make_id_no(serial: int = 991, born: str = "19900101") -> str:
    first = f"990102{born}{serial:03d}"
    return first + mod_11_2.calc_check_digit(first)


CITY, COUNTY_OFFICE, STATION, TOWN_OFFICE = (OrgId(make_uscc(serial)) for serial in (1, 2, 3, 4))
OWNER, CLERK, DEAD = make_id_no(991), make_id_no(993), make_id_no(995)
SHOP, CLOSED_SHOP = make_uscc(1, "92990102"), make_uscc(2, "92990102")


def divisions() -> Rows:
    named = [
        ("990000", "样例省", "province", ""),
        ("990100", "样例市", "city", "990000"),
        ("990102", "墨溪区", "county", "990100"),
        ("990102100", "竹笺镇", "town", "990102"),
        ("990102100201", "松烟村", "village", "990102100"),
    ]
    return [{"code": code, "name": name, "level": level, "parent_code": parent} for code, name, level, parent in named]


def organizations() -> Rows:
    named = [
        (CITY, "样例市", "city", "", "city", "990100"),
        (COUNTY_OFFICE, "墨溪区市场监管局", "department", CITY, "county", "990102"),
        (STATION, "竹笺市场监管所", "institution", COUNTY_OFFICE, "town", "990102100"),
        (TOWN_OFFICE, "竹笺镇", "town", CITY, "town", "990102100"),
    ]
    return [
        {
            "code": code,
            "short_name": name,
            "full_name": f"样例{name}",
            "parent_code": parent,
            "kind": kind,
            "division_code": division,
            "level": level,
            "duties": "service_window;approval;licence_issuer",
            "system": "government",
        }
        for code, name, kind, parent, level, division in named
    ]


def people() -> Rows:
    named = [(OWNER, "林知墨", "正常"), (CLERK, "许研青", "正常"), (DEAD, "陆听松", "死亡")]
    return [
        {
            "id_no": id_no,
            "name": name,
            "sex": "男",
            "birth_date": "1990-01-01",
            "ethnicity": "汉族",
            "mobile": f"1999998000{n}",
            "division_code": "990102100201",
            "address": f"样例省样例市墨溪区竹笺镇松烟村{n}号",
            "household_kind": "农村",
            "status": status,
        }
        for n, (id_no, name, status) in enumerate(named)
    ]


def firms() -> Rows:
    named = [(SHOP, "墨溪区松风小馆", "存续"), (CLOSED_SHOP, "墨溪区旧馆", "注销")]
    return [
        {
            "uscc": uscc,
            "name": name,
            "firm_type": "个体工商户",
            "legal_rep_id_no": OWNER,
            "legal_rep_name": "林知墨",
            "industry_code": "H6210",
            "industry_name": "正餐服务",
            "division_code": "990102",
            "village_code": "990102100201",
            "address": "墨溪区竹笺镇松烟村101号",
            "registered_on": "2015-10-25",
            "registered_capital_yuan": "100000.00",
            "status": status,
            "scale": "微型",
            "employees": "5",
            "business_scope": "餐饮服务",
            "contact_mobile": "19999980000",
        }
        for uscc, name, status in named
    ]


def posts() -> Rows:
    return [
        {
            "person_id_no": CLERK,
            "person_name": "许研青",
            "organization": COUNTY_OFFICE,
            "organization_name": "墨溪区市场监管局",
            "post_name": "受理岗",
            "roles": "service_window",
        }
    ]


def demo_accounts() -> Rows:
    named = [
        ("xiaoguan", OWNER, "林知墨", "firm", SHOP),
        ("qunzhong", OWNER, "林知墨", "citizen", ""),
        ("chuangkou", CLERK, "许研青", "staff", COUNTY_OFFICE),
    ]
    return [
        {
            "sign_in_name": name,
            "person_id_no": id_no,
            "person_name": person,
            "side": side,
            "acting_for": acting_for,
            "items": "000199001001",
            "what_to_try_zh": "申请小餐饮经营许可",
        }
        for name, id_no, person, side, acting_for in named
    ]


def changed(rows: Rows, index: int, **over: Any) -> Rows:
    """Return the rows with one of them changed."""
    return [{**row, **(over if n == index else {})} for n, row in enumerate(rows)]


def make_pack(*, calendar: Sequence[Mapping[str, Any]] = (), **over: Rows) -> PackRows:
    """Return the tiny city; `people=…` replaces the rows of people.csv, and so on."""
    made = {
        "divisions": divisions(),
        "organizations": organizations(),
        "people": people(),
        "firms": firms(),
        "posts": posts(),
        "demo_accounts": demo_accounts(),
    } | over
    rows: dict[str, Sequence[Row]] = {
        f"{name}.csv": [Row(f"{name}.csv", line, row) for line, row in enumerate(listed, 2)]
        for name, listed in made.items()
    }
    rows["calendar.toml"] = [Row("calendar.toml", line, table, "year") for line, table in enumerate(calendar, 1)]
    return PackRows(rows)


def load_city(**over: Any) -> None:
    directory_pack.apply(make_pack(**over), actor=SYSTEM, at=AT)


def person_of(id_no: str) -> PersonView:
    found = find_person_by_id_no(id_no)
    assert found is not None
    return found


def firm_of(uscc: str) -> FirmView:
    found = find_firm_by_uscc(uscc)
    assert found is not None
    return found


def post_of(id_no: str) -> PostView:
    return list_posts_of(person_of(id_no).id)[0]


def make_account(name: str = "songfeng", id_no: str = OWNER, password: str = PASSWORD) -> AccountView:
    return create_account(name, person=person_of(id_no).id, password=password, actor=SYSTEM, at=AT)
