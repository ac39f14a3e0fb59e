"""The room's part of a pack: `licence_types.csv` and `licences.csv`.

Shape, presence and vocabulary of cells are checked by the packs room; here, whether they mean something: check
characters, references into the people, firms and organizations of the same pack, dates, printed fields.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from shuzheng.base.kernel.codes import check_citizen_id, check_licence_type_code, check_uscc
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.pack import Changes, Fault, PackRows, Row
from shuzheng.base.kernel.types import Actor, OrgId
from shuzheng.engines.credentials.actions.importing import (
    ImportedLicence,
    ImportedType,
    import_licences,
    import_types,
)
from shuzheng.engines.credentials.types import HolderKind, LicenceState

TYPES: Final = "licence_types.csv"
LICENCES: Final = "licences.csv"
FILES: Final[tuple[str, ...]] = (TYPES, LICENCES)
STATES: Final[dict[str, LicenceState]] = {
    "有效": LicenceState.VALID,
    "暂停": LicenceState.SUSPENDED,
    "注销": LicenceState.REVOKED,
    "吊销": LicenceState.REVOKED,
    "撤销": LicenceState.REVOKED,
}
_VALID_FROM: Final = "有效期起"


def check(pack: PackRows) -> list[Fault]:
    """Return every fault of both files, including references into other files of the pack."""
    faults = [fault for row in pack.of(TYPES) for fault in _type_faults(row)]
    faults += _repeated(pack.of(TYPES), ("name",))
    known = _Known(pack)
    faults += [fault for row in pack.of(LICENCES) for fault in _licence_faults(row, known)]
    faults += _repeated(pack.of(LICENCES), ("type_code", "licence_no", "holder_id"))
    return faults


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Write both files inside the caller's transaction; applying twice changes nothing."""
    changes = import_types([_type_of(row) for row in pack.of(TYPES)], at=at)
    changes.include(import_licences([_licence_of(row) for row in pack.of(LICENCES)], actor=actor, at=at))
    return changes


class _Known:
    """What licences may refer to in the same pack."""

    def __init__(self, pack: PackRows) -> None:
        self.types = {row.text("type_code"): row for row in pack.of(TYPES)}
        self.people = {row.text("id_no").upper(): row.text("name") for row in pack.of("people.csv")}
        self.firms = {row.text("uscc").upper(): row.text("name") for row in pack.of("firms.csv")}
        self.organizations = {row.text("code") for row in pack.of("organizations.csv")}


def _type_faults(row: Row) -> Iterator[Fault]:
    code = row.text("type_code")
    try:
        check_licence_type_code(code)
    except Invalid as wrong:
        yield _fault(row, f"证照类型代码 {code} 不正确：{wrong.message}", "写定义机构代码 18 位和 3 位顺序号，共 21 位")
    if row.text("defining_org_code") and not code.startswith(row.text("defining_org_code")):
        yield _fault(row, "type_code 的前 18 位与 defining_org_code 不同", "改成定义机构的代码")
    if row.text("holder_kind") not in set(HolderKind):
        kinds = "、".join(HolderKind)
        yield _fault(row, f"不认识持证主体类型“{row.text('holder_kind')}”", f"改成其中之一：{kinds}")
    if row.text("validity_years") and not _is_whole(row.text("validity_years")):
        yield _fault(row, f"有效年数“{row.text('validity_years')}”不是整数", "写整数，例如 5；长期有效就留空")


def _licence_faults(row: Row, known: _Known) -> Iterator[Fault]:
    yield from _reference_faults(row, known)
    yield from _date_faults(row)
    if row.text("status") not in STATES:
        yield _fault(row, f"不认识状态“{row.text('status')}”", f"改成其中之一：{'、'.join(STATES)}")
    if _fields_of(row) is None:
        yield _fault(row, "fields 不是值全为文字的 JSON 对象", '例如 {"证照编号":"3415020052026000001"}')


