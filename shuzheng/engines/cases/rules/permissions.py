"""Who may act on a task or withdraw a case, and whether what is written suffices; pure."""

from shuzheng.base.access.types import LEADING, SUPERVISING
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Actor, Levels, OrgId, PartyKind
from shuzheng.engines.cases.errors import InputMissing, InputTooLong, NotYourTask, TaskTaken, UnknownOutcome
from shuzheng.engines.cases.rules.state import CaseData, Token
from shuzheng.engines.cases.rules.table import APPLICANT, Outcome, TaskNode
from shuzheng.engines.cases.types import TaskInput

TEXT_MAX = 4000
REASON_MAX = 1000
ITEMS_MAX = 100
_MISSING = {"opinion": "意见", "reasons": "理由", "papers": "要补哪些材料"}


def is_applicant(case: CaseData, actor: Actor) -> bool:
    """Tell whether the actor stands on the applicant's side: the applicant, or who acts for it now.

    Who applied for it once is not enough: a legal representative is replaced, a mandate is revoked. What was asked for
    in a post belongs to the post, whoever acts in it.
    """
    if case.applicant.kind is PartyKind.POST:
        return actor.post == case.applicant.id
    party = actor.party
    if actor.is_officer or party is None or party.id != case.applicant.id:
        return False
    return actor.limited_to is None or case.item in actor.limited_to


def may_act(case: CaseData, token: Token, actor: Actor) -> bool:
    """Tell whether the task is the actor's to do: the applicant's own, or of the post's unit and duty."""
    if token.role == APPLICANT:
        return is_applicant(case, actor)
    return actor.is_officer and actor.org == token.org and token.role in actor.roles


def check_may_act(case: CaseData, token: Token, node: TaskNode, actor: Actor) -> None:
    """Let pass who may do the task.

    Raises:
        NotYourTask: Another unit, another duty, or not the applicant.
    """
    if not may_act(case, token, actor):
        raise NotYourTask(task=node.name, lane=node.lane)


def may_lead(unit: OrgId, levels: Levels, actor: Actor) -> bool:
    """Tell whether the actor leads a unit.

    Args:
        unit: The organization whose task it is.
        levels: Its ancestors and itself.
        actor: Its director, a director above it, or its own team lead.
    """
    if not actor.is_officer or actor.org is None:
        return False
    if actor.org == unit:
        return bool(actor.roles & LEADING)
    return bool(actor.roles & SUPERVISING) and actor.org in levels.as_tuple()


def check_not_taken(token: Token, actor: Actor) -> None:
    """Let pass unless a colleague holds the task; a deputy holds what the absent officer holds.

    Raises:
        TaskTaken: A colleague claimed it.
    """
    if token.assignee is not None and token.assignee not in actor.hands:
        raise TaskTaken(by=token.assignee_name)


def check_outcome(node: TaskNode, outcome_id: str, given: TaskInput) -> Outcome:
    """Return the outcome chosen, when what is written suffices for it.

    Raises:
        UnknownOutcome: The task offers no such outcome.
        InputMissing: The outcome needs something that is empty.
        InputTooLong: A text or list exceeds its limit.
    """
    outcome = node.outcome(outcome_id)
    if outcome is None:
        raise UnknownOutcome(task=node.name, outcome=outcome_id)
    written = {"opinion": given.opinion.strip(), "reasons": given.reasons, "papers": given.papers}
    missing = [_MISSING[need] for need in sorted(outcome.needs) if not written[need]]
    if missing:
        raise InputMissing(outcome=outcome.name, missing="、".join(missing))
    check_length(given)
    return outcome


def check_length(given: TaskInput) -> None:
    """Let pass what fits.

    Raises:
        InputTooLong: A text or list exceeds its limit.
    """
    if max(len(given.opinion), len(given.note)) > TEXT_MAX:
        raise InputTooLong(what=said("意见或说明"), limit=said("{text_max} 字", text_max=TEXT_MAX))
    if any(len(reason) > REASON_MAX for reason in given.reasons):
        raise InputTooLong(what=said("理由"), limit=said("{reason_max} 字", reason_max=REASON_MAX))
    if max(len(given.reasons), len(given.papers)) > ITEMS_MAX:
        raise InputTooLong(what=said("理由或材料"), limit=said("{items_max} 项", items_max=ITEMS_MAX))
