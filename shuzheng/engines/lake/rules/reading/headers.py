"""Which column of a source is which column of the table, whatever their order; and what it means when they differ."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.errors import HeaderInvalid
from shuzheng.engines.lake.types.gathering import Drift, Source
from shuzheng.engines.lake.types.tables import Table


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a source beside those of its table.

    Attributes:
        names: Of the source, in its order.
        places: Column of the table → place in `names`.
    """

    names: tuple[str, ...]
    places: Mapping[str, int]


def match_header(names: Sequence[str], table: Table, source: Source) -> Header:
    """Return where each column of the table stands.

    Raises:
        HeaderInvalid: A name stands twice, or columns are missing or new and the source says that this is refused.
    """
    cleaned = tuple(map(clean_name, names))
    if twice := sorted(name for name, count in Counter(filter(None, cleaned)).items() if count > 1):
        raise HeaderInvalid(source=source.code, what=said("表头重复：{names}", names="、".join(twice)))
    where = {name: place for place, name in enumerate(cleaned) if name}
    places: dict[str, int] = {}
    for column in table.columns:
        mapped = source.mapping.get(column.name)
        wanted = (mapped,) if mapped else (column.name, column.label)
        found = next((where[name] for name in map(clean_name, wanted) if name in where), None)
        if found is not None:
            places[column.name] = found
    _refuse_missing(places, table, source)
    if source.new_columns is Drift.REFUSE:
        used = {*places.values(), where.get(clean_name(source.watermark))}
        if new := [name for place, name in enumerate(cleaned) if place not in used]:
            raise HeaderInvalid(source=source.code, what=said("多出的列：{names}", names="、".join(new)))
    return Header(cleaned, places)


def _refuse_missing(places: Mapping[str, int], table: Table, source: Source) -> None:
    """Refuse what cannot be done without: of a column that is required every row would be bad."""
    missing = [
        column.label
        for column in table.columns
        if column.name not in places and (column.required or source.missing_columns is Drift.REFUSE)
    ]
    if missing:
        raise HeaderInvalid(source=source.code, what=said("缺少的列：{names}", names="、".join(missing)))


def clean_name(name: str) -> str:
    """Return a header as it is compared: compatible forms as one, no blanks at the ends, no mark of byte order.

    Example:
        >>> clean_name(" ＩＤ＿ＮＯ　")
        'ID_NO'
    """
    return unicodedata.normalize("NFKC", name).strip(" \t\r\n\u3000\ufeff")
