"""Who implements an item: by leading department and level, but for overrides. Source: GB/T 39554.1 for the codes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from shuzheng.base.kernel.types import DivisionCode, ItemCode, OrgId
from shuzheng.services.items.types import Handling, ItemView, Level, UnitRow, UnitView

LEVEL_DIGITS: Final[Mapping[Level, str]] = {
    Level.PROVINCE: "2",
    Level.CITY: "3",
    Level.COUNTY: "4",
    Level.TOWN: "5",
    Level.VILLAGE: "6",
}
_LEVELS: Final = {digit: level for level, digit in LEVEL_DIGITS.items()}


@dataclass(frozen=True, slots=True)
class OrgRow:
    """What the rule needs of an organization."""

    code: OrgId
    parent: OrgId | None
    kind: str
    division: DivisionCode
    level: str


@dataclass(frozen=True, slots=True)
class ImplementerRow:
    """Who implements a department's items at one level: a named organization, or every one of a kind.

    Attributes:
        division: Restricts a kind to one division and what lies below it; '' is everywhere.
        window_kind: Kind of organization that accepts; for town and village rows.
        instant_decider_kind: Kind that decides instant items.
        promised_decider_kind: Kind that decides promised items.
    """

    department: str
    level: Level
    division: str
    organization: str
    organization_kind: str
    window_kind: str
    instant_decider_kind: str
    promised_decider_kind: str


class OverrideAct(StrEnum):
    """What an override does to the units the rule gives."""

    CHANGE = "change"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Override:
    """What differs from the rule for one unit; None and '' are: as the rule or the item says.

    Attributes:
        unit: Its 31 or 33 characters.
    """

    unit: str
    act: OverrideAct
    window: str = ""
    decider: str = ""
    promised_days: int | None = None
    visits: int | None = None
    channels: tuple[str, ...] | None = None
    address: str = ""
    phone: str = ""
    hours: str = ""

    @property
    def organization(self) -> OrgId:
        """Return the implementing body."""
        return OrgId(self.unit[:18])

    @property
    def item(self) -> ItemCode:
        """Return the item."""
        return ItemCode(self.unit[19:])

    @property
    def level(self) -> Level | None:
        """Return the level its code says, None when no unit has it."""
        return _LEVELS.get(self.unit[18:19])

    def over(self, unit: UnitRow) -> UnitRow:
        """Return the unit with what this says of it."""
        return replace(
            unit,
            window=OrgId(self.window or unit.window),
            decider=OrgId(self.decider or unit.decider),
            promised_days=self.promised_days,
            visits=self.visits,
            channels=self.channels,
            address=self.address,
            phone=self.phone,
            hours=self.hours,
        )


class Unresolved(Exception):
    """An organization lacks the partner its role needs; listed by the pack check."""

    def __init__(self, organization: OrgId, kind: str) -> None:
        self.organization, self.kind = organization, kind
        super().__init__(f"{organization} has no {kind}")


@dataclass(slots=True)
class Implementers:
    """The table with its indexes, built once per load."""

    rows: Sequence[ImplementerRow]
    organizations: Mapping[OrgId, OrgRow]
    _by: dict[tuple[str, Level], list[ImplementerRow]] = field(default_factory=dict)
    _kinds: dict[str, list[OrgRow]] = field(default_factory=dict)
    _children: dict[tuple[OrgId, str], OrgRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            self._by.setdefault((row.department, row.level), []).append(row)
        for org in self.organizations.values():
            self._kinds.setdefault(org.kind, []).append(org)
            if org.parent is not None:
                self._children.setdefault((org.parent, org.kind), org)

    def find(self, department: str, level: Level) -> Sequence[ImplementerRow]:
        """Return the rows of a department at a level."""
        return self._by.get((department, level), ())

    def of_kind(self, kind: str, division: str) -> Iterator[OrgRow]:
        """Give the organizations of a kind inside a division ('' is everywhere)."""
        return (org for org in self._kinds.get(kind, ()) if org.division.startswith(division))

    def partner(self, org: OrgRow, kind: str) -> OrgRow:
        """Return the organization of a kind that plays a role for `org`: itself, its child or its parent.

        Raises:
            Unresolved: There is none.
        """
        if org.kind == kind:
            return org
        child = self._children.get((org.code, kind))
        if child is not None:
            return child
        parent = None if org.parent is None else self.organizations.get(org.parent)
        if parent is not None and parent.kind == kind:
            return parent
        raise Unresolved(org.code, kind)


def resolve_units(
    item: ItemCode, department: str, levels: Sequence[Level], handling: Handling, table: Implementers
) -> Iterator[UnitRow]:
    """Give every unit that implements an item.

    City and county rows name the organization, which accepts, decides and issues. Town and village rows name kinds:
    the window accepts; instant items are decided where `instant_decider_kind` says, promised ones where
    `promised_decider_kind` says.

    Raises:
        Unresolved: A town without its service centre, or a village without its town.
    """
    for level in levels:
        for row in table.find(department, level):
            if row.organization:
                org = table.organizations.get(OrgId(row.organization))
                if org is None:
                    raise Unresolved(OrgId(row.organization), "organization")
                yield _unit(item, level, org, org, org)
                continue
            decider = row.instant_decider_kind if handling is Handling.INSTANT else row.promised_decider_kind
            for org in table.of_kind(row.organization_kind, row.division):
                yield _unit(item, level, org, table.partner(org, row.window_kind), table.partner(org, decider))


def _unit(item: ItemCode, level: Level, org: OrgRow, window: OrgRow, decider: OrgRow) -> UnitRow:
    return UnitRow(
        code=f"{org.code}{LEVEL_DIGITS[level]}{item}",
        item=item,
        organization=org.code,
        division=org.division,
        window=window.code,
        decider=decider.code,
        level=level,
    )


def override_units(
    units: Iterable[UnitRow], overrides: Mapping[str, Override], organizations: Mapping[OrgId, OrgRow]
) -> Iterator[UnitRow]:
    """Give the units as overridden; those added come last.

    Args:
        units: What the rule gives.
        overrides: By the unit's code.
        organizations: Of the pack; a body that is added must be there.
    """
    given: set[str] = set()
    for unit in units:
        override = overrides.get(unit.code)
        if override is None:
            yield unit
            continue
        given.add(unit.code)
        if override.act is not OverrideAct.REMOVE:
            yield override.over(unit)
    for override in overrides.values():
        org, level = organizations.get(override.organization), override.level
        added = override.act is OverrideAct.ADD and override.unit not in given
        if added and org is not None and level is not None:
            yield override.over(_unit(override.item, level, org, org, org))


def item_here(item: ItemView, unit: UnitRow | UnitView) -> ItemView:
    """Return the item as this unit handles it: its own days, visits and channels where it has them."""
    return replace(
        item,
        promised_days=item.promised_days if unit.promised_days is None else unit.promised_days,
        visits=item.visits if unit.visits is None else unit.visits,
        channels=item.channels if unit.channels is None else unit.channels,
    )
