"""What an officer typed in the decision box: read, checked against what the chosen outcome needs, never lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuzheng.engines.cases.types import OutcomeView, TaskInput
from shuzheng.portals.shell.ids import read_uuid

REASON_MAX = 500
"""Characters of one reason in the officer's own words."""
OPINION_MAX = 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right, and the id of the field it belongs to."""

    at: str
    message: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision box as typed.

    Attributes:
        outcome: Id of the button pressed; '' before one is.
        reasons: Reasons ticked.
        own_reason: A reason in the officer's own words.
        papers: Sequence numbers of the papers asked for.
        command_id: Made when the page was shown; a second click carries the same one.
        expected_rev: Revision of the case the officer was looking at.
    """

    command_id: UUID
    outcome: str = ""
    opinion: str = ""
    reasons: tuple[str, ...] = ()
    own_reason: str = ""
    papers: tuple[int, ...] = ()
    expected_rev: int | None = None
    problems: tuple[Problem, ...] = field(default=())

    @property
    def given(self) -> TaskInput:
        """Return what the engine stores."""
        return TaskInput(opinion=self.opinion, reasons=self.all_reasons, papers=self.papers)

    @property
    def all_reasons(self) -> tuple[str, ...]:
        """Return the reasons ticked and, last, the one in the officer's own words."""
        return self.reasons + ((self.own_reason,) if self.own_reason else ())

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was typed or ticked."""
        return not (self.opinion or self.all_reasons or self.papers)

    def message_at(self, place: str) -> str:
        """Return the message for a field, '' when it is right."""
        return next((problem.message for problem in self.problems if problem.at == place), "")


def blank_decision(rev: int) -> Decision:
    """Return an empty box for a case at a revision."""
    return Decision(command_id=uuid4(), expected_rev=rev)


def read_decision(posted: QueryDict) -> Decision:
    """Read the box; what cannot be read is left out, and missing ids are made anew."""
    rev = posted.get("expected_rev", "")
    return Decision(
        command_id=read_uuid(posted.get("command_id", "")),
        outcome=posted.get("outcome", ""),
        opinion=posted.get("opinion", "").strip()[:OPINION_MAX],
        reasons=tuple(text.strip()[:REASON_MAX] for text in posted.getlist("reason") if text.strip()),
        own_reason=posted.get("own_reason", "").strip()[:REASON_MAX],
        papers=tuple(sorted({int(seq) for seq in posted.getlist("paper") if seq.isdecimal()})),
        expected_rev=int(rev) if rev.isdecimal() else None,
    )


def find_problems(decision: Decision, outcome: OutcomeView) -> tuple[Problem, ...]:
    """Return what the chosen outcome still needs, in the order of the fields on the page."""
    said = {"name": outcome.name}
    problems = []
    if "papers" in outcome.needs and not decision.papers:
        problems.append(Problem("papers", _("要“%(name)s”，请勾选要申请人补的材料，例如“健康证明”") % said))
    if "reasons" in outcome.needs and not decision.all_reasons:
        problems.append(
            Problem("reasons", _("要“%(name)s”，请勾选至少一条理由，或用自己的话写明；申请人会看到") % said)
        )
    if "opinion" in outcome.needs and not decision.opinion:
        problems.append(Problem("opinion", _("要“%(name)s”，请写意见，例如“材料齐全，同意”") % said))
    return tuple(problems)


def needing(outcomes: Sequence[OutcomeView], need: str) -> tuple[OutcomeView, ...]:
    """Return the outcomes that need a kind of input: `papers`, `reasons` or `opinion`."""
    return tuple(outcome for outcome in outcomes if need in outcome.needs)
