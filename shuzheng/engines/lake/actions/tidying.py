"""Keep the folders of tables small."""

from dataclasses import dataclass
from datetime import datetime

from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record
from shuzheng.engines.lake.queries.discovery import check_may_decide
from shuzheng.engines.lake.queries.tables import get_table, store
from shuzheng.engines.lake.queries.waiting import hold_table


@dataclass(frozen=True, slots=True)
class Tidied:
    """Files of a table before and after, and how many of no version were removed."""

    before: int
    after: int
    removed: int


def tidy_table(code: str, *, actor: Actor, at: datetime) -> Tidied:
    """Join the small files of a table, and remove those no version younger than a week uses; the rows stay the same.

    Raises:
        TableNotFound: There is none.
        GradingNotYours: The actor does not answer for it.
    """
    table = get_table(code)
    check_may_decide(table, actor)
    place = store()
    found = place.version(table.code)
    if found is None:
        return Tidied(0, 0, 0)
    with hold_table(table.code):
        removed = place.tidy(table.code).get("removed", 0)
    now = place.version(table.code)
    done = Tidied(len(found.files), 0 if now is None else len(now.files), int(str(removed)))
    content = {"before": done.before, "after": done.after, "removed": done.removed}
    record("lake.tidied", f"urn:shuzheng:lake:table:{table.code}", actor=actor, at=at, content=content)
    return done
