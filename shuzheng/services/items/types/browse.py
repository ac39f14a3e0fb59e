"""Browsing: how many of what there are, and where something is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from shuzheng.base.kernel.types import DivisionCode, ItemCode, OrgId
from shuzheng.services.items.types.catalogue import ItemView, ThemeView
from shuzheng.services.items.types.words import Level


@dataclass(frozen=True, slots=True)
class CatalogueFigures:
    """Figures of the catalogue in force.

    Attributes:
        items: Items in all.
        themes: The largest first.
        samples: A few items of each theme; those that can be applied for on line first.
        items_at: Items by organization that implements them.
        bodies: Organizations of the city or a county itself that implement items, by division, most items first.
        towns: Organizations of towns that implement items, by county, in the order of their divisions.
        places: Places by county: windows that take any item.
        places_of_item: The same for one item; likewise `places_of_theme`. The city itself counts as a county.
    """

    items: int
    themes: tuple[ThemeView, ...]
    samples: Mapping[str, tuple[ItemView, ...]]
    items_at: Mapping[OrgId, int]
    bodies: Mapping[str, tuple[OrgId, ...]]
    towns: Mapping[str, tuple[OrgId, ...]]
    places: Mapping[str, int]
    places_of_item: Mapping[str, Mapping[str, int]]
    places_of_theme: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A window where something can be done.

    Attributes:
        window: Organization whose window it is.
        division: Division it lies in.
        address: Where to go; '' is unknown. Likewise `phone` and `hours`.
        unit: The implementing item when one item was asked for, else ''.
        channels: Ways of asking that differ from the item's here; None is as the item says.
    """

    window: OrgId
    name: str
    full_name: str
    level: Level
    division: DivisionCode
    address: str
    phone: str
    hours: str
    unit: str = ""
    channels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a place is looked for: one item, a theme, or (both empty) anything.

    Attributes:
        county: Only there, and at the city; '' is the windows of city and counties.
        town: Only in this town, its villages included.
    """

    item: ItemCode | None = None
    theme: str = ""
    county: DivisionCode | None = None
    town: DivisionCode | None = None
