"""Apply a pack's directory: divisions, organizations, people, firms, posts, holiday notices."""

from collections.abc import Mapping
from dataclasses import astuple
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from shuzheng.base.directory.actions.sync import Target, sync
from shuzheng.base.directory.errors import PackFaulty
from shuzheng.base.directory.models import CalendarYear, Division, Firm, Guardianship, Organization, Person, Post
from shuzheng.base.directory.queries import forget_depths, forget_working_days
from shuzheng.base.directory.queries.sealing import index_of, index_of_id_no, indexes_of_id_no, seal_field
from shuzheng.base.directory.rules.pack_directory import DirectoryRows
from shuzheng.base.directory.rules.pack_people import FirmRow, PersonRow
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.mask import mask_name
from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import Actor
from shuzheng.base.ledger.actions import record

_LABELS: Final = {
    "name": "名称",
    "short_name": "简称",
    "full_name": "全称",
    "parent_code": "上级",
    "kind": "类别",
    "division_code": "区划",
    "level": "层级",
    "duties": "职责",
    "system": "隶属体系",
    "roles": "职责",
}
SUBJECT = "urn:shuzheng:directory"


def load_directory(rows: DirectoryRows, *, actor: Actor, at: datetime) -> Changes:
    """Make the directory equal to the pack, inside the caller's transaction.

    Rows the pack no longer has are retired, never deleted; a second load of the same pack writes nothing.

    Raises:
        PackFaulty: The pack has faults; nothing was written.
    """
    if rows.faults:
        first = rows.faults[0]
        raise PackFaulty(count=len(rows.faults), file=first.file, line=first.line, what=first.what)
    changes = Changes()
    _load_divisions(rows, changes, at)
    _load_organizations(rows, changes, at)
    people = _load_people(rows, changes, at)
    _load_guardians(rows, people, changes, at)
    _load_firms(rows, people, changes, at)
    _load_posts(rows, people, changes, at)
    _load_calendar(rows, changes, at)
    if not changes.nothing_changed:
        forget_depths()
        forget_working_days()
        content = {"added": changes.added, "changed": changes.changed, "retired": changes.retired}
        record("directory.loaded", SUBJECT, actor=actor, at=at, content=content)
    return changes


def _load_divisions(rows: DirectoryRows, changes: Changes, at: datetime) -> None:
    wanted = {
        code: {
            "name": row.name,
            "full_name": row.full_name,
            "level": row.level,
            "parent_code": row.parent_code,
            "longitude": row.longitude,
            "latitude": row.latitude,
        }
        for code, row in rows.divisions.items()
    }
    present = {row.code: row for row in Division.objects.all()}
    target = Target(
        Division, present, lambda code: Division(code=code), name=lambda row: f"区划“{row.name}”", labels=_LABELS
    )
    sync(target, wanted, changes=changes, at=at)


def _load_organizations(rows: DirectoryRows, changes: Changes, at: datetime) -> None:
    wanted: dict[str, dict[str, object]] = {}
    for code, row in rows.organizations.items():
        l1, l2, l3, l4 = row.levels
        wanted[code] = {
            "short_name": row.short_name,
            "full_name": row.full_name,
            "parent_code": row.parent_code,
            "kind": row.kind,
            "division_code": row.division_code,
            "level": row.level,
            "duties": _listed(row.duties),
            "system": row.system,
            "l1": l1,
            "l2": l2,
            "l3": l3,
            "l4": l4,
        }
    present = {row.code: row for row in Organization.objects.all()}
    target = Target(
        Organization,
        present,
        lambda code: Organization(code=code),
        name=lambda row: f"机构“{row.short_name}”",
        labels=_LABELS,
    )
    sync(target, wanted, changes=changes, at=at)


def _load_people(rows: DirectoryRows, changes: Changes, at: datetime) -> dict[str, Person]:
    """Load the people; return all of the pack by identity number."""
    present = {bytes(row.id_no_index or b""): row for row in Person.objects.exclude(id_no_index=None)}
    indexes = {id_no: _stored_index(id_no, present) for id_no in rows.people}
    wanted: dict[bytes, dict[str, object]] = {}
    made = {key: Person(public_id=new_id(at), id_no_index=key) for key in indexes.values() if key not in present}
    for id_no, row in rows.people.items():
        key = indexes[id_no]
        wanted[key] = _person_values(row, present.get(key) or made[key])
    answered = {key: row for key, row in present.items() if row.content_index or key in wanted}
    target = Target(Person, answered, made.__getitem__, name=lambda row: f"人员“{mask_name(row.name)}”")
    sync(target, wanted, changes=changes, at=at)
    return {id_no: present.get(key) or made[key] for id_no, key in indexes.items()}


def _stored_index(id_no: str, present: Mapping[bytes, Person]) -> bytes:
    """Return the index a person is stored under, which is an older one while its key is being changed."""
    return next((key for key in indexes_of_id_no(id_no) if key in present), index_of_id_no(id_no))


