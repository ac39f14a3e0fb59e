"""Tables of the rule book. An edition is written once; only its end is added later, when another follows."""

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from shuzheng.base.kernel.types import PersonId
from shuzheng.engines.rules.types import Schema
from shuzheng.services.rulebook.rules.sheets import load_schema
from shuzheng.services.rulebook.types import FactSheet, Origin, RuleCode, RuleKind, RuleView, SheetCode
from shuzheng.services.rulebook.types.proposing import ProposalState


class FactSheetEdition(models.Model):
    """An edition of a sheet of facts (事实表); never changed."""

    code = models.CharField(max_length=80)
    edition = models.PositiveIntegerField()
    label = models.CharField(max_length=240)
    facts = models.JSONField()
    """By name, as `rules.sheets` writes them."""
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "edition"], name="fact_sheet_edition_once")]

    @override
    def __str__(self) -> str:
        return f"{self.code} edition {self.edition}"

    def to_sheet(self) -> FactSheet:
        """Return the public picture of this row."""
        return FactSheet(SheetCode(self.code), self.label, load_schema(self.facts), self.edition)


class RuleEdition(models.Model):
    """An edition of a rule (规则版本)."""

    code = models.CharField(max_length=120)
    edition = models.PositiveIntegerField()
    book = models.CharField(max_length=20)
    owner = models.CharField(max_length=60)
    place = models.CharField(max_length=160)
    """Orders rules: book, owner, position with leading zeros, key."""
    kind = models.CharField(max_length=10)
    sheet = models.ForeignKey(FactSheetEdition, on_delete=models.PROTECT, related_name="rules")
    label = models.CharField(max_length=240)
    text = models.TextField()
    failure = models.TextField(blank=True, default="")
    source = models.CharField(max_length=500, blank=True, default="")
    source_url = models.CharField(max_length=500, blank=True, default="")
    tests = models.TextField(blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    department = models.CharField(max_length=80, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    """First day no longer in force."""
    planned_to = models.DateField(null=True)
    """The end it was published with."""
    closed_at = models.DateTimeField(null=True)
    """When a successor or the pack ended it; None while nothing but its own end does."""
    held = models.BooleanField(default=False)
    origin = models.CharField(max_length=8, default=Origin.PACK)
    digest = models.CharField(max_length=64)
    """Of everything a pack says of a rule."""
    words_digest = models.CharField(max_length=64)
    """Of what it means: kind, text, label, message, source."""
    haystack = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "edition"], name="rule_edition_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="rule_edition_days"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(RuleKind)), name="rule_edition_kind_known"),
        ]
        indexes = [
            models.Index(fields=["book", "owner", "place"], name="rule_edition_owner"),
            models.Index(fields=["place", "edition"], name="rule_edition_place"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} edition {self.edition}"

    def to_view(self, schema: Schema) -> RuleView:
        """Return the public picture of this row.

        Args:
            schema: Facts of its sheet, which the caller holds once for many rules.
        """
        return RuleView(
            code=RuleCode(self.code),
            edition=self.edition,
            kind=RuleKind(self.kind),
            sheet=SheetCode(self.sheet.code),
            sheet_edition=self.sheet.edition,
            schema=schema,
            label=self.label,
            text=self.text,
            failure=self.failure,
            source=self.source,
            source_url=self.source_url,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            tests=self.tests,
            position=self.position,
            origin=Origin(self.origin),
            published_at=self.published_at,
            published_by=None if self.published_by is None else PersonId(self.published_by),
            held=self.held,
            department=self.department,
            sheet_label=self.sheet.label,
        )


class RuleProposal(models.Model):
    """A successor that an officer proposes (规则修改)."""

    public_id = models.UUIDField(unique=True)
    code = models.CharField(max_length=120, db_index=True)
    base_edition = models.PositiveIntegerField()
    """The edition it was written against."""
    sheet = models.ForeignKey(FactSheetEdition, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=10)
    label = models.CharField(max_length=240)
    text = models.TextField()
    failure = models.TextField(blank=True, default="")
    source = models.CharField(max_length=500, blank=True, default="")
    source_url = models.CharField(max_length=500, blank=True, default="")
    tests = models.TextField(blank=True, default="")
    valid_from = models.CharField(max_length=20, blank=True, default="")
    """As typed, a wrong one too."""
    reason = models.TextField(blank=True, default="")
    state = models.CharField(max_length=12, default=ProposalState.DRAFT)
    rev = models.PositiveIntegerField(default=0)
    person_id = models.UUIDField()
    organization = models.CharField(max_length=18)
    division = models.CharField(max_length=12)
    """Whose data authority reviews it."""
    case_id = models.UUIDField(null=True, unique=True)
    case_number = models.CharField(max_length=24, blank=True, default="")
    edition = models.PositiveIntegerField(null=True)
    """The edition it became."""
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(ProposalState)), name="rule_proposal_state_known")
        ]
        indexes = [models.Index(fields=["organization", "state"], name="rule_proposal_own")]

    @override
    def __str__(self) -> str:
        return f"proposal {self.public_id}"


class RuleProposalStep(models.Model):
    """What was done with a proposal, by whom; never rewritten."""

    proposal = models.ForeignKey(RuleProposal, on_delete=models.PROTECT, related_name="steps")
    seq = models.PositiveIntegerField()
    act = models.CharField(max_length=12)
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    organization = models.CharField(max_length=18, blank=True, default="")
    words = models.TextField(blank=True, default="")
    command_id = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "seq"], name="rule_proposal_step_once")]

    @override
    def __str__(self) -> str:
        return f"{self.proposal_id}/{self.seq} {self.act}"
