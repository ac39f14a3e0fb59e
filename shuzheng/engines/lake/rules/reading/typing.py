"""Columns of text to typed columns, and for each row the first reason it may not land: one pass of DuckDB SQL.

What is meant is said by `values`; here each kind first tries the form nearly every value has, and only what does not
come back from it as the same text goes the long way. The long way alone takes DuckDB longer to plan than to run, so a
chunk is first read with the short ones; only rows that these do not understand, or that may not land, are read again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from shuzheng.engines.lake.rules.reading.values import (
    BLANKS,
    CLOCK,
    DATE_FORMS,
    FALSE,
    MOMENT,
    NARROW,
    NUMBER,
    TRUE,
    WIDE,
    DateForm,
)
from shuzheng.engines.lake.types.tables import BATCH_COLUMN, LANDED_COLUMN, ROW_COLUMN, Column, FieldKind, Table
from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.duckdb import make_duckdb_sql, quote_name, quote_text

RELATION: Final = "chunk"
"""Text columns `s0` …, and `_row`."""


@dataclass(frozen=True, slots=True)
class Short:
    """The short way through a chunk.

    Attributes:
        good: Query that gives the rows whose values all have the usual forms and that may land; as `Plan.good`.
        rest: Query that gives the other rows, as they came.
    """

    good: str
    rest: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How chunks of one batch are typed.

    Attributes:
        good: Query that gives the rows that land, columns as `arrow_type` says, the lake's own behind them.
        bad: Query that gives `_row`, `_why` and the columns of text of the others.
        reasons: What `_why` counts, from 0.
        short: Of chunks whose texts are trimmed, and of others.
    """

    good: str
    bad: str
    reasons: tuple[str, ...]
    short: Mapping[bool, Short]


@dataclass(frozen=True, slots=True)
class Setting:
    """What typing needs to know beside the columns.

    Attributes:
        batch: Id, written with every row.
        at: When the batch began.
        today: For rules of quality.
        zone: Of moments without an offset.
    """

    batch: str
    at: datetime
    today: date
    zone: str
    forms: tuple[DateForm, ...] = ()


