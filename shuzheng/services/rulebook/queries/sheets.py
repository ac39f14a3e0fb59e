"""Sheets of facts, read once: an edition never changes, so a process keeps it by its digest."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from shuzheng.engines.rules.types import Schema
from shuzheng.services.rulebook.errors import SheetNotFound
from shuzheng.services.rulebook.models import FactSheetEdition, RuleEdition
from shuzheng.services.rulebook.rules.sheets import load_schema
from shuzheng.services.rulebook.types import FactSheet, RuleView, SheetCode

MOST_KEPT = 2000


class _Kept:
    """Schemas this process has read, by digest; the oldest go first."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def keep(self, digest: str, schema: Schema) -> None:
        while len(self.schemas) >= MOST_KEPT:
            del self.schemas[next(iter(self.schemas))]
        self.schemas[digest] = schema


@lru_cache(maxsize=1)
def _kept() -> _Kept:
    return _Kept()


def get_sheet(code: SheetCode | str, *, edition: int | None = None) -> FactSheet:
    """Return a sheet of facts, the newest edition when none is named.

    Raises:
        SheetNotFound: There is none.
    """
    return get_sheet_row(code, edition=edition).to_sheet()


def get_sheet_row(code: SheetCode | str, *, edition: int | None = None) -> FactSheetEdition:
    """Return the row of a sheet; for this room only."""
    rows = FactSheetEdition.objects.filter(code=code)
    row = (rows if edition is None else rows.filter(edition=edition)).order_by("-edition").first()
    if row is None:
        raise SheetNotFound
    return row


def views_of(rows: Iterable[RuleEdition]) -> tuple[RuleView, ...]:
    """Return rules with the facts of their sheets: one query for the sheets this process has not read yet.

    Args:
        rows: With `sheet` selected, its `facts` deferred.
    """
    listed = list(rows)
    schemas = _schemas_of({row.sheet.digest: row.sheet_id for row in listed})
    return tuple(row.to_view(schemas[row.sheet.digest]) for row in listed)


def _schemas_of(wanted: Mapping[str, int]) -> dict[str, Schema]:
    kept = _kept()
    found = {digest: kept.schemas[digest] for digest in wanted if digest in kept.schemas}
    missing = {pk: digest for digest, pk in wanted.items() if digest not in found}
    if missing:
        for pk, facts in FactSheetEdition.objects.filter(pk__in=missing).values_list("pk", "facts"):
            found[missing[pk]] = load_schema(facts)
            kept.keep(missing[pk], found[missing[pk]])
    return found
