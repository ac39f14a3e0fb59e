"""The items of one's department, one item with its history, and what a version changed."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Count, Q, QuerySet

from shuzheng.base.directory.queries import get_organization
from shuzheng.base.kernel.errors import Refused
from shuzheng.base.kernel.types import Actor, Page
from shuzheng.services.items.models import Item, ItemChange, Unit
from shuzheng.services.items.queries.catalogue import get_item_row, name_unit
from shuzheng.services.items.queries.changing.changes import rows_of
from shuzheng.services.items.queries.changing.editor import benchmark_gaps
from shuzheng.services.items.queries.changing.subjects import Subject, content_of
from shuzheng.services.items.rules.changing.comparing import version_differences
from shuzheng.services.items.rules.changing.permitting import REVIEW_ROLE, UNIT_ROLES, check_may_propose, lies_in
from shuzheng.services.items.types.changing import (
    ChangeId,
    ChangeState,
    FieldDifference,
    ItemDesk,
    MyItem,
    VersionDifference,
    VersionView,
)

PAGE_MOST: Final = 50
WORDS_MOST: Final = 8
_OPEN: Final = (ChangeState.DRAFT, ChangeState.REVIEW, ChangeState.RETURNED, ChangeState.APPROVED)
_HEAVY: Final = ("materials", "guide", "form", "licence_fields")


def list_my_items(
    actor: Actor, text: str = "", *, everything: bool = False, after: str | None = None, limit: int = 30
) -> Page[MyItem]:
    """Return the items in force that the actor's body leads or implements, by code.

    Args:
        actor: An officer.
        text: Words that stand in the name, or the beginning of the code.
        everything: The whole catalogue instead, for those who review it.
        after: `Page.next` of the page before.
        limit: At most 50.
    """
    if actor.org is None:
        return Page(())
    limit = max(1, min(limit, PAGE_MOST))
    short_name = get_organization(actor.org).short_name
    rows = Item.objects.filter(current=True).defer(*_HEAVY)
    if not everything:
        rows = rows.filter(Q(department=short_name) | Q(code__in=_own_units(actor).values("item_code")))
    for word in text.split()[:WORDS_MOST]:
        rows = rows.filter(Q(name__icontains=word) | Q(code__startswith=word))
    if after:
        rows = rows.filter(code__gt=after)
    listed = list(rows.order_by("code")[: limit + 1])
    more = listed[limit - 1].code if len(listed) > limit else None
    counted = _count_open([row.code for row in listed[:limit]], actor)
    return Page(
        tuple(
            MyItem(row.to_view(), leads=row.department == short_name, open_changes=counted.get(row.code, 0))
            for row in listed[:limit]
        ),
        more,
    )


def _own_units(actor: Actor) -> QuerySet[Unit]:
    return Unit.objects.filter(Q(organization=actor.org) | Q(window=actor.org), current=True)


def _count_open(codes: list[str], actor: Actor) -> dict[str, int]:
    rows = _visible(actor).filter(item_code__in=codes).values("item_code").annotate(n=Count("pk")).order_by()
    return {row["item_code"]: row["n"] for row in rows}


def _visible(actor: Actor) -> QuerySet[ItemChange]:
    """Return the changes under way that the actor may see in a list: their body's, and those of their reach."""
    seen = Q(organization=actor.org)
    if actor.org is not None and REVIEW_ROLE in actor.roles:
        reach = get_organization(actor.org).division
        inside = [
            code
            for code in ItemChange.objects.filter(state__in=_OPEN).values_list("division", flat=True).distinct()
            if lies_in(code, reach)
        ]
        seen |= Q(division__in=inside) & ~Q(state=ChangeState.DRAFT)
    return ItemChange.objects.filter(seen, state__in=_OPEN)


def get_item_desk(code: str, *, actor: Actor) -> ItemDesk:
    """Return an item in force as its department administers it.

    Raises:
        ItemNotFound: There is none.
    """
    row = get_item_row(code)
    refusal: Refused | None = None
    try:
        check_may_propose(Subject(row).target(actor), actor=actor)
    except Refused as refused:
        refusal = refused
    units = _own_units(actor).filter(item_code=code).order_by("division", "code")[:PAGE_MOST]
    return ItemDesk(
        item=row.to_view(),
        versions=_versions(code),
        units=tuple(name_unit(unit.to_row()) for unit in units),
        unit_count=Unit.objects.filter(item_code=code, current=True).count(),
        changes=rows_of(list(_visible(actor).filter(item_code=code).order_by("-pk")[:PAGE_MOST])),
        benchmarks=benchmark_gaps(row),
        may_change=refusal is None,
        may_change_units=bool(actor.roles & UNIT_ROLES),
        refusal=refusal,
    )


def _versions(code: str) -> tuple[VersionView, ...]:
    rows_of_changes = ItemChange.objects.filter(item_code=code, version__isnull=False)
    made = {change.version: ChangeId(change.public_id) for change in rows_of_changes.only("version", "public_id")}
    rows = Item.objects.filter(code=code).defer(*_HEAVY).order_by("-version")
    return tuple(_version(row, made) for row in rows)


def _version(row: Item, made: Mapping[int | None, ChangeId]) -> VersionView:
    return VersionView(
        version=row.version,
        added_at=row.added_at,
        retired_at=row.retired_at,
        digest=row.digest,
        edited=row.edited,
        in_force=row.current,
        change=made.get(row.version),
    )


def get_version_difference(code: str, version: int) -> VersionDifference:
    """Return what a version of an item changed against the one in force before it.

    Raises:
        ItemNotFound: No such version.
    """
    row = get_item_row(code, version)
    versions = {view.version: view for view in _versions(code)}
    earlier = [view for view in versions.values() if view.version < version]
    before = next((view for view in earlier if view.retired_at != view.added_at), None)
    found: tuple[FieldDifference, ...] = ()
    if before is not None:
        found = version_differences(content_of(get_item_row(code, before.version)), content_of(row))
    return VersionDifference(row.to_view(), versions[version], before, found)
