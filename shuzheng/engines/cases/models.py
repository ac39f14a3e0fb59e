"""Tables of the case engine; private to the room. The hot path reads and writes them by hand-written SQL."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.engines.cases.types import CaseState, ProcessView

DONE_BY_LEVEL = {
    "l1": Q(closed_on__isnull=False),
    "l2": Q(closed_on__isnull=False, l2__gt=""),
    "l3": Q(closed_on__isnull=False, l3__gt=""),
    "l4": Q(closed_on__isnull=False, l4__gt=""),
}
"""Conditions of the indexes over decided cases; a list repeats them literally, or the index is lost."""
OPEN_TASK = Q(kind="u", state="o")


class Process(models.Model):
    """A published version of a drawn process; never changed, because cases follow it to their end."""

    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    xml = models.TextField()
    table = models.TextField()
    """The compiled transition table as JSON."""
    digest = models.BinaryField(max_length=32)
    """SHA-256 of the XML."""
    published_at = models.DateTimeField()

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["key", "version"], name="process_version")]

    @override
    def __str__(self) -> str:
        return f"{self.key} v{self.version}"

    def to_view(self) -> ProcessView:
        """Return the public picture of this row."""
        return ProcessView(self.key, self.version, self.name, self.published_at)


class Case(models.Model):
    """A case (办件)."""

    public_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=24, unique=True)
    process = models.ForeignKey(Process, models.PROTECT, db_index=False)
    item = models.CharField(max_length=14)
    item_version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    division = models.CharField(max_length=12)
    applicant_kind = models.CharField(max_length=8)
    applicant_id = models.UUIDField()
    applicant_name = models.CharField(max_length=200)
    contact = models.UUIDField()
    parts = models.JSONField()
    """Part → organization."""
    l1 = models.CharField(max_length=18)
    l2 = models.CharField(max_length=18, blank=True)
    l3 = models.CharField(max_length=18, blank=True)
    l4 = models.CharField(max_length=18, blank=True)
    acceptance_days = models.PositiveSmallIntegerField()
    promised_days = models.PositiveSmallIntegerField()
    legal_days = models.PositiveSmallIntegerField(null=True)
    law = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField()
    rev = models.PositiveIntegerField()
    next_n = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in CaseState])
    result = models.CharField(max_length=20, blank=True)
    clocks = models.JSONField()
    received_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    """Local day of the decision; None while under way, when withdrawn, and for what was asked for in a post."""

    class Meta:
        """Constraints and indexes."""

        indexes = [
            *(
                models.Index(fields=[level, "-closed_on", "-id"], name=f"case_done_{level}", condition=condition)
                for level, condition in DONE_BY_LEVEL.items()
            ),
            models.Index(fields=["applicant_id", "-id"], name="case_applicant"),
            models.Index(fields=["applicant_name", "-id"], name="case_applicant_name"),
            models.Index(fields=["l1", "-id"], name="case_l1"),
            models.Index(fields=["l2", "-id"], name="case_l2"),
            models.Index(fields=["l3", "-id"], name="case_l3"),
            models.Index(fields=["l4", "-id"], name="case_l4"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[state.value for state in CaseState]), name="case_state"),
        ]

    @override
    def __str__(self) -> str:
        return self.number


class Token(models.Model):
    """A place where a case rests; `kind` u task, s job, t timer; `state` o open, d done, x cancelled."""

    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    n = models.PositiveIntegerField()
    node = models.CharField(max_length=60)
    kind = models.CharField(max_length=1)
    state = models.CharField(max_length=1)
    host = models.PositiveIntegerField(null=True)
    role = models.CharField(max_length=40, blank=True)
    org = models.CharField(max_length=18, blank=True)
    item = models.CharField(max_length=14)
    l1 = models.CharField(max_length=18)
    l2 = models.CharField(max_length=18, blank=True)
    l3 = models.CharField(max_length=18, blank=True)
    l4 = models.CharField(max_length=18, blank=True)
    assignee = models.UUIDField(null=True)
    assignee_name = models.CharField(max_length=60, blank=True)
    clock = models.CharField(max_length=10, blank=True)
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    back_org = models.CharField(max_length=18, blank=True, default="")
    """For a task of the applicant: the unit that waits for it."""
    told = models.CharField(max_length=1, blank=True, default="")
    """What was told about the deadline: nothing, n nearly due, o overdue; in this order, to be compared."""

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["case", "n"], name="token_number")]
        indexes = [
            models.Index(fields=["l4", "due_at", "id"], name="token_l4", condition=OPEN_TASK & Q(l4__gt="")),
            # kind and state are constant here; without them SQLite reads the table for each row.
            models.Index(
                fields=["l1", "l2", "l3", "l4", "role", "due_at", "kind", "state"],
                name="token_tally",
                condition=OPEN_TASK,
            ),
            models.Index(
                fields=["back_org", "due_at", "id"], name="token_waiting", condition=OPEN_TASK & Q(role="applicant")
            ),
            models.Index(fields=["due_at", "id"], name="token_untold", condition=OPEN_TASK & Q(told__lt="o")),
            models.Index(fields=["org", "role", "due_at", "id"], name="token_inbox", condition=OPEN_TASK),
            models.Index(
                fields=["org", "role", "item", "due_at", "id"],
                name="token_inbox_item",
                condition=OPEN_TASK,
            ),
            models.Index(fields=["l1", "due_at", "id"], name="token_l1", condition=OPEN_TASK),
            models.Index(fields=["l2", "due_at", "id"], name="token_l2", condition=OPEN_TASK),
            models.Index(fields=["l3", "due_at", "id"], name="token_l3", condition=OPEN_TASK),
            models.Index(fields=["due_at", "id"], name="token_timer", condition=Q(kind="t", state="o")),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.node} {self.n}"


class History(models.Model):
    """One command carried out on a case: what happened, and the answer given, so that it can be given again."""

    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=12)
    task_n = models.PositiveIntegerField(null=True)
    node = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=60, blank=True)
    person = models.UUIDField(null=True)
    name = models.CharField(max_length=130)
    """Who acted, in words; a deputy with the officer stood in for."""
    org = models.CharField(max_length=18, blank=True)
    org_name = models.CharField(max_length=160, blank=True)
    payload = models.JSONField()
    trail = models.JSONField()
    """Nodes passed, in order."""
    command_id = models.UUIDField(unique=True)
    fingerprint = models.BinaryField(max_length=32)
    answer = models.JSONField()

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="history_seq")]
        indexes = [models.Index(fields=["person", "-id"], name="history_done", condition=Q(act="completed"))]

    @override
    def __str__(self) -> str:
        return f"{self.act} {self.seq}"


class Counter(models.Model):
    """The last running number given on a local day in a county."""

    division = models.CharField(max_length=6)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["division", "day"], name="counter_day")]

    @override
    def __str__(self) -> str:
        return f"{self.division} {self.day}"


class DayTally(models.Model):
    """What a unit decided on a local day: the roll-up statistics are made of, kept by the deciding step itself."""

    org = models.CharField(max_length=18)
    day = models.DateField()
    l1 = models.CharField(max_length=18)
    l2 = models.CharField(max_length=18, blank=True)
    l3 = models.CharField(max_length=18, blank=True)
    l4 = models.CharField(max_length=18, blank=True)
    done = models.PositiveIntegerField()
    late = models.PositiveIntegerField()
    """Of those, decided after a deadline had passed."""
    used_days = models.PositiveIntegerField()
    """Working days all of them took, pauses left out."""

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["org", "day"], name="day_tally_org")]
        indexes = [
            models.Index(fields=["l1", "day"], name="day_tally_l1"),
            models.Index(fields=["l2", "day"], name="day_tally_l2"),
            models.Index(fields=["l3", "day"], name="day_tally_l3"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.org} {self.day}"
