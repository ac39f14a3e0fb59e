"""The settings of notices: what leaves by text message and mail, quiet hours, and a mail address proven by its code."""

from collections.abc import Iterator

import pytest
from django.test import Client

from shuzheng.base.directory import queries as directory
from shuzheng.base.kernel.types import PersonId
from shuzheng.base.notices.actions import deliver_due, record_bounce, send_notice
from shuzheng.base.notices.backends.fake import FakeChannel
from shuzheng.base.notices.models import Contact, Delivery
from shuzheng.base.notices.queries import get_preferences
from shuzheng.base.notices.types import CHANNELS, Channel, Quiet
from tests.portals.browsing import page, sign_in, text, words
from tests.portals.conftest import AT

SETTINGS = "/my/notices/settings/"


@pytest.fixture
def sent() -> Iterator[FakeChannel]:
    """Both channels, caught."""
    port = FakeChannel()
    kept = dict(CHANNELS._entries)
    CHANNELS._entries.update({Channel.SMS: port, Channel.MAIL: port})
    yield port
    CHANNELS._entries.clear()
    CHANNELS._entries.update(kept)


@pytest.fixture
def client(city: None, sent: FakeChannel) -> Client:
    client = Client()
    sign_in(client, "qunzhong")
    return client


def me() -> PersonId:
    account = directory.find_account("qunzhong")
    assert account is not None
    return account.person


def test_a_visitor_is_sent_to_sign_in(visitor: Client) -> None:
    assert visitor.get(SETTINGS)["Location"].startswith("/sign-in/")


def test_the_notices_lead_to_their_settings(client: Client) -> None:
    assert f'href="{SETTINGS}"' in page(client, "/my/notices/")


def test_defaults_are_ticked_and_the_mobile_is_masked(client: Client) -> None:
    html = page(client, SETTINGS)
    assert 'name="case" value="sms" checked' in html
    assert 'name="other" value="sms"' in html
    assert 'name="other" value="sms" checked' not in html
    assert "199****0004" in html
    assert "19999980004" not in html


def test_a_choice_is_saved_and_said(client: Client) -> None:
    typed = {"do": "save", "case": ["sms"], "quiet": "1", "quiet_from": "21:30", "quiet_to": "07:00"}
    answer = client.post(SETTINGS, typed, follow=True)
    assert "已保存" in words(answer)
    seen = get_preferences(me())
    assert seen.wanted["case"] == {Channel.SMS}
    assert seen.wanted["licence"] == frozenset()
    assert seen.quiet == Quiet(on=True, start_minute=1290, end_minute=420)


def test_a_time_that_is_none_keeps_what_was_typed(client: Client) -> None:
    typed = {"do": "save", "other": ["mail"], "quiet": "1", "quiet_from": "晚上", "quiet_to": "07:00"}
    answer = client.post(SETTINGS, typed)
    assert answer.status_code == 422
    html = text(answer)
    assert "<title>错误：" in html
    assert 'value="晚上"' in html
    assert 'name="other" value="mail" checked' in html
    assert get_preferences(me()).quiet == Quiet()


def test_a_mail_address_is_given_confirmed_and_forgotten(client: Client, sent: FakeChannel) -> None:
    assert "确认码已发到" in words(client.post(SETTINGS, {"do": "mail", "mail": "fang@example.com"}, follow=True))
    assert "f***@example.com" in page(client, SETTINGS)
    deliver_due(at=Delivery.objects.get().run_at)
    (mail,) = sent.sent.values()
    wrong = client.post(SETTINGS, {"do": "code", "code": "abc"})
    assert wrong.status_code == 422
    assert "确认码不对" in text(wrong)
    code = mail.text.partition("确认码：")[2][:6]
    assert "邮箱已确认" in words(client.post(SETTINGS, {"do": "code", "code": code}, follow=True))
    client.post(SETTINGS, {"do": "forget"})
    assert "f***@example.com" not in page(client, SETTINGS)


def test_a_wrong_mail_address_is_explained_and_kept(client: Client) -> None:
    answer = client.post(SETTINGS, {"do": "mail", "mail": "fang"})
    assert answer.status_code == 422
    assert "name@example.com" in text(answer)
    assert 'value="fang"' in text(answer)
    assert not Contact.objects.exists()


def test_a_number_that_bounced_is_told_and_tried_again_on_request(client: Client, sent: FakeChannel) -> None:
    send_notice(me(), kind="security", title="密码改了", body="", link="", key="k", at=AT)
    deliver_due(at=AT)
    record_bounce(Delivery.objects.get().public_id, reason="空号", permanent=True, at=AT)
    assert "被退回：空号" in page(client, SETTINGS)
    client.post(SETTINGS, {"do": "retry", "channel": "sms"})
    assert "被退回" not in page(client, SETTINGS)


def test_nonsense_is_no_breakdown(client: Client) -> None:
    assert client.post(SETTINGS, {"do": "retry", "channel": "pigeon"}).status_code == 302
    assert client.post(SETTINGS, {"do": "nonsense"}).status_code == 422


def test_a_city_without_channels_says_so(city: None) -> None:
    kept = dict(CHANNELS._entries)
    CHANNELS._entries.clear()
    client = Client()
    sign_in(client, "qunzhong")
    assert "还没有开通短信和邮件" in page(client, SETTINGS)
    CHANNELS._entries.update(kept)
