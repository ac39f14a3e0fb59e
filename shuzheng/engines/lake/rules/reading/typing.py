"""Columns of text to typed columns, and for each row the first reason it may not land: one pass of DuckDB SQL.

What is meant is said by `values`; here each kind first tries the form nearly every value has, and only what does not
come back from it as the same text goes the long way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

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
class Plan:
    """How chunks of one batch are typed.

    Attributes:
        good: Query that gives the rows that land, columns as `arrow_type` says, the lake's own behind them.
        bad: Query that gives `_row`, `_why` and the columns of text of the others.
        reasons: What `_why` counts, from 0.
    """

    good: str
    bad: str
    reasons: tuple[str, ...]


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
    texts, typed, tests, reasons = [], [], [], []
    for number, column in enumerate(table.columns):
        place = places.get(column.name)
        texts.append(f"{_clean(f's{place}') if place is not None else 'CAST(NULL AS VARCHAR)'} AS t{number}")
        typed.append(f"{_value(column, f't{number}', setting)} AS {quote_name(column.name)}")
        tests.append(f"t{number} IS NOT NULL AND {quote_name(column.name)} IS NULL")
        reasons.append(f"type:{column.name}")
        if column.required or column.key:
            tests.append(f"t{number} IS NULL")
            reasons.append(f"missing:{column.name}")
    for rule in table.rules:
        if rule.blocks:
            tests.append(f"{_rule(rule.text, table, setting)} IS FALSE")
            reasons.append(f"rule:{rule.code}")
    why = "CASE " + " ".join(f"WHEN {test} THEN {place}" for place, test in enumerate(tests)) + " END"
    inner = (
        f"SELECT *, {why} AS _why FROM (SELECT *, {', '.join(typed)} FROM "  # noqa: S608 - names are identifiers
        f"(SELECT *, {', '.join(texts)} FROM {RELATION}))"
    )
    names = ", ".join(quote_name(column.name) for column in table.columns)
    own = (
        f"{quote_text(setting.batch)} AS {BATCH_COLUMN}, {ROW_COLUMN}, "
        f"CAST({quote_text(setting.at.isoformat())} AS TIMESTAMPTZ) AS {LANDED_COLUMN}"
    )
    sources = ", ".join(f"s{place}" for place in range(width))
    return Plan(
        good=f"SELECT {names}, {own} FROM ({inner}) WHERE _why IS NULL",  # noqa: S608
        bad=f"SELECT {ROW_COLUMN}, _why, {sources} FROM ({inner}) WHERE _why IS NOT NULL ORDER BY {ROW_COLUMN}",  # noqa: S608
        reasons=tuple(reasons),
    )


def _rule(text: str, table: Table, setting: Setting) -> str:
    def column(name: str) -> str:
        return f"DATE '{setting.today.isoformat()}'" if name == "today" else quote_name(name)

    return make_duckdb_sql(check_rule(text, table.schema).root, column)


def _clean(text: str) -> str:
    """Return the text without blanks at its ends, NULL when nothing is left.

    Looking for several blanks takes long; nearly every text begins and ends with a sign that is none, which takes a
    comparison of its first bytes and of its last character.
    """
    begins = f"({text} >= '!' AND {text} < chr(127) OR {text} >= '{_FIRST_HAN}' AND {text} < '{_BEHIND_HAN}')"
    ends = f"({text}[-1] BETWEEN '!' AND '~' OR {text}[-1] >= '{_FIRST_HAN}' AND {text}[-1] < '{_BEHIND_HAN}')"
    return f"CASE WHEN {begins} AND {ends} THEN {text} ELSE nullif(trim({text}, {quote_text(BLANKS)}), '') END"


_FIRST_HAN: Final = "\u3400"
_BEHIND_HAN: Final = "\ua000"


def _value(column: Column, text: str, setting: Setting) -> str:
    match column.kind:
        case FieldKind.INTEGER if column.digits <= 18:
            return _integer(text, column.digits)
        case FieldKind.INTEGER | FieldKind.DECIMAL:
            return _decimal(text, column.digits, column.scale if column.kind is FieldKind.DECIMAL else 0)
        case FieldKind.DATE:
            return _date(text, setting.forms)
        case FieldKind.MOMENT:
            return _moment(text, setting.zone)
        case FieldKind.BOOLEAN:
            folded = f"lower({_fold(text)})"
            return f"CASE WHEN {folded} IN {_listed(TRUE)} THEN TRUE WHEN {folded} IN {_listed(FALSE)} THEN FALSE END"
    return text


def _listed(words: Sequence[str]) -> str:
    return f"({', '.join(map(quote_text, words))})"


def _fold(text: str) -> str:
    return f"translate({text}, {quote_text(WIDE)}, {quote_text(NARROW)})"


def _integer(text: str, digits: int) -> str:
    quick = f"TRY_CAST({text} AS BIGINT)"
    most = 10**digits - 1
    exact = f"CAST({_exact(text, digits, 0)} AS BIGINT)"
    within = f"{quick} BETWEEN -{most} AND {most}"
    return f"CASE WHEN CAST({quick} AS VARCHAR) = {text} AND {within} THEN {quick} ELSE {exact} END"


def _decimal(text: str, digits: int, scale: int) -> str:
    quick = f"TRY_CAST({text} AS DECIMAL({digits}, {scale}))"
    return f"CASE WHEN CAST({quick} AS VARCHAR) = {text} THEN {quick} ELSE {_exact(text, digits, scale)} END"


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
        f"WHEN regexp_full_match({folded}, {quote_text(form.pattern)}) THEN {_day(folded, form)}"
        for form in (*forms, *DATE_FORMS)
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


def _moment(text: str, zone: str) -> str:
    quick = f"TRY_CAST({text} AS TIMESTAMP)"
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
        f"CASE WHEN CAST({quick} AS VARCHAR) = {text} AND length({text}) = 19 "
        f"THEN timezone({quote_text(zone)}, {quick}) "
        f"WHEN regexp_full_match({folded}, {quote_text(MOMENT)}) AND {day} IS NOT NULL "
        f"AND {two(1)} < '24' AND {hours} < 24 AND {minutes} < 60 "
        f"THEN {utc} ELSE timezone({quote_text(zone)}, {local}) END END"
    )
    return f"CASE WHEN ({found}) BETWEEN {_FIRST} AND {_LAST} THEN {found} END"


_FIRST: Final = "TIMESTAMPTZ '0001-01-01 00:00:00+00'"
_LAST: Final = "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'"
