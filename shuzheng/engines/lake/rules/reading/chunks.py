"""Whole lines of UTF-8 to columns of text, a block at a time: what `records` reads, some hundred times faster.

Quotes of a block are judged all at once: in turn they open and close; an opening one stands behind a delimiter or the
end of a line, a closing one before one (a doubled quote closes and opens). Where that holds, the block reads as RFC
4180 means it and pyarrow takes it apart. Where it does not, the block is taken up to the record that breaks it, that
record is read by `records`, and what follows is a block again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from shuzheng.engines.lake.rules.reading.encodings import show
from shuzheng.engines.lake.rules.reading.records import MOST_LINES, read_record
from shuzheng.engines.lake.rules.reading.values import BLANKS
from shuzheng.engines.lake.types.gathering import WHOLE, Chunk, Fault

_SMALL: Final = 1 << 16
"""Behind a broken record so much is tried as a block, then twice as much each time it holds."""
_QUOTE, _CR, _LF, _BLANK = 34, 13, 10, 32
_RARE: Final = (b'"', *(blank.encode() for blank in BLANKS if blank not in " \r\n"))
"""Where one of these is in a block, its fields are looked at one by one; to look for one byte is far quicker."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What records look like."""

    columns: int
    delimiter: str = ","

    @property
    def names(self) -> list[str]:
        """Return the names of the columns of text."""
        return [f"s{place}" for place in range(self.columns)]


def read_chunk(lines: bytes, shape: Shape, first: int, *, last: bool = True) -> Chunk:
    """Return the rows and faults of the records that are complete; `bytes` says how far it read.

    Args:
        lines: UTF-8, or what `to_utf_8` left of another encoding; begins with a record.
        shape: What records look like.
        first: Number of the first record.
        last: Nothing follows; else a record that might go on is left for the next time.
    """
    tables: list[pa.Table] = []
    numbers: list[np.ndarray] = []
    faults: list[Fault] = []
    read = 0
    for piece, broken, end in _pieces(lines, shape.delimiter.encode(), last=last):
        read = end
        if broken:
            faults.append(Fault(first, "quote" if _is_text(piece) else "encoding", {WHOLE: show(piece)}))
            first += 1
            continue
        table, where, bad, count = _parse(piece, shape, first)
        tables.append(table)
        numbers.append(where)
        faults += bad
        first += count
    rows = pa.concat_tables(tables) if tables else _schema(shape).empty_table()
    where = np.concatenate(numbers) if numbers else np.empty(0, np.int64)
    trimmed = _is_trimmed(lines[:read], shape.delimiter.encode())
    return Chunk(rows, pa.array(where, pa.int64()), tuple(faults), read, trimmed)


def _is_trimmed(lines: bytes, delimiter: bytes) -> bool:
    """Tell whether it is plain at a glance that no field has a blank at an end: no quote, no blank beside an edge."""
    if delimiter.isspace() or not lines or any(one[:1] in lines and one in lines for one in _RARE):
        return False
    codes = np.frombuffer(lines, np.uint8)
    blanks = np.flatnonzero(codes == _BLANK)
    if not blanks.size:
        return True
    if blanks[0] == 0 or blanks[-1] == codes.size - 1:
        return False
    return not (_any_of(codes[blanks - 1], delimiter[0]).any() or _any_of(codes[blanks + 1], delimiter[0]).any())


def _pieces(lines: bytes, delimiter: bytes, *, last: bool) -> Iterator[tuple[bytes, bool, int]]:
    """Yield stretches whose quotes hold, between them single records whose quotes are broken; and where each ends."""
    here, size = 0, len(lines)
    while here < len(lines):
        block = lines if size >= len(lines) and not here else lines[here : here + size]
        whole = here + size >= len(lines)
        good, broken = _good_until(block, delimiter, last=last and whole)
        if good:
            here += good
            yield block[:good], False, here
        if broken:
            start = _behind_ends(lines, here)
            record = read_record(lines, start, delimiter)
            if record.end >= len(lines) and not last:
                return
            here, size = record.end, _SMALL
            yield record.text, record.fields is None, here
        elif whole:
            return
        else:
            size *= 2


def _behind_ends(lines: bytes, here: int) -> int:
    while here < len(lines) and lines[here] in (_CR, _LF):
        here += 1
    return here


def _good_until(block: bytes, delimiter: bytes, *, last: bool) -> tuple[int, bool]:
    """Return how far a block reads, cut behind a record, and whether a broken quote is what ends it.

    Args:
        block: Begins with a record.
        delimiter: Between fields.
        last: Nothing follows it.
    """
    if b'"' not in block:
        return (len(block) if last else max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1), False
    codes = np.frombuffer(block, np.uint8)
    quotes = np.flatnonzero(codes == _QUOTE)
    stop = _first_broken(codes, quotes, delimiter[0], last=last)
    if stop is None and last:
        return len(block), False
    ends = _ends(codes, quotes)
    place = ends.size if stop is None else int(np.searchsorted(ends, stop))
    return (int(ends[place - 1]) + 1 if place else 0), stop is not None


