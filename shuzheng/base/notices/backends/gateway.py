"""Text messages through an HTTP gateway.

    POST <url>
    Content-Type: application/json
    Idempotency-Key: <message id>        the same for every attempt
    X-Timestamp: <Unix seconds>
    X-Signature: HMAC-SHA-256(key, timestamp "." body), hexadecimal

    {"id": "…", "to": "138…", "text": "【…】…"}

2xx with `{"ref": "…"}` or 409 (known already): taken. 400, 404, 410, 422: will never go. Everything else, and no
answer within ten seconds: try again. A gateway of another shape gets a few lines of adapter in front of it.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override

from shuzheng.base.kernel import clock
from shuzheng.base.notices.errors import ChannelDown, MessageRefused
from shuzheng.base.notices.rules import sign
from shuzheng.base.notices.types import ChannelPort, Message

TIMEOUT_SECONDS: Final = 10
_NEVER: Final = frozenset({400, 404, 410, 422})
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry a mobile number elsewhere: it is an error."""

    @override
    def redirect_request(self, *_: object, **__: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class GatewayChannel(ChannelPort):
    """Posts signed requests to one address.

    Attributes:
        url: https, or http on this machine.
        read_key: Returns the key shared with the gateway.
    """

    url: str
    read_key: Callable[[], bytes] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse to send numbers in the clear over a network."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("the SMS gateway's address must begin with https://")

    @override
    def send(self, message: Message) -> str:
        said = {"id": str(message.id), "to": message.to, "text": message.text}
        body = json.dumps(said, ensure_ascii=False).encode()
        stamp = str(int(clock.now().timestamp()))
        request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
            self.url,
            data=body,
            method="POST",
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": str(message.id),
                "X-Timestamp": stamp,
                "X-Signature": sign(self.read_key(), stamp, body),
            },
        )
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return _ref_of(answer.read(4096), message)
        except urllib.error.HTTPError as refusal:
            if refusal.code == HTTPStatus.CONFLICT:
                return str(message.id)
            raise (MessageRefused if refusal.code in _NEVER else ChannelDown) from None
        except OSError:
            raise ChannelDown from None


def _ref_of(body: bytes, message: Message) -> str:
    """Return the gateway's reference; our own id when it gives none."""
    try:
        answer = json.loads(body)
    except ValueError:
        return str(message.id)
    ref = answer.get("ref") if isinstance(answer, dict) else None
    return str(ref or message.id)
