"""Signed notes and checkpoints. Sources: C2SP signed-note, C2SP tlog-checkpoint.

    city.example/ledger
    1042
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    at 2026-11-24T01:02:03.000004Z

    — city.example/ledger Az3grlg…

The first line names the log, then come its size, its root and one extension line: when it was signed. A signature is
over all lines up to the blank one; it is preceded by four bytes that tell keys of one name apart.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shuzheng.base.ledger.errors import NoteInvalid
from shuzheng.base.ledger.rules.merkle import HASH_BYTES

_ED25519: Final = b"\x01"
_BODY: Final = re.compile(r"([^\s+]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\nat (\S{27})\n")
_SIGNATURE: Final = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True)
class CheckpointBody:
    """What a checkpoint states; `at` is the leaf form of an instant."""

    origin: str
    size: int
    root_hash: bytes
    at: str


def key_id(name: str, public_key: Ed25519PublicKey) -> bytes:
    """Return the four bytes before a signature of this key under this name."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key.public_bytes_raw()).digest()[:4]


def sign_checkpoint(body: CheckpointBody, key: Ed25519PrivateKey) -> str:
    """Return the signed note."""
    root = base64.b64encode(body.root_hash).decode()
    text = f"{body.origin}\n{body.size}\n{root}\nat {body.at}\n"
    signature = key_id(body.origin, key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {body.origin} {base64.b64encode(signature).decode()}\n"


def open_checkpoint(note: str, public_key: Ed25519PublicKey) -> CheckpointBody:
    """Return what a note states once its signature under its own origin is checked; other signatures are left aside.

    Raises:
        NoteInvalid: Not a checkpoint, or not signed by this key.
    """
    text, separator, signatures = note.rpartition("\n\n")
    text += "\n"
    found = _BODY.fullmatch(text)
    if not separator or found is None or not signatures.endswith("\n"):
        raise NoteInvalid
    body = CheckpointBody(found[1], int(found[2]), base64.b64decode(found[3]), found[4])
    if len(body.root_hash) != HASH_BYTES:
        raise NoteInvalid
    _check_signature(text.encode(), signatures, body.origin, public_key)
    return body


def _check_signature(text: bytes, signatures: str, name: str, public_key: Ed25519PublicKey) -> None:
    expected = key_id(name, public_key)
    for line in signatures.removesuffix("\n").split("\n"):
        found = _SIGNATURE.fullmatch(line)
        if found is None:
            raise NoteInvalid
        try:
            signature = base64.b64decode(found[2], validate=True)
            if found[1] == name and signature[:4] == expected:
                public_key.verify(signature[4:], text)
                return
        except (binascii.Error, InvalidSignature):
            raise NoteInvalid from None
    raise NoteInvalid
