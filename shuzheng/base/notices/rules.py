"""What a notice must be, who is told through which channel and when, and how often a message is tried."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shuzheng.base.kernel.said import said
from shuzheng.base.notices.errors import (
    MailAddressInvalid,
    NoticeUnfit,
    PositionInvalid,
    QuietInvalid,
    ReceiptForged,
)
from shuzheng.base.notices.types import KINDS, Channel, DeliveryState, Quiet, kind_of

TITLE_MOST = 120
KEY_MOST = 160
LINK_MOST = 240
MAX_ATTEMPTS: Final = 8
"""About ten hours from the first try to giving up."""
STALE: Final = timedelta(hours=48)
"""A notice older than this when its turn comes is only shown in the application."""
LEASE: Final = timedelta(minutes=2)
"""Longer than any channel's own time limit; a message whose sender died is taken up again after it."""
CODE_LIFE: Final = timedelta(days=1)
CODE_TRIES: Final = 5
CODE_EVERY: Final = timedelta(minutes=2)
SIGNATURE_LIFE: Final = timedelta(minutes=5)
_MINUTES: Final = 24 * 60
_MAIL: Final = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


def check_notice(*, title: str, link: str, key: str) -> None:
    """Check a notice before it is sent.

    Raises:
        NoticeUnfit: No title or key, too long, or a link that leaves the site.
    """
    if not title.strip() or len(title) > TITLE_MOST:
        raise NoticeUnfit(what=said("标题要有 1 至 {title_most} 个字", title_most=TITLE_MOST))
    if not key or len(key) > KEY_MOST:
        raise NoticeUnfit(what=said("去重键要有 1 至 {key_most} 个字符", key_most=KEY_MOST))
    if link and not is_local_path(link):
        raise NoticeUnfit(what=said("链接只能指向本站页面"))


def is_local_path(link: str) -> bool:
    r"""Tell whether a link stays on this site: `//host` and `/\host` would leave it."""
    inside = link.startswith("/") and link[1:2] not in ("/", "\\") and len(link) <= LINK_MOST
    return inside and link.isprintable() and " " not in link


def parse_position(after: str | int) -> int:
    """Return the position a page continues from.

    Raises:
        PositionInvalid: Not a position.
    """
    text = str(after)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise PositionInvalid
    return int(text)


def wanted_channels(kind: str, chosen: Mapping[tuple[str, str], bool]) -> frozenset[Channel]:
    """Return the channels a notice of a kind leaves through.

    Args:
        kind: Of the notice.
        chosen: What the person chose, by kind and channel; what is missing follows the kind's default.
    """
    known = kind_of(kind)
    usual = KINDS[known].channels
    return frozenset(channel for channel in Channel if chosen.get((known, channel), channel in usual))


def decide_run_at(kind: str, quiet: Quiet, *, at: datetime, zone: str) -> datetime:
    """Return when a message may leave: at once, or when the person's quiet hours end.

    Args:
        kind: Of the notice; an urgent one passes.
        quiet: The person's quiet hours, local.
        at: Now.
        zone: IANA name of the city's time zone.
    """
    if KINDS[kind_of(kind)].urgent or not quiet.on or quiet.start_minute == quiet.end_minute:
        return at
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if (minute - quiet.start_minute) % _MINUTES >= (quiet.end_minute - quiet.start_minute) % _MINUTES:
        return at
    end = datetime.combine(local.date(), _clock(quiet.end_minute), local.tzinfo)
    if minute >= quiet.end_minute:
        end = datetime.combine(local.date() + timedelta(days=1), _clock(quiet.end_minute), local.tzinfo)
    return end.astimezone(UTC)


def parse_minute(text: str) -> int:
    """Return minutes after midnight of a time such as `22:00`.

    Raises:
        QuietInvalid: Not a time of day.

    Example:
        >>> parse_minute("08:30")
        510
    """
    found = re.fullmatch(r"([01]?\d|2[0-3])[:：]([0-5]\d)", text.strip())
    if found is None:
        raise QuietInvalid
    return int(found[1]) * 60 + int(found[2])


def say_minute(minute: int) -> str:
    """Return a time of day as an input shows it: `08:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def check_mail_address(text: str) -> str:
    """Return a mail address without surrounding space.

    Raises:
        MailAddressInvalid: Not one address.
    """
    address = text.strip()
    if len(address) > 254 or not _MAIL.fullmatch(address):
        raise MailAddressInvalid
    return address


def mask_mail(address: str) -> str:
    """Keep the first character and the domain.

    Example:
        >>> mask_mail("lixiaohua@example.com")
        'l***@example.com'
    """
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if domain else ""


def confirm_code(key: bytes, contact: str, salt: str) -> str:
    """Return the six digits that prove a mail address; computed again when they are checked, so stored nowhere."""
    digest = hmac.new(key, f"notices.code:{contact}:{salt}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts: 10 s, 40 s, 160 s … three hours.

    Example:
        >>> retry_delay(3).total_seconds()
        160.0
    """
    factor: int = 4 ** min(attempts - 1, 10)
    return min(timedelta(seconds=10) * factor, timedelta(hours=3))


def next_state(attempts: int) -> DeliveryState:
    """Return the state after a failed attempt."""
    return DeliveryState.FAILED if attempts >= MAX_ATTEMPTS else DeliveryState.WAITING


def sign(key: bytes, stamp: str, body: bytes) -> str:
    """Return the signature of a request to or from a gateway: HMAC-SHA-256 over `stamp`, a full stop and the body.

    Source: RFC 2104.
    """
    return hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def check_signature(key: bytes, stamp: str, body: bytes, signature: str, *, at: datetime) -> None:
    """Check a request that a gateway sends us.

    Args:
        key: Shared with the gateway.
        stamp: Unix seconds, as sent.
        body: Bytes as received.
        signature: Hexadecimal.
        at: Now.

    Raises:
        ReceiptForged: Another key, changed bytes, or more than five minutes off.
    """
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise ReceiptForged
    if abs(at.timestamp() - int(stamp)) > SIGNATURE_LIFE.total_seconds():
        raise ReceiptForged
    if not hmac.compare_digest(sign(key, stamp, body).encode(), signature.encode()):
        raise ReceiptForged


def compose_sms(city: str, title: str) -> str:
    """Return a text message: who, what happened, where the rest is; no link, so that none can be imitated."""
    return f"【{city}】{title}。详情请登录政务服务网查看“消息”。"


def compose_mail(city: str, title: str, url: str) -> tuple[str, str]:
    """Return subject and text of a mail."""
    end = f"这封邮件由{city}政务服务平台自动发出，请不要回复。\n在“消息设置”里可以停收。\n"
    return f"【{city}】{title}", f"{title}。\n\n详情请登录后查看：{url}\n\n{end}"


def compose_code(city: str, code: str) -> tuple[str, str]:
    """Return subject and text of the mail that carries a code."""
    return f"【{city}】邮箱确认码", f"确认码：{code}\n\n24 小时内填到“消息设置”里。不是您本人操作的，不用理会。\n"


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
