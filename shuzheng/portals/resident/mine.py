"""A case in a few words, for lists of one's own cases."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuzheng.engines.cases.types import RESULT_LABELS, STATE_LABELS, CaseState, CaseView
from shuzheng.portals.shell.templatetags.wording import day


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a few words; `acts` when the person must do something."""

    number: str
    title: str
    state: str
    kind: str
    icon: str
    words: str
    acts: bool


def must_act(case: CaseView) -> bool:
    """Tell whether the applicant holds the next step."""
    return any(task.org is None for task in case.tasks)


def say_case(case: CaseView) -> CaseLine:
    """Return a case in a few words."""
    acts = must_act(case)
    kind, icon = ("warn", "clock") if acts else ("b", "clock")
    if case.state is CaseState.DONE:
        kind, icon = ("ok", "check") if case.result == "granted" else ("", "info")
    elif case.state is CaseState.WITHDRAWN:
        kind, icon = "", "undo"
    label = RESULT_LABELS.get(case.result) or STATE_LABELS[case.state]
    return CaseLine(case.number, case.title, _(label), kind, icon, _words(case, acts=acts), acts)


def _words(case: CaseView, *, acts: bool) -> str:
    if acts:
        due = min((task.due_on for task in case.tasks if task.due_on is not None), default=None)
        return _("请在 %(day)s前补交材料") % {"day": day(due)} if due else _("请补交材料，等您期间不计办理时间")
    if case.due_on is not None and not case.state.is_over:
        said = _("%(day)s前答复是否受理") if case.accepted_at is None else _("%(day)s前作出决定")
        return said % {"day": day(case.due_on)}
    return ""
