"""The address book (通讯录): the tree of organizations, and a search over them and the posts held in them.

A search looks at every name: 4,558 organizations take about 20 ms, and nothing can be out of date.
"""

from collections.abc import Iterable, Iterator

from shuzheng.base.directory.errors import PositionUnfit
from shuzheng.base.directory.models import Office, Organization, Post
from shuzheng.base.directory.queries.people import post_view
from shuzheng.base.directory.queries.places import get_organizations, organization_view
from shuzheng.base.directory.rules.book import EXACT, rank_name
from shuzheng.base.directory.types import BookHit, OfficeContact, OrganizationView
from shuzheng.base.kernel.fold import fold
from shuzheng.base.kernel.types import OrgId, Page

LIMIT_MAX = 200


def list_book(parent: OrgId | None, *, after: str | None = None, limit: int = 50) -> Page[OrganizationView]:
    """Return the organizations directly below one, by code; those without a parent when it is None.

    Args:
        parent: The organization above.
        after: `Page.next` of the page before.
        limit: At most 200.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    rows = Organization.objects.filter(parent_code=parent or "", retired_at__isnull=True)
    if after:
        rows = rows.filter(code__gt=after)
    listed = list(rows.order_by("code")[: limit + 1])
    more = listed[limit - 1].code if len(listed) > limit else None
    return Page(tuple(map(organization_view, listed[:limit])), more)


def search_book(text: str, *, duty: str = "", after: str | None = None, limit: int = 50) -> Page[BookHit]:
    """Return organizations and posts by name, person, or pinyin initials, and by duty; the best fit first.

    Args:
        text: Part of an organization's, post's or person's name, or initials; '' with a duty finds all that have it.
        duty: One of `Duty` or `PostRole`; '' for any.
        after: `Page.next` of the page before.
        limit: At most 200.

    Raises:
        PositionUnfit: `after` is not a position.
    """
    asked = fold(text)
    if not asked and not duty:
        return Page(())
    limit = max(1, min(limit, LIMIT_MAX))
    found = sorted([*_organizations(asked, duty), *_posts(asked, duty)])
    if after:
        position = _read_position(after)
        found = [key for key in found if key > position]
    listed = found[:limit]
    more = "~".join(map(str, listed[-1])) if len(found) > limit else None
    return Page(tuple(_hits(listed)), more)


def get_offices(organizations: Iterable[OrgId]) -> dict[OrgId, OfficeContact]:
    """Return telephone and place of those organizations that gave any."""
    rows = Office.objects.filter(organization_id__in=[*organizations])
    return {OrgId(row.organization_id): OfficeContact(row.phone, row.place) for row in rows}


_Key = tuple[int, int, str, int]
"""Rank, 0 organization or 1 post, code of the organization, key of the post: order and position in one."""


def _organizations(asked: str, duty: str) -> Iterator[_Key]:
    rows = Organization.objects.filter(retired_at__isnull=True)
    if duty:
        rows = rows.filter(duties__contains=f";{duty};")
    for code, short_name, full_name in rows.values_list("code", "short_name", "full_name"):
        rank = rank_name(asked, short_name, full_name) if asked else EXACT
        if rank is not None:
            yield rank, 0, code, 0


def _posts(asked: str, duty: str) -> Iterator[_Key]:
    rows = Post.objects.filter(ended_at__isnull=True, organization__retired_at__isnull=True)
    if duty:
        rows = rows.filter(roles__contains=f";{duty};")
    for pk, code, name, person in rows.values_list("pk", "organization__code", "name", "person__name"):
        rank = rank_name(asked, person, name) if asked else EXACT
        if rank is not None:
            yield rank, 1, code, pk


def _hits(keys: Iterable[_Key]) -> Iterator[BookHit]:
    listed = list(keys)
    units = get_organizations(OrgId(code) for _, _, code, _ in listed)
    wanted = [pk for _, is_post, _, pk in listed if is_post]
    posts = {
        row.pk: post_view(row) for row in Post.objects.select_related("person", "organization").filter(pk__in=wanted)
    }
    for _, is_post, code, pk in listed:
        yield BookHit(units[OrgId(code)], posts[pk] if is_post else None)


def _read_position(after: str) -> _Key:
    try:
        rank, kind, code, pk = after.split("~")
        return int(rank), int(kind), code, int(pk)
    except ValueError:
        raise PositionUnfit from None
