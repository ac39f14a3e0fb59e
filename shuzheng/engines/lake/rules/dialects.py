"""How each engine writes what the lake asks of it: names, texts, types, and the few functions they spell differently.

Rules write themselves (`engines.rules`); trees (`writing`) and masks (`masking`) are written once, in these words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from shuzheng.engines.lake.rules.arrow import MOMENT
from shuzheng.engines.rules.rules import duckdb as duck, spark
from shuzheng.engines.rules.types import Node, number


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine's way of writing.

    Attributes:
        node: Checked tree of a rule, and fact name → SQL of its column → one SQL expression.
        types: Names of the types but decimals, which all write alike.
        semi: Words of a join that keeps rows with a match; `anti` without one.
        sha256: Text → SHA-256 of its UTF-8 as lower-case hexadecimal text.
        year: Moment → the year it lies in, in UTC; no calendar but the Gregorian, before 1582 too.
        moment: Date → the moment it begins in UTC.
        size: DECIMAL, digits, scale → what is left of it without its sign.
    """

    name: str
    quote_name: Callable[[str], str]
    quote_text: Callable[[str], str]
    node: Callable[[Node, Callable[[str], str]], str]
    types: Mapping[pa.DataType, str]
    semi: str
    anti: str
    sha256: Callable[[str], str]
    year: Callable[[str], str]
    moment: Callable[[str], str]
    size: Callable[[str, int, int], str]

    def type_name(self, found: pa.DataType) -> str:
        """Return the name of a type."""
        if pa.types.is_decimal(found):
            return f"DECIMAL({found.precision}, {found.scale})"
        return self.types[found]

    def typed(self, sql: str, found: pa.DataType) -> str:
        """Return a value in a type."""
        return f"CAST({sql} AS {self.type_name(found)})"


DUCKDB: Final = Dialect(
    name="duckdb",
    quote_name=duck.quote_name,
    quote_text=duck.quote_text,
    node=duck.make_duckdb_sql,
    types={
        pa.string(): "VARCHAR",
        pa.int64(): "BIGINT",
        pa.date32(): "DATE",
        pa.bool_(): "BOOLEAN",
        pa.binary(): "BLOB",
        MOMENT: "TIMESTAMPTZ",
    },
    semi="SEMI JOIN",
    anti="ANTI JOIN",
    sha256=lambda text: f"sha256({text})",
    year=lambda moment: f"year(make_timestamp(epoch_us({moment})))",
    moment=lambda day: f"make_timestamptz(epoch_us(CAST({day} AS TIMESTAMP)))",
    size=lambda found, _digits, _scale: f"abs({found})",
)
"""Whatever the zone of the session: its own casts of moments go by that, and by the Julian calendar before 1582."""

SPARK: Final = Dialect(
    name="spark",
    quote_name=spark.quote_name,
    quote_text=spark.quote_text,
    node=spark.make_spark_sql,
    types={
        pa.string(): "STRING",
        pa.int64(): "BIGINT",
        pa.date32(): "DATE",
        pa.bool_(): "BOOLEAN",
        pa.binary(): "BINARY",
        MOMENT: "TIMESTAMP",
    },
    semi="LEFT SEMI JOIN",
    anti="LEFT ANTI JOIN",
    sha256=lambda text: f"sha2({text}, 256)",
    year=lambda moment: f"year({moment})",
    moment=lambda day: f"CAST({day} AS TIMESTAMP)",
    size=lambda found, digits, scale: spark.exact_abs(found, number(digits, scale)),
)
"""The session's time zone is UTC."""
