"""Codes of licences: making and reading one, and the whole public check; against the bare signature.

Peer: Ed25519 over bytes as long as the code's payload, which is what no code can be faster than.
"""

from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.frame import Outcome, Say, quantile, scratch_database, time_pairs
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.config.configuration import build_dir
from shuzheng.engines.credentials.actions import verify_code
from shuzheng.engines.credentials.models import Licence
from shuzheng.engines.credentials.queries.sealing import public_keys, signing_key
from shuzheng.engines.credentials.rules.codes import presentation_claims, read_code, write_code
from shuzheng.engines.credentials.types import VerdictState
from shuzheng.packs.actions import load_pack

KEYS: Final = ("ratio_raw_signature", "verify_ms", "gate_cpu_ms", "import_1m_seconds")
AT: Final = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CODES: Final = 500
PAYLOAD_BYTES: Final = 68
"""Signed bytes of a presentation: claims with the COSE frame around them."""


def run(scale: float, say: Say) -> Outcome:
    """Make and read codes, check them as the public does."""
    count = max(20, int(CODES * min(1.0, scale)))
    outcome = Outcome(work={"scale": scale, "codes": count}, peers=("cryptography", "cbor2", "base45"))
    with scratch_database():
        load_pack(build_dir("packs") / "template", actor=SYSTEM, at=AT)
        say("codes beside bare signatures")
        pairs = time_pairs(lambda: _codes(count), lambda: _signatures(count))
        outcome.figures |= pairs.figures("ratio_raw_signature")
        outcome.figures["codes_per_second"] = count / pairs.seconds
        say("public checks")
        _check(count, outcome)
    outcome.notes.append("ratio_raw_signature: sign and verify once each, with CBOR, COSE and base45 on our side only")
    outcome.notes.append("gate_cpu_ms and import_1m_seconds: there is no gate and no bulk import to measure yet")
    return outcome


def _codes(count: int) -> None:
    key, keys = signing_key(), public_keys()
    for number in range(count):
        read_code(write_code(presentation_claims(UUID(int=number), at=AT), key), keys)


def _signatures(count: int) -> None:
    key = signing_key()
    public = key.public_key()
    for number in range(count):
        message = number.to_bytes(PAYLOAD_BYTES, "big")
        public.verify(key.sign(message), message)


def _check(count: int, outcome: Outcome) -> None:
    licences = list(Licence.objects.values_list("public_id", flat=True))
    key: Ed25519PrivateKey = signing_key()
    taken = []
    for number in range(count):
        code = write_code(presentation_claims(licences[number % len(licences)], at=AT), key)
        began = perf_counter()
        verdict = verify_code(code, at=AT + timedelta(seconds=1))
        taken.append(1000 * (perf_counter() - began))
        if verdict.state in {VerdictState.FORGED, VerdictState.DAMAGED, VerdictState.UNKNOWN}:
            raise AssertionError(f"our own code is {verdict.state}")
    outcome.figures |= {"verify_ms": quantile(taken, 50), "verify_p95_ms": quantile(taken, 95)}
