"""Tables. Content of an item is stored as the pack tells it, one row a version; answers are sealed as a whole."""

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from shuzheng.base.kernel.types import DivisionCode, DraftId, ItemCode, LicenceId, OrgId, Party, PartyKind, PersonId
from shuzheng.services.items.models.changing import ItemChange, ItemChangeStep
from shuzheng.services.items.models.searching import SearchEntry, SearchUnit, SearchWord
from shuzheng.services.items.rules.composites import (
    BenchmarkView,
    CompositeItem,
    CompositeQuestion,
    CompositeView,
    QuestionKind,
)
from shuzheng.services.items.types import (
    KIND_NAMES,
    Applicant,
    DecisionView,
    DraftState,
    Handling,
    ItemView,
    Level,
    PrefillRule,
    UnitRow,
)

__all__ = [
    "Application",
    "ApplicationPaper",
    "Benchmark",
    "CheckedFact",
    "Composite",
    "Decision",
    "Draft",
    "DraftPaper",
    "HeldInput",
    "Item",
    "ItemChange",
    "ItemChangeStep",
    "KeptInput",
    "PackDigest",
    "Prefill",
    "SearchEntry",
    "SearchUnit",
    "SearchWord",
    "Supplement",
    "Unit",
]


class Item(models.Model):
    """A service item in one version (政务服务事项)."""

    code = models.CharField(max_length=14)
    version = models.PositiveIntegerField()
    current = models.BooleanField()
    edited = models.BooleanField(default=False)
    """True when this version was made on line, not by a pack; a pack that has not changed leaves it in force."""
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=240)
    kind = models.CharField(max_length=2)
    department = models.CharField(max_length=80)
    applicant = models.CharField(max_length=8)
    handling = models.CharField(max_length=8)
    legal_days = models.PositiveIntegerField(null=True)
    promised_days = models.PositiveIntegerField()
    visits = models.PositiveIntegerField()
    fee_fen = models.PositiveBigIntegerField()
    levels = models.JSONField(default=list)
    theme = models.CharField(max_length=40)
    result_kind = models.CharField(max_length=12)
    result_name = models.CharField(max_length=200)
    licence_type = models.CharField(max_length=120, blank=True, default="")
    legal_basis = models.CharField(max_length=400, blank=True, default="")
    channels = models.JSONField(default=list)
    has_form = models.BooleanField()
    materials = models.JSONField(default=list)
    guide = models.JSONField(default=dict)
    form = models.JSONField(default=dict)
    licence_fields = models.JSONField(default=list)
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="item_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(current=True), name="item_one_current"),
            models.CheckConstraint(condition=Q(applicant__in=list(Applicant)), name="item_applicant_known"),
            models.CheckConstraint(condition=Q(handling__in=list(Handling)), name="item_handling_known"),
        ]
        indexes = [
            models.Index(fields=["theme", "code"], condition=Q(current=True), name="item_theme"),
            models.Index(fields=["code"], condition=Q(current=True, has_form=True), name="item_on_line"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} v{self.version} {self.name}"

    def to_view(self) -> ItemView:
        """Return the public picture of this row."""
        return ItemView(
            code=ItemCode(self.code),
            version=self.version,
            current=self.current,
            name=self.name,
            kind=self.kind,
            kind_name=KIND_NAMES.get(self.kind, self.kind),
            department=self.department,
            applicant=Applicant(self.applicant),
            handling=Handling(self.handling),
            legal_days=self.legal_days,
            promised_days=self.promised_days,
            visits=self.visits,
            fee_fen=self.fee_fen,
            levels=tuple(Level(level) for level in self.levels),
            theme=self.theme,
            result_kind=self.result_kind,
            result_name=self.result_name,
            licence_type=self.licence_type,
            legal_basis=self.legal_basis,
            channels=tuple(self.channels),
            has_form=self.has_form,
        )


class Unit(models.Model):
    """An implementing item (实施事项); one that is no longer in the pack keeps its row and is not offered.

    Columns that may be null or empty say what differs from the item here; null and '' are: as the item says.
    """

    code = models.CharField(max_length=33, unique=True)
    item_code = models.CharField(max_length=14)
    organization = models.CharField(max_length=18)
    division = models.CharField(max_length=12)
    county = models.CharField(max_length=6)
    window = models.CharField(max_length=18)
    decider = models.CharField(max_length=18)
    level = models.CharField(max_length=8)
    current = models.BooleanField()
    promised_days = models.PositiveIntegerField(null=True)
    visits = models.PositiveIntegerField(null=True)
    channels = models.JSONField(null=True)
    address = models.CharField(max_length=200, blank=True, default="")
    phone = models.CharField(max_length=400, blank=True, default="")
    hours = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["item_code", "county", "code"], name="unit_item_county"),
            models.Index(fields=["item_code", "division", "code"], name="unit_item_division"),
            models.Index(fields=["organization", "item_code"], name="unit_organization"),
        ]

    @override
    def __str__(self) -> str:
        return self.code

    def to_row(self) -> UnitRow:
        """Return the row without names."""
        return UnitRow(
            code=self.code,
            item=ItemCode(self.item_code),
            organization=OrgId(self.organization),
            division=DivisionCode(self.division),
            window=OrgId(self.window),
            decider=OrgId(self.decider),
            level=Level(self.level),
            promised_days=self.promised_days,
            visits=self.visits,
            channels=None if self.channels is None else tuple(self.channels),
            address=self.address,
            phone=self.phone,
            hours=self.hours,
        )


