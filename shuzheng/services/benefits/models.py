"""Tables. A changed family is a new version; a published policy follows its family; facts of a subject are one row."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.services.benefits.types import (
    FamilyCode,
    Match,
    PolicyCode,
    PolicyCount,
    PolicyView,
    Published,
    RunState,
    RunView,
    Target,
)


class Specs(models.Model):
    """Every fact that policies may ask about, as the pack tells it; one row."""

    only = models.BooleanField(default=True, unique=True)
    digest = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    """Policy year for which the facts of subjects were gathered."""
    city = models.CharField(max_length=12)
    """Division of policies that name no county."""
    tables = models.JSONField()

    @override
    def __str__(self) -> str:
        return f"facts of policies for {self.year}"


class PolicyFamily(models.Model):
    """A policy family (政策族) in one version."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    current = models.BooleanField()
    digest = models.CharField(max_length=64)
    table = models.JSONField()
    """As the pack tells it; `rules.reading` reads it."""
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="policy_family_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(current=True), name="policy_family_one_current"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Policy(models.Model):
    """A published policy (政策): a family in one division and year. One that is gone keeps its row."""

    code = models.CharField(max_length=64, unique=True)
    family = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    department = models.CharField(max_length=80)
    target = models.CharField(max_length=8)
    division = models.CharField(max_length=12)
    place = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    last_on = models.DateField()
    cap_fen = models.PositiveBigIntegerField()
    budget_fen = models.PositiveBigIntegerField()
    haystack = models.TextField()
    """What a search looks in, small letters."""
    current = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(target__in=list(Target)), name="policy_target_known"),
            models.CheckConstraint(condition=Q(last_on__gte=models.F("valid_from")), name="policy_has_days"),
        ]
        indexes = [
            models.Index(fields=["code"], condition=Q(current=True), name="policy_current"),
            models.Index(fields=["family", "division", "year"], name="policy_family_place"),
            models.Index(fields=["division", "year", "code"], name="policy_place_year"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def to_view(self) -> PolicyView:
        """Return the public picture of this row."""
        published = Published(
            code=PolicyCode(self.code),
            family=FamilyCode(self.family),
            division=self.division,
            year=self.year,
            valid_from=self.valid_from,
            last_on=self.last_on,
        )
        return PolicyView(
            published=published,
            title=self.title,
            department=self.department,
            target=Target(self.target),
            place=self.place,
            cap_fen=self.cap_fen,
            budget_fen=self.budget_fen,
        )


class SubjectFacts(models.Model):
    """What registers tell about one person or firm. `subject_id` is the directory's; no identity number is kept."""

    kind = models.CharField(max_length=8)
    subject_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    facts = models.JSONField()
    """By name; what is not named has no rows, null is what a register did not answer."""

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kind__in=list(Target)), name="subject_facts_kind_known")]
        indexes = [models.Index(fields=["kind", "id"], name="subject_facts_kind")]

    @override
    def __str__(self) -> str:
        return f"facts of {self.kind} {self.subject_id}"


class Run(models.Model):
    """A search for everyone the policies of one family fit; its matches are kept until the next one of the family."""

    public_id = models.UUIDField(unique=True)
    family = models.CharField(max_length=40)
    state = models.CharField(max_length=8)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=list(RunState)), name="run_state_known")]
        indexes = [models.Index(fields=["family", "-id"], name="run_family")]

    @override
    def __str__(self) -> str:
        return f"run {self.public_id}"

    def to_view(self, counts: tuple[PolicyCount, ...] = ()) -> RunView:
        """Return the public picture of this row."""
        return RunView(
            id=self.public_id,
            family=FamilyCode(self.family),
            state=RunState(self.state),
            done=self.done,
            total=self.total,
            asked_by=self.asked_by,
            asked_at=self.asked_at,
            finished_at=self.finished_at,
            counts=counts,
        )


class RunCount(models.Model):
    """What one published policy came to in a run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="counts")
    policy = models.CharField(max_length=64)
    fits = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "policy"], name="run_count_once")]

    @override
    def __str__(self) -> str:
        return f"{self.policy}: {self.fits}"

    def to_view(self) -> PolicyCount:
        """Return the public picture of this row."""
        return PolicyCount(PolicyCode(self.policy), self.fits, self.open, self.amount_fen)


class RunMatch(models.Model):
    """A subject one published policy fits (`fits` true) or may fit (null)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="matches")
    policy = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    fits = models.BooleanField(null=True)
    amount_fen = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "policy", "id"], name="run_match_policy")]

    @override
    def __str__(self) -> str:
        return f"{self.policy} {self.subject_id}"

    def to_view(self) -> Match:
        """Return the public picture of this row."""
        return Match(self.pk, self.subject_id, self.fits, self.amount_fen)
