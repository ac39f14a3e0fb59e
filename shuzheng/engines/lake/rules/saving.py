"""What may be kept, who may read and change it, and which queries count towards the stricter budget."""

import json
from collections.abc import Collection, Iterable
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.lake.errors import SavedQueryInvalid
from shuzheng.engines.lake.types.saving import QueryDraft
from shuzheng.engines.lake.types.tables import Table

MOST_TITLE: Final = 60
MOST_PURPOSE: Final = 160
MOST_TEXT: Final = 20_000
MOST_CHART: Final = 4_000


def check_draft(draft: QueryDraft) -> None:
    """Refuse what cannot be kept.

    Raises:
        SavedQueryInvalid: Empty, too long, or a chart that is not a plain object.
    """
    for label, text, most in (
        (said("标题"), draft.title, MOST_TITLE),
        (said("用途"), draft.purpose, MOST_PURPOSE),
        (said("查询语句"), draft.text, MOST_TEXT),
    ):
        if not text.strip():
            raise SavedQueryInvalid(why=said("{label}是空的", label=label))
        if len(text) > most:
            raise SavedQueryInvalid(why=said("{label}超过 {most} 字", label=label, most=most))
        if "\0" in text:
            raise SavedQueryInvalid(why=said("{label}含有空字符", label=label))
    if draft.chart is not None and not _is_chart(draft.chart):
        raise SavedQueryInvalid(why=said("图表设置不对"))


def _is_chart(chart: object) -> bool:
    if not isinstance(chart, dict):
        return False
    try:
        return len(json.dumps(chart, allow_nan=False)) <= MOST_CHART
    except (TypeError, ValueError):
        return False


def may_change(actor: Actor, *, person: object, org: str) -> bool:
    """Tell whether an actor owns a kept query: the same person, in a post of the same unit."""
    return actor.person is not None and actor.is_officer and actor.person == person and actor.org == org


def may_read(actor: Actor, *, person: object, org: str, shared: bool) -> bool:
    """Tell whether an actor may read a kept query: its owner, and once it is shared the officers of the unit."""
    return may_change(actor, person=person, org=org) or (shared and actor.is_officer and actor.org == org)


def is_read_in_groups(tables: Iterable[Table], roles: Collection[str]) -> bool:
    """Tell whether one of the tables is granted to these duties in groups alone."""
    return any(_in_groups_alone(table, roles) for table in tables)


def _in_groups_alone(table: Table, roles: Collection[str]) -> bool:
    fitting = [access for access in table.access if not access.roles.isdisjoint(roles)]
    return bool(fitting) and all(access.least_group > 0 for access in fitting)
