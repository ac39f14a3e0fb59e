"""Notices on their way out: planned by preference and hour, sent at least once under one id, tried again, given up."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import connection

from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.types import Actor, PersonId
from shuzheng.base.notices import errors
from shuzheng.base.notices.actions import (
    confirm_mail_address,
    deliver_due,
    delivering,
    give_mail_address,
    plan_deliveries,
    save_preferences,
    send_notice,
    take_receipt,
)
from shuzheng.base.notices.backends.fake import FakeChannel
from shuzheng.base.notices.models import Delivery, Notice
from shuzheng.base.notices.queries import get_backlog, get_preferences, list_deliveries, list_failed
from shuzheng.base.notices.rules import MAX_ATTEMPTS, sign
from shuzheng.base.notices.types import CHANNELS, Channel, DeliveryState, Message, Quiet
from tests.notices.making import make_person

DAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
"""09:00 and 23:00 in the city."""
Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def sms() -> Iterator[FakeChannel]:
    yield from fake(Channel.SMS)


@pytest.fixture
def mail() -> Iterator[FakeChannel]:
    yield from fake(Channel.MAIL)


def fake(channel: Channel) -> Iterator[FakeChannel]:
    port = FakeChannel()
    kept = dict(CHANNELS._entries)
    CHANNELS._entries[channel] = port
    yield port
    CHANNELS._entries.clear()
    CHANNELS._entries.update(kept)


@pytest.fixture
def me(db: None) -> PersonId:
    return make_person(mobile="13800001234")


def tell(to: PersonId, *, kind: str = "case", key: str = "k", at: datetime = DAY) -> None:
    send_notice(to, kind=kind, title="申请已受理", body="李小华交的材料齐了", link="/my/", key=key, at=at)


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_notice_leaves_as_a_text_message_without_its_body(me: PersonId, sms: FakeChannel) -> None:
    tell(me)
    assert deliver_due(at=DAY) == 2
    (message,) = sms.sent.values()
    assert message.to == "13800001234"
    assert "申请已受理" in message.text
    assert "李小华" not in message.text
    (delivery,) = list_deliveries(me)
    assert (delivery.state, delivery.attempts, delivery.sent_at) == (DeliveryState.SENT, 1, DAY)


def test_nothing_is_sent_twice(me: PersonId, sms: FakeChannel) -> None:
    tell(me)
    deliver_due(at=DAY)
    assert deliver_due(at=DAY + timedelta(hours=1)) == 0
    assert sms.calls == 1


def test_planning_many_notices_takes_few_statements(
    me: PersonId, sms: FakeChannel, django_assert_max_num_queries: Queries
) -> None:
    for n in range(200):
        tell(me, key=str(n))
    with django_assert_max_num_queries(15):
        assert plan_deliveries(at=DAY) == 200
    assert Delivery.objects.count() == 200


def test_a_kind_that_was_switched_off_stays_inside(me: PersonId, sms: FakeChannel) -> None:
    save_preferences({"security": [Channel.SMS]}, quiet=Quiet(), actor=Actor("甲", person=me), at=DAY)
    tell(me)
    tell(me, kind="security", key="2")
    deliver_due(at=DAY)
    assert sms.calls == 1
    assert Notice.objects.filter(planned_at=DAY).count() == 2


def test_a_channel_that_is_off_makes_no_messages(me: PersonId) -> None:
    tell(me)
    assert plan_deliveries(at=DAY) == 1
    assert states() == []


def test_quiet_hours_hold_a_message_until_they_end(me: PersonId, sms: FakeChannel) -> None:
    tell(me, at=NIGHT)
    deliver_due(at=NIGHT)
    assert sms.calls == 0
    morning = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    assert get_backlog(at=morning).oldest_due_at == morning
    deliver_due(at=morning)
    assert states() == [DeliveryState.SENT]


def test_what_is_urgent_passes_at_night(me: PersonId, sms: FakeChannel) -> None:
    tell(me, kind="security", at=NIGHT)
    deliver_due(at=NIGHT)
    assert states() == [DeliveryState.SENT]


def test_a_notice_of_two_days_ago_is_only_shown_inside(me: PersonId, sms: FakeChannel) -> None:
    tell(me)
    plan_deliveries(at=DAY + timedelta(hours=48))
    assert states() == []


def test_a_channel_that_is_down_is_tried_again_under_the_same_id(me: PersonId, sms: FakeChannel) -> None:
    tell(me)
    sms.down = True
    deliver_due(at=DAY)
    assert states() == [DeliveryState.WAITING]
    assert deliver_due(at=DAY + timedelta(seconds=9)) == 0
    sms.down = False
    deliver_due(at=DAY + timedelta(seconds=10))
    assert list(sms.sent) == [Delivery.objects.get().public_id]
    assert Delivery.objects.get().attempts == 2


def test_after_eight_tries_it_is_given_up_and_named(me: PersonId, sms: FakeChannel) -> None:
    tell(me)
    sms.down = True
    at = DAY
    for _ in range(MAX_ATTEMPTS):
        deliver_due(at=at)
        at = Delivery.objects.get().run_at
    assert states() == [DeliveryState.FAILED]
    (failed,) = list_failed()
    assert failed.last_error.endswith("ChannelDown")
    assert get_backlog(at=at).failed == 1


def test_a_refused_number_is_not_tried_again(me: PersonId, sms: FakeChannel) -> None:
    sms.refused.add("13800001234")
    tell(me)
    deliver_due(at=DAY)
    assert deliver_due(at=DAY + timedelta(days=1)) == 0
    assert (states(), sms.calls) == ([DeliveryState.FAILED], 1)


def test_nowhere_to_send_is_no_failure(db: None, sms: FakeChannel) -> None:
    tell(PersonId(UUID(int=7)))
    tell(make_person(mobile=""), key="2")
    deliver_due(at=DAY)
    assert states() == [DeliveryState.DROPPED, DeliveryState.DROPPED]
    assert sms.calls == 0


def test_a_sender_that_dies_after_sending_sends_again_and_the_provider_drops_it(
    me: PersonId, sms: FakeChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    tell(me)
    with monkeypatch.context() as patch:
        patch.setattr(delivering, "_mark", die)
        with pytest.raises(KeyboardInterrupt):
            deliver_due(at=DAY)
    assert states() == [DeliveryState.SENDING]
    assert deliver_due(at=DAY + timedelta(minutes=1)) == 0
    deliver_due(at=DAY + timedelta(minutes=3))
    assert (states(), sms.calls, len(sms.sent)) == ([DeliveryState.SENT], 2, 1)


def test_a_loop_whose_lease_ran_out_does_not_write_over_another(me: PersonId, sms: FakeChannel) -> None:
    tell(me)
    plan_deliveries(at=DAY)
    rows = delivering.claim_due(at=DAY, limit=10)
    Delivery.objects.update(claim="another", state=DeliveryState.SENT)
    delivering._mark(rows, [delivering.Outcome(error="late")], at=DAY)
    assert (states(), Delivery.objects.get().claim) == ([DeliveryState.SENT], "another")


@pytest.mark.django_db(transaction=True)
def test_sending_happens_outside_any_transaction(monkeypatch: pytest.MonkeyPatch, sms: FakeChannel) -> None:
    open_then: list[bool] = []
    real = delivering._send

    def look_and_send(message: Message | None) -> delivering.Outcome:
        open_then.append(connection.in_atomic_block)
        return real(message)

    monkeypatch.setattr(delivering, "_send", look_and_send)
    tell(make_person(mobile="13800001234"))
    deliver_due(at=DAY)
    assert open_then == [False]


def test_a_mail_goes_only_to_a_proven_address(me: PersonId, mail: FakeChannel) -> None:
    i = Actor("甲", person=me)
    tell(me)
    deliver_due(at=DAY)
    assert states() == []
    give_mail_address("li@example.com", actor=i, at=DAY)
    deliver_due(at=DAY)
    (sent,) = mail.sent.values()
    code = next(word for word in sent.text.split() if word.startswith("确认码"))[-6:]
    tell(me, key="2")
    plan_deliveries(at=DAY)
    assert Delivery.objects.count() == 1
    confirm_mail_address(code, actor=i, at=DAY)
    tell(me, key="3")
    deliver_due(at=DAY)
    last = list(mail.sent.values())[-1]
    assert (last.to, last.subject.endswith("申请已受理")) == ("li@example.com", True)
    assert "李小华" not in last.text


@pytest.fixture
def gateway_key(settings: LazySettings) -> bytes:
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    key = b"shared"
    settings.SHUZHENG = Configuration(
        **(values | {"read_key": lambda name: key if name == "sms-gateway" else whole.read_key(name)})
    )
    return key


def receipt(key: bytes, at: datetime, **said: object) -> dict[str, object]:
    body = json.dumps(said).encode()
    stamp = str(int(at.timestamp()))
    return {"body": body, "stamp": stamp, "signature": sign(key, stamp, body)}


def test_a_message_that_came_back_for_good_rests_the_channel(
    me: PersonId, sms: FakeChannel, gateway_key: bytes
) -> None:
    tell(me)
    deliver_due(at=DAY)
    sent = str(Delivery.objects.get().public_id)
    given = receipt(gateway_key, DAY, id=sent, state="bounced", reason="空号", permanent=True)
    take_receipt(**given, at=DAY)  # type: ignore[arg-type]
    take_receipt(**given, at=DAY)  # type: ignore[arg-type]
    assert states() == [DeliveryState.BOUNCED]
    assert get_preferences(me).contacts[Channel.SMS].bounced == "空号"
    tell(me, key="2")
    plan_deliveries(at=DAY)
    assert Delivery.objects.count() == 1


def test_a_message_that_came_back_once_does_not(me: PersonId, sms: FakeChannel, gateway_key: bytes) -> None:
    tell(me)
    deliver_due(at=DAY)
    sent = str(Delivery.objects.get().public_id)
    take_receipt(**receipt(gateway_key, DAY, id=sent, state="bounced"), at=DAY)  # type: ignore[arg-type]
    assert get_preferences(me).contacts[Channel.SMS].bounced == ""


def test_a_receipt_that_is_forged_old_or_empty_is_refused(me: PersonId, sms: FakeChannel, gateway_key: bytes) -> None:
    tell(me)
    deliver_due(at=DAY)
    sent = str(Delivery.objects.get().public_id)
    good = receipt(gateway_key, DAY, id=sent, state="bounced", permanent=True)
    for bad in (good | {"signature": "0" * 64}, good | {"stamp": "x"}, good | {"body": b"{}"}):
        with pytest.raises(errors.ReceiptForged):
            take_receipt(**bad, at=DAY)  # type: ignore[arg-type]
    with pytest.raises(errors.ReceiptForged):
        take_receipt(**good, at=DAY + timedelta(minutes=6))  # type: ignore[arg-type]
    with pytest.raises(errors.ReceiptUnfit):
        take_receipt(**receipt(gateway_key, DAY, id=sent), at=DAY)  # type: ignore[arg-type]
    for state in ("bounced", "delivered"):
        with pytest.raises(errors.NoSuchDelivery):
            take_receipt(**receipt(gateway_key, DAY, id=str(UUID(int=1)), state=state), at=DAY)  # type: ignore[arg-type]
    assert states() == [DeliveryState.SENT]
