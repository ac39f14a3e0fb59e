"""Where sqlglot reads a text, and is kept from telling the log of it."""

import logging
from typing import Final

import sqlglot
from sqlglot import exp

SQL: Final = "duckdb"


def _drop(_record: logging.LogRecord) -> bool:
    return False


logging.getLogger("sqlglot").addFilter(_drop)
"""Of what it does not know it logs the text, with the personal data somebody typed. A level, or `disabled`, can be set
back by whoever configures logging; a filter stays."""


def parse_texts(text: str) -> list[exp.Expr]:
    """Return the statements of a text.

    Raises:
        SqlglotError: With a message that holds the text: not to be shown or logged.
        RecursionError: One thing in the other too deep.
    """
    return [one for one in sqlglot.parse(text, read=SQL) if one is not None]
