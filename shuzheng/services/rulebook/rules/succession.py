"""Which edition follows which, when a book is loaded again; pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuzheng.base.kernel.types import JsonObject
from shuzheng.services.rulebook.rules.sheets import digest_of
from shuzheng.services.rulebook.types import NewRule


class Step(StrEnum):
    """What loading does with one rule."""

    KEEP = "keep"
    ADD = "add"
    SUCCEED = "succeed"
    HOLD = "hold"
    """The pack's text is kept, not put in force: what was approved on line stands."""
    AGREE = "agree"
    """As HOLD, and the pack now says what is in force."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the book holds of a rule.

    Attributes:
        edition: The highest number given, held ones too.
        words_digest: Of the last edition that is or was in force.
        online: That edition was made on line.
        ended: The pack ended it.
        pack_digest: Of what the pack said last.
    """

    edition: int
    words_digest: str
    online: bool
    ended: bool
    pack_digest: str


def _words_of(rule: NewRule) -> JsonObject:
    return {
        "kind": str(rule.kind),
        "label": rule.label,
        "text": rule.text,
        "failure": rule.failure,
        "source": rule.source,
    }


def digest_of_words(rule: NewRule) -> str:
    """Return the digest of what a rule means to its readers."""
    return digest_of(_words_of(rule))


def digest_of_rule(rule: NewRule, sheet_digest: str) -> str:
    """Return the digest of everything that makes an edition another one; a day the pack leaves open is not part."""
    return digest_of(
        {
            **_words_of(rule),
            "sheet": rule.sheet,
            "facts": sheet_digest,
            "source_url": rule.source_url,
            "valid_from": None if rule.valid_from is None else rule.valid_from.isoformat(),
            "valid_to": None if rule.valid_to is None else rule.valid_to.isoformat(),
            "tests": rule.tests,
            "position": rule.position,
            "department": rule.department,
        }
    )


def step_of(known: Known | None, digest: str, words_digest: str) -> Step:
    """Return what to do with a rule of a pack.

    Args:
        known: What the book holds; None for a new rule.
        digest: Of the pack's rule now.
        words_digest: Of what it means.
    """
    if known is None:
        return Step.ADD
    if digest == known.pack_digest and not known.ended:
        return Step.KEEP
    if known.ended or not known.online:
        return Step.SUCCEED
    return Step.AGREE if words_digest == known.words_digest else Step.HOLD


def begins_on(rule: NewRule, day: date, *, first: bool) -> date:
    """Return the first day of an edition.

    A successor never begins before the day it is published; one whose own end has passed was never in force.
    """
    wanted = rule.valid_from or day
    begins = wanted if first else max(wanted, day)
    return begins if rule.valid_to is None else min(begins, rule.valid_to)
