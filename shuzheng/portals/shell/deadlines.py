"""A deadline as people read it: weeks of a calendar with every day's mark, and in words what was left out and why.

Pure: takes the engine's proof and today's date, returns what the component `<c-why>` shows.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from shuzheng.engines.cases.types import DeadlineProof, ProofDay
from shuzheng.portals.shell.templatetags.wording import say_date, tr

STRIP_CLASSES = {"start": "s", "counted": "w", "paused": "p", "off": "o", "due": "e"}
"""Class of a day in the strip by its mark; the sheet `parts.css` colours them."""
WEEKEND = "周末"
"""What the working-day table says of an ordinary Saturday or Sunday."""


@dataclass(frozen=True, slots=True)
class StripDay:
    """One cell of the strip: its text and class; a cell outside the span has neither mark nor class."""

    text: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A proof ready to show.

    Attributes:
        proof: What the engine says.
        state: `estimated` (not begun), `paused`, `stopped`, `late`, `soon` (two working days or fewer) or `running`.
        used: Working days counted so far.
        cells: Whole weeks from Monday to Sunday.
        label: The strip in one sentence, for those who do not see it.
        left_out: Runs of days not counted other than plain week-ends, each with its reason.
    """

    proof: DeadlineProof
    state: str
    used: int
    cells: tuple[StripDay, ...]
    label: str
    left_out: tuple[str, ...]

    @property
    def title(self) -> str:
        """Return what the clock measures."""
        return _("受理期限") if self.proof.kind == "acceptance" else _("办理期限")

    @property
    def begun_on(self) -> date | None:
        """Return the first working day that counts."""
        return next((day.on for day in self.proof.days if day.mark in {"counted", "due"}), None)

    @property
    def words(self) -> str:
        """Return how it stands in a few words."""
        left = self.proof.remaining
        said = {
            "stopped": _("用了 %(n)s 个工作日") % {"n": self.used} if self.used else _("当天办好"),
            "estimated": _("按受理期限最后一天估算"),
            "paused": _("暂停计时，还剩 %(n)s 个工作日") % {"n": left},
            "late": _("已超 %(n)s 个工作日") % {"n": max(1, -left)},
        }
        return said.get(self.state) or (_("今天到期") if left <= 0 else _("还剩 %(n)s 个工作日") % {"n": left})


def read_deadlines(proofs: Iterable[DeadlineProof], *, today: date) -> tuple[Deadline, ...]:
    """Return the proofs ready to show, in the order given; `today` is the reader's local date."""
    return tuple(read_deadline(proof, today=today) for proof in proofs)


def read_deadline(proof: DeadlineProof, *, today: date) -> Deadline:
    """Return one proof ready to show."""
    until = proof.stopped_on or today
    return Deadline(
        proof=proof,
        state=state_of(proof, today=today),
        used=sum(day.mark in {"counted", "due"} and day.on <= until for day in proof.days),
        cells=tuple(_cells(proof.days)),
        label=_label(proof, today),
        left_out=_left_out(proof.days, today),
    )


def state_of(proof: DeadlineProof, *, today: date) -> str:
    """Return the word for how the clock stands; see `Deadline.state`."""
    if proof.stopped_on is not None:
        return "stopped"
    if proof.estimated:
        return "estimated"
    if proof.paused:
        return "paused"
    if proof.due_on < today:
        return "late"
    return "soon" if proof.remaining <= 2 else "running"


def current(deadlines: Sequence[Deadline]) -> Deadline | None:
    """Return the deadline that matters now: the running one, else the estimated one, else the last."""
    running = [deadline for deadline in deadlines if deadline.state not in {"stopped", "estimated"}]
    waiting = [deadline for deadline in deadlines if deadline.state == "estimated"]
    ordered = [*running, *waiting, *reversed(deadlines)]
    return ordered[0] if ordered else None


def _cells(days: Sequence[ProofDay]) -> Iterator[StripDay]:
    if not days:
        return
    marks = {day.on: day.mark for day in days}
    on = min(marks) - timedelta(days=min(marks).weekday())
    last = max(marks) + timedelta(days=6 - max(marks).weekday())
    first = on
    while on <= last:
        text = f"{on.month}/{on.day}" if on == first or on.day == 1 else str(on.day)
        css = [STRIP_CLASSES.get(marks.get(on, ""), ""), "m" if "/" in text else ""]
        yield StripDay(text, " ".join(filter(None, css)))
        on += timedelta(days=1)


def _label(proof: DeadlineProof, today: date) -> str:
    counted = sum(day.mark in {"counted", "due"} for day in proof.days)
    paused = sum(day.mark == "paused" for day in proof.days)
    off = sum(day.mark == "off" for day in proof.days)
    said = _("从%(start)s起，到%(due)s止：计入 %(counted)s 个工作日，暂停 %(paused)s 天，不计 %(off)s 天") % {
        "start": say_date(proof.started_on, today=today, weekday=False),
        "due": say_date(proof.due_on, today=today, weekday=False),
        "counted": counted,
        "paused": paused,
        "off": off,
    }
    return str(said)


def _left_out(days: Sequence[ProofDay], today: date) -> tuple[str, ...]:
    said = []
    for (mark, why), run in groupby(days, key=lambda day: (day.mark, day.why)):
        if mark not in {"off", "paused"} or why == WEEKEND:
            continue
        span = list(run)
        first, last = (say_date(day.on, today=today, weekday=False) for day in (span[0], span[-1]))
        when = first if len(span) == 1 else _("%(first)s至%(last)s") % {"first": first, "last": last}
        said.append(_("%(when)s：%(why)s") % {"when": when, "why": tr(why)})
    return tuple(said)
