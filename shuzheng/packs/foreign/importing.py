"""From a foreign list to the files of a pack, with a report on every row."""

import csv
import io
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from shuzheng.packs.errors import ListFormatUnknown, ListUnreadable, WouldReplaceItems
from shuzheng.packs.foreign import guangdong, sichuan
from shuzheng.packs.foreign.folding import fold, give_codes
from shuzheng.packs.foreign.types import Findings, ImportReport, Shape
from shuzheng.packs.foreign.writing import DEFAULTS, pack_files
from shuzheng.packs.rules.text import read_text

SHAPES: Final[tuple[Shape, ...]] = (guangdong, sichuan)
AUTO: Final = "auto"
VOCABULARIES: Final = ("department", "theme")
"""Lists of known words that may lie beside the file, `<name>.txt`, one a line."""
LIMIT_MB: Final = 64


def import_items(file: Path, to: Path, *, shape: str = AUTO, replace: bool = False) -> ImportReport:
    """Write the items of a foreign list into the folder of a pack and report on every row.

    Importing again gives each row the code it was given before. The report says what was filled in.

    Args:
        file: The list.
        to: Folder of the pack; made when it is not there.
        shape: Name of a shape, or `auto`.
        replace: Replace files that are there.

    Raises:
        ListUnreadable: No such file, too large, or no text.
        ListFormatUnknown: It has none of the shapes.
        WouldReplaceItems: The folder has such files; nothing was written.
    """
    text = _text(file)
    chosen = _shape(shape, text)
    found = chosen.read(text, _vocabularies(file.parent))
    known = _given_before(to)
    rows = list(give_codes(found.items, known))
    items = fold(rows, found.remarks)
    texts, counts = pack_files(items)
    there = [name for name in texts if (to / name).exists()]
    if there and not replace:
        raise WouldReplaceItems(folder=to.name, files="、".join(there))
    to.mkdir(parents=True, exist_ok=True)
    for name, content in texts.items():
        _write(to / name, content)
    given = sum(1 for before in found.items if not before.basic_code)
    return _report(file, chosen.NAME, found, counts, given)


def _report(file: Path, shape: str, found: Findings, counts: Mapping[str, int], given: int) -> ImportReport:
    bodies = Counter((row.department, row.body_code) for row in found.items)
    return ImportReport(
        file=file.name,
        format=shape,
        read=found.read,
        imported=len(found.items),
        not_understood=tuple(found.refused),
        remarks=tuple(sorted(found.remarks, key=lambda r: r.line)),
        unknown_columns=tuple(found.unknown),
        unused_columns=tuple(found.unused),
        written=counts,
        defaults=DEFAULTS,
        bodies=tuple((name, code, rows) for (name, code), rows in bodies.most_common()),
        codes_given=given,
    )


def _text(file: Path) -> str:
    if not file.is_file():
        raise ListUnreadable(file=file.name, why="没有这个文件")
    if file.stat().st_size > LIMIT_MB * 1024 * 1024:
        raise ListUnreadable(file=file.name, why=f"超过 {LIMIT_MB} MB")
    text, faults = read_text(file.name, file.read_bytes())
    if faults:
        raise ListUnreadable(file=file.name, why=f"第 {faults[0].line} 行，{faults[0].what}")
    return text


def _shape(name: str, text: str) -> Shape:
    first = next((line for line in text.split("\n") if line.strip()), "")
    for shape in SHAPES:
        if name == shape.NAME or (name == AUTO and shape.fits(first)):
            return shape
    raise ListFormatUnknown(formats="、".join(shape.NAME for shape in SHAPES))


def _vocabularies(folder: Path) -> dict[str, frozenset[str]]:
    found = {}
    for name in VOCABULARIES:
        file = folder / f"{name}.txt"
        if file.is_file():
            text, faults = read_text(file.name, file.read_bytes())
            if not faults:
                found[name] = frozenset(word.strip() for word in text.split("\n") if word.strip())
    return found


def _given_before(folder: Path) -> dict[str, str]:
    """Return the codes given at an earlier import by the code in the list."""
    file = folder / "items.csv"
    if not file.is_file():
        return {}
    text, _ = read_text(file.name, file.read_bytes())
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return {row["source_code"]: row["basic_code"] for row in rows if row.get("source_code") and row.get("basic_code")}


def _write(file: Path, content: str) -> None:
    """Put the content in place as a whole."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(content, "utf-8", newline="\n")
    os.replace(beside, file)
