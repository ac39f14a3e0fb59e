"""Key material: made once at set-up with mode 0600, read by name, never in the repository or the database.

| name | what | used by |
|---|---|---|
| `django` | secret for sessions and CSRF, text | Django |
| `seal` | JSON key ring `{"active": "1", "keys": {"1": base64 of 32 bytes}}`, AES-256-GCM | personal data at rest |
| `index` | 32 bytes, HMAC-SHA-256; never changed | pseudonyms, digests, hashes of addresses |
| `blind` | JSON key ring; until its first change the file is missing and `index` the key | blind indexes |
| `ledger` | Ed25519 private key, PKCS 8 PEM | checkpoints of the ledger |
| `licences` | Ed25519 private key, PKCS 8 PEM | licence codes |
| `oidc` | RSA 3072 private key, PKCS 8 PEM (RS256: every relying party checks it) | tokens of the sign-in service |
"""

import base64
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def _ed25519() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _rsa() -> bytes:
    key = generate_private_key(public_exponent=65537, key_size=3072)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _ring() -> bytes:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return json.dumps({"active": "1", "keys": {"1": key}}).encode()


MAKERS: dict[str, Callable[[], bytes]] = {
    "django": lambda: secrets.token_urlsafe(50).encode(),
    "seal": _ring,
    "index": lambda: secrets.token_bytes(32),
    "ledger": _ed25519,
    "licences": _ed25519,
    "oidc": _rsa,
}


def ensure_keys(folder: Path) -> list[str]:
    """Make the keys that are missing; return their names. Safe to repeat and to interrupt."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    for name, make in MAKERS.items():
        target = folder / name
        if target.exists():
            continue
        draft = folder / f".{name}.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(make())
            out.flush()
            os.fsync(out.fileno())
        draft.rename(target)
        made.append(name)
    return made


def key_reader(folder: Path) -> Callable[[str], bytes]:
    """Return a reader of key material by name; a file is read again when it was replaced, as `rotate-keys` does."""
    cache: dict[str, tuple[tuple[int, int], bytes]] = {}

    def read(name: str) -> bytes:
        file = folder / name
        if name == "blind" and not file.exists():
            file = folder / "index"
        found = file.stat()
        stamp = (found.st_mtime_ns, found.st_ino)
        known = cache.get(name)
        if known is None or known[0] != stamp:
            known = cache[name] = (stamp, file.read_bytes())
        return known[1]

    return read
