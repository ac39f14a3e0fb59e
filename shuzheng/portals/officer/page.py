"""The context of the case page: a review and a decision box turned into what `officer/case.html` shows."""

from datetime import date
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _, pgettext

from shuzheng.base.directory.queries import get_firm
from shuzheng.base.kernel.clock import local_date
from shuzheng.base.kernel.mask import mask_mobile, mask_name
from shuzheng.base.kernel.types import FirmId, Party, PartyKind
from shuzheng.engines.cases.queries import list_inbox
from shuzheng.engines.cases.types import RESULT_LABELS, STATE_LABELS, CaseState, CaseView
from shuzheng.portals.officer.checking import check_rows
from shuzheng.portals.officer.forms import Decision
from shuzheng.portals.officer.leading import led_tasks
from shuzheng.portals.officer.presenting import Tag, case_tag, due_tag, soon_on
from shuzheng.portals.officer.review import Paper, Review
from shuzheng.portals.officer.trees import lines_of
from shuzheng.portals.shell.answers import read_answers
from shuzheng.portals.shell.guards import actor_of
from shuzheng.portals.shell.templatetags.wording import full_day, tr
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.rulebook.rules.permitting import grade_seen


def case_context(request: CityRequest, review: Review, decision: Decision, *, full: bool) -> dict[str, object]:
    """Return everything the case page shows; `full` leaves identity and mobile numbers unmasked."""
    case = review.case
    today = local_date(request.at, settings.SHUZHENG.zone)
    form = review.application.form
    conditions = lines_of(review.conditions, grade_seen(actor_of(request), case.applicant, for_purpose=full))
    return {
        "case": case,
        "applicant_name": case.applicant.name,
        "applicant": _applicant_rows(case.applicant, full=full),
        "sections": read_answers(
            form, review.application.answers, masked=not full, homes=case.applicant.kind is PartyKind.PERSON
        ),
        "notes": review.application.notes,
        "papers": review.papers,
        "shown": _shown(review, request.GET.get("paper", "")),
        "history": review.history,
        "conditions": conditions,
        "kept_back": not full and any(one.keeps_back for one in conditions),
        "checks": check_rows(review.to_check),
        "check_id": uuid4(),
        "plain_conditions": () if review.conditions else review.guide.conditions,
        "law": review.guide.item.legal_basis,
        "deadlines": review.deadlines,
        "done": ",".join(review.diagram.done),
        "now": ",".join(review.diagram.now),
        "steps": [step for step in review.diagram.steps if step.state != "skipped"],
        "my_tasks": review.my_tasks,
        "other_tasks": review.other_tasks,
        "licence": review.application.decision.licence if review.application.decision else None,
        "tag": _tag(case),
        "due": None if case.state.is_over else _due(case, today),
        "decision": decision,
        "problems": [(problem.at, problem.message) for problem in decision.problems],
        "at": {problem.at: problem.message for problem in decision.problems},
        "full": full,
        "said": _said(request, review),
        "led": led_tasks(case, actor=actor_of(request), at=request.at),
    }


def _due(case: CaseView, today: date) -> Tag:
    return due_tag(case.due_on, today=today, paused=case.state is CaseState.PAUSED, soon=soon_on(today))


def _tag(case: CaseView) -> Tag:
    if case.state is CaseState.PAUSED:
        return case_tag(case, _("等申请人补正"), "")
    return case_tag(case, tr(STATE_LABELS[case.state]), tr(RESULT_LABELS.get(case.result, "")))


def _applicant_rows(party: Party, *, full: bool) -> list[tuple[str, str, str]]:
    if party.kind is PartyKind.PERSON:
        return [(_("姓名"), party.name, ""), (_("申请方式"), _("本人申请"), "")]
    firm = get_firm(FirmId(party.id))
    rows = [
        (pgettext("applicant", "单位"), firm.name, ""),
        (_("信用代码"), firm.uscc, "code"),
        (_("类型"), firm.firm_type, ""),
        (_("登记状态"), firm.status, ""),
        (_("成立日期"), full_day(firm.registered_on), ""),
        (_("负责人"), firm.legal_rep_name if full else mask_name(firm.legal_rep_name), ""),
        (_("住所"), firm.address, ""),
        (_("电话"), firm.mobile if full else mask_mobile(firm.mobile), ""),
    ]
    return [row for row in rows if row[1]]


def _shown(review: Review, wanted: str) -> Paper | None:
    chosen = next((paper for paper in review.papers if str(paper.seq) == wanted), None)
    with_file = next((paper for paper in review.papers if paper.file), None)
    return chosen or with_file or (review.papers[0] if review.papers else None)


def _said(request: CityRequest, review: Review) -> dict[str, object] | None:
    """Return the line that confirms what the officer has just done."""
    said = request.GET.get("said", "")
    plain = {
        "claimed": _("已由您认领，同事看得到。"),
        "handed": _("已改派，同事会收到消息。"),
        "urged": _("已催办，经办的同事会收到消息。"),
        "checked": _("核查结果已保存，办理条件按它重新算过。"),
    }
    if said in plain:
        return {"kind": "ok", "icon": "check", "text": plain[said]}
    if said != "done" or review.last is None:
        return None
    text = _("已办：%(what)s。进度已经告诉申请人。") % {"what": tr(review.last.outcome_name or review.last.name)}
    coming = list_inbox(actor_of(request), limit=1).rows
    if not coming:
        return {"kind": "ok", "icon": "check", "text": f"{text}{_('您的收件箱空了。')}"}
    link = reverse("officer:case", args=[coming[0].number])
    words = _("办下一件 %(no)s") % {"no": coming[0].number}
    return {"kind": "ok", "icon": "check", "text": text, "link": link, "link_words": words}
