"""The sheets of facts, read once: a process keeps them by the digest of what the pack says."""

from functools import lru_cache

from shuzheng.services.benefits.models import Specs
from shuzheng.services.benefits.rules.reading import read_spec
from shuzheng.services.benefits.rules.sheets import Sheet, make_sheet
from shuzheng.services.benefits.types import Target


def sheet_of(target: Target) -> Sheet:
    """Return the sheet of facts about a kind of subject; empty when the pack has no policies."""
    digest = Specs.objects.values_list("digest", flat=True).first()
    return make_sheet((), target, year=0) if digest is None else _read(digest, target)


@lru_cache(maxsize=8)
def _read(digest: str, target: Target) -> Sheet:
    row = Specs.objects.get(digest=digest)
    return make_sheet([read_spec(table) for table in row.tables], target, year=row.year)