class PackDigest(models.Model):
    """What was last loaded of a part that is computed: equal inputs need no second computation."""

    part = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()

    @override
    def __str__(self) -> str:
        return self.part


class Benchmark(models.Model):
    """What another place promises for an item (对标): working days and papers."""

    item_code = models.CharField(max_length=14)
    place = models.CharField(max_length=40)
    """Which best: 全国最优 and the like."""
    place_name = models.CharField(max_length=40)
    promised_days = models.PositiveIntegerField()
    papers = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_code", "place"], name="benchmark_once")]

    @override
    def __str__(self) -> str:
        return f"{self.item_code} {self.place}"

    def to_view(self) -> BenchmarkView:
        """Return the public picture of this row."""
        return BenchmarkView(ItemCode(self.item_code), self.place, self.place_name, self.promised_days, self.papers)


class Composite(models.Model):
    """A composite service (一件事) in one version: several items asked for at once."""

    code = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    current = models.BooleanField()
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    audience = models.CharField(max_length=8)
    department = models.CharField(max_length=80)
    summary = models.TextField()
    questions = models.JSONField(default=list)
    items = models.JSONField(default=list)
    """Items with stage and condition, in the order of the pack."""
    added_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="composite_version"),
            models.UniqueConstraint(fields=["code"], condition=Q(current=True), name="composite_one_current"),
            models.CheckConstraint(condition=Q(audience__in=list(Applicant)), name="composite_audience_known"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} v{self.version} {self.name}"

    def to_view(self) -> CompositeView:
        """Return the public picture of this row."""
        return CompositeView(
            code=self.code,
            version=self.version,
            name=self.name,
            audience=Applicant(self.audience),
            department=self.department,
            summary=self.summary,
            questions=tuple(
                CompositeQuestion(q["id"], q["text"], QuestionKind(q["kind"]), tuple(q["options"]))
                for q in self.questions
            ),
            items=tuple(CompositeItem(ItemCode(i["basic_code"]), i["name"], i["stage"], i["when"]) for i in self.items),
        )


class Prefill(models.Model):
    """Where a prefill key of the forms is answered from."""

    key = models.CharField(max_length=160, unique=True)
    origin = models.CharField(max_length=8)
    type = models.CharField(max_length=120, blank=True, default="")
    field = models.CharField(max_length=80)
    label = models.CharField(max_length=40)

    @override
    def __str__(self) -> str:
        return self.key

    def to_rule(self) -> PrefillRule:
        """Return the rule."""
        return PrefillRule(self.key, self.origin, self.type, self.field, self.label)


