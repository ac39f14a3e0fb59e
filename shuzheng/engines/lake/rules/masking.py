"""What each mask leaves of a value: said once, written for Python, DuckDB and Spark, the same answer from all three.

A mask never changes the type of a column and NULL stays NULL, so whatever reads a column reads a masked one too.

| mask | of | leaves |
|---|---|---|
| KEEP_ENDS | text | by length alone: 1 nothing · 2 the first · 3-6 first and last · 7-10 two and two · 11-13 three and four (mobile) · 14 and more four and four (identity number, bank card, unified social credit code); `*` for each other character |
| HASH | text | SHA-256(outer key, SHA-256(inner key, text)), 64 hexadecimal digits: equal texts stay equal |
| GENERALISE | date, moment | the first of its year; of a moment the year in UTC |
| | number | its leading digit: 8512.34 → 8000, -42 → -40, below ten → 0 |
| | text | an address up to the county, else city, else province; `***` where none is named |
| DROP | all | NULL |

What names the county is the first 县, 旗 or 区 among the first 24 characters that is not the end of a word for something
else (小区, 园区, 自治区, …).

Source: GB/T 37964-2019 (de-identification), GB/T 35273-2020 6.3; FIPS 180-4 (SHA-256).
"""  # noqa: E501 - a table

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from shuzheng.engines.lake.errors import TreeInvalid
from shuzheng.engines.lake.rules.arrow import arrow_type
from shuzheng.engines.lake.rules.dialects import Dialect
from shuzheng.engines.lake.types.tables import Column, FieldKind, Mask

MASKABLE: Final[Mapping[Mask, frozenset[FieldKind]]] = {
    Mask.NONE: frozenset(FieldKind),
    Mask.KEEP_ENDS: frozenset({FieldKind.TEXT}),
    Mask.HASH: frozenset({FieldKind.TEXT}),
    Mask.GENERALISE: frozenset(FieldKind) - {FieldKind.BOOLEAN},
    Mask.DROP: frozenset(FieldKind),
}
"""Which kinds a mask can be put on."""
ENDS: Final = ((14, 4, 4), (11, 3, 4), (7, 2, 2), (3, 1, 1), (2, 1, 0), (1, 0, 0))
"""From this length on, so many characters are kept at the beginning and at the end."""
HIDDEN: Final = "***"
"""An address that names no county, city or province."""
_LOOKED_AT: Final = 24
_BEFORE: Final = "小社园治发街校厂片景库"
_NOT_COUNTIES: Final = tuple(one + "区" for one in _BEFORE)
_NOTHING: Final = "##"
_COUNTIES: Final = "县旗区"
_NONE: Final = f"[^{_COUNTIES}]"
_CLEAR: Final = f"^{_NONE}{{0,{_LOOKED_AT - 2}}}(?:[^{_COUNTIES}{_BEFORE}][{_COUNTIES}]|[{_BEFORE}][县旗])"
"""Up to the first 县, 旗 or 区 near enough, where that ends the name."""
_PASSED: Final = f"(?:[{_BEFORE}]*[^{_COUNTIES}{_BEFORE}]|[{_BEFORE}]+区)"
_COUNTY: Final = f"^(?:{_PASSED}+[{_COUNTIES}]|{_PASSED}*[{_BEFORE}]+[县旗])"
"""Up to the first that ends the name, passing over each 区 of another word.

Both begin at the beginning and look neither around nor back, so every engine reads them alike and in one pass; there is
no backslash in them, so every engine's quoting leaves them as they stand.
"""
_COARSER: Final = (("市", 1), ("自治区", 3), ("省", 1))
"""Looked for in this order where no county is named; with the characters of the word."""


def check_mask(column: Column, mask: Mask) -> None:
    """Refuse a mask that a column's kind does not have.

    Raises:
        TreeInvalid: Such as KEEP_ENDS of a date.
    """
    if column.kind not in MASKABLE[mask]:
        raise TreeInvalid(why=f"{column.kind} 列 {column.name} 不能用 {mask} 脱敏")


def hash_keys(key: bytes) -> tuple[str, str]:
    """Return the inner and the outer key of HASH, made from one key, as hexadecimal text."""
    inner, outer = (hmac.new(key, name, hashlib.sha256).hexdigest() for name in (b"lake.inner", b"lake.outer"))
    return inner, outer


def make_mask(column: Column, mask: Mask, *, hash_key: bytes) -> Callable[[Any], Any]:
    """Return the function that masks one value of a column in Python; None gives None.

    Raises:
        TreeInvalid: See `check_mask`.
    """
    check_mask(column, mask)
    if mask is Mask.NONE:
        return lambda value: value
    if mask is Mask.DROP:
        return lambda _value: None
    left = _left_by(column, mask, hash_key)
    return lambda value: None if value is None else left(value)


def _left_by(column: Column, mask: Mask, hash_key: bytes) -> Callable[[Any], Any]:
    if mask is Mask.KEEP_ENDS:
        return keep_ends
    if mask is Mask.HASH:
        inner, outer = hash_keys(hash_key)
        return lambda text: _digest(outer + _digest(inner + text))
    if column.kind is FieldKind.TEXT:
        return county_of
    if column.kind is FieldKind.DATE:
        return lambda day: date(day.year, 1, 1)
    if column.kind is FieldKind.MOMENT:
        return lambda moment: datetime(moment.astimezone(UTC).year, 1, 1, tzinfo=UTC)
    return _whole_band if pa.types.is_integer(arrow_type(column)) else _band


