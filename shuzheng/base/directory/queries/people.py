"""Reads of people, firms and posts."""

from collections.abc import Iterable
from uuid import UUID

from shuzheng.base.directory.errors import NoSuchFirm, NoSuchPerson
from shuzheng.base.directory.models import Firm, Person, Post
from shuzheng.base.directory.queries.sealing import indexes_of_id_no, open_field
from shuzheng.base.directory.types import (
    FIRM_DEREGISTERED,
    FirmView,
    PersonIdentity,
    PersonView,
    PostView,
    RealName,
)
from shuzheng.base.kernel.types import DivisionCode, FirmId, OrgId, Party, PartyKind, PersonId, PostId

BATCH = 500


def _person_view(row: Person) -> PersonView:
    level = RealName(row.real_name)
    return PersonView(PersonId(row.public_id), row.name, row.status, _division(row.division_code), level)


def _division(code: str) -> DivisionCode | None:
    return DivisionCode(code) if code else None


def get_person(person: PersonId) -> PersonView:
    """Return a person without anything sealed.

    Raises:
        NoSuchPerson: The id is unknown.
    """
    row = Person.objects.filter(public_id=person).first()
    if row is None:
        raise NoSuchPerson
    return _person_view(row)


def get_people(people: Iterable[PersonId]) -> dict[PersonId, PersonView]:
    """Return those of the people who are known, by id, in one statement."""
    wanted: list[UUID] = [*set(people)]
    views = map(_person_view, Person.objects.filter(public_id__in=wanted))
    return {view.id: view for view in views}


def get_identity(person: PersonId) -> PersonIdentity:
    """Return what identifies a person, opened. Whoever reads another person's logs it with `access.record_reading`.

    Raises:
        NoSuchPerson: The id is unknown.
        SealBroken: A sealed value was changed by hand, or its key is gone.
    """
    row = Person.objects.filter(public_id=person).first()
    if row is None:
        raise NoSuchPerson
    return PersonIdentity(
        id=PersonId(row.public_id),
        id_no=open_field("person.id_no", row.public_id, row.id_no_sealed),
        mobile=open_field("person.mobile", row.public_id, row.mobile_sealed),
        address=open_field("person.address", row.public_id, row.address_sealed),
        sex=row.sex,
        birth_on=row.birth_on,
        ethnicity=row.ethnicity,
        household_kind=row.household_kind,
        division=_division(row.division_code),
        version=row.version,
    )


def find_number(party: Party) -> str:
    """Return the identity number of a person, the unified social credit code of a firm; '' where there is none.

    For making the index of what is kept about the party by number; whoever shows the number logs it.

    Raises:
        SealBroken: The sealed number was changed by hand, or its key is gone.
    """
    if party.kind is PartyKind.FIRM:
        return Firm.objects.filter(public_id=party.id).values_list("uscc", flat=True).first() or ""
    if party.kind is not PartyKind.PERSON:
        return ""
    row = Person.objects.filter(public_id=party.id).values_list("public_id", "id_no_sealed").first()
    return "" if row is None else open_field("person.id_no", *row)


def get_mobiles(people: Iterable[PersonId]) -> dict[PersonId, str]:
    """Return the mobiles of those of the people who have one, opened, in one statement. For sending only."""
    wanted: list[UUID] = [*set(people)]
    rows = Person.objects.filter(public_id__in=wanted).exclude(mobile_sealed=b"")
    return {
        PersonId(public_id): open_field("person.mobile", public_id, sealed)
        for public_id, sealed in rows.values_list("public_id", "mobile_sealed")
    }


def find_person_by_id_no(id_no: str) -> PersonView | None:
    """Return the person with this identity number, None when there is none."""
    row = Person.objects.filter(id_no_index__in=indexes_of_id_no(id_no)).first()
    return None if row is None else _person_view(row)


