"""What the process calls: accept, issue the result, tell a refusal. Each runs inside the step's transaction."""

import logging
from collections.abc import Mapping
from uuid import UUID, uuid5

from django.conf import settings

from shuzheng.base.access.actions import record_reading
from shuzheng.base.directory.queries import get_firm, get_identity, get_organization
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.types import FirmId, LicenceId, PartyKind, PersonId
from shuzheng.base.ledger.actions import record
from shuzheng.engines.cases.types import StepContext
from shuzheng.engines.credentials.actions import issue_licence
from shuzheng.engines.credentials.queries import licence_type_by_name
from shuzheng.engines.credentials.types import NewLicence
from shuzheng.services.items.models import Application, Decision
from shuzheng.services.items.queries.applications import get_application_row
from shuzheng.services.items.queries.sealing import open_answers
from shuzheng.services.items.rules.licence import FilledLicence, fill_licence, term_of
from shuzheng.services.items.rules.specs import licence_rules_of

log = logging.getLogger(__name__)


def accept_case(context: StepContext) -> str | None:
    """Note the acceptance (受理) on the application."""
    row = get_application_row(context.case.id)
    record(
        "items.accepted",
        f"urn:shuzheng:application:{row.public_id}",
        actor=context.actor,
        at=context.at,
        related=[context.case.urn],
    )
    return None


def issue_result(context: StepContext) -> str | None:
    """Issue the result: the licence the item leads to, and a record of the decision.

    The licence is filled from what was applied for; fields whose expression is more than a reference to one answer
    read '详见决定书'. The holder is the applicant.
    """
    row = get_application_row(context.case.id)
    licence = _issue(row, context) if row.item.licence_type else None
    _decide(row, context, "granted", licence)
    return None


def tell_refused(context: StepContext) -> str | None:
    """Record a refusal with its reasons; the notice to the applicant follows the case's closing."""
    row = get_application_row(context.case.id)
    accepted = context.case.accepted_at is not None
    _decide(row, context, "refused" if accepted else "not_accepted", None)
    return None


def _decide(row: Application, context: StepContext, result: str, licence: LicenceId | None) -> None:
    Decision.objects.update_or_create(
        application=row,
        defaults={
            "result": result,
            "opinion": context.given.opinion,
            "reasons": list(context.given.reasons),
            "licence_id": licence,
            "decided_at": context.at,
            "decided_by": context.actor.person,
            "organization": context.actor.org or row.unit.decider,
        },
    )
    record(
        f"items.{result}",
        f"urn:shuzheng:application:{row.public_id}",
        actor=context.actor,
        at=context.at,
        content={"opinion": context.given.opinion, "reasons": list(context.given.reasons)},
        related=[context.case.urn] if licence is None else [context.case.urn, f"urn:shuzheng:licence:{licence}"],
    )


def _issue(row: Application, context: StepContext) -> LicenceId:
    kind = licence_type_by_name(row.item.licence_type)
    answers = open_answers("application.answers", row.public_id, row.answers)
    filled = fill_licence(licence_rules_of(row.item.licence_fields), answers)
    if filled.left:
        log.info("licence fields left to the decision: item=%s fields=%s", row.item.code, len(filled.left))
    issuer = get_organization(context.case.parts["decider"])
    today = local_date(context.at, settings.SHUZHENG.zone)
    valid_from, valid_to = term_of(filled, today, kind.validity_years)
    licence = issue_licence(
        NewLicence(
            type_code=kind.code,
            holder=row.party,
            holder_code=_holder_code(row, context),
            issuer=issuer.code,
            issuer_name=issuer.full_name,
            fields=_complete(filled, kind.key_fields),
            valid_from=valid_from,
            valid_to=valid_to,
            case_id=context.case.id,
            item=context.case.item,
            system_fields=filled.system,
        ),
        command_id=_command_id(context.case.id),
        actor=context.actor,
        at=context.at,
    )
    return licence.id


def _complete(filled: FilledLicence, key_fields: tuple[str, ...]) -> Mapping[str, str]:
    """Return the fields in the order of the licence type, those it does not name at the end."""
    order = [name for name in key_fields if name in filled.fields]
    return {name: filled.fields[name] for name in [*order, *(n for n in filled.fields if n not in order)]}


def _command_id(case_id: UUID) -> UUID:
    return uuid5(case_id, "items.issue_result")


def _holder_code(row: Application, context: StepContext) -> str:
    if row.party_kind == PartyKind.FIRM:
        return get_firm(FirmId(row.party_id)).uscc
    record_reading(
        context.actor,
        subject=row.party,
        resource=context.case.urn,
        what="公民身份号码",
        purpose="签发证照",
        at=context.at,
    )
    return get_identity(PersonId(row.party_id)).id_no
