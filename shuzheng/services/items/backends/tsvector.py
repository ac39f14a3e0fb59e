"""PostgreSQL: a stored tsvector with a GIN index; terms are lexemes as given, no dictionary touches them."""

from collections.abc import Iterable, Sequence

from django.db import connection

from shuzheng.services.items.rules.matching import AllOf, Match, Term

TABLE = "items_searchtext"


class TsVector:
    """Full text in PostgreSQL. Source: https://www.postgresql.org/docs/15/datatype-textsearch.html ."""

    def create(self) -> str:
        """Return the statement that makes the table."""
        return (
            f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, terms tsvector NOT NULL);"
            f"CREATE INDEX items_searchtext_terms ON {TABLE} USING gin (terms)"
        )

    def write(self, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Keep the terms of entries, in place of those kept before."""
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TABLE} (id, terms) VALUES (%s, array_to_tsvector(%s::text[]))"  # noqa: S608 - a constant
                " ON CONFLICT (id) DO UPDATE SET terms = excluded.terms",
                [(entry, list(terms)) for entry, terms in rows],
            )

    def remove(self, ids: Iterable[int]) -> None:
        """Forget entries."""
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [list(ids)])  # noqa: S608 - a constant

    def match(self, match: Match) -> tuple[str, str]:
        """Return a statement that gives the ids of matching entries, with one placeholder, and what to put there."""
        return f"SELECT id FROM {TABLE} WHERE terms @@ %s::tsquery", _render(match)  # noqa: S608


def _render(match: Match) -> str:
    if isinstance(match, Term):
        return "'" + match.text.replace("\\", "").replace("'", "") + "'"
    joined = (" & " if isinstance(match, AllOf) else " | ").join(_render(part) for part in match.parts)
    return f"({joined})"


INDEX = TsVector()
