"""Where an item can be done: one county at a time for items that towns and villages implement."""

from dataclasses import dataclass

from shuzheng.base.kernel.types import Actor
from shuzheng.services.items import queries as items
from shuzheng.services.items.types import ItemView, Level, Option

SMALL = frozenset({Level.TOWN, Level.VILLAGE})


@dataclass(frozen=True, slots=True)
class Place:
    """Counties to choose from and the one shown; no counties when all units fit on one page."""

    counties: tuple[Option, ...] = ()
    county: str = ""


def choose_place(item: ItemView, asked: str | None, *, actor: Actor | None) -> Place:
    """Return the counties of an item and the one to show: asked for, the reader's own, else the first.

    Items of towns and villages have thousands of units, so one county is shown; others are listed whole unless a
    county is asked for.
    """
    counties = items.list_unit_counties(item.code)
    known = {option.value for option in counties}
    wanted = asked if asked in known else ""
    if not SMALL & set(item.levels):
        return Place((), wanted or "")
    near = items.suggest_unit(item.code, actor=actor) if actor is not None else None
    own = near.division[:6] if near is not None else ""
    first = counties[0].value if counties else ""
    return Place(counties, wanted or (own if own in known else first))
