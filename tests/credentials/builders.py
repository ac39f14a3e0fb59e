"""What the tests of this room are made of: the template pack's people, firms and units."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.directory.queries import find_firm_by_uscc, find_person_by_id_no
from shuzheng.base.kernel.types import (
    SYSTEM,
    Actor,
    CaseId,
    LicenceId,
    LicenceTypeCode,
    OrgId,
    Party,
    PartyKind,
    PersonId,
    PostId,
)
from shuzheng.engines.credentials import pack as credentials_pack
from shuzheng.engines.credentials.actions import issue_licence
from shuzheng.engines.credentials.types import LicenceState, LicenceView, NewLicence, SystemValue
from shuzheng.packs.queries import read_pack

TEMPLATE = Path(__file__).parents[2] / "packs" / "template"
AT = datetime(2026, 11, 27, 1, 40, tzinfo=UTC)
TODAY = date(2026, 11, 27)
ISSUER = OrgId("11990102MBY000096A")
ISSUER_NAME = "样例市墨溪区市场监督管理局"
OTHER_ORG = OrgId("11990122MBY0000A44")
CATERING = LicenceTypeCode("11100000MBY0000M2D002")
CATERING_NAME = "小餐饮经营许可证"
OWNER_ID_NO = "990102198603149917"
FIRM_USCC = "92990102MBY0000H1P"
CASE = CaseId(UUID("0193a0e0-0000-7000-8000-000000000001"))


def load_template(*, licences: bool = False) -> None:
    """Load the directory, and the licences if asked, of the template pack."""
    rows = read_pack(TEMPLATE)
    directory_pack.apply(rows, actor=SYSTEM, at=AT)
    if licences:
        credentials_pack.apply(rows, actor=SYSTEM, at=AT)
    else:
        credentials_pack.apply(
            replace(rows, rows={name: r for name, r in rows.rows.items() if name != "licences.csv"}),
            actor=SYSTEM,
            at=AT,
        )


def owner() -> Actor:
    """The firm's legal representative, for themselves."""
    person = find_person_by_id_no(OWNER_ID_NO)
    assert person is not None
    return Actor(name=person.name, person=person.id)


def firm() -> Party:
    found = find_firm_by_uscc(FIRM_USCC)
    assert found is not None
    return Party(PartyKind.FIRM, found.id, found.name)


def for_firm() -> Actor:
    return replace(owner(), on_behalf_of=firm())


def stranger() -> Actor:
    return Actor(name="路人", person=PersonId(uuid4()))


def make_officer(**over: Any) -> Actor:
    given: dict[str, Any] = {
        "name": "发证岗",
        "person": PersonId(UUID("0193a0e0-0000-7000-8000-0000000000aa")),
        "post": PostId(UUID("0193a0e0-0000-7000-8000-0000000000bb")),
        "org": ISSUER,
        "org_name": "区市场监管局",
        "roles": frozenset({"licence_issuer"}),
    }
    return Actor(**(given | over))


FIELDS: Mapping[str, str] = {
    "单位名称": "墨溪区松风小馆（个体工商户）",
    "统一社会信用代码": FIRM_USCC,
    "法定代表人": "林知墨",
    "住所": "样例省样例市墨溪区竹笺镇松烟村101号",
    "经营项目": "热食类食品制售",
}
SYSTEM_FIELDS = {
    "证照编号": SystemValue.LICENCE_NO,
    "发证日期": SystemValue.ISSUE_DATE,
    "发证机关": SystemValue.ISSUER,
    "有效期起": SystemValue.VALID_FROM,
    "有效期止": SystemValue.VALID_TO,
}


def make_new(**over: Any) -> NewLicence:
    given: dict[str, Any] = {
        "type_code": CATERING,
        "holder_code": FIRM_USCC,
        "issuer": ISSUER,
        "issuer_name": ISSUER_NAME,
        "fields": FIELDS,
        "valid_from": TODAY,
        "valid_to": date(2031, 11, 26),
        "case_id": CASE,
        "system_fields": SYSTEM_FIELDS,
    }
    if "holder" not in over:
        given["holder"] = firm()
    return NewLicence(**(given | over))


def make_licence(**over: Any) -> LicenceView:
    return issue_licence(make_new(**over), command_id=uuid4(), actor=SYSTEM, at=AT)


def make_view(**over: Any) -> LicenceView:
    """A licence without a database."""
    given: dict[str, Any] = {
        "id": LicenceId(UUID("0193a0e0-0000-7000-8000-0000000000cc")),
        "identifier": "1.2.156.3005.2.11100000MBY0000M2D002.11990102MBY000096A.2026000001.001.0",
        "number": "9901020022026000001",
        "type_code": CATERING,
        "type_name": CATERING_NAME,
        "holder": Party(PartyKind.FIRM, UUID(int=7), FIELDS["单位名称"]),
        "issuer": ISSUER,
        "issuer_name": ISSUER_NAME,
        "fields": dict(FIELDS),
        "issued_on": TODAY,
        "valid_from": TODAY,
        "valid_to": date(2031, 11, 26),
        "state": LicenceState.VALID,
        "version": 1,
    }
    return LicenceView(**(given | over))
