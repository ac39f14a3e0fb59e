"""JSON door: search and read items, apply in one call, read one's own case. The lead mounts `router` under /api/.

Reading items needs no sign-in. The rest takes the session's cookie with the CSRF token in `X-CSRFToken`.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from ninja.security import APIKeyCookie
from pydantic import ConfigDict, Field
from typing_extensions import override

from shuzheng.base.directory.api import MachineKey
from shuzheng.base.files.errors import FileKindRefused
from shuzheng.base.kernel.clock import local_date, now
from shuzheng.base.kernel.said import said, say_in
from shuzheng.base.kernel.types import Actor, DivisionCode
from shuzheng.engines.cases.queries import get_case
from shuzheng.engines.cases.types import RESULT_LABELS, STATE_LABELS, CaseView
from shuzheng.services.items import actions, queries
from shuzheng.services.items.errors import Incomplete
from shuzheng.services.items.queries.choices import FIELD_NAMES
from shuzheng.services.items.types import (
    Facet,
    FacetValue,
    FieldProblem,
    GuideView,
    ItemView,
    PaperProblem,
    UnitView,
)

CHOICES_MOST = 12
"""Values of one facet that a search may carry."""


class ActorSession(APIKeyCookie):
    """The signed-in person of the session, with the CSRF check of APIKeyCookie."""

    param_name = settings.SESSION_COOKIE_NAME

    @override
    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor = getattr(request, "actor", None)
        return actor if isinstance(actor, Actor) else None


router = Router(tags=["政务服务事项"])
signed_in = ActorSession()


class SearchIn(Schema):
    """What to search for and what to narrow it by.

    Each facet may be given several times: within a facet any of the values, between facets all. `applicant` is `person`
    or `firm`, `county` a division of 6 digits, `unit` the credit code of an organization. `after` continues a page.
    """

    q: str = Field("", max_length=100)
    applicant: list[str] = Field([], max_length=CHOICES_MOST)
    channel: list[str] = Field([], max_length=CHOICES_MOST)
    county: list[str] = Field([], max_length=CHOICES_MOST)
    level: list[str] = Field([], max_length=CHOICES_MOST)
    theme: list[str] = Field([], max_length=CHOICES_MOST)
    department: list[str] = Field([], max_length=CHOICES_MOST)
    unit: list[str] = Field([], max_length=CHOICES_MOST)
    after: str | None = Field(None, pattern=r"^[0-9]{1,6}:[0-9A-Z]{1,14}$")
    limit: int = Field(20, ge=1, le=50)

    def filters(self) -> dict[Facet, frozenset[str]]:
        """Return the choices made."""
        given = {facet: getattr(self, FIELD_NAMES.get(facet, facet)) for facet in Facet}
        return {facet: frozenset(values) for facet, values in given.items() if values}


class PlaceIn(Schema):
    """Units inside a county (6 digits), towns and villages included."""

    county: str | None = Field(None, pattern="^[0-9]{6}$")


class ItemOut(Schema):
    """A service item."""

    code: str
    version: int
    name: str
    kind: str
    kind_name: str
    department: str
    applicant: str
    handling: str
    legal_days: int | None
    promised_days: int
    visits: int
    fee_fen: int
    theme: str
    result_name: str
    licence_type: str
    legal_basis: str
    has_form: bool


class ChoiceOut(Schema):
    """A choice of a facet, and how many items it would leave with every other facet as it is."""

    value: str
    label: str
    count: int
    chosen: bool


class FacetOut(Schema):
    """A facet: the name of its parameter and its choices."""

    name: str
    values: list[ChoiceOut]


class CompositeOut(Schema):
    """A composite service (一件事) that fits; `items` is how many items it joins, each applied for on its own."""

    code: str
    name: str
    audience: str
    department: str
    summary: str
    items: int


class ItemsOut(Schema):
    """One page of items; `next` continues it.

    `facets` holds the choices of each facet with the number of items each would leave; `near` says that nothing fits in
    full; `elsewhere`, that nothing fits at the place named. `composites` are beside `items`, on the first page only.
    """

    items: list[ItemOut]
    next: str | None
    total: int
    near: bool
    elsewhere: bool
    facets: list[FacetOut]
    composites: list[CompositeOut]


class UnitOut(Schema):
    """An implementing item."""

    code: str
    organization_name: str
    division: str
    window_name: str
    decider_name: str
    level: str


class MaterialOut(Schema):
    """A material."""

    seq: int
    name: str
    source: str
    licence_type: str
    copies: int
    required: bool
    condition: str


class GuideOut(Schema):
    """A guide."""

    item: ItemOut
    scope: str
    conditions: list[str]
    flow: list[str]
    materials: list[MaterialOut]
    units: list[UnitOut]
    unit_count: int


class FieldOut(Schema):
    """A question of a form."""

    name: str
    label: str
    type: str
    required: bool
    choices: list[str]
    unit: str
    material_seq: int | None


class SectionOut(Schema):
    """A step of a form."""

    title: str
    fields: list[FieldOut]


class FormOut(Schema):
    """A form."""

    item: str
    version: int
    title: str
    sections: list[SectionOut]


class PaperIn(Schema):
    """A file: base64 of PDF, JPEG or PNG."""

    model_config = ConfigDict(extra="forbid")

    seq: int
    name: str = Field(max_length=200)
    content: str


class ApplicationIn(Schema):
    """An application in one call; answers not given keep their prefilled value."""

    model_config = ConfigDict(extra="forbid")

    command_id: UUID
    unit: str = Field(max_length=33)
    answers: dict[str, str | list[str]]
    papers: list[PaperIn] = []


class ProblemOut(Schema):
    """One thing to put right: a field of a section (from 0), or a paper by its `seq`."""

    field: str = ""
    section: int | None = None
    paper: int | None = None
    label: str
    message: str


class IncompleteOut(Schema):
    """Why nothing was opened (RFC 9457), with every problem at once."""

    type: str
    status: int
    detail: str
    code: str
    hint: str
    problems: list[ProblemOut]


class CaseOut(Schema):
    """A case as its applicant sees it."""

    number: str
    title: str
    item: str
    state: str
    state_label: str
    result: str
    result_label: str
    opened_at: datetime
    accepted_at: datetime | None
    closed_at: datetime | None
    due_on: date | None


def _item(view: ItemView) -> ItemOut:
    return ItemOut.model_validate(asdict(view))


def _facet(facet: Facet, values: Sequence[FacetValue]) -> FacetOut:
    choices = [ChoiceOut.model_validate(asdict(value)) for value in values]
    return FacetOut(name=FIELD_NAMES.get(facet, str(facet)), values=choices)


def _unit(view: UnitView) -> UnitOut:
    return UnitOut.model_validate(asdict(view))


def _guide(view: GuideView) -> GuideOut:
    return GuideOut(
        item=_item(view.item),
        scope=view.scope,
        conditions=list(view.conditions),
        flow=list(view.flow),
        materials=[MaterialOut.model_validate(asdict(material)) for material in view.materials],
        units=[_unit(unit) for unit in view.units],
        unit_count=view.unit_count,
    )


def _case(view: CaseView) -> CaseOut:
    return CaseOut(
        number=view.number,
        title=view.title,
        item=view.item,
        state=view.state,
        state_label=STATE_LABELS[view.state],
        result=view.result,
        result_label=RESULT_LABELS.get(view.result, view.result),
        opened_at=view.opened_at,
        accepted_at=view.accepted_at,
        closed_at=view.closed_at,
        due_on=view.due_on,
    )


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.__dict__["auth"]
    return actor


def _at(request: HttpRequest) -> datetime:
    at = getattr(request, "at", None)
    return at if isinstance(at, datetime) else now()


@router.get("/items", response=ItemsOut, summary="搜索事项")
def search(request: HttpRequest, asked: Query[SearchIn]) -> ItemsOut:  # noqa: ARG001 - ninja's first argument
    """Search items by everyday words, pinyin, initials or code, narrowed by facets."""
    filters = asked.filters()
    queries.check_filters(filters)
    found = queries.search(asked.q, filters, limit=asked.limit, after=asked.after)
    return ItemsOut(
        items=[_item(hit.item) for hit in found.hits],
        next=found.next,
        total=found.total,
        near=found.near,
        elsewhere=found.elsewhere,
        facets=[_facet(facet, values) for facet, values in found.facets.items()],
        composites=[CompositeOut.model_validate(asdict(hit)) for hit in found.composites],
    )


@router.get("/items/{code}", response=GuideOut, summary="办事指南")
def read_guide(request: HttpRequest, code: str, asked: Query[PlaceIn]) -> GuideOut:
    """Read the guide of an item."""
    county = None if asked.county is None else DivisionCode(asked.county)
    on = local_date(_at(request), settings.SHUZHENG.zone)
    return _guide(queries.get_guide(code, county=county, on=on))


@router.get("/items/{code}/form", response=FormOut, summary="申请表")
def read_form(request: HttpRequest, code: str) -> FormOut:  # noqa: ARG001 - ninja's first argument
    """Read the form of an item: what `answers` may hold."""
    return FormOut.model_validate(asdict(queries.get_form(code)))


@router.post("/items/{code}/applications", response={201: CaseOut, 422: IncompleteOut}, auth=signed_in, summary="申请")
def apply(request: HttpRequest, code: str, body: ApplicationIn) -> Status[CaseOut] | Status[IncompleteOut]:
    """Apply in one call: all or nothing, checked by the validator the pages use; once per `command_id`."""
    try:
        case = actions.apply_at_once(
            code,
            body.unit,
            {name: [given] if isinstance(given, str) else list(given) for name, given in body.answers.items()},
            _files(body.papers),
            command_id=body.command_id,
            actor=_actor(request),
            at=_at(request),
        )
    except Incomplete as refusal:
        return Status(422, _incomplete(refusal))
    return Status(201, _case(case))


def _incomplete(refusal: Incomplete) -> IncompleteOut:
    return IncompleteOut(
        type=f"urn:shuzheng:problem:{refusal.code}",
        status=refusal.status,
        detail=_(refusal.text).format(**refusal.facts),
        code=refusal.code,
        hint=_(refusal.hint),
        problems=[_problem(problem) for problem in refusal.problems],
    )


def _problem(problem: object) -> ProblemOut:
    if isinstance(problem, FieldProblem):
        return ProblemOut(
            field=problem.field, section=problem.section, label=problem.label, message=say_in(problem.message, _)
        )
    if isinstance(problem, PaperProblem):
        return ProblemOut(paper=problem.seq, label=problem.name, message=say_in(problem.message, _))
    raise TypeError(f"not a problem: {type(problem).__name__}")


def _files(papers: Sequence[PaperIn]) -> dict[int, tuple[str, bytes]]:
    files = {}
    for paper in papers:
        try:
            files[paper.seq] = (paper.name, base64.b64decode(paper.content, validate=True))
        except (binascii.Error, ValueError):
            raise FileKindRefused(found=said("不能解的 base64")) from None
    return files


@router.get("/cases/{number}", response=CaseOut, auth=[MachineKey(), signed_in], summary="办件")
def read_case(request: HttpRequest, number: str) -> CaseOut:
    """Read one's own case; a machine account reads those of its organization."""
    return _case(get_case(number, actor=_actor(request)))
