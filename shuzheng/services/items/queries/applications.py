"""Reads of applications. Who may see one is who may see its case; an officer's look stands in the reader log."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from shuzheng.base.access.actions import record_reading
from shuzheng.base.files.queries import get_files
from shuzheng.base.files.types import FileView
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.said import dump_said, load_said, said
from shuzheng.base.kernel.types import Actor, CaseId, FileId, ItemCode, Json, JsonObject, PersonId
from shuzheng.engines.cases.queries import get_case, get_history
from shuzheng.engines.cases.types import HistoryView
from shuzheng.engines.rules.types import Value
from shuzheng.services.items.errors import ApplicationNotFound, MaterialNotFound
from shuzheng.services.items.models import Application, Decision, Item
from shuzheng.services.items.queries.catalogue import find_form, name_unit
from shuzheng.services.items.queries.checking import checked_of, values_of
from shuzheng.services.items.queries.known import known_by, prefill_rules
from shuzheng.services.items.queries.sealing import open_answers, open_bytes
from shuzheng.services.items.rules.conditions import (
    facts_known,
    facts_of_answers,
    judge,
    register_keys,
    schema_of,
)
from shuzheng.services.items.rules.papers import mark_asked
from shuzheng.services.items.types import (
    ApplicationView,
    DecisionView,
    FormSpec,
    Judged,
    PaperState,
    PaperView,
    SourceRef,
)
from shuzheng.services.rulebook.queries import rules_in_force
from shuzheng.services.rulebook.types import RuleView


def get_application_row(case_id: CaseId | UUID) -> Application:
    """Return the row of an application; for this room only.

    Raises:
        ApplicationNotFound: The case has none.
    """
    row = Application.objects.select_related("item", "unit").filter(case_id=case_id).first()
    if row is None:
        raise ApplicationNotFound
    return row


def get_application(
    case_id: CaseId | UUID, *, actor: Actor, at: datetime, purpose: str = "审查申请材料"
) -> ApplicationView:
    """Return what was applied for: answers with their sources, papers, explanations and the decision.

    An officer's look is recorded for the applicant to see before anything is returned.

    Args:
        case_id: The case.
        actor: The applicant, or an officer with a part in the case.
        at: When.
        purpose: What an officer looks for, Chinese.

    Raises:
        ApplicationNotFound: The case has no application.
        NothingToSee, OtherUnit: As `cases.queries.get_case`.
    """
    row = get_application_row(case_id)
    case = get_case(row.case_number, actor=actor)
    if actor.is_officer:
        record_reading(actor, subject=row.party, resource=case.urn, what="申请表和材料", purpose=purpose, at=at)
    return application_view(row)


def judge_conditions(application: ApplicationView, *, today: date) -> tuple[Judged, ...]:
    """Return the conditions of the item, decided over what was told and the directory's records.

    They are those the rule book held on the day the case was opened, as it was known at that moment; the form's own
    where it held none. Who holds the view has passed the check of `get_application`.
    """
    form, facts, tellers = _facts_of(application, today)
    return judge(form, facts, tellers, rules_of_case(application))


def _facts_of(application: ApplicationView, today: date) -> tuple[JsonObject, dict[str, Value], dict[str, str]]:
    """Return the form, the facts its answers and the directory tell, and by fact who told it."""
    item = application.item
    form = Item.objects.values_list("form", flat=True).get(code=item.code, version=item.version)
    rules = prefill_rules()
    wanted = (rule for key in register_keys(form).values() if (rule := rules.get(key)) is not None)
    facts = facts_of_answers(form, application.answers, application.papers, today=today)
    told, tellers = facts_known(form, rules, known_by(wanted, application.party, on=today), facts)
    checked = checked_of(application)
    found = values_of(checked, schema_of(form))
    by = {one.name: said("{by}核查：{basis}", by=one.by, basis=one.basis) for one in checked if one.name in found}
    return form, facts | told | found, {**tellers, **by}


def facts_of_case(
    number: str, *, purpose: str, actor: Actor, at: datetime
) -> tuple[Mapping[str, Value], Mapping[str, str]]:
    """Return what is known of a case as rules ask about it, and by fact who told it; the look stands in the log.

    Args:
        number: Of a case the actor has a part in.
        purpose: What the officer wants it for, Chinese; the applicant sees it.
        actor: An officer.
        at: When.

    Raises:
        CaseNotFound, ApplicationNotFound: There is none.
        OtherUnit: Another unit's case.
    """
    case = get_case(number, actor=actor)
    application = get_application(case.id, actor=actor, at=at, purpose=purpose)
    _form, facts, tellers = _facts_of(application, local_date(at, settings.SHUZHENG.zone))
    return facts, {name: tellers.get(name, "申请表") for name, value in facts.items() if value is not None}


def guard_facts(case_id: CaseId) -> dict[str, Value]:
    """Return the answers of the application a case decides, typed, for the guards of its process; none without one."""
    row = Application.objects.select_related("item").filter(case_id=case_id).first()
    if row is None:
        return {}
    answers = open_answers("application.answers", row.public_id, row.answers)
    return facts_of_answers(row.item.form, answers, today=local_date(row.submitted_at, settings.SHUZHENG.zone))


def rules_of_case(application: ApplicationView) -> tuple[RuleView, ...]:
    """Return the rules a case keeps: those of its item on the day it was opened; none where the book held none."""
    opened = application.submitted_at
    day = local_date(opened, settings.SHUZHENG.zone)
    return rules_in_force(prefix=f"form/{application.item.code}", on=day, as_of=opened)


def application_view(row: Application) -> ApplicationView:
    """Return the whole picture of an application; for this room only, after the right to see it was checked."""
    supplements = row.supplements.order_by("pk")
    notes = [open_bytes("supplement.note", s.command_id, s.note).decode() for s in supplements]
    decision = Decision.objects.filter(application=row).first()
    return ApplicationView(
        id=row.public_id,
        case_id=CaseId(row.case_id),
        case_number=row.case_number,
        item=row.item.to_view(),
        unit=name_unit(row.unit.to_row()),
        form=find_form(row.item) or FormSpec(ItemCode(row.item.code), row.item.version, row.item.name, ()),
        party=row.party,
        contact=PersonId(row.contact_id),
        answers=open_answers("application.answers", row.public_id, row.answers),
        papers=_papers(row),
        notes=tuple(note for note in notes if note),
        submitted_at=row.submitted_at,
        decision=None if decision is None else decision.to_view(),
    )


def _papers(row: Application) -> tuple[PaperView, ...]:
    given: dict[int, tuple[FileId, datetime]] = {}
    for paper in row.files.order_by("given_at", "pk"):
        given[paper.seq] = (FileId(paper.file_id), paper.given_at)
    files = get_files(file_id for file_id, _ in given.values())
    papers = [
        _paper(stored, files.get(given[seq][0]) if (seq := _seq(stored)) in given else None) for stored in row.papers
    ]
    asked = last_request(get_history(CaseId(row.case_id)))
    if asked is None:
        return tuple(papers)
    given_at = {seq: at for seq, (_, at) in given.items()}
    return mark_asked(papers, asked.papers, why=words_of(asked), asked_at=asked.at, given_at=given_at)


def last_request(history: Sequence[HistoryView]) -> HistoryView | None:
    """Return the last entry in which papers were asked for; for this room only."""
    return next((entry for entry in reversed(history) if entry.papers and entry.org is not None), None)


def words_of(request: HistoryView) -> str:
    """Return what the officer wrote when asking; for this room only."""
    return "；".join(text.rstrip("。；") for text in (*request.reasons, request.opinion) if text)


def dump_paper(paper: PaperView) -> Json:
    """Return a paper as the application keeps it; the file stands in its own table."""
    ref = paper.ref
    return {
        "seq": paper.seq,
        "name": paper.name,
        "state": str(paper.state),
        "why": dump_said(paper.why),
        "source": dump_said(paper.source),
        "required": paper.required,
        "label": paper.label,
        "ref": None if ref is None else [ref.source, ref.record, ref.version, ref.label],
    }


def _seq(stored: JsonObject) -> int:
    return int(str(stored["seq"]))


def _paper(stored: JsonObject, file: FileView | None) -> PaperView:
    ref = stored["ref"]
    state = PaperState(str(stored["state"]))
    why = load_said(stored["why"])
    if file is not None:
        state, why = PaperState.GIVEN, said("已上传：{name}", name=file.name)
    return PaperView(
        seq=_seq(stored),
        name=str(stored["name"]),
        state=state,
        why=why,
        source=said("申请人") if file is not None else load_said(stored["source"]),
        required=stored["required"] is True,
        file=file,
        label=str(stored["label"]),
        ref=SourceRef(*map(str, ref)) if isinstance(ref, Sequence) and len(ref) == 4 else None,
    )


def get_application_file(
    case_id: CaseId | UUID, file_id: FileId | UUID, *, actor: Actor, at: datetime, purpose: str = "审查申请材料"
) -> FileView:
    """Return a file of an application that the actor may see; an officer's look is recorded.

    Raises:
        ApplicationNotFound: The case has no application, or the file belongs to another.
        NothingToSee, OtherUnit: As `cases.queries.get_case`.
    """
    row = get_application_row(case_id)
    case = get_case(row.case_number, actor=actor)
    paper = row.files.filter(file_id=file_id).first()
    found = get_files([FileId(UUID(str(file_id)))]).get(FileId(UUID(str(file_id))))
    if paper is None or found is None:
        raise ApplicationNotFound
    if actor.is_officer:
        name = material_names(row).get(paper.seq, "材料")
        record_reading(actor, subject=row.party, resource=case.urn, what=f"材料：{name}", purpose=purpose, at=at)
    return found


def material_names(row: Application) -> Mapping[int, str]:
    """Return the names of the materials of an application; for this room only."""
    return {_seq(stored): str(stored["name"]) for stored in row.papers}


def check_materials(row: Application, seqs: Sequence[int]) -> None:
    """Let pass materials the application has; for this room only.

    Raises:
        MaterialNotFound: One it does not have.
    """
    known = material_names(row)
    for seq in seqs:
        if seq not in known:
            raise MaterialNotFound(seq=seq)


def find_decision(case_id: CaseId | UUID) -> DecisionView | None:
    """Return the decision on a case, None while there is none. The caller has checked who may see the case."""
    row = Decision.objects.filter(application__case_id=case_id).first()
    return None if row is None else row.to_view()
