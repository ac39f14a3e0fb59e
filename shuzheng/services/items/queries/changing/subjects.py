"""What a change is about: an item, or one of its units, with its facts in force. For this room only."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from shuzheng.base.directory.queries import get_organization, get_organizations, list_organizations
from shuzheng.base.directory.types import Duty
from shuzheng.base.kernel.types import Actor, DivisionCode, Json, OrgId
from shuzheng.engines.credentials.queries import list_licence_types
from shuzheng.services.items.models import Item, ItemChange, Unit
from shuzheng.services.items.queries.catalogue import get_item_row, get_unit_row
from shuzheng.services.items.rules.changing.facts import item_facts, over, unit_facts
from shuzheng.services.items.rules.changing.fields import Raw, typed_of_item, typed_of_unit
from shuzheng.services.items.rules.changing.limits import UnitBounds, bounds_of
from shuzheng.services.items.rules.changing.permitting import Target
from shuzheng.services.items.rules.changing.reading import read_item, read_unit
from shuzheng.services.items.rules.content import ItemContent
from shuzheng.services.items.types import Handling
from shuzheng.services.items.types.changing import ChangeProblem, ChangeState, Facts, Typed


def content_of(row: Item) -> ItemContent:
    """Return the whole content of an item version."""
    return ItemContent(
        columns={name: getattr(row, name) for name in ItemContent.COLUMNS},
        materials=row.materials,
        guide=row.guide,
        form=row.form,
        licence_fields=row.licence_fields,
    )


@dataclass(frozen=True)
class Subject:
    """An item or a unit in force, as a change sees it."""

    item: Item
    unit: Unit | None = None

    @cached_property
    def facts(self) -> dict[str, Json]:
        """Return its facts in force."""
        return item_facts(content_of(self.item)) if self.unit is None else unit_facts(self.unit.to_row())

    @cached_property
    def shown(self) -> Typed:
        """Return the editor's texts for its facts."""
        return typed_of_item(self.facts) if self.unit is None else typed_of_unit(self.facts)

    @cached_property
    def version(self) -> int:
        """Return what is counted up with every change: the item's version; for a unit its changes in force."""
        return self.item.version if self.unit is None else 1 + _in_force(self.unit.code).count()

    @cached_property
    def windows(self) -> dict[str, str]:
        """Return the bodies a unit can be asked at, code → name."""
        if self.unit is None:
            return {}
        division = DivisionCode(self.unit.division)
        there = list_organizations(division=division, duty=Duty.SERVICE_WINDOW)
        own = get_organizations([OrgId(self.unit.organization), OrgId(self.unit.window)])
        return {str(code): org.short_name for code, org in (*own.items(), *((org.code, org) for org in there))}

    def facts_at(self, version: int) -> dict[str, Json]:
        """Return the facts of an earlier version."""
        if version >= self.version:
            return self.facts
        if self.unit is None:
            return item_facts(content_of(get_item_row(self.item.code, version)))
        facts = self.facts
        for change in _in_force(self.unit.code).order_by("-pk")[: self.version - version]:
            facts = over(facts, change.before)
        return facts

    def read(self, typed: Raw, facts: Facts | None = None) -> tuple[dict[str, Json], tuple[ChangeProblem, ...]]:
        """Return every fact as typed, and the problems; `facts` are those the editor was filled with."""
        facts = self.facts if facts is None else facts
        if self.unit is None:
            names = frozenset(kind.name for kind in list_licence_types())
            return read_item(typed, facts, bounds_of(content_of(self.item), names))
        bounds = UnitBounds(Handling(self.item.handling), self.item.promised_days, frozenset(self.windows))
        return read_unit(typed, facts, bounds)

    def target(self, actor: Actor) -> Target:
        """Return what decides who may change it."""
        own = None if actor.org is None else get_organization(actor.org)
        lead = "" if own is None else own.short_name
        if self.unit is None:
            division = "" if own is None else str(own.division)
            return Target(self.item.name, self.item.department, lead, division)
        bodies = frozenset({OrgId(self.unit.organization), OrgId(self.unit.window)})
        return Target(self.item.name, _name(OrgId(self.unit.organization)), lead, self.unit.division, bodies)


def get_subject(item: str, unit: str = "") -> Subject:
    """Return an item or unit in force.

    Raises:
        ItemNotFound, UnitNotFound: It is not, or no longer, in force.
    """
    if not unit:
        return Subject(get_item_row(item))
    row = get_unit_row(unit)
    return Subject(get_item_row(row.item_code), row)


def _name(code: OrgId) -> str:
    found = get_organizations([code]).get(code)
    return str(code) if found is None else found.short_name


def list_unit_edits() -> Mapping[str, tuple[Facts, Facts]]:
    """Return by unit what was approved on line: values before the first change in force, and after the last."""
    edits: dict[str, tuple[dict[str, Json], dict[str, Json]]] = {}
    rows = ItemChange.objects.filter(state=ChangeState.IN_FORCE).exclude(unit_code="").order_by("moved_at", "pk")
    for row in rows.only("unit_code", "before", "after"):
        before, after = edits.setdefault(row.unit_code, ({}, {}))
        for key, value in row.before.items():
            before.setdefault(key, value)
        after.update(row.after)
    return edits


def _in_force(unit: str) -> QuerySet[ItemChange]:
    return ItemChange.objects.filter(unit_code=unit, state=ChangeState.IN_FORCE)
