"""The format of a pack: which files, columns and tables there are. One declaration for checking and for the reference.

`kinds.py` says how a file or column is declared; the other files declare, by the room that reads them.
"""

from shuzheng.packs.format.benefits import BENEFITS
from shuzheng.packs.format.cases import CASES
from shuzheng.packs.format.credentials import CREDENTIALS
from shuzheng.packs.format.directory import DIRECTORY
from shuzheng.packs.format.items import ITEMS
from shuzheng.packs.format.kinds import FileFormat
from shuzheng.packs.format.lake import LAKE
from shuzheng.packs.format.pack import PACK
from shuzheng.packs.format.rulebook import RULES
from shuzheng.packs.format.search import SEARCH_WORDS

__all__ = [
    "BENEFITS",
    "CASES",
    "CREDENTIALS",
    "DIRECTORY",
    "FORMAT",
    "ITEMS",
    "LAKE",
    "PACK",
    "RULES",
    "SEARCH_WORDS",
    "find_format",
]

FORMAT: tuple[FileFormat, ...] = (
    *PACK,
    *DIRECTORY,
    *CASES,
    *CREDENTIALS,
    *RULES,
    *ITEMS,
    SEARCH_WORDS,
    *BENEFITS,
    *LAKE,
)
"""Every file of a pack, in the order of loading."""


def find_format(file: str) -> FileFormat | None:
    """Return the declaration of a file of a pack, None when the format does not know it."""
    return next((f for f in FORMAT if f.matches(file)), None)