def _first_broken(codes: np.ndarray, quotes: np.ndarray, delimiter: int, *, last: bool) -> int | None:
    """Return where the first quote opens that breaks its record, None when all hold."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = codes[np.maximum(opening - 1, 0)]
    held = (opening == 0) | _any_of(before, delimiter)
    behind = codes[np.minimum(closing + 1, codes.size - 1)]
    held[: closing.size] &= ((closing == codes.size - 1) & last) | _any_of(behind, delimiter)
    if last and opening.size > closing.size:
        held[-1] = False
    broken = np.flatnonzero(~held)
    stops = [int(opening[broken[0]])] if broken.size else []
    stops += _too_long(codes, quotes)
    return min(stops, default=None)


def _too_long(codes: np.ndarray, quotes: np.ndarray) -> list[int]:
    lines = _line_ends(codes)
    within = np.searchsorted(quotes, lines)
    held, counted = np.unique(within[within % 2 == 1], return_counts=True)
    long = held[counted > MOST_LINES]
    return [int(quotes[long[0] - 1])] if long.size else []


def _any_of(codes: np.ndarray, delimiter: int) -> np.ndarray:
    found: np.ndarray = (codes == delimiter) | (codes == _LF) | (codes == _CR) | (codes == _QUOTE)
    return found


def _line_ends(codes: np.ndarray) -> np.ndarray:
    line = codes == _LF
    returns = np.flatnonzero(codes[:-1] == _CR)
    line[returns[codes[returns + 1] != _LF]] = True
    return np.flatnonzero(line)


def _ends(codes: np.ndarray, quotes: np.ndarray) -> np.ndarray:
    """Return where lines end outside quotes."""
    lines = _line_ends(codes)
    return lines[np.searchsorted(quotes, lines) % 2 == 0] if quotes.size else lines


def _parse(piece: bytes, shape: Shape, first: int) -> tuple[pa.Table, np.ndarray, list[Fault], int]:
    faults: list[Fault] = []

    def note(row: pc.InvalidRow) -> str:
        faults.append(Fault(first + row.number - 1, "columns", {WHOLE: row.text}))
        return "skip"

    try:
        table = _columns(piece, shape, pa.string(), note)
    except pa.ArrowInvalid:
        faults.clear()
        table = _columns(piece, shape, pa.binary(), note)
    count = table.num_rows + len(faults)
    where = np.arange(first, first + count, dtype=np.int64)
    if faults:
        where = np.delete(where, [fault.row - first for fault in faults])
    if shape.columns and table.num_rows and table.schema.field(0).type == pa.binary():
        table, where, stray = _decode(table, where)
        faults = sorted([*faults, *stray], key=lambda fault: fault.row)
    return table, where, faults, count


def _columns(piece: bytes, shape: Shape, kind: pa.DataType, note: object) -> pa.Table:
    if not piece.strip(b"\r\n"):
        return _schema(shape).empty_table()
    return pc.read_csv(
        pa.BufferReader(piece),
        read_options=pc.ReadOptions(use_threads=False, block_size=len(piece) + 1, column_names=shape.names),
        parse_options=pc.ParseOptions(delimiter=shape.delimiter, newlines_in_values=True, invalid_row_handler=note),
        convert_options=pc.ConvertOptions(
            column_types=dict.fromkeys(shape.names, kind), strings_can_be_null=False, check_utf8=kind == pa.string()
        ),
    )


def _schema(shape: Shape) -> pa.Schema:
    return pa.schema([pa.field(name, pa.string()) for name in shape.names])


def _decode(table: pa.Table, where: np.ndarray) -> tuple[pa.Table, np.ndarray, list[Fault]]:
    """Return what is UTF-8 as text, and the rows that are not as faults."""
    stray: set[int] = set()
    for column in table.columns:
        try:
            column.cast(pa.string())
        except pa.ArrowInvalid:
            stray.update(place for place, value in enumerate(column.to_pylist()) if not _is_text(value))
    places = sorted(stray)
    faults = [
        Fault(int(where[place]), "encoding", {WHOLE: show(_joined(row.values()))})
        for place, row in zip(places, table.take(places).to_pylist(), strict=True)
    ]
    kept = np.delete(np.arange(table.num_rows), places)
    rows = table.take(pa.array(kept)).cast(pa.schema([pa.field(name, pa.string()) for name in table.column_names]))
    return rows, where[kept], faults


def _joined(fields: Iterable[bytes]) -> bytes:
    return b",".join(fields)


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
