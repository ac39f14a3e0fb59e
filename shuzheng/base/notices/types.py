"""What the notice centre shows, what a person may choose, and the port through which messages leave the house."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from shuzheng.base.kernel.registry import Registry
from shuzheng.base.kernel.types import NoticeId, PersonId


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice to one person; `link` is a path of this site, '' when there is nothing to open."""

    id: NoticeId
    kind: str
    title: str = field(repr=False)
    body: str = field(repr=False)
    link: str
    sent_at: datetime
    read_at: datetime | None

    @property
    def is_read(self) -> bool:
        """Tell whether the person has read it."""
        return self.read_at is not None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A notice that has just come; `position` grows with each and orders them."""

    position: int
    person: PersonId
    id: NoticeId
    title: str = field(repr=False)


class Channel(StrEnum):
    """A way out of the house. In the application every notice is shown; that is not a channel and cannot be refused."""

    SMS = "sms"
    MAIL = "mail"


CHANNEL_LABELS: Final = {Channel.SMS: "短信", Channel.MAIL: "邮件"}


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice a person may choose about.

    Attributes:
        label: Chinese name on the settings page.
        example: What such a notice says, Chinese.
        urgent: Passes quiet hours.
        channels: On unless the person says otherwise.
    """

    label: str
    example: str
    urgent: bool
    channels: frozenset[Channel]


_BOTH: Final = frozenset(Channel)
KINDS: Final[Mapping[str, NoticeKind]] = {
    "case": NoticeKind("办件进度", "受理了、要补材料、办好了", urgent=False, channels=_BOTH),
    "licence": NoticeKind("证照变化", "签发、暂停、作废、快到期", urgent=False, channels=_BOTH),
    "draft": NoticeKind("草稿到期", "填了一半的申请快要过期", urgent=False, channels=frozenset({Channel.MAIL})),
    "security": NoticeKind("账号安全", "换了密码、在新设备登录", urgent=True, channels=_BOTH),
    "other": NoticeKind("其他", "不属于上面几类的消息", urgent=False, channels=frozenset()),
}
"""What may be chosen about, in the order of the page; a notice of another kind is treated as `other`."""


def kind_of(name: str) -> str:
    """Return the kind whose settings hold for a notice."""
    return name if name in KINDS else "other"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local times between which only urgent messages leave; minutes after midnight, may pass midnight."""

    on: bool = True
    start_minute: int = 22 * 60
    end_minute: int = 8 * 60


@dataclass(frozen=True, slots=True)
class ContactView:
    """Where a channel reaches a person.

    Attributes:
        shown: Masked; '' when there is no address.
        confirmed: An address that was typed counts only once its code came back; the register's mobile always does.
        bounced: Why the last message came back, Chinese, '' when none did; nothing more is sent until it is cleared.
    """

    channel: Channel
    shown: str
    confirmed: bool
    bounced: str


@dataclass(frozen=True, slots=True)
class PreferencesView:
    """Everything a person chose, defaults filled in.

    Attributes:
        wanted: By kind, the channels that are on.
        channels: Channels this city has switched on at all.
    """

    wanted: Mapping[str, frozenset[Channel]]
    quiet: Quiet
    contacts: Mapping[Channel, ContactView]
    channels: tuple[Channel, ...]


class DeliveryState(StrEnum):
    """Where a message on its way stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    DROPPED = "dropped"


DELIVERY_LABELS: Final = {
    DeliveryState.WAITING: "等待发送",
    DeliveryState.SENDING: "正在发送",
    DeliveryState.SENT: "已发出",
    DeliveryState.BOUNCED: "被退回",
    DeliveryState.FAILED: "没有发出",
    DeliveryState.DROPPED: "不用发",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What leaves the house: a title and the way back, never the body, which may name a person's affairs.

    Attributes:
        id: The same for every attempt; a provider that knows it does not send twice.
        to: Mobile number or mail address.
        subject: Of a mail; '' otherwise.
    """

    id: UUID
    channel: Channel
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


class ChannelPort(Protocol):
    """One way out. May be slow; called outside any transaction, from several threads at once."""

    def send(self, message: Message) -> str:
        """Send a message, once for each `message.id`; return the provider's reference.

        Raises:
            ChannelDown: Try again later.
            MessageRefused: This message will never go.
        """
        ...  # pragma: no cover


CHANNELS: Final[Registry[ChannelPort]] = Registry("notice channel")
"""By the value of `Channel`; a channel without an entry is switched off. Filled by the composition root."""
SIGNATURES: Final[Registry[Callable[[], str]]] = Registry("signature of messages")
"""`city`: who a message says it is from."""


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One message on its way, as an operator sees it."""

    id: UUID
    channel: Channel
    state: DeliveryState
    attempts: int
    run_at: datetime
    sent_at: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class DeliveryBacklog:
    """How much is open; `oldest_due_at` is None when nothing is due."""

    waiting: int
    failed: int
    oldest_due_at: datetime | None
