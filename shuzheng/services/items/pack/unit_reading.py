"""What implementing items are computed from: items, bodies, who implements what, and overrides."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import DivisionCode, ItemCode, OrgId
from shuzheng.services.items.pack.reading import split
from shuzheng.services.items.rules.units import (
    ImplementerRow,
    Implementers,
    OrgRow,
    Override,
    OverrideAct,
    override_units,
    resolve_units,
)
from shuzheng.services.items.types import Handling, Level, UnitRow

IMPLEMENTERS, OVERRIDES = "implementers.csv", "implementing_overrides.csv"
_LEVELS: Final = frozenset(Level)
_ACTS: Final = frozenset(OverrideAct)
_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    "items.csv": ("basic_code", "department", "handling", "levels"),
    "organizations.csv": ("code", "parent_code", "kind", "division_code", "level"),
    IMPLEMENTERS: (
        "department", "level", "division_code", "organization", "organization_kind", "window_kind",
        "instant_decider_kind", "promised_decider_kind",
    ),
    OVERRIDES: (
        "unit", "act", "window", "decider", "promised_days", "visits", "channels", "address", "phone", "hours",
    ),
}  # fmt: skip
"""Every file and column the units depend on."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What the rule needs of an item."""

    code: ItemCode
    department: str
    levels: tuple[Level, ...]
    handling: Handling


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything units are computed from. Rows with faults of form are left out, so that the check can go on."""

    items: Mapping[ItemCode, ItemRow]
    table: Implementers
    overrides: Mapping[str, Override]

    def by_rule(self, item: ItemRow) -> Iterator[UnitRow]:
        """Give the units of an item by rule alone. Raises `Unresolved` like `resolve_units`."""
        return resolve_units(item.code, item.department, item.levels, item.handling, self.table)

    def units(self) -> Iterator[UnitRow]:
        """Give every unit of the city, overridden ones as they are overridden."""
        rule = (unit for item in self.items.values() for unit in self.by_rule(item))
        return override_units(rule, self.overrides, self.table.organizations)


def read_sources(pack: PackRows) -> Sources:
    """Return what units are computed from."""
    return Sources(
        items={ItemCode(row.text("basic_code")): _item(row) for row in pack.of("items.csv")},
        table=read_implementers(pack),
        overrides={row.text("unit"): _override(row) for row in pack.of(OVERRIDES) if row.text("act") in _ACTS},
    )


def digest_of(pack: PackRows) -> str:
    """Return the SHA-256 of every cell the units depend on."""
    digest = hashlib.sha256()
    for file, columns in _FROM.items():
        for row in pack.of(file):
            digest.update("\x1f".join((file, *map(row.text, columns), "\n")).encode())
    return digest.hexdigest()


def read_implementers(pack: PackRows) -> Implementers:
    """Return the table of who implements, with the organizations of the pack."""
    organizations = {OrgId(row.text("code")): _organization(row) for row in pack.of("organizations.csv")}
    rows = [_implementer(row) for row in pack.of(IMPLEMENTERS) if row.text("level") in _LEVELS]
    return Implementers(rows, organizations)


def _item(row: Row) -> ItemRow:
    return ItemRow(
        code=ItemCode(row.text("basic_code")),
        department=row.text("department"),
        levels=tuple(Level(level) for level in split(row.text("levels")) if level in _LEVELS),
        handling=Handling.INSTANT if row.text("handling") == Handling.INSTANT else Handling.PROMISED,
    )


def _organization(row: Row) -> OrgRow:
    return OrgRow(
        code=OrgId(row.text("code")),
        parent=OrgId(row.text("parent_code")) if row.text("parent_code") else None,
        kind=row.text("kind"),
        division=DivisionCode(row.text("division_code")),
        level=row.text("level"),
    )


def _implementer(row: Row) -> ImplementerRow:
    return ImplementerRow(
        department=row.text("department"),
        level=Level(row.text("level")),
        division=row.text("division_code"),
        organization=row.text("organization"),
        organization_kind=row.text("organization_kind"),
        window_kind=row.text("window_kind"),
        instant_decider_kind=row.text("instant_decider_kind"),
        promised_decider_kind=row.text("promised_decider_kind"),
    )


def _override(row: Row) -> Override:
    channels = tuple(split(row.text("channels")))
    return Override(
        unit=row.text("unit"),
        act=OverrideAct(row.text("act")),
        window=row.text("window"),
        decider=row.text("decider"),
        promised_days=_number(row.text("promised_days")),
        visits=_number(row.text("visits")),
        channels=channels or None,
        address=row.text("address"),
        phone=row.text("phone"),
        hours=row.text("hours"),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
