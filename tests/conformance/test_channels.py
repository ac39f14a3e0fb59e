"""Every way out of the house keeps the same promises; the fake is held to them like the real ones."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from shuzheng.base.notices.backends.console import ConsoleChannel
from shuzheng.base.notices.backends.fake import FakeChannel
from shuzheng.base.notices.backends.gateway import GatewayChannel
from shuzheng.base.notices.backends.smtp import SmtpChannel
from shuzheng.base.notices.errors import ChannelDown, MessageRefused
from shuzheng.base.notices.types import Channel, ChannelPort, Message
from tests.conformance.servers import KEY, REFUSED, REFUSED_MAIL, Provider, serve

GOOD, GOOD_MAIL = "13800001234", "somebody@example.com"


@dataclass
class Way:
    """A back end, and the outside world behind it when there is one.

    Attributes:
        can_fail: It can be down and refuse; the console cannot.
    """

    port: ChannelPort
    channel: Channel
    world: Provider | FakeChannel | None

    @property
    def can_fail(self) -> bool:
        return self.world is not None

    def taken(self) -> set[str]:
        if isinstance(self.world, FakeChannel):
            return {str(key) for key in self.world.sent}
        assert isinstance(self.world, Provider)
        return set(self.world.taken)


@pytest.fixture(params=["fake", "console", "smtp", "gateway"])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    if request.param == "fake":
        fake = FakeChannel()
        fake.refused.add(REFUSED)
        yield Way(fake, Channel.SMS, fake)
    elif request.param == "console":
        yield Way(ConsoleChannel(), Channel.SMS, None)
    else:
        with serve(request.param) as (provider, port):
            if request.param == "smtp":
                channel: ChannelPort = SmtpChannel("127.0.0.1", port, "city@example.com", security="none")
                yield Way(channel, Channel.MAIL, provider)
            else:
                gateway = GatewayChannel(f"http://127.0.0.1:{port}/send", lambda: KEY)
                yield Way(gateway, Channel.SMS, provider)


def make_message(way: Way, *, good: bool = True) -> Message:
    mail = way.channel is Channel.MAIL
    to = (GOOD_MAIL if good else REFUSED_MAIL) if mail else (GOOD if good else REFUSED)
    return Message(uuid4(), way.channel, to, "【城】申请已受理" if mail else "", "【城】申请已受理。")


def need_a_world(way: Way) -> None:
    if not way.can_fail:
        pytest.skip("the console has no provider behind it")


def test_a_message_is_taken_and_gets_a_reference(way: Way) -> None:
    message = make_message(way)
    assert way.port.send(message)
    if way.can_fail:
        assert way.taken() == {str(message.id)}


def test_the_same_id_arrives_once(way: Way) -> None:
    need_a_world(way)
    message = make_message(way)
    way.port.send(message)
    way.port.send(message)
    assert way.taken() == {str(message.id)}


def test_another_id_is_another_message(way: Way) -> None:
    need_a_world(way)
    way.port.send(make_message(way))
    way.port.send(make_message(way))
    assert len(way.taken()) == 2


def test_a_provider_out_of_order_means_later(way: Way) -> None:
    need_a_world(way)
    assert way.world is not None
    way.world.down = True
    with pytest.raises(ChannelDown):
        way.port.send(make_message(way))
    way.world.down = False
    assert way.port.send(make_message(way))


def test_an_address_that_does_not_exist_means_never(way: Way) -> None:
    need_a_world(way)
    with pytest.raises(MessageRefused):
        way.port.send(make_message(way, good=False))
    assert way.taken() == set()


def test_no_error_and_no_log_line_carries_the_address(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    message = make_message(way)
    way.port.send(message)
    said = caplog.text
    if way.can_fail:
        with pytest.raises(MessageRefused) as refusal:
            way.port.send(make_message(way, good=False))
        said += str(refusal.value) + repr(refusal.value)
    assert not [known for known in (GOOD, GOOD_MAIL, REFUSED, REFUSED_MAIL) if known in said]
    assert message.to not in repr(message)


@pytest.mark.parametrize("port", [SmtpChannel("127.0.0.1", 9, "a@b.cn"), GatewayChannel("http://127.0.0.1:9/", bytes)])
def test_nobody_at_the_other_end_means_later(port: ChannelPort) -> None:
    with pytest.raises(ChannelDown):
        port.send(Message(uuid4(), Channel.SMS, GOOD, "x", "x"))


def test_a_wrong_key_means_later_because_the_operator_can_mend_it() -> None:
    with serve("gateway") as (provider, port), pytest.raises(ChannelDown):
        GatewayChannel(f"http://127.0.0.1:{port}/", lambda: b"other").send(Message(uuid4(), Channel.SMS, GOOD, "", "x"))
    assert provider.taken == {}


@pytest.mark.parametrize("url", ["http://sms.example.com/", "ftp://127.0.0.1/", "file:///etc/passwd", ""])
def test_numbers_do_not_travel_in_the_clear(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        GatewayChannel(url, bytes)
