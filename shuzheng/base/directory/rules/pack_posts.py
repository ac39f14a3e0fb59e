"""Posts and demonstration accounts of a pack: rows, and every fault in them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from shuzheng.base.directory.rules.pack_cells import Cells, first_of_each, values_in
from shuzheng.base.directory.rules.pack_people import FIRMS, PEOPLE, FirmRow, PersonRow, check_person
from shuzheng.base.directory.rules.pack_places import ORGANIZATIONS, OrganizationRow
from shuzheng.base.directory.rules.signing import NAME_FORM
from shuzheng.base.directory.types import FIRM_DEREGISTERED, PERSON_NORMAL, Duty, PostRole
from shuzheng.base.kernel.pack import Fault, PackRows

POSTS: Final = "posts.csv"
ACCOUNTS: Final = "demo_accounts.csv"
SIDES: Final = ("citizen", "firm", "staff")
_POST_ROLES: Final = frozenset({PostRole.DIRECTOR, PostRole.TEAM_LEAD})
"""Roles a pack gives to any post, whatever the organization answers for."""
_ROLES: Final = (*map(str, Duty), *sorted(map(str, _POST_ROLES)))


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post of a pack."""

    person_id_no: str = field(repr=False)
    organization: str
    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A demonstration account of a pack."""

    sign_in_name: str
    person_id_no: str = field(repr=False)
    side: str
    acting_for: str
    items: str
    what_to_try: str


def read_posts(
    pack: PackRows,
    organizations: Mapping[str, OrganizationRow],
    people: Mapping[str, PersonRow],
    faults: list[Fault],
) -> tuple[PostRow, ...]:
    """Return the good posts in the pack's order."""
    listed = values_in(pack, PEOPLE, "id_no")
    bodies = values_in(pack, ORGANIZATIONS, "code")
    seen: dict[str, int] = {}
    found = []
    for row in pack.of(POSTS):
        cells = Cells(row, faults)
        check_person(cells, "person", people, listed)
        read = PostRow(
            person_id_no=row.text("person_id_no"),
            organization=row.text("organization"),
            name=cells.need("post_name", most=80),
            roles=cells.words("roles", _ROLES),
        )
        if not read.roles:
            cells.fault("roles 是空的", "请写明这个岗位的职责，例如 service_window")
        _check_organization(cells, read, organizations, bodies)
        key = f"{read.person_id_no} {read.organization} {read.name}"
        if first_of_each(cells, "人员、机构和岗位", seen, key) and cells.good:
            found.append(read)
    return tuple(found)


def _check_organization(
    cells: Cells, read: PostRow, organizations: Mapping[str, OrganizationRow], bodies: Collection[str]
) -> None:
    organization = organizations.get(read.organization)
    if organization is None:
        if read.organization in bodies:
            cells.skip()
        else:
            cells.fault(f"机构 {read.organization} 不在 {ORGANIZATIONS} 里", "请先写上这个机构，或改正代码")
        return
    beyond = sorted((read.roles - organization.duties - _POST_ROLES) & set(_ROLES))
    if beyond:
        cells.fault(
            f"{organization.short_name}没有这些职责：{'、'.join(beyond)}",
            f"请改正 roles，或在 {ORGANIZATIONS} 里给机构加上职责",
        )


def read_accounts(
    pack: PackRows, firms: Mapping[str, FirmRow], people: Mapping[str, PersonRow], faults: list[Fault]
) -> tuple[AccountRow, ...]:
    """Return the good demonstration accounts in the pack's order; a person may have several."""
    names: dict[str, int] = {}
    listed = values_in(pack, PEOPLE, "id_no")
    held = frozenset((row.text("person_id_no"), row.text("organization")) for row in pack.of(POSTS))
    companies = values_in(pack, FIRMS, "uscc")
    found = []
    for row in pack.of(ACCOUNTS):
        cells = Cells(row, faults)
        check_person(cells, "person", people, listed)
        read = AccountRow(
            sign_in_name=row.text("sign_in_name"),
            person_id_no=row.text("person_id_no"),
            side=cells.choice("side", SIDES),
            acting_for=row.text("acting_for"),
            items=cells.text("items", most=400),
            what_to_try=cells.need("what_to_try_zh", most=400),
        )
        if NAME_FORM.fullmatch(read.sign_in_name) is None:
            cells.fault("sign_in_name 的形式不对", "用 3 至 32 个小写字母、数字、点、横线或下划线，以字母开头")
        person = people.get(read.person_id_no)
        if person is not None and person.status != PERSON_NORMAL:
            cells.fault(f"这个人的状态是“{person.status}”，不能登录", "请换一个状态正常的人")
        if read.side == "firm":
            _check_firm(cells, read, firms, companies)
        else:
            _check_side(cells, read, held)
        if first_of_each(cells, "sign_in_name", names, read.sign_in_name) and cells.good:
            found.append(read)
    return tuple(found)


def _check_side(cells: Cells, read: AccountRow, held: Collection[tuple[str, str]]) -> None:
    if read.side == "citizen" and read.acting_for:
        cells.fault("个人账号不代表单位", "请清空 acting_for，或改正 side")
    if read.side == "staff" and (read.person_id_no, read.acting_for) not in held:
        cells.fault("这个人在 acting_for 的机构里没有岗位", f"请在 {POSTS} 里给这个人写一个岗位，或改正 acting_for")


def _check_firm(cells: Cells, read: AccountRow, firms: Mapping[str, FirmRow], companies: Collection[str]) -> None:
    firm = firms.get(read.acting_for)
    if firm is None and read.acting_for in companies:
        cells.skip()
    elif firm is None or firm.legal_rep_id_no != read.person_id_no:
        cells.fault("这个人不是 acting_for 企业的法定代表人", "请改正 acting_for，或换成法定代表人")
    elif firm.status == FIRM_DEREGISTERED:
        cells.fault("acting_for 的企业已经注销", "请换一家存续的企业")
