"""What the platform knows of an applicant: directory records and licences held, the firm's before the person's."""

from collections.abc import Collection, Iterable
from datetime import date

from shuzheng.base.directory.queries import get_firm, get_identity, get_person
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import FirmId, Party, PartyKind, PersonId
from shuzheng.engines.credentials.queries import find_held
from shuzheng.engines.credentials.types import LICENCE_STATE_LABELS, LicenceState, LicenceView
from shuzheng.services.items.models import Prefill
from shuzheng.services.items.rules.prefill import Known, KnownRecord
from shuzheng.services.items.types import FormSpec, HeldLicence, PrefillRule


def held_licences(party: Party, type_names: Collection[str], *, on: date) -> dict[str, HeldLicence]:
    """Return the best licence of each type that the person, or the firm or its legal representative, holds.

    A valid one wins. What a mandatary or guardian holds themselves does not count.

    Args:
        party: For whom is applied.
        type_names: Licence types asked about.
        on: The day validity is judged for.
    """
    if not type_names:
        return {}
    best = {name: _held(view, on) for name, view in find_held(party, type_names, on=on).items()}
    if party.kind is PartyKind.PERSON:
        return best
    firm = get_firm(FirmId(party.id))
    own = Party(PartyKind.PERSON, firm.legal_rep, firm.legal_rep_name)
    for name, view in find_held(own, type_names, on=on).items():
        held = _held(view, on)
        if name not in best or (held.valid and not best[name].valid):
            best[name] = held
    return best


def _held(view: LicenceView, on: date) -> HeldLicence:
    valid = view.state is LicenceState.VALID and view.valid_from <= on
    why_not = ""
    if not valid and view.state is not LicenceState.EXPIRED:
        label = LICENCE_STATE_LABELS[view.state]
        why_not = (
            said("还没有生效（{valid_from}起有效）", valid_from=view.valid_from)
            if view.state is LicenceState.VALID
            else label
        )
    return HeldLicence(
        type_name=view.type_name,
        record=view.urn,
        number=view.number,
        holder_name=view.holder.name,
        valid_to=view.valid_to,
        valid=valid,
        why_not=why_not,
        fields=view.fields,
        version=str(view.version),
    )


def prefill_rules() -> dict[str, PrefillRule]:
    """Return the prefill rules by key."""
    return {row.key: row.to_rule() for row in Prefill.objects.all()}


def known_for(form: FormSpec, party: Party, *, on: date) -> tuple[dict[str, PrefillRule], Known]:
    """Return the prefill rules and everything this form could be filled from; reads no more than the form asks for.

    The person is the applicant, or the legal representative of the firm, whoever fills the form in for them.
    """
    rules = prefill_rules()
    wanted = [rule for spec in form.fields() if (rule := rules.get(spec.prefill)) is not None]
    return rules, known_by(wanted, party, on=on)


def known_by(wanted: Iterable[PrefillRule], party: Party, *, on: date) -> Known:
    """Return what rules look into, of the applicant; a record none of them names is not read."""
    wanted = list(wanted)
    records: dict[str, KnownRecord] = {}
    if any(rule.origin == "person" for rule in wanted):
        records["person"] = _person_record(_person_behind(party))
    if party.kind is PartyKind.FIRM and any(rule.origin == "firm" for rule in wanted):
        records["firm"] = _firm_record(FirmId(party.id))
    types = {rule.type for rule in wanted if rule.origin == "licence"}
    return Known(records, held_licences(party, types, on=on))


def _person_behind(party: Party) -> PersonId:
    return get_firm(FirmId(party.id)).legal_rep if party.kind is PartyKind.FIRM else PersonId(party.id)


def _person_record(person: PersonId) -> KnownRecord:
    view, identity = get_person(person), get_identity(person)
    fields = {
        "name": view.name,
        "id_no": identity.id_no,
        "mobile": identity.mobile,
        "address": identity.address,
        "sex": identity.sex,
        "birth_on": "" if identity.birth_on is None else identity.birth_on.isoformat(),
        "ethnicity": identity.ethnicity,
        "division": (identity.division or "")[:6],
    }
    return KnownRecord("directory.person", f"urn:shuzheng:person:{person}", str(identity.version), fields)


def _firm_record(firm_id: FirmId) -> KnownRecord:
    firm = get_firm(firm_id)
    fields = {
        "name": firm.name,
        "uscc": firm.uscc,
        "firm_type": firm.firm_type,
        "legal_rep_name": firm.legal_rep_name,
        "address": firm.address,
        "division": firm.division[:6],
        "industry_name": firm.industry_name,
        "registered_on": firm.registered_on.isoformat(),
        "scope": firm.scope,
        "status": firm.status,
        "mobile": firm.mobile,
    }
    return KnownRecord("directory.firm", f"urn:shuzheng:firm:{firm_id}", str(firm.version), fields)
