"""Each verb: the good way, each refusal, and that a refusal writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from shuzheng.base.kernel.codes import parse_licence_identifier
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.events import _handlers, subscribe
from shuzheng.base.kernel.types import SYSTEM, LicenceId, LicenceTypeCode, Party, PartyKind
from shuzheng.base.ledger.queries import list_entries
from shuzheng.base.notices.queries import list_notices
from shuzheng.engines.credentials import actions, errors, queries
from shuzheng.engines.credentials.events import LicenceChanged, LicenceIssued
from shuzheng.engines.credentials.models import Licence, SeenPresentation
from shuzheng.engines.credentials.rules import codes
from shuzheng.engines.credentials.types import CodeKind, LicenceState, VerdictState
from tests.credentials.builders import (
    AT,
    CATERING_NAME,
    FIRM_USCC,
    ISSUER,
    OTHER_ORG,
    OWNER_ID_NO,
    TODAY,
    firm,
    for_firm,
    make_licence,
    make_new,
    make_officer,
    owner,
    stranger,
)

pytestmark = pytest.mark.usefixtures("city")
REASON = "经营者申请停业"


@contextmanager
def nothing_written() -> Iterator[None]:
    """Fail when a table of the database changed in between."""
    before = _everything()
    yield
    assert _everything() == before


def _everything() -> dict[str, object]:
    with connection.cursor() as cursor:
        found: dict[str, object] = {}
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("credentials_", "ledger_", "notices_", "access_")):
                cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
                found[table] = [
                    [bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()
                ]
        return found


def acts(urn: str) -> list[str]:
    return [entry.act for entry in list_entries(urn)]


# Issuing


def test_a_licence_gets_its_number_its_identifier_and_its_system_fields() -> None:
    licence = make_licence()
    parts = parse_licence_identifier(licence.identifier)
    assert (parts.type_code, parts.issuer, parts.serial, parts.version) == (licence.type_code, ISSUER, "2026000001", 1)
    assert licence.number == "9901020022026000001"
    assert licence.fields["证照编号"] == licence.number
    assert licence.fields["发证机关"] == licence.issuer_name
    assert (licence.fields["有效期起"], licence.fields["有效期止"]) == ("2026-11-27", "2031-11-26")
    assert list(licence.fields)[:2] == ["单位名称", "统一社会信用代码"]
    assert (licence.state, licence.version, licence.issued_on) == (LicenceState.VALID, 1, TODAY)
    assert acts(licence.urn) == ["credentials.issued"]


def test_the_day_of_issue_is_the_day_in_the_city() -> None:
    late = AT.replace(hour=17)
    licence = actions.issue_licence(make_new(), command_id=uuid4(), actor=SYSTEM, at=late)
    assert licence.issued_on == date(2026, 11, 28)


def test_serials_count_within_issuer_type_and_year() -> None:
    first, second = make_licence(), make_licence()
    other_issuer = make_licence(issuer=OTHER_ORG)
    next_year = actions.issue_licence(make_new(), command_id=uuid4(), actor=SYSTEM, at=AT.replace(year=2027))
    serials = [parse_licence_identifier(one.identifier).serial for one in (first, second, other_issuer, next_year)]
    assert serials == ["2026000001", "2026000002", "2026000001", "2027000001"]


def test_the_same_command_gives_the_same_licence() -> None:
    command = uuid4()
    first = actions.issue_licence(make_new(), command_id=command, actor=SYSTEM, at=AT)
    with nothing_written():
        tomorrow = make_new(valid_from=date(2026, 11, 28))
        again = actions.issue_licence(tomorrow, command_id=command, actor=SYSTEM, at=AT + timedelta(days=1))
    assert again == first


def test_the_same_command_for_something_else_is_refused() -> None:
    command = uuid4()
    actions.issue_licence(make_new(), command_id=command, actor=SYSTEM, at=AT)
    with nothing_written(), pytest.raises(errors.CommandReused):
        actions.issue_licence(make_new(issuer=OTHER_ORG), command_id=command, actor=SYSTEM, at=AT)


def test_an_undone_transaction_leaves_neither_licence_nor_gap() -> None:
    class Undo(ShuzhengError):
        code = "tests.undo"

    def issue_and_undo() -> None:
        with transaction.atomic():
            make_licence()
            raise Undo

    with nothing_written(), pytest.raises(Undo):
        issue_and_undo()
    assert make_licence().number.endswith("2026000001")


@pytest.mark.parametrize(
    ("over", "error"),
    [
        ({"holder_code": "92990102MBY0000H1Q"}, errors.HolderCodeWrong),
        ({"holder_code": OWNER_ID_NO}, errors.HolderCodeWrong),
        ({"valid_to": date(2026, 11, 26)}, errors.ValidityWrong),
        ({"type_code": LicenceTypeCode("11100000MBY0000M2D999")}, errors.LicenceTypeNotFound),
    ],
)
def test_what_is_not_right_is_not_issued(over: dict[str, object], error: type[ShuzhengError]) -> None:
    with nothing_written(), pytest.raises(error) as caught:
        make_licence(**over)
    assert FIRM_USCC[:-1] not in caught.value.message
    assert OWNER_ID_NO not in caught.value.message


def test_a_resident_issues_nothing() -> None:
    with nothing_written(), pytest.raises(errors.MayNotIssue):
        actions.issue_licence(make_new(), command_id=uuid4(), actor=owner(), at=AT)


def test_personal_data_is_sealed_at_rest() -> None:
    holder = Party(PartyKind.PERSON, owner().person or UUID(int=0), "林知墨")
    licence = make_licence(
        holder=holder, holder_code=OWNER_ID_NO, fields={"证件号码": OWNER_ID_NO, "住址": "松烟村1号"}
    )
    row = Licence.objects.get(public_id=licence.id)
    stored = b"|".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in vars(row).values())
    assert OWNER_ID_NO.encode() not in stored
    assert "松烟村1号".encode() not in stored
    assert licence.fields["证件号码"] == OWNER_ID_NO
    assert OWNER_ID_NO not in repr(licence)


def test_what_was_issued_is_announced() -> None:
    told: list[LicenceIssued] = []
    subscribe(LicenceIssued, told.append)
    try:
        licence = make_licence()
    finally:
        _handlers.pop(LicenceIssued)
    assert [event.licence.id for event in told] == [licence.id]


def test_issuing_takes_five_statements_and_two_savepoints(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    new = make_new()
    with django_assert_num_queries(5 + 4):
        actions.issue_licence(new, command_id=uuid4(), actor=SYSTEM, at=AT)


# Revoking, suspending, resuming, correcting


def test_an_issuer_revokes_with_a_reason_and_the_holder_is_told() -> None:
    licence = make_licence()
    revoked = actions.revoke_licence(licence.id, reason=f" {REASON} ", actor=make_officer(), at=AT)
    assert (revoked.state, revoked.revoked_reason, revoked.state_on) == (LicenceState.REVOKED, REASON, TODAY)
    assert sorted(acts(licence.urn)) == ["credentials.issued", "credentials.revoked"]
    person = owner().person
    assert person is not None
    (notice,) = list_notices(person, after=None).rows
    assert notice.title == f"您的{CATERING_NAME}已作废"
    assert REASON in notice.body


def test_revoking_twice_is_a_conflict() -> None:
    licence = make_licence()
    actions.revoke_licence(licence.id, reason=REASON, actor=make_officer(), at=AT)
    with nothing_written(), pytest.raises(errors.WrongState) as caught:
        actions.revoke_licence(licence.id, reason="别的理由", actor=make_officer(), at=AT)
    assert caught.value.status == 409


@pytest.mark.parametrize(
    ("over", "reason", "error"),
    [
        ({"org": OTHER_ORG}, REASON, errors.MayNotChange),
        ({"roles": frozenset({"approval"})}, REASON, errors.MayNotChange),
        ({"post": None}, REASON, errors.MayNotChange),
        ({}, "  ", errors.ReasonMissing),
        ({}, "长" * 501, errors.ReasonTooLong),
    ],
)
def test_who_may_not_or_says_no_reason_revokes_nothing(
    over: dict[str, object], reason: str, error: type[ShuzhengError]
) -> None:
    licence = make_licence()
    with nothing_written(), pytest.raises(error):
        actions.revoke_licence(licence.id, reason=reason, actor=make_officer(**over), at=AT)


def test_an_unknown_licence_cannot_be_revoked() -> None:
    with pytest.raises(errors.LicenceNotFound):
        actions.revoke_licence(uuid4(), reason=REASON, actor=make_officer(), at=AT)


def test_an_expired_licence_can_still_be_revoked() -> None:
    licence = make_licence()
    later = AT.replace(year=2032)
    assert (
        actions.revoke_licence(licence.id, reason=REASON, actor=make_officer(), at=later).state is LicenceState.REVOKED
    )


def test_a_suspended_licence_is_resumed() -> None:
    licence = make_licence()
    suspended = actions.suspend_licence(licence.id, reason="限期整改", actor=make_officer(), at=AT)
    assert (suspended.state, suspended.revoked_reason) == (LicenceState.SUSPENDED, "限期整改")
    with nothing_written(), pytest.raises(errors.WrongState):
        actions.suspend_licence(licence.id, reason="再停", actor=make_officer(), at=AT)
    resumed = actions.resume_licence(licence.id, reason="整改完成", actor=make_officer(), at=AT)
    assert (resumed.state, resumed.revoked_reason) == (LicenceState.VALID, "")
    assert sorted(acts(licence.urn)) == ["credentials.issued", "credentials.resumed", "credentials.suspended"]


def test_a_change_is_announced() -> None:
    told: list[LicenceChanged] = []
    subscribe(LicenceChanged, told.append)
    licence = make_licence()
    try:
        actions.revoke_licence(licence.id, reason=REASON, actor=make_officer(), at=AT)
    finally:
        _handlers.pop(LicenceChanged)
    assert [event.licence.state for event in told] == [LicenceState.REVOKED]


def test_a_correction_is_the_next_version_and_the_old_one_points_to_it() -> None:
    old, command = make_licence(), uuid4()

    def correct() -> object:
        change = {"经营项目": "冷食类食品制售"}
        return actions.correct_licence(
            old.id, fields=change, reason="经营项目写错", command_id=command, actor=make_officer(), at=AT
        )

    new = correct()
    with nothing_written():
        assert correct() == new
    now = queries.get_licence(old.id, actor=for_firm(), at=AT)
    assert (now.state, now.revoked_reason) == (LicenceState.CORRECTED, "经营项目写错")
    assert now.successor is not None
    current = queries.get_licence(now.successor, actor=for_firm(), at=AT)
    assert current == new
    assert (current.version, current.number, current.fields["经营项目"]) == (2, old.number, "冷食类食品制售")
    assert parse_licence_identifier(current.identifier).version == 2
    assert [one.id for one in queries.list_licences_of(firm(), at=AT).rows] == [current.id]
    with nothing_written(), pytest.raises(errors.WrongState):
        actions.revoke_licence(old.id, reason=REASON, actor=make_officer(), at=AT)


def test_only_the_issuer_corrects() -> None:
    licence = make_licence()
    with nothing_written(), pytest.raises(errors.MayNotChange):
        actions.correct_licence(
            licence.id, fields={}, reason=REASON, command_id=uuid4(), actor=make_officer(org=OTHER_ORG), at=AT
        )


# Presenting and verifying


def test_a_presentation_is_valid_for_five_minutes_and_says_when_it_was_checked_before() -> None:
    licence = make_licence()
    with nothing_written():
        shown = actions.present_licence(licence.id, actor=for_firm(), at=AT)
    assert shown.expires_at == AT + timedelta(minutes=5)
    assert shown.url.endswith(f"/verify/#{shown.url_fragment}")
    first = actions.verify_code(shown.url, at=AT + timedelta(minutes=1))
    assert (first.state, first.first_seen_at, first.kind) == (VerdictState.VALID, None, CodeKind.PRESENTATION)
    again = actions.verify_code(shown.url_fragment, at=AT + timedelta(minutes=2))
    assert (again.state, again.first_seen_at) == (VerdictState.VALID, AT + timedelta(minutes=1))
    stale = actions.verify_code(shown.url, at=AT + timedelta(minutes=5))
    assert (stale.state, stale.licence) == (VerdictState.STALE, None)
    assert stale.first_seen_at == AT + timedelta(minutes=1)
    assert [(one.first_seen_at, one.times) for one in queries.list_shown(licence.id)] == [
        (AT + timedelta(minutes=1), 2)
    ]


def test_a_verdict_shows_public_facts_only() -> None:
    holder = Party(PartyKind.PERSON, owner().person or UUID(int=0), "林知墨")
    licence = make_licence(holder=holder, holder_code=OWNER_ID_NO, fields={"证件号码": OWNER_ID_NO, "经营项目": "热食"})
    verdict = actions.verify_code(queries.sheet_code(licence.id), at=AT)
    assert verdict.state is VerdictState.VALID
    assert verdict.licence is not None
    assert verdict.licence.holder_name == "林*墨"
    assert OWNER_ID_NO not in str(verdict)
    assert "林知墨" not in str(verdict)
    assert all(check.passed for check in verdict.checks)


@pytest.mark.parametrize("who", [owner, stranger, make_officer])
def test_only_the_holder_presents(who: object) -> None:
    licence = make_licence()
    actor = who()  # type: ignore[operator]
    with pytest.raises(errors.MayNotPresent):
        actions.present_licence(licence.id, actor=actor, at=AT)


def test_a_person_presents_their_own_licence_even_while_acting_for_a_firm() -> None:
    me = owner()
    licence = make_licence(holder=Party(PartyKind.PERSON, me.person or UUID(int=0), me.name), holder_code=OWNER_ID_NO)
    for actor in (me, for_firm()):
        assert actions.present_licence(licence.id, actor=actor, at=AT).url_fragment.startswith("SZ1:")
    at_the_desk = replace(me, post=make_officer().post, org=ISSUER)
    with pytest.raises(errors.MayNotPresent):
        actions.present_licence(licence.id, actor=at_the_desk, at=AT)


def test_what_is_not_valid_is_not_presented() -> None:
    revoked, early = make_licence(), make_licence(valid_from=date(2027, 1, 1))
    actions.revoke_licence(revoked.id, reason=REASON, actor=make_officer(), at=AT)
    for licence in (revoked, early):
        with pytest.raises(errors.NotPresentable):
            actions.present_licence(licence.id, actor=for_firm(), at=AT)
    with pytest.raises(errors.NotPresentable):
        actions.present_licence(make_licence().id, actor=for_firm(), at=AT.replace(year=2032))
    with pytest.raises(errors.LicenceNotFound):
        actions.present_licence(uuid4(), actor=for_firm(), at=AT)


def test_a_sheet_code_says_what_became_of_the_licence() -> None:
    licence = make_licence()
    code = queries.sheet_code(licence.id)
    assert actions.verify_code(code, at=AT).state is VerdictState.VALID
    assert actions.verify_code(code, at=AT - timedelta(days=1)).state is VerdictState.NOT_YET
    assert actions.verify_code(code, at=AT.replace(year=2031, day=26)).state is VerdictState.VALID
    assert actions.verify_code(code, at=AT.replace(year=2031, day=27)).state is VerdictState.EXPIRED
    actions.suspend_licence(licence.id, reason=REASON, actor=make_officer(), at=AT)
    assert actions.verify_code(code, at=AT).state is VerdictState.SUSPENDED
    actions.revoke_licence(licence.id, reason="林知墨，13800006621，严重违法", actor=make_officer(), at=AT)
    revoked = actions.verify_code(code, at=AT)
    assert revoked.state is VerdictState.REVOKED
    assert revoked.licence is not None
    assert revoked.licence.state_on == TODAY
    assert "13800006621" not in str(revoked)


def test_the_sheet_of_a_replaced_version_says_so() -> None:
    licence = make_licence()
    actions.correct_licence(
        licence.id, fields={"住所": "新址"}, reason="写错", command_id=uuid4(), actor=make_officer(), at=AT
    )
    assert actions.verify_code(queries.sheet_code(licence.id), at=AT).state is VerdictState.CORRECTED


def test_a_code_of_ours_for_a_licence_nobody_knows_is_unknown() -> None:
    verdict = actions.verify_code(queries.sheet_code(LicenceId(uuid4())), at=AT)
    assert (verdict.state, verdict.licence) == (VerdictState.UNKNOWN, None)


def test_a_code_signed_by_another_key_is_forged() -> None:
    licence = make_licence()
    forged = codes.write_code(codes.sheet_claims(licence.id), Ed25519PrivateKey.generate())
    assert actions.verify_code(forged, at=AT).state is VerdictState.FORGED


def test_no_single_changed_character_passes_and_nothing_is_noted() -> None:
    licence = make_licence()
    code = actions.present_licence(licence.id, actor=for_firm(), at=AT).url_fragment
    with nothing_written():
        for position, character in enumerate(code):
            for other in "0A%" if character not in "0A%" else "1B":
                changed = code[:position] + other + code[position + 1 :]
                assert actions.verify_code(changed, at=AT).state in {VerdictState.FORGED, VerdictState.DAMAGED}


@pytest.mark.parametrize("text", ["", "您好", "SZ1:", "x" * 5_000_000, "\x00", "\ud800", "https://[::1", "SZ1:%%%%"])
def test_anything_may_be_asked(text: str) -> None:
    assert actions.verify_code(text, at=AT).state is VerdictState.DAMAGED
    assert actions.verify_number(text, text, at=AT).state is VerdictState.UNKNOWN


def test_a_licence_is_found_by_number_or_identifier_with_the_holders_name() -> None:
    licence = make_licence()
    name = licence.holder.name.replace("（", "(").replace("）", ")")
    for number in (licence.number, f" {licence.number} ", licence.identifier, licence.identifier.lower()):
        verdict = actions.verify_number(number, name, at=AT)
        assert (verdict.state, verdict.kind) == (VerdictState.VALID, None)
        assert verdict.licence is not None
        assert verdict.licence.identifier == licence.identifier
    wrong_name = actions.verify_number(licence.number, "别的店", at=AT)
    wrong_number = actions.verify_number("9901020022026009999", name, at=AT)
    assert wrong_name == wrong_number
    assert wrong_name.state is VerdictState.UNKNOWN


def test_a_wrong_check_character_in_an_identifier_is_said() -> None:
    licence = make_licence()
    last = "0" if licence.identifier[-1] != "0" else "1"
    verdict = actions.verify_number(licence.identifier[:-1] + last, licence.holder.name, at=AT)
    assert verdict.state is VerdictState.DAMAGED
    assert verdict.checks[-1].what == "证照标识不完整"


def test_checks_are_forgotten_after_half_a_year() -> None:
    licence = make_licence()
    code = actions.present_licence(licence.id, actor=for_firm(), at=AT).url_fragment
    actions.verify_code(code, at=AT)
    actions.forget_presentations(AT + timedelta(days=179))
    assert SeenPresentation.objects.count() == 1
    actions.forget_presentations(AT + timedelta(days=181))
    assert SeenPresentation.objects.count() == 0
