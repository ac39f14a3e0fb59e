"""What search keeps of an item: the fields it is ranked by, the places it is narrowed by, and a digest of both."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.fold import fold
from shuzheng.base.kernel.types import Json
from shuzheng.services.items.rules.matching import terms_of_entry
from shuzheng.services.items.rules.ranking import entry_name
from shuzheng.services.items.rules.specs import faq_of

INDEX_VERSION: Final = 2
"""Raised when entries are made another way, so that every entry is made anew."""


@dataclass(frozen=True, slots=True)
class ItemText:
    """The texts of an item that search reads."""

    code: str
    name: str
    department: str
    theme: str
    result_name: str
    licence_type: str
    guide: Mapping[str, Json]
    materials: Sequence[Json]


@dataclass(frozen=True, slots=True)
class IndexedText:
    """What is kept of the texts."""

    name: str
    bare: str
    initials: str
    sounds: str
    about: str
    terms: tuple[str, ...]


def index_text(item: ItemText) -> IndexedText:
    """Return what search keeps of an item's texts: the name in every form, the rest as one folded text."""
    bare, initials, sounds = entry_name(item.name)
    about = [item.theme, item.department, item.result_name, item.licence_type, str(item.guide.get("scope_zh", ""))]
    about += [faq.question for faq in faq_of(item.guide)]
    papers = [str(paper.get("name", "")) for paper in item.materials if isinstance(paper, Mapping)]
    terms = terms_of_entry(item.code, item.name, "\n".join([*about, *papers]))
    return IndexedText(fold(item.name), bare, initials, sounds, "\n".join(map(fold, about)), terms)


def index_digest(item_digest: str, facts: Iterable[str]) -> str:
    """Return the digest of an entry: another one means that it must be made anew.

    Args:
        item_digest: Digest of the item's content.
        facts: What else the entry holds: places and channels.
    """
    whole: Json = [INDEX_VERSION, item_digest, *facts]
    return hashlib.sha256(canonical_json(whole)).hexdigest()
