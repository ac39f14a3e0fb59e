"""Take over licence types and licences from a pack, in bulk. Doing it again changes nothing.

A licence is recognised by type, number and holder, without its number being readable (`import_key`). One ledger
record stands for a whole import. What the platform has revoked or corrected since, an import never makes valid again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.db.models import Model

from shuzheng.base.directory.queries import find_firm_by_uscc, find_person_by_id_no, get_organizations
from shuzheng.base.kernel.canonical import canonical_json
from shuzheng.base.kernel.codes import make_licence_identifier
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import Actor, LicenceTypeCode, OrgId, Party, PartyKind
from shuzheng.base.ledger.actions import record
from shuzheng.engines.credentials.actions.issuing import HOLDER
from shuzheng.engines.credentials.errors import HolderUnknown
from shuzheng.engines.credentials.models import Licence, LicenceType, Serial
from shuzheng.engines.credentials.queries.sealing import (
    blind_index_of,
    blind_indexes_of,
    index_of,
    seal_fields,
    seal_value,
)
from shuzheng.engines.credentials.rules.licences import count_in_number, make_serial
from shuzheng.engines.credentials.types import LicenceState

BATCH: Final = 500
_TYPE_COLUMNS: Final = (
    "name",
    "defining_org",
    "defining_org_code",
    "issuing_department",
    "holder_kind",
    "validity_years",
    "key_fields",
    "related_register",
    "in_step",
    "retired_at",
)
_LICENCE_COLUMNS: Final = (
    "holder_name",
    "issuer_name",
    "fields_sealed",
    "issued_on",
    "valid_from",
    "valid_to",
    "state",
    "state_reason",
    "fingerprint",
)


@dataclass(frozen=True, slots=True)
class ImportedType:
    """A licence type as the catalogue states it."""

    code: str
    name: str
    defining_org: str
    defining_org_code: str
    issuing_department: str
    holder_kind: str
    validity_years: int | None
    key_fields: list[str]
    related_register: str
    in_step: bool


@dataclass(frozen=True, slots=True)
class ImportedLicence:
    """A licence as another library holds it; `state_word` is that library's word for a state that is not valid."""

    number: str = field(repr=False)
    type_code: str
    holder_code: str = field(repr=False)
    holder_name: str = field(repr=False)
    issuer: OrgId
    issued_on: date
    valid_from: date
    valid_to: date | None
    state: LicenceState
    state_word: str
    fields: Mapping[str, str] = field(repr=False)

    @property
    def key(self) -> str:
        """Return what makes it one and the same licence."""
        return f"{self.type_code}|{self.number}|{self.holder_code}"


def import_types(given: Sequence[ImportedType], *, at: datetime) -> Changes:
    """Bring the catalogue to what is given; a type that is missing is retired, its licences stay."""
    changes = Changes()
    known = {row.code: row for row in LicenceType.objects.all()}
    later = bool(known)
    fresh, changed = [], []
    for new in given:
        values = {name: getattr(new, name) for name in _TYPE_COLUMNS if name != "retired_at"} | {"retired_at": None}
        row = known.pop(new.code, None)
        if row is None:
            fresh.append(LicenceType(code=new.code, **values))
            if later:
                changes.note(f"新增证照类型“{new.name}”")
        elif _differs(row, values):
            changed.append(row)
            changes.note(f"证照类型“{new.name}”有改动")
        else:
            changes.unchanged += 1
    gone = [row for row in known.values() if row.retired_at is None]
    for row in gone:
        row.retired_at = at
        changes.note(f"停用证照类型“{row.name}”")
    LicenceType.objects.bulk_create(fresh, batch_size=BATCH)
    LicenceType.objects.bulk_update([*changed, *gone], _TYPE_COLUMNS, batch_size=BATCH)
    changes.added, changes.changed, changes.retired = len(fresh), len(changed), len(gone)
    return changes


def import_licences(given: Sequence[ImportedLicence], *, actor: Actor, at: datetime) -> Changes:
    """Add licences that are new and bring the others to what is given.

    Raises:
        HolderUnknown: A holder is not in the directory.
    """
    changes = Changes()
    known = {bytes(row.import_key): row for row in Licence.objects.filter(import_key__isnull=False) if row.import_key}
    fresh: list[tuple[ImportedLicence, bytes, bytes]] = []
    changed = []
    names = _IssuerNames({new.issuer for new in given})
    for new in given:
        keys, fingerprint = blind_indexes_of("import_key", new.key), _fingerprint(new)
        key = next((one for one in keys if one in known), keys[0])
        row = known.get(key)
        if row is None:
            fresh.append((new, key, fingerprint))
        elif bytes(row.fingerprint) != fingerprint:
            _bring(row, new, names, fingerprint)
            changed.append(row)
        else:
            changes.unchanged += 1
    holders = _holders({new.holder_code for new, _, _ in fresh})
    numbers = _Numbers([new for new, _, _ in fresh])
    rows = [_new_row(new, holders[new.holder_code], names, numbers, at) for new, _, _ in fresh]
    for row, (_, key, fingerprint) in zip(rows, fresh, strict=True):
        row.import_key, row.fingerprint = key, fingerprint
    Licence.objects.bulk_create(rows, batch_size=BATCH)
    Licence.objects.bulk_update(changed, _LICENCE_COLUMNS, batch_size=BATCH)
    numbers.save()
    changes.added, changes.changed = len(rows), len(changed)
    if known and not changes.nothing_changed:
        changes.note(f"电子证照新增 {len(rows)} 张，变更 {len(changed)} 张")
    if not changes.nothing_changed:
        content = {"added": changes.added, "changed": changes.changed}
        record("credentials.imported", "urn:shuzheng:licences", actor=actor, at=at, content=content)
    return changes


