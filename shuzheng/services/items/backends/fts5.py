"""SQLite: an FTS5 table that knows which entry holds which term, and nothing more (`detail=none`)."""

from collections.abc import Iterable, Sequence

from django.db import connection

from shuzheng.services.items.rules.matching import AllOf, Match, Term

TABLE = "items_searchtext"


class Fts5:
    """Full text in SQLite. Source: https://www.sqlite.org/fts5.html ."""

    def create(self) -> str:
        """Return the statement that makes the table; `_` joins the two sounds of a term."""
        return (
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5"
            """(terms, detail=none, tokenize="unicode61 remove_diacritics 0 tokenchars '_'")"""
        )

    def write(self, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Keep the terms of entries, in place of those kept before."""
        self.remove(entry for entry, _terms in rows)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, terms) VALUES (%s, %s)",  # noqa: S608 - a constant
                [(entry, " ".join(terms)) for entry, terms in rows],
            )

    def remove(self, ids: Iterable[int]) -> None:
        """Forget entries."""
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(entry,) for entry in ids])  # noqa: S608

    def match(self, match: Match) -> tuple[str, str]:
        """Return a statement that gives the ids of matching entries, with one placeholder, and what to put there."""
        return f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", _render(match)  # noqa: S608


def _render(match: Match) -> str:
    if isinstance(match, Term):
        return '"' + match.text.replace('"', "") + '"'
    joined = (" AND " if isinstance(match, AllOf) else " OR ").join(_render(part) for part in match.parts)
    return f"({joined})"


INDEX = Fts5()