def find_people_ids(numbers: Iterable[str]) -> dict[str, UUID]:
    """Return the ids of those of the people who are known, by identity number as it was given; for loading."""
    found: dict[str, UUID] = {}
    wanted = {index: number for number in numbers for index in indexes_of_id_no(number)}
    indexes = list(wanted)
    for start in range(0, len(indexes), BATCH):
        rows = Person.objects.filter(id_no_index__in=indexes[start : start + BATCH])
        for index, public_id in rows.values_list("id_no_index", "public_id"):
            if index is not None:
                found[wanted[bytes(index)]] = public_id
    return found


def find_firm_ids(codes: Iterable[str]) -> dict[str, UUID]:
    """Return the ids of those of the firms that are known, by unified social credit code; for loading."""
    found: dict[str, UUID] = {}
    wanted = sorted(set(codes))
    for start in range(0, len(wanted), BATCH):
        rows = Firm.objects.filter(uscc__in=wanted[start : start + BATCH])
        found.update(rows.values_list("uscc", "public_id"))
    return found


def _firm_view(row: Firm) -> FirmView:
    return FirmView(
        id=FirmId(row.public_id),
        uscc=row.uscc,
        name=row.name,
        firm_type=row.firm_type,
        legal_rep=PersonId(row.legal_rep.public_id),
        legal_rep_name=row.legal_rep.name,
        division=DivisionCode(row.division_code),
        village=_division(row.village_code),
        address=row.address,
        industry_code=row.industry_code,
        industry_name=row.industry_name,
        registered_on=row.registered_on,
        capital_fen=row.capital_fen,
        status=row.status,
        scale=row.scale,
        employees=row.employees,
        scope=row.scope,
        mobile=open_field("firm.mobile", row.public_id, row.mobile_sealed),
        version=row.version,
        real_name=RealName(row.legal_rep.real_name),
    )


def get_firm(firm: FirmId) -> FirmView:
    """Return a firm with its legal representative.

    Raises:
        NoSuchFirm: The id is unknown.
    """
    row = Firm.objects.select_related("legal_rep").filter(public_id=firm).first()
    if row is None:
        raise NoSuchFirm
    return _firm_view(row)


def get_firms(firms: Iterable[FirmId]) -> dict[FirmId, FirmView]:
    """Return those of the firms that are known, by id, in one statement."""
    wanted: list[UUID] = [*set(firms)]
    views = map(_firm_view, Firm.objects.select_related("legal_rep").filter(public_id__in=wanted))
    return {view.id: view for view in views}


def find_firm_by_uscc(uscc: str) -> FirmView | None:
    """Return the firm with this unified social credit code, None when there is none."""
    row = Firm.objects.select_related("legal_rep").filter(uscc=uscc.strip().upper()).first()
    return None if row is None else _firm_view(row)


def list_firms_of(person: PersonId) -> tuple[FirmView, ...]:
    """Return the firms a person legally represents and may act for, by name: deregistered ones are left out."""
    rows = (
        Firm.objects.select_related("legal_rep")
        .filter(legal_rep__public_id=person, retired_at__isnull=True)
        .exclude(status=FIRM_DEREGISTERED)
    )
    return tuple(map(_firm_view, rows.order_by("name", "pk")))


def post_view(row: Post) -> PostView:
    """Return the public picture of a post read with its person and organization."""
    return PostView(
        id=PostId(row.public_id),
        person=PersonId(row.person.public_id),
        organization=OrgId(row.organization.code),
        organization_name=row.organization.short_name,
        name=row.name,
        roles=frozenset(filter(None, row.roles.split(";"))),
        person_name=row.person.name,
    )


def list_posts_of(person: PersonId) -> tuple[PostView, ...]:
    """Return the posts a person holds now, oldest first."""
    rows = Post.objects.select_related("person", "organization").filter(
        person__public_id=person, ended_at__isnull=True, organization__retired_at__isnull=True
    )
    return tuple(map(post_view, rows.order_by("pk")))


def list_posts_at(organization: OrgId, *, role: str | None = None) -> tuple[PostView, ...]:
    """Return the posts held now in an organization, all or those with a role."""
    rows = Post.objects.select_related("person", "organization").filter(
        organization_id=organization, ended_at__isnull=True
    )
    views = map(post_view, rows.order_by("pk"))
    return tuple(view for view in views if role is None or role in view.roles)
