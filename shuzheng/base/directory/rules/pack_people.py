"""People and firms of a pack: rows, and every fault in them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shuzheng.base.directory.rules.pack_cells import Cells, first_of_each, values_in
from shuzheng.base.directory.rules.pack_places import DIVISIONS, ORGANIZATIONS
from shuzheng.base.directory.types import FIRM_DEREGISTERED, PERSON_NORMAL
from shuzheng.base.kernel.codes import check_citizen_id, check_mobile, check_uscc, parse_citizen_id
from shuzheng.base.kernel.pack import Fault, PackRows

PEOPLE: Final = "people.csv"
FIRMS: Final = "firms.csv"
PERSON_STATUSES: Final = (PERSON_NORMAL, "死亡", "迁出")
FIRM_STATUSES: Final = ("存续", "歇业", FIRM_DEREGISTERED, "吊销", "迁出")
_INDUSTRY: Final = re.compile(r"[A-T]\d{1,4}")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of a pack; `repr` shows nothing."""

    id_no: str = field(repr=False)
    name: str = field(repr=False)
    sex: str = field(repr=False)
    birth_on: date = field(repr=False)
    ethnicity: str = field(repr=False)
    mobile: str = field(repr=False)
    division_code: str = field(repr=False)
    address: str = field(repr=False)
    household_kind: str = field(repr=False)
    status: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FirmRow:
    """A firm of a pack; `legal_rep_id_no` names a person of the pack."""

    uscc: str
    name: str
    firm_type: str
    legal_rep_id_no: str = field(repr=False)
    division_code: str
    village_code: str
    address: str = field(repr=False)
    industry_code: str
    industry_name: str
    registered_on: date
    capital_fen: int
    status: str
    scale: str
    employees: int | None
    scope: str = field(repr=False)
    mobile: str = field(repr=False)


def read_people(pack: PackRows, faults: list[Fault]) -> dict[str, PersonRow]:
    """Return the good people by identity number."""
    divisions = values_in(pack, DIVISIONS, "code")
    seen: dict[str, int] = {}
    found = {}
    for row in pack.of(PEOPLE):
        cells = Cells(row, faults)
        read = PersonRow(
            id_no=cells.code("id_no", check_citizen_id),
            name=cells.need("name", most=60),
            sex=cells.choice("sex", ("男", "女")),
            birth_on=cells.day("birth_date"),
            ethnicity=cells.need("ethnicity", most=20),
            mobile=cells.code("mobile", check_mobile),
            division_code=row.text("division_code"),
            address=cells.need("address"),
            household_kind=cells.text("household_kind", most=10),
            status=cells.choice("status", PERSON_STATUSES),
        )
        if read.division_code not in divisions:
            cells.fault(f"区划 {read.division_code} 不在 {DIVISIONS} 里", "请改正 division_code，或补上区划")
        if cells.good:
            _check_against_number(cells, read)
        if first_of_each(cells, "id_no", seen, read.id_no) and cells.good:
            found[read.id_no] = read
    return found


def _check_against_number(cells: Cells, read: PersonRow) -> None:
    number = parse_citizen_id(read.id_no)
    if number.born_on != read.birth_on:
        cells.fault("birth_date 与公民身份号码中的出生日期不一致", "请对照证件改正其中一个")
    if number.sex != read.sex:
        cells.fault("sex 与公民身份号码第 17 位表示的性别不一致", "请对照证件改正其中一个")


def read_firms(pack: PackRows, people: Mapping[str, PersonRow], faults: list[Fault]) -> dict[str, FirmRow]:
    """Return the good firms by unified social credit code."""
    divisions = values_in(pack, DIVISIONS, "code")
    organizations = values_in(pack, ORGANIZATIONS, "code")
    listed = values_in(pack, PEOPLE, "id_no")
    seen: dict[str, int] = {}
    found = {}
    for row in pack.of(FIRMS):
        cells = Cells(row, faults)
        read = _read_firm(cells)
        for code in filter(None, (read.division_code, read.village_code)):
            if code not in divisions:
                cells.fault(f"区划 {code} 不在 {DIVISIONS} 里", "请改正区划代码，或补上区划")
        if read.uscc in organizations:
            cells.fault("uscc 与一个机构的代码相同", "请核对统一社会信用代码")
        check_person(cells, "legal_rep", people, listed)
        if first_of_each(cells, "uscc", seen, read.uscc) and cells.good:
            found[read.uscc] = read
    return found


def _read_firm(cells: Cells) -> FirmRow:
    row = cells.row
    employees = row.text("employees")
    if employees and not (employees.isascii() and employees.isdigit() and len(employees) < 9):
        cells.fault("employees 不是人数", "请填整数，例如 12，或留空")
        employees = ""
    industry = cells.need("industry_code", most=5)
    if industry and _INDUSTRY.fullmatch(industry) is None:
        cells.fault("industry_code 不是国民经济行业代码", "用一个字母加 1 至 4 位数字，例如 H6210")
    return FirmRow(
        uscc=cells.code("uscc", check_uscc),
        name=cells.need("name", most=160),
        firm_type=cells.need("firm_type", most=20),
        legal_rep_id_no=row.text("legal_rep_id_no"),
        division_code=cells.need("division_code", most=12),
        village_code=row.text("village_code"),
        address=cells.need("address"),
        industry_code=industry,
        industry_name=cells.need("industry_name", most=120),
        registered_on=cells.day("registered_on"),
        capital_fen=cells.fen("registered_capital_yuan"),
        status=cells.choice("status", FIRM_STATUSES),
        scale=cells.text("scale", most=10),
        employees=int(employees) if employees else None,
        scope=cells.text("business_scope", most=4000),
        mobile=cells.code("contact_mobile", check_mobile) if row.text("contact_mobile") else "",
    )


def check_person(cells: Cells, prefix: str, people: Mapping[str, PersonRow], listed: Collection[str]) -> None:
    """Check that a row names a person of the pack by number (`<prefix>_id_no`) and by name (`<prefix>_name`).

    Args:
        cells: The row.
        prefix: Such as `person`.
        people: Good people by number.
        listed: Numbers of all people in the file, faulty rows included.
    """
    id_no = cells.row.text(f"{prefix}_id_no")
    person = people.get(id_no)
    if person is not None:
        if cells.row.text(f"{prefix}_name") != person.name:
            cells.fault(f"{prefix}_name 与 {PEOPLE} 里的姓名不一致", "请改正姓名，或核对公民身份号码")
    elif id_no in listed:
        cells.skip()
    else:
        cells.fault(f"{prefix}_id_no 指的人不在 {PEOPLE} 里", f"请先在 {PEOPLE} 里写上这个人，或改正公民身份号码")
