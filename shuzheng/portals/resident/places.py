"""Where an item can be done: one town at a time for items that towns and villages implement."""

from collections.abc import Sequence
from dataclasses import dataclass

from shuzheng.base.directory.queries import list_divisions
from shuzheng.base.kernel.types import Actor, DivisionCode
from shuzheng.services.items import queries as items
from shuzheng.services.items.types import ItemView, Level, Option, UnitView

SMALL = frozenset({Level.TOWN, Level.VILLAGE})


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look, and who implements the item there.

    Attributes:
        counties: Counties to choose from; none when all units fit on one page.
        county: The one shown.
        towns: Towns of that county to choose from.
        town: The one shown.
        units: Units of city and county, then those of the town and its villages.
        near: The unit nearest to the reader.
    """

    units: tuple[UnitView, ...]
    counties: tuple[Option, ...] = ()
    county: str = ""
    towns: tuple[Option, ...] = ()
    town: str = ""
    near: UnitView | None = None


def choose_place(item: ItemView, *, county: str, town: str, actor: Actor | None) -> Place:
    """Return the place asked for, else the reader's own, else the first.

    Items of towns and villages have thousands of units, so one town is shown; others are listed whole.
    """
    near = items.suggest_unit(item.code, actor=actor) if actor is not None else None
    wide = items.get_guide(item.code).units
    if not SMALL & set(item.levels):
        return Place(units=wide, near=near)
    home = near.division if near is not None else ""
    counties = items.list_unit_counties(item.code)
    here = _pick(counties, county, home[:6])
    towns = tuple(Option(town.code, town.name) for town in list_divisions(DivisionCode(here))) if here else ()
    there = _pick(towns, town, home[:9])
    own = tuple(unit for unit in wide if unit.division in {here, f"{here[:4]}00"})
    small = items.list_units(item.code, DivisionCode(here), town=DivisionCode(there)) if there else ()
    return Place((*own, *small), counties, here, towns, there, near)


def _pick(options: Sequence[Option], asked: str, own: str) -> str:
    known = {option.value for option in options}
    return next((code for code in (asked, own) if code in known), options[0].value if options else "")
