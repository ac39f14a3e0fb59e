"""Tables of the case engine; private to the room. The hot path reads and writes them by hand-written SQL."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.engines.cases.types import CaseState, ProcessView


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
    item = models.CharField(max_length=12)
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

    class Meta:
        """Constraints and indexes."""

        indexes = [
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
    item = models.CharField(max_length=12)
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

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["case", "n"], name="token_number")]
        indexes = [
            models.Index(fields=["org", "role", "due_at", "id"], name="token_inbox", condition=Q(kind="u", state="o")),
            models.Index(
                fields=["org", "role", "item", "due_at", "id"],
                name="token_inbox_item",
                condition=Q(kind="u", state="o"),
            ),
            models.Index(fields=["l1", "due_at", "id"], name="token_l1", condition=Q(kind="u", state="o")),
            models.Index(fields=["l2", "due_at", "id"], name="token_l2", condition=Q(kind="u", state="o")),
            models.Index(fields=["l3", "due_at", "id"], name="token_l3", condition=Q(kind="u", state="o")),
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
    name = models.CharField(max_length=60)
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
