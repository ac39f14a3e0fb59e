"""The room's part of a pack."""

import json
from collections.abc import Mapping
from datetime import date
from uuid import uuid4

import pytest

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.kernel.codes import parse_licence_identifier
from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.queries import list_entries
from shuzheng.engines.credentials import actions, errors, pack, queries
from shuzheng.engines.credentials.models import Licence, LicenceType, Serial
from shuzheng.engines.credentials.types import LicenceState, VerdictState
from shuzheng.packs.queries import read_pack
from tests.credentials.builders import (
    AT,
    OWNER_ID_NO,
    TEMPLATE,
    TODAY,
    firm,
    make_new,
    make_officer,
    owner,
)


@pytest.fixture(scope="module")
def rows() -> PackRows:
    return read_pack(TEMPLATE)


def with_changed(rows: PackRows, file: str, index: int, **cells: str) -> PackRows:
    listed = list(rows.of(file))
    listed[index] = Row(file, listed[index].line, {**listed[index].values, **cells})
    return PackRows({**rows.rows, file: listed})


def without(rows: PackRows, file: str, index: int) -> PackRows:
    listed = list(rows.of(file))
    del listed[index]
    return PackRows({**rows.rows, file: listed})


def test_the_template_has_no_fault(rows: PackRows) -> None:
    assert pack.check(rows) == []


@pytest.mark.parametrize(
    ("file", "cells", "said"),
    [
        (pack.TYPES, {"type_code": "123"}, "证照类型代码 123 不正确"),
        (pack.TYPES, {"type_code": "11100000MBY0000L4J009"}, "前 18 位与 defining_org_code 不同"),
        (pack.TYPES, {"holder_kind": "ship"}, "不认识持证主体类型"),
        (pack.TYPES, {"validity_years": "两"}, "不是整数"),
        (pack.TYPES, {"name": "社会保障卡"}, "name 与第"),
        (pack.LICENCES, {"type_code": "11100000MBY0000K6P999"}, "没有证照类型"),
        (pack.LICENCES, {"licence_type": "身份证"}, "证照类型名称应当是“居民身份证”"),
        (pack.LICENCES, {"issuer": "11990100MBY9999999"}, "不在 organizations.csv 里"),
        (pack.LICENCES, {"holder_id": "990102198603149918"}, "校验位不对"),
        (pack.LICENCES, {"holder_id": "11010519491231002X"}, "不在 people.csv 或 firms.csv 里"),
        (pack.LICENCES, {"holder_name": "别人"}, "与登记的名称不同"),
        (pack.LICENCES, {"issued_on": "2018/03/01"}, "不是日期"),
        (pack.LICENCES, {"valid_to": "以后"}, "不是日期"),
        (pack.LICENCES, {"valid_to": "2017-01-01"}, "早于有效期起"),
        (pack.LICENCES, {"status": "好"}, "不认识状态"),
        (pack.LICENCES, {"fields": "[]"}, "不是值全为文字的 JSON 对象"),
        (pack.LICENCES, {"fields": '{"面积": 12}'}, "不是值全为文字的 JSON 对象"),
        (pack.LICENCES, {"fields": "{"}, "不是值全为文字的 JSON 对象"),
    ],
)
def test_a_fault_has_file_line_and_remedy(rows: PackRows, file: str, cells: Mapping[str, str], said: str) -> None:
    faults = [fault for fault in pack.check(with_changed(rows, file, 0, **cells)) if said in fault.what]
    assert faults
    assert all(fault.file == file and fault.line >= 2 and fault.remedy for fault in faults)
    assert all(OWNER_ID_NO not in fault.what + fault.remedy for fault in faults)


def test_a_licence_written_twice_is_a_fault(rows: PackRows) -> None:
    listed = list(rows.of(pack.LICENCES))
    twice = PackRows({**rows.rows, pack.LICENCES: [*listed, listed[0]]})
    assert pack.check(twice) == []  # the very same line is one row
    copy = Row(listed[0].file, 99, listed[0].values)
    assert "与第" in pack.check(PackRows({**rows.rows, pack.LICENCES: [*listed, copy]}))[0].what