def make_plan(table: Table, places: Mapping[str, int], width: int, setting: Setting) -> Plan:
    """Return how the columns of a source become rows of its table.

    Args:
        table: Definition.
        places: Column → place among the columns of text; a column without one is NULL.
        width: How many columns of text there are.
        setting: What else matters.
    """
    names = ", ".join(quote_name(column.name) for column in table.columns)
    own = (
        f"{quote_text(setting.batch)} AS {BATCH_COLUMN}, {ROW_COLUMN}, "
        f"CAST({quote_text(setting.at.isoformat())} AS TIMESTAMPTZ) AS {LANDED_COLUMN}"
    )
    sources = ", ".join(f"s{place}" for place in range(width))

    def good(rows: str) -> str:
        return f"SELECT {names}, {own} FROM ({rows}) WHERE _why IS NULL"  # noqa: S608 - names are identifiers

    def short(way: _Way) -> Short:
        rows = _typed(table, places, setting, way)
        return Short(good(rows), f"SELECT {sources}, {ROW_COLUMN} FROM ({rows}) WHERE _why IS NOT NULL")  # noqa: S608

    rows = _typed(table, places, setting, _Way())
    return Plan(
        good=good(rows),
        bad=f"SELECT {ROW_COLUMN}, _why, {sources} FROM ({rows}) WHERE _why IS NOT NULL ORDER BY {ROW_COLUMN}",  # noqa: S608
        reasons=tuple(reason for reason, _test in _tests(table, setting)),
        short={trimmed: short(_Way(short=True, trimmed=trimmed)) for trimmed in (True, False)},
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """How values are read: in their usual forms alone; knowing that no text has blanks at its ends."""

    short: bool = False
    trimmed: bool = False


def _typed(table: Table, places: Mapping[str, int], setting: Setting, way: _Way) -> str:
    """Return the query of the chunk with typed columns, and `_why`."""
    texts, typed = [], []
    for number, column in enumerate(table.columns):
        place = places.get(column.name)
        text = "CAST(NULL AS VARCHAR)" if place is None else _clean(f"s{place}", trimmed=way.trimmed)
        texts.append(f"{text} AS t{number}")
        typed.append(f"{_value(column, f't{number}', setting, short=way.short)} AS {quote_name(column.name)}")
    cases = " ".join(f"WHEN {test} THEN {place}" for place, (_reason, test) in enumerate(_tests(table, setting)))
    return (
        f"SELECT *, CASE {cases} END AS _why FROM (SELECT *, {', '.join(typed)} FROM "  # noqa: S608
        f"(SELECT *, {', '.join(texts)} FROM {RELATION}))"
    )


def _tests(table: Table, setting: Setting) -> Iterator[tuple[str, str]]:
    """Yield why a row may not land, and the condition under which it may not."""
    for number, column in enumerate(table.columns):
        yield f"type:{column.name}", f"t{number} IS NOT NULL AND {quote_name(column.name)} IS NULL"
        if column.required or column.key:
            yield f"missing:{column.name}", f"t{number} IS NULL"
    for rule in table.rules:
        if rule.blocks:
            yield f"rule:{rule.code}", f"{_rule(rule.text, table, setting)} IS FALSE"


def _rule(text: str, table: Table, setting: Setting) -> str:
    def column(name: str) -> str:
        return f"DATE '{setting.today.isoformat()}'" if name == "today" else quote_name(name)

    return make_duckdb_sql(check_rule(text, table.schema).root, column)


def _clean(text: str, *, trimmed: bool = False) -> str:
    """Return the text without blanks at its ends, NULL when nothing is left.

    Looking for several blanks takes long; nearly every text begins and ends with a sign that is none, which takes a
    comparison of its first bytes and of its last character.
    """
    if trimmed:
        return f"nullif({text}, '')"
    begins = f"({text} >= '!' AND {text} < chr(127) OR {text} >= '{_FIRST_HAN}' AND {text} < '{_BEHIND_HAN}')"
    ends = f"({text}[-1] BETWEEN '!' AND '~' OR {text}[-1] >= '{_FIRST_HAN}' AND {text}[-1] < '{_BEHIND_HAN}')"
    return f"CASE WHEN {begins} AND {ends} THEN {text} ELSE nullif(trim({text}, {quote_text(BLANKS)}), '') END"


_FIRST_HAN: Final = "\u3400"
_BEHIND_HAN: Final = "\ua000"


def _value(column: Column, text: str, setting: Setting, *, short: bool) -> str:
    match column.kind:
        case FieldKind.INTEGER if column.digits <= 18:
            return _integer(text, column.digits, short=short)
        case FieldKind.INTEGER | FieldKind.DECIMAL:
            scale = column.scale if column.kind is FieldKind.DECIMAL else 0
            return _decimal(text, column.digits, scale, short=short)
        case FieldKind.DATE:
            return _date(text, () if short else (*setting.forms, *DATE_FORMS))
        case FieldKind.MOMENT:
            return _moment(text, setting.zone, short=short)
        case FieldKind.BOOLEAN:
            folded = text if short else f"lower({_fold(text)})"
            return f"CASE WHEN {folded} IN {_listed(TRUE)} THEN TRUE WHEN {folded} IN {_listed(FALSE)} THEN FALSE END"
    return text


def _listed(words: Sequence[str]) -> str:
    return f"({', '.join(map(quote_text, words))})"


def _fold(text: str) -> str:
    return f"translate({text}, {quote_text(WIDE)}, {quote_text(NARROW)})"


def _or_else(sql: str, *, short: bool) -> str:
    return "" if short else f"ELSE {sql} "


def _integer(text: str, digits: int, *, short: bool) -> str:
    quick = f"TRY_CAST({text} AS BIGINT)"
    most = 10**digits - 1
    exact = f"CAST({_exact(text, digits, 0)} AS BIGINT)"
    within = f"{quick} BETWEEN -{most} AND {most}"
    return f"CASE WHEN CAST({quick} AS VARCHAR) = {text} AND {within} THEN {quick} {_or_else(exact, short=short)}END"


def _decimal(text: str, digits: int, scale: int, *, short: bool) -> str:
    quick = f"TRY_CAST({text} AS DECIMAL({digits}, {scale}))"
    exact = _or_else(_exact(text, digits, scale), short=short)
    return f"CASE WHEN CAST({quick} AS VARCHAR) = {text} THEN {quick} {exact}END"


def _exact(text: str, digits: int, scale: int) -> str:
    folded = _fold(text)
    plain = f"regexp_replace(replace({folded}, ',', ''), '^([+-]?)0*([0-9])', '\\1\\2')"
    fits = quote_text(f"[+-]?[0-9]*(\\.[0-9]{{0,{scale}}}0*)?")
    short = quote_text(f"[+-]?[0-9]{{1,{max(digits - scale, 1)}}}(\\.[0-9]*)?")
    kept = f"regexp_replace({plain}, '(\\.[0-9]{{{scale}}})0*$', '\\1')"
    return (
        f"CASE WHEN regexp_full_match({folded}, {quote_text(NUMBER)}) AND regexp_full_match({plain}, {fits}) "
        f"AND regexp_full_match({plain}, {short}) THEN TRY_CAST(rtrim({kept}, '.') AS DECIMAL({digits}, {scale})) END"
    )


def _date(text: str, forms: Sequence[DateForm]) -> str:
    quick = f"TRY_CAST({text} AS DATE)"
    folded = _fold(text)
    branches = " ".join(
        f"WHEN regexp_full_match({folded}, {quote_text(form.pattern)}) THEN {_day(folded, form)}" for form in forms
    )
    return f"CASE WHEN CAST({quick} AS VARCHAR) = {text} AND length({text}) = 10 THEN {quick} {branches} END"


def _day(folded: str, form: DateForm) -> str:
    iso = _iso(folded, form)
    return f"CASE WHEN CAST(TRY_CAST({iso} AS DATE) AS VARCHAR) = {iso} THEN TRY_CAST({iso} AS DATE) END"


def _iso(folded: str, form: DateForm) -> str:
    whole = quote_text(f"^{form.pattern}$")

    def part(place: int) -> str:
        return f"lpad(regexp_extract({folded}, {whole}, {place}), 2, '0')"

    return f"(regexp_extract({folded}, {whole}, {form.year}) || '-' || {part(form.month)} || '-' || {part(form.day)})"


def _moment(text: str, zone: str, *, short: bool) -> str:
    quick = f"TRY_CAST({text} AS TIMESTAMP)"
    usual = f"CAST({quick} AS VARCHAR) = {text} AND length({text}) = 19"
    if short:
        return _steady(quick, usual, zone)
    folded = _fold(text)
    whole = quote_text(f"^{CLOCK}$")

    def group(place: int) -> str:
        return f"regexp_extract({folded}, {whole}, {place})"

    def two(place: int) -> str:
        return f"lpad({group(place)}, 2, '0')"

    day = _day(folded, DateForm(MOMENT))
    clock = f"({two(1)} || ':' || {two(2)} || ':' || {two(3)} || '.' || left(rpad({group(4)}, 6, '0'), 6))"
    local = f"TRY_CAST({_iso(folded, DateForm(MOMENT))} || ' ' || {clock} AS TIMESTAMP)"
    hours, minutes = (f"coalesce(TRY_CAST({group(place)} AS INTEGER), 0)" for place in (7, 8))
    offset = f"to_seconds(CASE {group(6)} WHEN '-' THEN -1 ELSE 1 END * ({hours} * 3600 + {minutes} * 60))"
    utc = f"CASE WHEN {group(5)} <> '' OR {group(6)} <> '' THEN timezone('UTC', {local} - {offset}) "
    found = (
        f"CASE WHEN {usual} THEN timezone({quote_text(zone)}, {quick}) "
        f"WHEN regexp_full_match({folded}, {quote_text(MOMENT)}) AND {day} IS NOT NULL "
        f"AND {two(1)} < '24' AND {hours} < 24 AND {minutes} < 60 "
        f"THEN {utc} ELSE timezone({quote_text(zone)}, {local}) END END"
    )
    return f"CASE WHEN ({found}) BETWEEN {_FIRST} AND {_LAST} THEN {found} END"


def _steady(quick: str, usual: str, zone: str) -> str:
    """Return a moment without asking the calendar of the zone, where its offset has not changed for long."""
    since, offset = steady_since(zone)
    within = f"{quick} BETWEEN TIMESTAMP '{since}' AND TIMESTAMP '{_STEADY_UNTIL}'"
    return f"CASE WHEN {usual} AND {within} THEN make_timestamptz(epoch_us({quick}) - {offset * 1_000_000}) END"


@lru_cache(maxsize=8)
def steady_since(zone: str) -> tuple[date, int]:
    """Return the day since which the offset of a zone is the same, up to the year 2037, and the offset in seconds.

    Example:
        >>> steady_since("Asia/Shanghai")
        (datetime.date(1991, 9, 17), 28800)
    """
    found, day = ZoneInfo(zone), datetime.combine(_STEADY_UNTIL, datetime.min.time(), UTC)
    offset = _offset(day, found)
    while day.year > _STEADY_FROM and _offset(day - timedelta(days=1), found) == offset:
        day -= timedelta(days=1)
    return day.date() + timedelta(days=2), offset


def _offset(at: datetime, zone: ZoneInfo) -> int:
    shift = at.astimezone(zone).utcoffset()
    return 0 if shift is None else int(shift.total_seconds())


_STEADY_FROM: Final = 1970
_STEADY_UNTIL: Final = date(2037, 1, 1)
_FIRST: Final = "TIMESTAMPTZ '0001-01-01 00:00:00+00'"
_LAST: Final = "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'"
