"""What a person chooses: channels, quiet hours, a mail address proven by a code."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import settings

from shuzheng.base.kernel.errors import Refused
from shuzheng.base.kernel.types import SYSTEM, Actor, PersonId
from shuzheng.base.ledger.queries import list_entries
from shuzheng.base.notices import errors
from shuzheng.base.notices.actions import (
    confirm_mail_address,
    forget_mail_address,
    give_mail_address,
    record_bounce,
    retry_channel,
    save_preferences,
)
from shuzheng.base.notices.models import Contact, Delivery, Preference
from shuzheng.base.notices.queries import get_preferences
from shuzheng.base.notices.rules import confirm_code
from shuzheng.base.notices.types import CHANNELS, KINDS, Channel, Quiet

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ME = PersonId(UUID(int=1))
I = Actor("甲", person=ME)  # noqa: E741
MAIL = "li.xiaohua@example.com"


def code_of_mail() -> str:
    row = Contact.objects.get()
    return confirm_code(settings.SHUZHENG.read_key("index"), str(row.public_id), row.salt)


def wrong_code() -> str:
    return "000000" if code_of_mail() != "000000" else "000001"


def test_without_a_choice_the_kinds_defaults_hold(db: None) -> None:
    seen = get_preferences(ME)
    assert seen.wanted == {kind: KINDS[kind].channels for kind in KINDS}
    assert seen.quiet == Quiet(on=True, start_minute=22 * 60, end_minute=8 * 60)
    assert not seen.contacts[Channel.MAIL].shown


def test_a_choice_is_kept_and_stands_in_the_ledger(db: None) -> None:
    quiet = Quiet(on=True, start_minute=60, end_minute=120)
    seen = save_preferences({"case": [Channel.SMS]}, quiet=quiet, actor=I, at=AT)
    assert seen == get_preferences(ME)
    assert seen.wanted["case"] == {Channel.SMS}
    assert seen.wanted["security"] == frozenset()
    assert seen.quiet == quiet
    assert [entry.act for entry in list_entries(I.urn)] == ["notices.preferences_changed"]


def test_a_second_choice_takes_the_place_of_the_first(db: None) -> None:
    save_preferences({"case": [Channel.SMS]}, quiet=Quiet(on=False), actor=I, at=AT)
    seen = save_preferences({"case": [Channel.MAIL], "made up": [Channel.SMS]}, quiet=Quiet(), actor=I, at=AT)
    assert (seen.wanted["case"], seen.quiet) == (frozenset({Channel.MAIL}), Quiet())
    assert Preference.objects.count() == len(KINDS) * len(Channel)


def test_the_system_has_no_preferences(db: None) -> None:
    with pytest.raises(Refused):
        save_preferences({}, quiet=Quiet(), actor=SYSTEM, at=AT)
    assert not Preference.objects.exists()


def test_a_mail_address_is_sealed_masked_and_waits_for_its_code(db: None) -> None:
    seen = give_mail_address(f" {MAIL} ", actor=I, at=AT).contacts[Channel.MAIL]
    assert (seen.shown, seen.confirmed) == ("l***@example.com", False)
    assert b"xiaohua" not in bytes(Contact.objects.get().address_sealed)
    (delivery,) = Delivery.objects.all()
    assert (delivery.channel, delivery.notice, delivery.run_at) == ("mail", None, AT)


@pytest.mark.parametrize("address", ["", "name", "a@b", "a b@example.com", "a@example.com, b@x.cn", "a@x.cn\nX"])
def test_what_is_no_address_is_refused(db: None, address: str) -> None:
    with pytest.raises(errors.MailAddressInvalid):
        give_mail_address(address, actor=I, at=AT)
    assert not Contact.objects.exists()


def test_the_code_proves_the_address(db: None) -> None:
    give_mail_address(MAIL, actor=I, at=AT)
    code = code_of_mail()
    seen = confirm_mail_address(f" {code[:3]} {code[3:]} ", actor=I, at=AT)
    assert seen.contacts[Channel.MAIL].confirmed
    with pytest.raises(errors.NothingToConfirm):
        confirm_mail_address(code, actor=I, at=AT)


def test_five_wrong_codes_are_enough(db: None) -> None:
    give_mail_address(MAIL, actor=I, at=AT)
    for _ in range(5):
        with pytest.raises(errors.CodeWrong):
            confirm_mail_address(wrong_code(), actor=I, at=AT)
    with pytest.raises(errors.CodeTriesUsed):
        confirm_mail_address(code_of_mail(), actor=I, at=AT)
    assert not get_preferences(ME).contacts[Channel.MAIL].confirmed


def test_a_code_lives_a_day(db: None) -> None:
    give_mail_address(MAIL, actor=I, at=AT)
    with pytest.raises(errors.CodeExpired):
        confirm_mail_address(code_of_mail(), actor=I, at=AT + timedelta(days=1, seconds=1))


def test_codes_are_not_sent_one_after_the_other(db: None) -> None:
    give_mail_address(MAIL, actor=I, at=AT)
    with pytest.raises(errors.CodesTooOften):
        give_mail_address("other@example.com", actor=I, at=AT + timedelta(minutes=1))
    assert Delivery.objects.count() == 1
    first = code_of_mail()
    give_mail_address("other@example.com", actor=I, at=AT + timedelta(minutes=2))
    assert code_of_mail() != first or Contact.objects.get().tries == 0


def test_a_code_without_an_address_is_refused(db: None) -> None:
    with pytest.raises(errors.NothingToConfirm):
        confirm_mail_address("123456", actor=I, at=AT)


def test_a_forgotten_address_is_gone(db: None) -> None:
    give_mail_address(MAIL, actor=I, at=AT)
    seen = forget_mail_address(actor=I, at=AT)
    forget_mail_address(actor=I, at=AT)
    assert seen.contacts[Channel.MAIL].shown == ""
    assert not bytes(Contact.objects.get().address_sealed)
    assert [entry.act for entry in list_entries(I.urn)] == ["notices.mail_given", "notices.mail_forgotten"]
    with pytest.raises(errors.NothingToConfirm):
        confirm_mail_address("123456", actor=I, at=AT)


def test_a_channel_that_bounced_rests_until_the_person_asks(db: None) -> None:
    give_mail_address(MAIL, actor=I, at=AT)
    record_bounce(Delivery.objects.get().public_id, reason="信箱不存在", permanent=True, at=AT)
    assert get_preferences(ME).contacts[Channel.MAIL].bounced == "信箱不存在"
    retry_channel(Channel.MAIL, actor=I, at=AT)
    retry_channel(Channel.MAIL, actor=I, at=AT)
    assert get_preferences(ME).contacts[Channel.MAIL].bounced == ""
    assert [entry.act for entry in list_entries(I.urn)].count("notices.channel_retried") == 1


@pytest.fixture
def no_channels() -> Iterator[None]:
    kept = dict(CHANNELS._entries)
    CHANNELS._entries.clear()
    yield
    CHANNELS._entries.update(kept)


def test_channels_that_are_off_are_not_offered(db: None, no_channels: None) -> None:
    assert get_preferences(ME).channels == ()
