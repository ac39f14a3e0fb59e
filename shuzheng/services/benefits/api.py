"""JSON door: read policies; for who is signed in, whether one fits. Reading needs no sign-in."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from shuzheng.base.kernel.clock import local_date, now
from shuzheng.base.kernel.types import Actor, Party
from shuzheng.services.benefits import queries
from shuzheng.services.benefits.types import Decision, FactSpec, PolicyFilter, PolicyPage, PolicyView, Target

router = Router(tags=["惠企利民政策"])


class PoliciesIn(Schema):
    """What to keep of the list; `after` continues a page."""

    q: str = Field("", max_length=60)
    target: Target | None = None
    department: str = Field("", max_length=80)
    division: str = Field("", pattern=r"^([0-9]{6})?$")
    year: int | None = Field(None, ge=1900, le=9999)
    after: str | None = Field(None, max_length=64)
    limit: int = Field(30, ge=1, le=100)


class PolicyOut(Schema):
    """A published policy; money in fen."""

    code: str
    family: str
    title: str
    department: str
    target: Target
    division: str
    place: str
    year: int
    valid_from: date
    valid_to: date = Field(description="Last day in force")
    cap_fen: int
    budget_fen: int


class PoliciesOut(Schema):
    """One page of policies; `next` is the `after` of the next one."""

    policies: list[PolicyOut]
    next: str | None


class RegisterOut(Schema):
    """A fact and the register it is read from."""

    fact: str
    label: str
    register_code: str
    dataset: str
    column: str


class ConditionOut(Schema):
    """A condition; all of a policy's must hold."""

    seq: int
    label: str
    rule: str
    failure: str
    checked: list[RegisterOut]


class AnswerOut(Schema):
    """A condition for the reader: `holds` null is to be proved, `missing` says from which register."""

    seq: int
    holds: bool | None
    missing: list[RegisterOut]


class FitOut(Schema):
    """Whether a policy fits the reader: null is to be proved, never a refusal."""

    fits: bool | None
    amount_fen: int | None
    conditions: list[AnswerOut]


class PolicyPageOut(PolicyOut):
    """A policy in full; `fit` is there for who is signed in and of its kind."""

    source: str
    document_no: str
    amount_rule: str
    conditions: list[ConditionOut]
    fit: FitOut | None


@router.get("policies", response=PoliciesOut, url_name="policies", summary="List policies")
def list_policies(request: HttpRequest, given: Query[PoliciesIn]) -> PoliciesOut:  # noqa: ARG001 - ninja's argument
    """Return published policies by code."""
    asked = PolicyFilter(given.q, given.target, given.department, given.division, given.year)
    page = queries.list_policies(asked, after=given.after, limit=given.limit)
    return PoliciesOut(policies=[_policy(one) for one in page.rows], next=page.next)


@router.get("policies/{code}", response=PolicyPageOut, url_name="policy", summary="Read a policy")
def read_policy(request: HttpRequest, code: str) -> PolicyPageOut:
    """Return a policy with its conditions and, for the reader, whether it fits."""
    today = local_date(now(), settings.SHUZHENG.zone)
    page = queries.get_page(code, today=today)
    party = _party(request)
    decision = None if party is None else queries.find_for(party, page.view, today=today)
    return PolicyPageOut(
        **_policy(page.view).model_dump(),
        source=page.family.source,
        document_no=page.family.document_no,
        amount_rule=page.family.amount,
        conditions=_conditions(page),
        fit=None if decision is None else _fit(decision),
    )


def _party(request: HttpRequest) -> Party | None:
    actor = getattr(request, "actor", None)
    return actor.party if isinstance(actor, Actor) else None


def _policy(view: PolicyView) -> PolicyOut:
    return PolicyOut(
        code=view.code,
        family=view.published.family,
        title=view.title,
        department=view.department,
        target=view.target,
        division=view.published.division,
        place=view.place,
        year=view.published.year,
        valid_from=view.published.valid_from,
        valid_to=view.published.last_on,
        cap_fen=view.cap_fen,
        budget_fen=view.budget_fen,
    )


def _conditions(page: PolicyPage) -> list[ConditionOut]:
    return [
        ConditionOut(
            seq=one.condition.seq,
            label=one.condition.label,
            rule=one.condition.text,
            failure=one.condition.failure,
            checked=[_register(spec) for spec in one.specs],
        )
        for one in page.criteria
    ]


def _fit(decision: Decision) -> FitOut:
    answers = [
        AnswerOut(seq=one.condition.seq, holds=one.holds, missing=[_register(spec) for spec in one.missing])
        for one in decision.asked
    ]
    return FitOut(fits=decision.fits, amount_fen=decision.amount_fen, conditions=answers)


def _register(spec: FactSpec) -> RegisterOut:
    return RegisterOut(
        fact=spec.fact.name,
        label=spec.fact.label,
        register_code=spec.fact.register,
        dataset=spec.dataset,
        column=spec.fact.column,
    )