def _differs(row: Model, values: Mapping[str, object]) -> bool:
    """Set the values on a row; tell whether one of them was another."""
    differs = False
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            differs = True
    return differs


def _fingerprint(new: ImportedLicence) -> bytes:
    said = {
        "holder": new.holder_name,
        "issuer": new.issuer,
        "issued_on": new.issued_on.isoformat(),
        "valid_from": new.valid_from.isoformat(),
        "valid_to": "" if new.valid_to is None else new.valid_to.isoformat(),
        "state": new.state.value,
        "state_word": new.state_word,
        "fields": [[name, value] for name, value in new.fields.items()],
    }
    return index_of("import", canonical_json(said).decode())


def _holders(codes: set[str]) -> dict[str, Party]:
    """Return the holders by identity number or USCC."""
    found: dict[str, Party] = {}
    for code in codes:
        person = find_person_by_id_no(code)
        if person is not None:
            found[code] = Party(PartyKind.PERSON, person.id, person.name)
            continue
        firm = find_firm_by_uscc(code)
        if firm is None:
            raise HolderUnknown
        found[code] = Party(PartyKind.FIRM, firm.id, firm.name)
    return found


class _IssuerNames:
    """Full names of issuing bodies."""

    def __init__(self, issuers: set[OrgId]) -> None:
        self._names = {code: view.full_name for code, view in get_organizations(issuers).items()}

    def of(self, new: ImportedLicence) -> str:
        """Return the body's name, or the one printed on the licence when the directory lacks it."""
        return self._names.get(new.issuer) or new.fields.get("发证机关", "")


class _Numbers:
    """Serial numbers for many licences at once, continuing what was counted before."""

    def __init__(self, given: Sequence[ImportedLicence]) -> None:
        codes = {new.type_code for new in given}
        self.types = {row.code: row for row in LicenceType.objects.filter(code__in=codes)}
        rows = Licence.objects.filter(type__code__in=codes).values_list("type__code", "issuer", "serial")
        self._taken = set(rows)
        counted = Serial.objects.select_related("type").filter(type__code__in=codes)
        self._last = {(row.type.code, row.issuer, row.year): row.last for row in counted}
        for new in given:
            found = self._own(new)
            key = self._key(new)
            self._last[key] = max(self._last.get(key, 0), found or 0)

    @staticmethod
    def _key(new: ImportedLicence) -> tuple[str, str, int]:
        return new.type_code, new.issuer, new.issued_on.year

    @staticmethod
    def _own(new: ImportedLicence) -> int | None:
        return count_in_number(new.number, new.type_code, new.issuer, new.issued_on.year)

    def take(self, new: ImportedLicence) -> str:
        """Return the serial in the licence's own number when it is free, else the next."""
        key, year = self._key(new), new.issued_on.year
        own = self._own(new)
        serial = "" if own is None else make_serial(year, own)
        if not serial or (new.type_code, str(new.issuer), serial) in self._taken:
            self._last[key] += 1
            serial = make_serial(year, self._last[key])
        self._taken.add((new.type_code, str(new.issuer), serial))
        return serial

    def save(self) -> None:
        """Write how far was counted."""
        rows = [
            Serial(type=self.types[code], issuer=issuer, year=year, last=last)
            for (code, issuer, year), last in self._last.items()
            if code in self.types and last
        ]
        Serial.objects.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["type", "issuer", "year"],
            update_fields=["last"],
        )


def _new_row(new: ImportedLicence, holder: Party, names: _IssuerNames, numbers: _Numbers, at: datetime) -> Licence:
    licence, serial = new_id(at), numbers.take(new)
    return Licence(
        public_id=licence,
        type=numbers.types[new.type_code],
        serial=serial,
        version=1,
        identifier=make_licence_identifier(LicenceTypeCode(new.type_code), new.issuer, serial, 1),
        number="" if new.number == new.holder_code else new.number,
        holder_kind=holder.kind,
        holder_id=holder.id,
        holder_name=holder.name,
        holder_code_sealed=seal_value("holder_code", licence, new.holder_code),
        holder_code_index=blind_index_of(HOLDER, new.holder_code),
        issuer=new.issuer,
        issuer_name=names.of(new),
        fields_sealed=seal_fields(licence, dict(new.fields)),
        issued_on=new.issued_on,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        state=new.state,
        state_reason=new.state_word,
        created_at=at,
    )


def _bring(row: Licence, new: ImportedLicence, names: _IssuerNames, fingerprint: bytes) -> None:
    row.holder_name, row.issuer_name = new.holder_name, names.of(new)
    row.fields_sealed = seal_fields(row.public_id, dict(new.fields))
    row.issued_on, row.valid_from, row.valid_to = new.issued_on, new.valid_from, new.valid_to
    row.fingerprint = fingerprint
    if row.state not in {LicenceState.REVOKED, LicenceState.CORRECTED} or new.state is LicenceState.REVOKED:
        row.state, row.state_reason = new.state, new.state_word
