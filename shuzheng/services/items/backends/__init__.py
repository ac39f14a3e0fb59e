"""Full text: where the terms of search entries are kept and matched, on SQLite (FTS5) and on PostgreSQL (tsvector).

Both answer the same question, which entries hold which terms; what is best is decided by `rules.ranking`, so that both
give the same list. A row left behind by an entry that is gone does no harm: the reader joins by the entry's id.
"""

from django.db import connection

from shuzheng.services.items.backends import fts5, tsvector
from shuzheng.services.items.backends.fulltext import FullText


def full_text() -> FullText:
    """Return the index of the database in use."""
    return tsvector.INDEX if connection.vendor == "postgresql" else fts5.INDEX


__all__ = ["FullText", "full_text"]
