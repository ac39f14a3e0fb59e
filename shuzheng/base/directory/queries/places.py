"""Reads of divisions and organizations."""

from collections.abc import Iterable

from shuzheng.base.directory.errors import NoSuchDivision, NoSuchOrganization
from shuzheng.base.directory.models import Division, Organization
from shuzheng.base.directory.types import DivisionView, OrganizationView
from shuzheng.base.kernel.types import DivisionCode, Levels, OrgId

_depths: dict[OrgId, int] = {}


def organization_view(row: Organization) -> OrganizationView:
    """Return the public picture of a row."""
    return OrganizationView(
        code=OrgId(row.code),
        short_name=row.short_name,
        full_name=row.full_name,
        parent=OrgId(row.parent_code) if row.parent_code else None,
        kind=row.kind,
        division=DivisionCode(row.division_code),
        level=row.level,
        levels=Levels(
            OrgId(row.l1),
            OrgId(row.l2) if row.l2 else None,
            OrgId(row.l3) if row.l3 else None,
            OrgId(row.l4) if row.l4 else None,
        ),
        duties=frozenset(filter(None, row.duties.split(";"))),
        system=row.system,
    )


def find_organization(code: OrgId) -> OrganizationView | None:
    """Return an organization, None when the code is unknown; a retired one is still found."""
    row = Organization.objects.filter(code=code).first()
    return None if row is None else organization_view(row)


def get_organization(code: OrgId) -> OrganizationView:
    """Return an organization; a retired one is still found, because old cases name it.

    Raises:
        NoSuchOrganization: The code is unknown.
    """
    found = find_organization(code)
    if found is None:
        raise NoSuchOrganization(code=code)
    return found


def get_organizations(codes: Iterable[OrgId]) -> dict[OrgId, OrganizationView]:
    """Return those of the organizations that are known, by code, in one statement per 500."""
    wanted = sorted(set(codes))
    found: dict[OrgId, OrganizationView] = {}
    for start in range(0, len(wanted), 500):
        for row in Organization.objects.filter(code__in=wanted[start : start + 500]):
            view = organization_view(row)
            found[view.code] = view
    return found


def list_organizations(
    *,
    division: DivisionCode | None = None,
    kind: str | None = None,
    duty: str | None = None,
    under: OrgId | None = None,
    parent: OrgId | None = None,
) -> tuple[OrganizationView, ...]:
    """Return the organizations in being that fulfil every given condition, by code.

    Args:
        division: Exactly this division, not those below it.
        kind: One of `OrganizationKind`.
        duty: Answers for this duty.
        under: This organization and all below it.
        parent: Directly below this organization.
    """
    rows = Organization.objects.filter(retired_at__isnull=True)
    if division is not None:
        rows = rows.filter(division_code=division)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if duty is not None:
        rows = rows.filter(duties__contains=f";{duty};")
    if under is not None:
        rows = rows.filter(**{f"l{depth_of(under)}": under})
    if parent is not None:
        rows = rows.filter(parent_code=parent)
    return tuple(map(organization_view, rows.order_by("code")))


def depth_of(code: OrgId) -> int:
    """Return an organization's own level in the tree, 1 to 4; remembered by the process.

    Raises:
        NoSuchOrganization: The code is unknown.
    """
    if code not in _depths:
        _depths[code] = get_organization(code).depth
    return _depths[code]


def forget_depths() -> None:
    """Forget the remembered levels, after the tree changed."""
    _depths.clear()


def _division_view(row: Division) -> DivisionView:
    return DivisionView(
        code=DivisionCode(row.code),
        name=row.name,
        level=row.level,
        parent=DivisionCode(row.parent_code) if row.parent_code else None,
        full_name=row.full_name,
    )


def find_division(code: DivisionCode) -> DivisionView | None:
    """Return a division, None when the code is unknown."""
    row = Division.objects.filter(code=code).first()
    return None if row is None else _division_view(row)


def get_division(code: DivisionCode) -> DivisionView:
    """Return a division; a retired one is still found.

    Raises:
        NoSuchDivision: The code is unknown.
    """
    found = find_division(code)
    if found is None:
        raise NoSuchDivision(code=code)
    return found


def list_division_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the short names of those of the divisions that are known, by code."""
    return dict(Division.objects.filter(code__in=list(codes)).values_list("code", "name"))


def list_divisions(parent: DivisionCode | None) -> tuple[DivisionView, ...]:
    """Return the divisions in being directly below `parent`, by code; None lists the highest."""
    rows = Division.objects.filter(parent_code=parent or "", retired_at__isnull=True)
    return tuple(map(_division_view, rows.order_by("code")))


def county_of(code: DivisionCode) -> DivisionCode:
    """Return the county a town or village lies in; a county, city or province is returned as it is.

    Example:
        >>> county_of(DivisionCode("110101001002"))
        '110101'
    """
    return DivisionCode(code[:6])
