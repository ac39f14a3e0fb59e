"""Reads of what can be applied for. The public part: no personal data, no actor."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count

from shuzheng.base.directory.queries import get_firm, get_organizations, get_person, list_divisions
from shuzheng.base.kernel.codes import parse_implementing_code
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.types import Actor, DivisionCode, FirmId, ItemCode, OrgId, PartyKind, PersonId
from shuzheng.services.items.errors import FormNotFound, ItemNotFound, UnitNotFound
from shuzheng.services.items.models import Item, Unit
from shuzheng.services.items.rules.conditions import condition_of
from shuzheng.services.items.rules.specs import (
    conditions_of,
    faq_of,
    form_of,
    materials_of,
    offer_divisions,
    texts,
)
from shuzheng.services.items.types import (
    FieldType,
    FormSpec,
    GuideView,
    ItemView,
    Level,
    MaterialView,
    Option,
    ThemeView,
    UnitRow,
    UnitView,
)
from shuzheng.services.rulebook.queries import rules_in_force


def list_themes() -> tuple[ThemeView, ...]:
    """Return the themes with the number of items in force, the largest first."""
    rows = Item.objects.filter(current=True).values("theme").annotate(count=Count("pk")).order_by("-count", "theme")
    return tuple(ThemeView(row["theme"], row["count"]) for row in rows)


def find_item_row(code: str, version: int | None = None) -> Item | None:
    """Return the row in force, or that of a version; for this room only."""
    rows = Item.objects.filter(code=code)
    return rows.filter(current=True).first() if version is None else rows.filter(version=version).first()


def get_item_row(code: str, version: int | None = None) -> Item:
    """Return the row in force, or that of a version; for this room only.

    Raises:
        ItemNotFound: There is none.
    """
    row = find_item_row(code, version)
    if row is None:
        raise ItemNotFound
    return row


def get_item(code: str, version: int | None = None) -> ItemView:
    """Return an item in force, or one version of it.

    Raises:
        ItemNotFound: There is none.
    """
    return get_item_row(code, version).to_view()


def materials_of_row(row: Item) -> tuple[MaterialView, ...]:
    """Return the materials of an item version; for this room only."""
    return materials_of(row.materials, row.form)


def get_guide(code: str, *, county: DivisionCode | None = None, on: date | None = None) -> GuideView:
    """Return the guide of an item in force.

    Args:
        code: Basic code.
        county: Units inside this county, towns and villages included; None gives those of city and county level.
        on: Day whose conditions are told, as the rule book has them; None tells those the form was written with.

    Raises:
        ItemNotFound: There is none.
    """
    row = get_item_row(code)
    rules = () if on is None or not row.has_form else rules_in_force(prefix=f"form/{code}", on=on)
    units = Unit.objects.filter(item_code=code, current=True)
    shown = units.filter(level__in=[Level.CITY, Level.COUNTY]) if county is None else units.filter(county=county)
    return GuideView(
        item=row.to_view(),
        scope=str(row.guide.get("scope_zh", "")),
        conditions=texts(row.guide.get("conditions_zh")),
        checks=tuple(map(condition_of, rules)) or conditions_of(row.form),
        flow=texts(row.guide.get("flow_zh")),
        faq=faq_of(row.guide),
        materials=materials_of_row(row),
        units=_name_units(unit.to_row() for unit in shown.order_by("county", "code")),
        unit_count=units.count(),
    )


def _name_units(rows: Iterable[UnitRow]) -> tuple[UnitView, ...]:
    listed = list(rows)
    codes = {code for row in listed for code in (row.organization, row.window, row.decider)}
    organizations = get_organizations(codes)

    def name(code: OrgId) -> str:
        found = organizations.get(code)
        return code if found is None else found.short_name

    return tuple(
        UnitView(
            code=row.code,
            item=row.item,
            organization=row.organization,
            organization_name=name(row.organization),
            division=row.division,
            window=row.window,
            window_name=name(row.window),
            decider=row.decider,
            decider_name=name(row.decider),
            level=row.level,
            promised_days=row.promised_days,
            visits=row.visits,
            channels=row.channels,
            address=row.address,
            phone=row.phone,
            hours=row.hours,
        )
        for row in listed
    )


def name_unit(row: UnitRow) -> UnitView:
    """Return a unit with the names of its organizations."""
    return _name_units([row])[0]


def get_unit_row(code: str) -> Unit:
    """Return the row of an implementing item in force; for this room only.

    Raises:
        UnitNotFound: Not a code, or there is none.
    """
    try:
        text = parse_implementing_code(code).text
    except Invalid:
        raise UnitNotFound from None
    row = Unit.objects.filter(code=text, current=True).first()
    if row is None:
        raise UnitNotFound
    return row


def get_unit(code: str) -> UnitView:
    """Return an implementing item by its 31 characters.

    Raises:
        UnitNotFound: Not a code, or there is none.
    """
    return name_unit(get_unit_row(code).to_row())


def list_units(
    item: str, county: DivisionCode | None = None, *, town: DivisionCode | None = None
) -> tuple[UnitView, ...]:
    """Return who implements an item, city first, then by division.

    Args:
        item: Basic code.
        county: Only inside this county (6 digits).
        town: Only inside this town (9 digits).
    """
    rows = Unit.objects.filter(item_code=item, current=True)
    if county is not None:
        rows = rows.filter(county=county)
    if town is not None:
        rows = rows.filter(division__startswith=town)
    return _name_units(row.to_row() for row in rows.order_by("division", "code"))


def list_unit_counties(item: str) -> tuple[Option, ...]:
    """Return the counties (and the city itself) in which an item is implemented, for a first choice."""
    codes = set(Unit.objects.filter(item_code=item, current=True).values_list("county", flat=True).distinct())
    return tuple(option for option in _divisions() if option.value in codes)


def suggest_unit(item: str, *, actor: Actor) -> UnitView | None:
    """Return the unit nearest to the applicant: that of their village, else town, else county, else city."""
    place = _place_of(actor)
    if not place:
        return None
    rows = Unit.objects.filter(item_code=item, current=True)
    for code in dict.fromkeys((place, place[:9], place[:6], f"{place[:4]}00")):
        found = rows.filter(division=code).order_by("code").first()
        if found is not None:
            return name_unit(found.to_row())
    return None


def _place_of(actor: Actor) -> str:
    party = actor.party
    if party is None or actor.person is None:
        return ""
    if party.kind is PartyKind.FIRM:
        firm = get_firm(FirmId(party.id))
        return firm.village or firm.division
    return get_person(PersonId(party.id)).division or ""


def get_form(item: str, version: int | None = None) -> FormSpec:
    """Return the form of an item in force, or of one version, with what each choice field offers.

    Raises:
        ItemNotFound: No such item.
        FormNotFound: It cannot be applied for on line.
    """
    return form_of_row(get_item_row(item, version))


def form_of_row(row: Item) -> FormSpec:
    """Return the form of an item version; for this room only. Raises like `get_form`."""
    form = find_form(row)
    if form is None:
        raise FormNotFound
    return form


def find_form(row: Item) -> FormSpec | None:
    """Return the form of an item version, None when it has none; for this room only."""
    if not row.has_form:
        return None
    form = form_of(ItemCode(row.code), row.version, row.form)
    if any(spec.type is FieldType.DIVISION for spec in form.fields()):
        return offer_divisions(form, _divisions())
    return form


def _divisions() -> tuple[Option, ...]:
    """Return the city's counties and the city itself, as division fields offer them."""
    options: list[Option] = []
    for province in list_divisions(None):
        for city in list_divisions(province.code):
            options += [Option(county.code, county.name) for county in list_divisions(city.code)]
            options.append(Option(city.code, city.name))
    return tuple(options)