def _reference_faults(row: Row, known: _Known) -> Iterator[Fault]:
    type_row = known.types.get(row.text("type_code"))
    if type_row is None:
        yield _fault(row, f"没有证照类型 {row.text('type_code')}", f"在 {TYPES} 里加上这一类，或改正代码")
    elif type_row.text("name") != row.text("licence_type"):
        yield _fault(row, f"证照类型名称应当是“{type_row.text('name')}”", "改正 licence_type 或 type_code")
    if row.text("issuer") not in known.organizations:
        yield _fault(row, f"发证机关 {row.text('issuer')} 不在 organizations.csv 里", "改正 issuer，或补上这个机构")
    yield from _holder_faults(row, known)


def _holder_faults(row: Row, known: _Known) -> Iterator[Fault]:
    holder = row.text("holder_id").upper()
    name = known.people.get(holder) or known.firms.get(holder)
    if not _is_holder_code(holder):
        yield _fault(row, "holder_id 的校验位不对", "核对 18 位公民身份号码或统一社会信用代码")
    elif name is None:
        yield _fault(row, "持证人不在 people.csv 或 firms.csv 里", "改正 holder_id，或补上这个人或企业")
    elif name != row.text("holder_name"):
        yield _fault(row, "holder_name 与登记的名称不同", "改成 people.csv 或 firms.csv 里的名称")


def _date_faults(row: Row) -> Iterator[Fault]:
    issued, until = _date_of(row.text("issued_on")), _date_of(row.text("valid_to"))
    if issued is None:
        yield _fault(row, f"发证日期“{row.text('issued_on')}”不是日期", "写成 2026-11-24 这样")
    if row.text("valid_to") and until is None:
        yield _fault(row, f"有效期止“{row.text('valid_to')}”不是日期", "写成 2026-11-24 这样；长期有效就留空")
    if issued and until and until < (_begin_of(row) or issued):
        yield _fault(row, "有效期止早于有效期起", "核对 valid_to 和 fields 里的有效期起")


def _repeated(rows: Sequence[Row], columns: tuple[str, ...]) -> list[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    faults = []
    for row in rows:
        key = tuple(row.text(column) for column in columns)
        first = seen.setdefault(key, row.line)
        if first != row.line and all(key):
            faults.append(_fault(row, f"{'、'.join(columns)} 与第 {first} 行相同", "删去一行，或改正其中一行"))
    return faults


def _is_holder_code(code: str) -> bool:
    for check_code in (check_citizen_id, check_uscc):
        try:
            check_code(code)
        except Invalid:
            continue
        return True
    return False


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _date_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _fields_of(row: Row) -> dict[str, str] | None:
    try:
        fields = json.loads(row.text("fields"))
    except ValueError:
        return None
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        return None
    return fields


def _begin_of(row: Row) -> date | None:
    return _date_of((_fields_of(row) or {}).get(_VALID_FROM, ""))


def _type_of(row: Row) -> ImportedType:
    years = row.text("validity_years")
    return ImportedType(
        code=row.text("type_code"),
        name=row.text("name"),
        defining_org=row.text("defining_org"),
        defining_org_code=row.text("defining_org_code"),
        issuing_department=row.text("issuing_department"),
        holder_kind=row.text("holder_kind"),
        validity_years=int(years) if years else None,
        key_fields=[name for name in row.text("key_fields").split(";") if name],
        related_register=row.text("related_register"),
        in_step=row.text("in_step") == "true",
    )


def _licence_of(row: Row) -> ImportedLicence:
    issued = date.fromisoformat(row.text("issued_on"))
    state = STATES[row.text("status")]
    return ImportedLicence(
        number=row.text("licence_no"),
        type_code=row.text("type_code"),
        holder_code=row.text("holder_id").upper(),
        holder_name=row.text("holder_name"),
        issuer=OrgId(row.text("issuer")),
        issued_on=issued,
        valid_from=_begin_of(row) or issued,
        valid_to=_date_of(row.text("valid_to")),
        state=state,
        state_word="" if state is LicenceState.VALID else row.text("status"),
        fields=_fields_of(row) or {},
    )


def _fault(row: Row, what: str, remedy: str) -> Fault:
    return Fault(row.file, row.line, what, remedy)
