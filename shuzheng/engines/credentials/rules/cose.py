"""COSE_Sign1 with Ed25519, as small as it gets, and strict to the byte when opening.

The protected header is exactly `{1: -8, 4: kid}` (EdDSA, key id) and the unprotected one is empty. When opening, the
only thing taken from the header is the key id; the whole frame is then written anew from that key, the payload and the
signature, and must equal what was read. So another algorithm, a doubled key, a longer length form, an extra header or
a trailing byte all fail before any signature is looked at, and no CBOR of a stranger is ever decoded.

Source: RFC 9052 section 4.2 and 4.4, RFC 9053 section 2.2.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shuzheng.engines.credentials.types import VerdictState

SIGN1: Final = 18
"""CBOR tag of COSE_Sign1."""
ALG, KID, EDDSA = 1, 4, -8
KID_BYTES: Final = 8
SIGNATURE_BYTES: Final = 64
FRAME: Final = bytes.fromhex("d284")
"""Tag 18 around an array of four: how every COSE_Sign1 begins."""


class CodeRefused(ValueError):
    """A code that is not ours or not whole; `state` is the verdict."""

    def __init__(self, state: VerdictState) -> None:
        super().__init__(state)
        self.state = state


def key_id(public: Ed25519PublicKey) -> bytes:
    """Return the first 8 bytes of SHA-256 over the raw public key."""
    return hashlib.sha256(public.public_bytes_raw()).digest()[:KID_BYTES]


def sign(payload: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the COSE_Sign1 message of a payload."""
    protected = _protected(key_id(key.public_key()))
    return _frame(protected, payload, key.sign(_to_be_signed(protected, payload)))


def open_signed(message: bytes, keys: Mapping[bytes, Ed25519PublicKey]) -> bytes:
    """Return the payload of a message signed by one of `keys` (by key id).

    Raises:
        CodeRefused: DAMAGED when it is not a whole COSE_Sign1 as `sign` writes it; FORGED when header, key or
            signature are not ours.
    """
    if not message.startswith(FRAME) or len(message) < len(FRAME) + SIGNATURE_BYTES:
        raise CodeRefused(VerdictState.DAMAGED)
    for kid, key in keys.items():
        protected = _protected(kid)
        head = FRAME + cbor2.dumps(protected, canonical=True) + b"\xa0"
        if message.startswith(head):
            payload, signature = _tail(message[len(head) :])
            return _checked(protected, payload, signature, key)
    raise CodeRefused(VerdictState.FORGED)


def _checked(protected: bytes, payload: bytes, signature: bytes, key: Ed25519PublicKey) -> bytes:
    try:
        key.verify(signature, _to_be_signed(protected, payload))
    except InvalidSignature:
        raise CodeRefused(VerdictState.FORGED) from None
    return payload


def _tail(rest: bytes) -> tuple[bytes, bytes]:
    """Split what follows the headers into payload and signature, each in its one canonical form."""
    signature = rest[-SIGNATURE_BYTES:]
    item = rest[: -(SIGNATURE_BYTES + 2)]
    for length_bytes in (1, 2, 3):
        payload = item[length_bytes:]
        if cbor2.dumps(payload) + cbor2.dumps(signature) == rest:
            return payload, signature
    raise CodeRefused(VerdictState.DAMAGED)


def _protected(kid: bytes) -> bytes:
    return cbor2.dumps({ALG: EDDSA, KID: kid}, canonical=True)


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)


def _frame(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(SIGN1, [protected, {}, payload, signature]), canonical=True)