@pytest.mark.usefixtures("city_with_licences")
def test_types_and_licences_are_taken_over(rows: PackRows) -> None:
    assert LicenceType.objects.count() == 6
    assert Licence.objects.count() == 10
    me = owner().party
    assert me is not None
    held = queries.find_held(me, ["居民身份证", "从业人员健康证明"], on=TODAY)
    assert held["居民身份证"].number == OWNER_ID_NO
    assert held["居民身份证"].issuer_name
    assert held["从业人员健康证明"].state is LicenceState.EXPIRED
    assert set(queries.find_valid_licences(firm(), ["营业执照", "不动产权证书"], on=TODAY)) == {
        "营业执照",
        "不动产权证书",
    }
    for row in Licence.objects.all():
        assert parse_licence_identifier(row.identifier).version == 1
        assert OWNER_ID_NO not in row.identifier + row.number
    assert [entry.act for entry in list_entries("urn:shuzheng:licences")] == ["credentials.imported"]


@pytest.mark.usefixtures("city_with_licences")
def test_a_revoked_licence_of_the_pack_is_revoked() -> None:
    verdict = actions.verify_number("9901220052016000001", "砚田县竹里餐饮有限公司", at=AT)
    assert verdict.state is VerdictState.REVOKED


@pytest.mark.usefixtures("city_with_licences")
def test_an_identity_card_is_not_found_by_its_number() -> None:
    assert actions.verify_number(OWNER_ID_NO, "林知墨", at=AT).state is VerdictState.UNKNOWN


@pytest.mark.usefixtures("city_with_licences")
def test_loading_again_changes_nothing(rows: PackRows) -> None:
    before = list(Licence.objects.order_by("pk").values()), list(Serial.objects.order_by("pk").values())
    changes = pack.apply(rows, actor=SYSTEM, at=AT.replace(year=2027))
    assert changes.nothing_changed
    assert changes.unchanged == 16
    assert (list(Licence.objects.order_by("pk").values()), list(Serial.objects.order_by("pk").values())) == before
    assert len(list_entries("urn:shuzheng:licences")) == 1


@pytest.mark.usefixtures("city_with_licences")
def test_a_new_version_of_the_pack_changes_what_changed(rows: PackRows) -> None:
    fields = json.loads(rows.of(pack.LICENCES)[0].text("fields")) | {"住址": "新址"}
    newer = with_changed(rows, pack.LICENCES, 0, status="注销", fields=json.dumps(fields, ensure_ascii=False))
    newer = with_changed(newer, pack.TYPES, 1, validity_years="12")
    newer = without(newer, pack.TYPES, 2)
    newer = PackRows(
        {
            **newer.rows,
            pack.LICENCES: [r for r in newer.of(pack.LICENCES) if r.text("type_code") != "11100000MBY0000L4J001"],
        }
    )
    changes = pack.apply(newer, actor=SYSTEM, at=AT)
    assert (changes.added, changes.changed, changes.retired) == (0, 2, 1)
    me = owner().party
    assert me is not None
    card = queries.find_held(me, ["居民身份证"], on=TODAY)["居民身份证"]
    assert (card.state, card.revoked_reason, card.fields["住址"]) == (LicenceState.REVOKED, "注销", "新址")
    assert queries.licence_type_by_name("社会保障卡").validity_years == 12
    assert len(queries.list_licence_types()) == 5


@pytest.mark.usefixtures("city_with_licences")
def test_what_the_platform_revoked_stays_revoked(rows: PackRows) -> None:
    licence = queries.find_held(firm(), ["营业执照"], on=TODAY)["营业执照"]
    actions.revoke_licence(licence.id, reason="注销登记", actor=make_officer(org=licence.issuer), at=AT)
    index = next(i for i, r in enumerate(rows.of(pack.LICENCES)) if r.text("licence_no") == licence.number)
    pack.apply(with_changed(rows, pack.LICENCES, index, valid_to="2040-01-01"), actor=SYSTEM, at=AT)
    assert queries.find_held(firm(), ["营业执照"], on=TODAY)["营业执照"].state is LicenceState.REVOKED


@pytest.mark.usefixtures("city_with_licences")
def test_issuing_goes_on_counting_after_the_imported_numbers() -> None:
    trade = queries.licence_type_by_name("营业执照")
    new = make_new(type_code=trade.code, valid_from=date(2019, 6, 1))
    issued = actions.issue_licence(new, command_id=uuid4(), actor=SYSTEM, at=AT.replace(year=2019))
    assert (issued.number, parse_licence_identifier(issued.identifier).serial) == ("9901020012019000002", "2019000002")


@pytest.mark.django_db
def test_a_holder_unknown_to_the_directory_stops_the_import(rows: PackRows) -> None:
    directory_pack.apply(rows, actor=SYSTEM, at=AT)
    strange = with_changed(rows, pack.LICENCES, 0, holder_id="11010519491231002X")
    with pytest.raises(errors.HolderUnknown):
        pack.apply(strange, actor=SYSTEM, at=AT)
