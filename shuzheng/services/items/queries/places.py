"""Reads of where things are done: windows by county and town, a page at a time.

Villages are many, so they are listed for one town; a county shows its own windows and those of its towns, the whole
city those of city and counties.
"""

from collections.abc import Sequence
from typing import Final

from django.db.models import Max, Q, QuerySet, Subquery

from shuzheng.base.directory.queries import get_organizations
from shuzheng.base.kernel.types import DivisionCode, OrgId, Page
from shuzheng.services.items.models import Item, Unit
from shuzheng.services.items.types import Level
from shuzheng.services.items.types.browse import PlaceView, Wanted

PAGE_MOST: Final = 100
_KNOWN: Final = ("window", "level", "division", "address", "phone", "hours")


def list_places(wanted: Wanted, *, after: str | None = None, limit: int = 40) -> Page[PlaceView]:
    """Return where something is done, the city first, then by division; none when nothing in particular is wanted.

    Args:
        wanted: The item or theme, and where.
        after: `Page.next` of the page before.
        limit: At most 100.
    """
    limit = max(1, min(limit, PAGE_MOST))
    if wanted.item is None and not wanted.theme:
        return Page(())
    rows = _where(wanted)
    division, _, last = (after or "").partition(":")
    key = "code" if wanted.item is not None else "window"
    if last:
        rows = rows.filter(Q(division__gt=division) | Q(division=division, **{f"{key}__gt": last}))
    listed = _of_item(rows, limit) if wanted.item is not None else _of_theme(rows, limit)
    more = f"{listed[limit - 1]['division']}:{listed[limit - 1][key]}" if len(listed) > limit else None
    return Page(_name(listed[:limit]), more)


def _where(wanted: Wanted) -> "QuerySet[Unit]":
    rows = Unit.objects.filter(current=True)
    if wanted.item is not None:
        rows = rows.filter(item_code=wanted.item)
    else:
        of_theme = Item.objects.filter(theme=wanted.theme, current=True).values("code")
        rows = rows.filter(item_code__in=Subquery(of_theme))
    if wanted.town is not None:
        return rows.filter(county=wanted.town[:6], division__startswith=wanted.town)
    if wanted.county is None:
        return rows.filter(level__in=[Level.PROVINCE, Level.CITY, Level.COUNTY])
    city = f"{wanted.county[:4]}00"
    return rows.filter(county__in=[city, wanted.county]).exclude(level=Level.VILLAGE)


def _of_item(rows: "QuerySet[Unit]", limit: int) -> Sequence[dict[str, object]]:
    return list(rows.order_by("division", "code").values("code", "channels", *_KNOWN)[: limit + 1])


def _of_theme(rows: "QuerySet[Unit]", limit: int) -> Sequence[dict[str, object]]:
    """Return each window once; what is known of it for any of its items counts."""
    known = ("address", "phone", "hours")
    windows = rows.values("window", "level", "division").annotate(**{f"any_{name}": Max(name) for name in known})
    found: list[dict[str, object]] = [dict(row) for row in windows.order_by("division", "window")[: limit + 1]]
    return [{**row, **{name: row[f"any_{name}"] for name in known}} for row in found]


def _name(listed: Sequence[dict[str, object]]) -> tuple[PlaceView, ...]:
    organizations = get_organizations(OrgId(str(row["window"])) for row in listed)
    places = []
    for row in listed:
        window = OrgId(str(row["window"]))
        known = organizations.get(window)
        channels = row.get("channels")
        places.append(
            PlaceView(
                window=window,
                name=known.short_name if known is not None else window,
                full_name=known.full_name if known is not None else window,
                level=Level(str(row["level"])),
                division=DivisionCode(str(row["division"])),
                address=str(row["address"]),
                phone=str(row["phone"]),
                hours=str(row["hours"]),
                unit=str(row.get("code", "")),
                channels=tuple(map(str, channels)) if isinstance(channels, list) else None,
            )
        )
    return tuple(places)