class Draft(models.Model):
    """An application being filled in (草稿)."""

    public_id = models.UUIDField(unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    party_kind = models.CharField(max_length=8)
    party_id = models.UUIDField()
    party_name = models.CharField(max_length=200)
    person_id = models.UUIDField()
    answers = models.BinaryField()
    """Sealed JSON; empty after submission, discarding and expiry."""
    rev = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, default=DraftState.OPEN)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_on = models.DateField()
    command_id = models.UUIDField(null=True, unique=True)
    case_id = models.UUIDField(null=True)
    case_number = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(DraftState)), name="draft_state_known"),
            models.CheckConstraint(
                condition=Q(state=DraftState.SUBMITTED, case_id__isnull=False)
                | (~Q(state=DraftState.SUBMITTED) & Q(case_id__isnull=True)),
                name="draft_submitted_has_case",
            ),
        ]
        indexes = [
            models.Index(
                F("party_id"), F("saved_at").desc(), name="draft_open_of_party", condition=Q(state=DraftState.OPEN)
            ),
            models.Index(fields=["expires_on"], name="draft_expiry", condition=Q(state=DraftState.OPEN)),
        ]

    @override
    def __str__(self) -> str:
        return f"draft {self.public_id}"

    @property
    def party(self) -> Party:
        """Return for whom it is."""
        return Party(PartyKind(self.party_kind), self.party_id, self.party_name)

    @property
    def draft_id(self) -> DraftId:
        """Return the typed id."""
        return DraftId(self.public_id)

    @property
    def person(self) -> PersonId:
        """Return who fills it in."""
        return PersonId(self.person_id)


class DraftPaper(models.Model):
    """A file given with a draft; a replaced one keeps its row."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="papers")
    seq = models.PositiveIntegerField()
    file_id = models.UUIDField()
    given_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "seq"], condition=Q(removed_at__isnull=True), name="draft_paper_once"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.draft_id}/{self.seq}"


class Application(models.Model):
    """What was submitted (申请), as it was submitted; the case refers to it by its own id."""

    public_id = models.UUIDField(unique=True)
    case_id = models.UUIDField(unique=True)
    case_number = models.CharField(max_length=40, unique=True)
    command_id = models.UUIDField(unique=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    party_kind = models.CharField(max_length=8)
    party_id = models.UUIDField(db_index=True)
    party_name = models.CharField(max_length=200)
    contact_id = models.UUIDField()
    answers = models.BinaryField()
    papers = models.JSONField(default=list)
    """The paper list as decided at submission: what was waived, and by which licence."""
    submitted_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return f"application {self.public_id}"

    @property
    def party(self) -> Party:
        """Return the applicant."""
        return Party(PartyKind(self.party_kind), self.party_id, self.party_name)


class ApplicationPaper(models.Model):
    """A file given with an application or later with a supplement; the newest of a material counts."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="files")
    seq = models.PositiveIntegerField()
    file_id = models.UUIDField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "seq", "file_id"], name="application_paper_once")]

    @override
    def __str__(self) -> str:
        return f"{self.application_id}/{self.seq}"


class Supplement(models.Model):
    """One answer to a supplement request (补正)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="supplements")
    command_id = models.UUIDField(unique=True)
    note = models.BinaryField()
    """Sealed text."""
    at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return f"supplement {self.command_id}"


class Decision(models.Model):
    """The decision on an application (决定)."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    result = models.CharField(max_length=16)
    opinion = models.TextField(blank=True, default="")
    reasons = models.JSONField(default=list)
    licence_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    organization = models.CharField(max_length=18, blank=True, default="")

    @override
    def __str__(self) -> str:
        return f"decision on {self.application_id}"

    def to_view(self) -> DecisionView:
        """Return the public picture of this row."""
        return DecisionView(
            result=self.result,
            decided_at=self.decided_at,
            opinion=self.opinion,
            reasons=tuple(self.reasons),
            licence=None if self.licence_id is None else LicenceId(self.licence_id),
        )


class CheckedFact(models.Model):
    """What an officer found out and wrote down for a case (核查结果); a later row of the same fact takes its place."""

    public_id = models.UUIDField(unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="checked_facts")
    name = models.CharField(max_length=80)
    content = models.BinaryField()
    """Sealed JSON: `value` as typed, `basis`."""
    person_id = models.UUIDField()
    by = models.CharField(max_length=120)
    organization = models.CharField(max_length=18)
    at = models.DateTimeField()
    command_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["command_id", "name"], name="checked_fact_once")]

    @override
    def __str__(self) -> str:
        return f"checked {self.pk}"


class HeldInput(models.Model):
    """Typed text of a session that ended, kept sealed for one use within a day."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    content = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"held {self.pk}"


class KeptInput(models.Model):
    """What a person typed into a form and has not sent: saved as it is typed, sealed, one text for each form."""

    public_id = models.UUIDField(unique=True)
    person_id = models.UUIDField()
    place = models.BinaryField(max_length=32)
    content = models.BinaryField()
    rev = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "place"], name="kept_input_once")]

    @override
    def __str__(self) -> str:
        return f"kept {self.pk}"