def keep_ends(text: str) -> str:
    """Return a text with its middle hidden, see the table above.

    >>> keep_ends("341502199003079916"), keep_ends("19912340001"), keep_ends("张三丰"), keep_ends("张三")
    ('3415**********9916', '199****0001', '张*丰', '张*')
    """
    length = len(text)
    for least, first, last in ENDS:
        if length >= least:
            return text[:first] + "*" * (length - first - last) + text[length - last :]
    return text


def county_of(text: str) -> str:
    """Return what an address says down to its county.

    >>> county_of("甲省乙市丙区阳光小区3栋"), county_of("丁市阳光小区"), county_of("阳光小区")
    ('甲省乙市丙区', '丁市', '***')
    """
    head = text[:_LOOKED_AT]
    plain = head
    for word in _NOT_COUNTIES:
        plain = plain.replace(word, _NOTHING)
    place = min((at for letter in _COUNTIES if (at := plain.find(letter)) >= 0), default=0)
    if place > 0:
        return text[: place + 1]
    for word, length in _COARSER:
        if (place := head.find(word)) > 0:
            return text[: place + length]
    return HIDDEN


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _whole_band(value: int | Decimal) -> int:
    digits = str(abs(int(value)))
    band = 0 if len(digits) == 1 else int(digits[0]) * 10 ** (len(digits) - 1)
    return -band if value < 0 else band


def _band(value: int | Decimal) -> Decimal:
    return Decimal(_whole_band(value))


def mask_sql(column: Column, mask: Mask, value: str, dialect: Dialect, *, hash_key: bytes) -> str:
    """Return the SQL of a masked value, of the column's own type.

    Args:
        column: Its definition.
        mask: What to leave.
        value: SQL of the value; a name rather than a computation, for it is written more than once.
        dialect: Of which engine.
        hash_key: Key of HASH. What is derived of it stands in the SQL: never log or show that.

    Raises:
        TreeInvalid: See `check_mask`.
    """
    check_mask(column, mask)
    if mask is Mask.NONE:
        return value
    if mask is Mask.DROP:
        return dialect.typed("NULL", arrow_type(column))
    if mask is Mask.KEEP_ENDS:
        return _ends_sql(value)
    if mask is Mask.HASH:
        inner, outer = (dialect.quote_text(key) for key in hash_keys(hash_key))
        return dialect.sha256(f"({outer} || {dialect.sha256(f'({inner} || {value})')})")
    return _general_sql(column, value, dialect)


def _ends_sql(value: str) -> str:
    branches = []
    for least, first, last in ENDS:
        parts = [f"substr({value}, 1, {first})"] if first else []
        parts.append(f"repeat('*', length({value}) - {first + last})")
        if last:
            parts.append(f"substr({value}, -{last})")
        branches.append(f"WHEN length({value}) >= {least} THEN concat({', '.join(parts)})")
    return f"(CASE {' '.join(branches)} ELSE {value} END)"


def _general_sql(column: Column, value: str, dialect: Dialect) -> str:
    if column.kind is FieldKind.TEXT:
        return _county_sql(value)
    if column.kind is FieldKind.DATE:
        return f"make_date(year({value}), 1, 1)"
    if column.kind is FieldKind.MOMENT:
        return dialect.moment(f"make_date({dialect.year(value)}, 1, 1)")
    return _band_sql(column, value, dialect)


def _county_sql(value: str) -> str:
    """Nearly every address is done by the first expression; words are looked for only where it finds nothing.

    Whatever stands in the first WHEN is worked out once by DuckDB, though it is written twice; NULL falls through it.
    """
    head = f"substr({value}, 1, {_LOOKED_AT})"
    coarser = []
    for word, length in _COARSER:
        at = f"instr({head}, '{word}')"
        coarser.append(f"WHEN {at} > 1 THEN substr({value}, 1, {at} + {length - 1})")
    otherwise = f"(CASE {' '.join(coarser)} ELSE '{HIDDEN}' END)"
    return _found_sql(value, _CLEAR, _found_sql(head, _COUNTY, otherwise))


def _found_sql(text: str, expression: str, otherwise: str) -> str:
    found = f"regexp_extract({text}, '{expression}', 0)"
    return f"(CASE WHEN {found} = '' THEN {otherwise} ELSE {found} END)"


def _band_sql(column: Column, value: str, dialect: Dialect) -> str:
    found = arrow_type(column)
    wide = pa.decimal128(19, 0) if pa.types.is_integer(found) else found
    above = pa.decimal128(max(wide.precision - wide.scale, 1), 0)
    size = dialect.size(dialect.typed(value, wide), wide.precision, wide.scale)
    digits = dialect.typed(dialect.typed(f"floor({size})", above), pa.string())
    band = dialect.typed(f"(substr({digits}, 1, 1) || repeat('0', length({digits}) - 1))", above)
    branches = (
        f"WHEN length({digits}) = 1 THEN 0",
        f"WHEN {value} < 0 THEN -{dialect.typed(band, found)}",
        f"WHEN {value} >= 0 THEN {dialect.typed(band, found)}",
    )
    return dialect.typed(f"(CASE {' '.join(branches)} END)", found)
