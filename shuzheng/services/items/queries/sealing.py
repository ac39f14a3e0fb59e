"""Seal and open what applicants typed, with the keys of this installation, bound to its row."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings

from shuzheng.base.kernel.seal import seal, unseal
from shuzheng.services.items.rules.stored import dump_answers, load_answers
from shuzheng.services.items.types import Answer


def seal_bytes(place: str, owner: UUID, plain: bytes) -> bytes:
    """Return sealed bytes, bound to a place such as `draft.answers` and a row; empty stays empty."""
    return seal(settings.SHUZHENG.read_key("seal"), plain, f"items.{place}:{owner}") if plain else b""


def open_bytes(place: str, owner: UUID, sealed: bytes | memoryview) -> bytes:
    """Return what `seal_bytes` sealed.

    Raises:
        SealBroken: Changed by hand, moved to another row, or the key is gone.
    """
    return unseal(settings.SHUZHENG.read_key("seal"), bytes(sealed), f"items.{place}:{owner}") if sealed else b""


def seal_answers(place: str, owner: UUID, answers: Mapping[str, Answer]) -> bytes:
    """Return all answers of a form, sealed as a whole."""
    return seal_bytes(place, owner, dump_answers(answers))


def open_answers(place: str, owner: UUID, sealed: bytes | memoryview) -> dict[str, Answer]:
    """Return the answers `seal_answers` sealed."""
    return load_answers(open_bytes(place, owner, sealed))
