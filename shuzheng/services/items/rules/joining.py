"""Which composite services (一件事) a question is about.

They are few, so they are read whole rather than indexed. One fits by its name; where none does, by its summary, then by
the items it joins in every case, each only if that tells few of them: "补贴" stands in many summaries and says nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from shuzheng.base.kernel.fold import fold
from shuzheng.services.items.rules.composites import CompositeView
from shuzheng.services.items.rules.matching import Match, holds, terms_of_entry
from shuzheng.services.items.rules.question import Question, strict_match
from shuzheng.services.items.rules.ranking import Entry, entry_name, rank_entry

SHOWN_MOST: Final = 3
FEW: Final = 2
"""Composite services found only by their summary or by what they join: more than these say nothing."""
NAME_POINTS: Final = 2_700
"""A summary gives fewer."""
KIND: Final = "一件事"
"""Who asks for these words asks for all of them."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A composite service as search sees it.

    Attributes:
        own: Terms of its name and summary.
        joined: Terms of the names of the items it joins in every case, and their codes.
    """

    entry: Entry
    own: frozenset[str]
    joined: frozenset[str]


def read_joined(view: CompositeView) -> Joined:
    """Return what search keeps of a composite service."""
    bare, initials, sounds = entry_name(view.name)
    entry = Entry(view.code, fold(view.name), bare, initials, sounds, fold(view.summary), has_form=False)
    always = [item for item in view.items if not item.when]
    names = "\n".join(item.name for item in always)
    return Joined(
        entry,
        own=frozenset(terms_of_entry(view.code, view.name, view.summary)),
        joined=frozenset([*terms_of_entry(view.code, "", names), *(str(item.item) for item in always)]),
    )


def find_joined(question: Question, services: Iterable[Joined]) -> tuple[str, ...]:
    """Return the codes of composite services that fit, the best first."""
    match = strict_match(question)
    if match is None:
        return ()
    known = list(services)
    points = _points(question, match, known)
    named = [code for code, worth in points if worth >= NAME_POINTS]
    if named:
        return tuple(named if KIND in question.whole else named[:SHOWN_MOST])
    found = [code for code, _worth in points] or [one.entry.code for one in known if holds(match, one.joined)]
    return tuple(found) if len(found) <= FEW else ()


def _points(question: Question, match: Match, services: Sequence[Joined]) -> list[tuple[str, int]]:
    """Return codes with points of those whose name and summary hold what is asked, the best first."""
    found = []
    for one in services:
        if holds(match, one.own):
            rank = rank_entry(one.entry, question)
            if not rank.papers_only:
                found.append((one.entry.code, rank.points))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
