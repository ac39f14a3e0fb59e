"""What limits a change: the law's term, the form's papers, the licences there are, the item's own promise."""

from collections.abc import Collection
from dataclasses import dataclass

from shuzheng.base.kernel.said import said
from shuzheng.services.items.rules.content import ItemContent
from shuzheng.services.items.rules.specs import materials_of, objects
from shuzheng.services.items.types import Handling


@dataclass(frozen=True, slots=True)
class ItemBounds:
    """What limits a change of an item.

    Attributes:
        legal_days: The law's own limit; None when it sets none.
        held: Materials the application form asks for, by number: they cannot be dropped without the form.
        licence_types: Names of every licence type there is.
    """

    handling: Handling
    legal_days: int | None
    held: frozenset[int] = frozenset()
    licence_types: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UnitBounds:
    """What limits a change of a unit: the item's promise, and where it can be asked for."""

    handling: Handling
    item_days: int
    windows: Collection[str] = frozenset()


def bounds_of(content: ItemContent, licence_types: Collection[str]) -> ItemBounds:
    """Return what limits a change of an item with this content."""
    legal = content.columns["legal_days"]
    return ItemBounds(
        handling=Handling(str(content.columns["handling"])),
        legal_days=legal if isinstance(legal, int) else None,
        held=frozenset(m.seq for m in materials_of(objects(content.materials), content.form) if m.covered_by),
        licence_types=licence_types,
    )


def promise_problem(days: int, *, handling: Handling, legal_days: int | None) -> str:
    """Return why a promise cannot stand, '' when it can."""
    if handling is Handling.INSTANT:
        return "" if days == 0 else said("即办件当场办结，承诺时限只能是 0")
    if days == 0:
        return said("承诺件的承诺时限至少 1 个工作日，例如 3")
    if legal_days is not None and days > legal_days:
        return said(
            "承诺时限不能超过法定时限 {legal_days} 个工作日，请填 {legal_days} 或更小的数", legal_days=legal_days
        )
    return ""


def unit_promise_problem(days: int, *, handling: Handling, item_days: int) -> str:
    """Return why a unit's own promise cannot stand, '' when it can."""
    if handling is Handling.INSTANT:
        return said("即办件当场办结，本单位不用另写承诺时限，请留空")
    if not 0 < days < item_days:
        return said(
            "本单位的承诺时限要比事项的 {item_days} 个工作日短，请填 1 到 {limit}；和事项一样就留空",
            item_days=item_days,
            limit=item_days - 1,
        )
    return ""