def _person_values(row: PersonRow, person: Person) -> dict[str, object]:
    """Return the columns of a person; only the digest when the row is the one already stored.

    A sealed value differs each time it is sealed, so the digest and not the columns tells whether anything changed.
    """
    digest = index_of("\x1f".join(("person", *map(str, astuple(row)))))
    if bytes(person.content_index) == digest:
        return {"content_index": digest}
    seal = partial(_sealed, person.public_id)
    return {
        "name": row.name,
        "sex": row.sex,
        "birth_on": row.birth_on,
        "ethnicity": row.ethnicity,
        "household_kind": row.household_kind,
        "division_code": row.division_code,
        "status": row.status,
        "id_no_sealed": seal("person.id_no", row.id_no),
        "mobile_sealed": seal("person.mobile", row.mobile),
        "address_sealed": seal("person.address", row.address),
        "content_index": digest,
        "version": _next_version(person),
    }


def _load_guardians(rows: DirectoryRows, people: dict[str, Person], changes: Changes, at: datetime) -> None:
    present = {(row.guardian_id, row.ward_id): row for row in Guardianship.objects.filter(from_pack=True)}
    wanted = {
        (people[row.guardian_id_no].pk, people[row.ward_id_no].pk): {"relation": row.relation} for row in rows.guardians
    }

    def make(key: tuple[int, int]) -> Guardianship:
        return Guardianship(guardian_id=key[0], ward_id=key[1])

    target = Target(Guardianship, present, make, ended="ended_at")
    sync(target, wanted, changes=changes, at=at)


def _load_firms(rows: DirectoryRows, people: dict[str, Person], changes: Changes, at: datetime) -> None:
    present = {row.uscc: row for row in Firm.objects.all()}
    made = {code: Firm(public_id=new_id(at), uscc=code) for code in rows.firms if code not in present}
    wanted = {
        code: _firm_values(row, present.get(code) or made[code], people[row.legal_rep_id_no])
        for code, row in rows.firms.items()
    }
    target = Target(Firm, present, made.__getitem__, name=lambda row: f"企业“{row.name}”")
    sync(target, wanted, changes=changes, at=at)


def _firm_values(row: FirmRow, firm: Firm, legal_rep: Person) -> dict[str, object]:
    digest = index_of("\x1f".join(("firm", *map(str, astuple(row)))))
    if bytes(firm.content_index) == digest:
        return {"content_index": digest}
    return {
        "name": row.name,
        "firm_type": row.firm_type,
        "legal_rep_id": legal_rep.pk,
        "division_code": row.division_code,
        "village_code": row.village_code,
        "address": row.address,
        "industry_code": row.industry_code,
        "industry_name": row.industry_name,
        "registered_on": row.registered_on,
        "capital_fen": row.capital_fen,
        "status": row.status,
        "scale": row.scale,
        "employees": row.employees,
        "scope": row.scope,
        "mobile_sealed": _sealed(firm.public_id, "firm.mobile", row.mobile),
        "content_index": digest,
        "version": _next_version(firm),
    }


def _load_posts(rows: DirectoryRows, people: dict[str, Person], changes: Changes, at: datetime) -> None:
    present = {(row.person_id, row.organization_id, row.name): row for row in Post.objects.filter(from_pack=True)}
    wanted = {
        (people[row.person_id_no].pk, row.organization, row.name): {"roles": _listed(row.roles)} for row in rows.posts
    }

    def make(key: tuple[int, str, str]) -> Post:
        person, organization, name = key
        return Post(public_id=new_id(at), person_id=person, organization_id=organization, name=name)

    names = {code: row.short_name for code, row in rows.organizations.items()}
    target = Target(
        Post,
        present,
        make,
        ended="ended_at",
        name=lambda row: f"{names.get(row.organization_id, row.organization_id)}的岗位“{row.name}”",
        labels=_LABELS,
    )
    sync(target, wanted, changes=changes, at=at)


def _load_calendar(rows: DirectoryRows, changes: Changes, at: datetime) -> None:
    wanted = {
        year: {
            "source": row.source,
            "holidays": [[first.isoformat(), last.isoformat(), name] for first, last, name in row.holidays],
            "makeup_days": [day.isoformat() for day in row.makeup_days],
        }
        for year, row in rows.calendar.items()
    }
    present = {row.year: row for row in CalendarYear.objects.all()}
    target = Target(
        CalendarYear, present, lambda year: CalendarYear(year=year), name=lambda row: f"{row.year} 年假日安排"
    )
    sync(target, wanted, changes=changes, at=at)


def _listed(words: frozenset[str]) -> str:
    return f";{';'.join(sorted(words))};" if words else ""


def _sealed(owner: UUID, field: str, text: str) -> bytes:
    return seal_field(field, owner, text)


def _next_version(row: Person | Firm) -> int:
    return row.version if row._state.adding else row.version + 1
