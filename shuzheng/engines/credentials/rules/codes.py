"""The code as text: claims in CBOR, signed, in base45, fit for a QR code and a URL fragment.

    SZ1:<base45 of COSE_Sign1>            `1` is the version of this format

Claims are a map with small keys; 4, 6 and 7 mean what they mean in a CWT (RFC 8392):

| key | claim | sheet | presentation |
|---|---|---|---|
| 1 | kind | 0 | 1 |
| 2 | licence, 16 bytes | yes | yes |
| 4 | exp, seconds since 1970 | | yes |
| 6 | iat, seconds since 1970 | | yes |
| 7 | nonce, 8 bytes | | yes |

base45 uses space and `%`, which a URL cannot carry: they are written `%20` and `%25`, whose characters all belong to
the QR's alphanumeric alphabet too. A reader that undid this is understood as well.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import base45
import cbor2
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shuzheng.engines.credentials.rules import cose
from shuzheng.engines.credentials.rules.cose import CodeRefused
from shuzheng.engines.credentials.types import Claims, CodeKind, VerdictState

PREFIX: Final = "SZ1:"
PRESENTATION_LIFE: Final = timedelta(minutes=5)
LONGEST: Final = 1024
"""A real code has under 250 characters; a longer text is not looked into."""
KIND, LICENCE, EXPIRES, ISSUED, NONCE = 1, 2, 4, 6, 7
NONCE_BYTES: Final = 8
_KINDS: dict[int, CodeKind] = {0: CodeKind.SHEET, 1: CodeKind.PRESENTATION}
_KEYS: dict[CodeKind, list[int]] = {
    CodeKind.SHEET: [KIND, LICENCE],
    CodeKind.PRESENTATION: [KIND, LICENCE, EXPIRES, ISSUED, NONCE],
}
_WRAP = re.compile(r"[\r\n\t]")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


def sheet_claims(licence: UUID) -> Claims:
    """Return the claims printed on a sheet."""
    return Claims(CodeKind.SHEET, licence)


def presentation_claims(licence: UUID, *, at: datetime) -> Claims:
    """Return the claims of a presentation that begins at `at` (whole seconds) and lives five minutes."""
    begin = at.astimezone(UTC).replace(microsecond=0)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Claims(CodeKind.PRESENTATION, licence, begin, begin + PRESENTATION_LIFE, nonce)


def write_code(claims: Claims, key: Ed25519PrivateKey) -> str:
    """Return the signed text of claims."""
    body: dict[int, object] = {
        KIND: next(number for number, kind in _KINDS.items() if kind is claims.kind),
        LICENCE: claims.licence.bytes,
    }
    if claims.issued_at is not None and claims.expires_at is not None:
        body |= {
            EXPIRES: int(claims.expires_at.timestamp()),
            ISSUED: int(claims.issued_at.timestamp()),
            NONCE: claims.nonce,
        }
    return _to_text(cose.sign(cbor2.dumps(body, canonical=True), key))


def read_code(text: str, keys: Mapping[bytes, Ed25519PublicKey]) -> Claims:
    """Return the claims of a code or of a URL with a code as its fragment.

    Args:
        text: Anything at all.
        keys: Public keys in use, by key id.

    Raises:
        CodeRefused: DAMAGED or FORGED; nothing else ever.
    """
    problem = VerdictState.DAMAGED
    for message in _messages(text):
        try:
            return _read_claims(cose.open_signed(message, keys))
        except CodeRefused as refused:
            if refused.state is VerdictState.FORGED:
                problem = refused.state
    raise CodeRefused(problem)


def verify_url(public_url: str, code: str) -> str:
    """Return the address a QR code holds."""
    return f"{public_url}/verify/#{code}"


def make_qr(text: str) -> segno.QRCode:
    """Return the QR symbol of an address or a code at error correction M or better.

    The code is set in the alphanumeric mode, what stands before it in bytes: 40 percent smaller than all in bytes.
    """
    before, mark, code = text.partition(PREFIX)
    if not mark:
        return segno.make_qr(text, error="m")
    # The encoder takes a list of segments, each in its own mode; segno's annotation of `make_qr` leaves that out.
    return segno.make_qr([before, mark + code] if before else mark + code, error="m")  # type: ignore[arg-type]


def _to_text(message: bytes) -> str:
    code: str = base45.b45encode(message).decode("ascii")
    return PREFIX + code.replace("%", "%25").replace(" ", "%20")


def _messages(text: str) -> list[bytes]:
    """Return the byte strings a text may stand for: read as it should be written, and as a scanner may undo it."""
    if len(text) > LONGEST:
        return []
    code = _WRAP.sub("", text).strip()
    if _SCHEME.match(code):
        code = _fragment(code)
    code = code.removeprefix("#")
    if not code.startswith(PREFIX):
        return []
    body = code.removeprefix(PREFIX)
    readings = dict.fromkeys((body.replace("%20", " ").replace("%25", "%"), body))
    return [message for reading in readings if (message := _from_base45(reading)) is not None]


def _fragment(url: str) -> str:
    try:
        return urlsplit(url).fragment
    except ValueError:
        return ""


def _from_base45(text: str) -> bytes | None:
    try:
        message = base45.b45decode(text)
    except ValueError:
        return None
    return message if base45.b45encode(message).decode("ascii") == text else None


def _read_claims(payload: bytes) -> Claims:
    """Return the claims of a payload whose signature is ours; whatever else we signed once is not a code."""
    try:
        body = cbor2.loads(payload)
        if not isinstance(body, dict) or cbor2.dumps(body, canonical=True) != payload:
            raise CodeRefused(VerdictState.DAMAGED)
        return _claims_of(body)
    except (cbor2.CBORError, ValueError, TypeError, KeyError, OverflowError, OSError):
        raise CodeRefused(VerdictState.DAMAGED) from None


def _claims_of(body: dict[int, object]) -> Claims:
    number, licence = body[KIND], body[LICENCE]
    kind = _KINDS[number] if isinstance(number, int) else None
    if kind is None or list(body) != _KEYS[kind] or not isinstance(licence, bytes):
        raise CodeRefused(VerdictState.DAMAGED)
    if kind is CodeKind.SHEET:
        return Claims(kind, UUID(bytes=licence))
    expires, issued, nonce = body[EXPIRES], body[ISSUED], body[NONCE]
    if not isinstance(expires, int) or not isinstance(issued, int) or not isinstance(nonce, bytes):
        raise CodeRefused(VerdictState.DAMAGED)
    return Claims(
        kind,
        UUID(bytes=licence),
        datetime.fromtimestamp(issued, UTC),
        datetime.fromtimestamp(expires, UTC),
        nonce,
    )
