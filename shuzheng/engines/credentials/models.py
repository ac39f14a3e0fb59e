"""Tables of the credentials room. Personal data is sealed; see `queries.sealing`."""

from django.db import models
from typing_extensions import override

from shuzheng.engines.credentials.types import HolderKind, LicenceState

STORED_STATES = [LicenceState.VALID, LicenceState.SUSPENDED, LicenceState.REVOKED, LicenceState.CORRECTED]


class LicenceType(models.Model):
    """A licence type of the catalogue (证照类型, GB/T 36903)."""

    code = models.CharField(max_length=21, unique=True)
    name = models.CharField(max_length=120, unique=True)
    defining_org = models.CharField(max_length=120)
    defining_org_code = models.CharField(max_length=18)
    issuing_department = models.CharField(max_length=120)
    holder_kind = models.CharField(max_length=16)
    validity_years = models.PositiveSmallIntegerField(null=True)
    key_fields = models.JSONField(default=list)
    related_register = models.CharField(max_length=60, blank=True)
    in_step = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        """Only the kinds of the standard."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(holder_kind__in=[kind.value for kind in HolderKind]),
                name="credentials_type_holder_kind",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Serial(models.Model):
    """How many licences of a type an issuer has numbered in a year."""

    type = models.ForeignKey(LicenceType, on_delete=models.PROTECT)
    issuer = models.CharField(max_length=18)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        """The key that the counting statement relies on."""

        constraints = [models.UniqueConstraint(fields=["type", "issuer", "year"], name="credentials_serial_key")]

    @override
    def __str__(self) -> str:
        return f"{self.issuer} {self.year}: {self.last}"


class Licence(models.Model):
    """One version of a licence.

    `number` is '' when the printed number is the holder's own sealed number (an identity card).
    `import_key` is the keyed index of what makes a pack's row one and the same; `fingerprint` is the keyed digest of
    the command or the pack's row, to tell a repetition from something else under the same name.
    """

    public_id = models.UUIDField(unique=True)
    type = models.ForeignKey(LicenceType, on_delete=models.PROTECT)
    serial = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField()
    identifier = models.CharField(max_length=128, unique=True)
    number = models.CharField(max_length=64, blank=True, db_index=True)
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField()
    holder_name = models.CharField(max_length=200)
    holder_code_sealed = models.BinaryField()
    holder_code_index = models.BinaryField(db_index=True)
    issuer = models.CharField(max_length=18)
    issuer_name = models.CharField(max_length=200)
    fields_sealed = models.BinaryField()
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    state = models.CharField(max_length=12)
    state_on = models.DateField(null=True)
    state_reason = models.CharField(max_length=500, blank=True)
    successor = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True, db_index=True)
    item = models.CharField(max_length=14, blank=True)
    command_id = models.UUIDField(unique=True, null=True)
    import_key = models.BinaryField(unique=True, null=True)
    fingerprint = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        """Constraints hold even if an action is wrong."""

        constraints = [
            models.UniqueConstraint(fields=["type", "issuer", "serial", "version"], name="credentials_licence_serial"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in STORED_STATES]),
                name="credentials_licence_state",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="credentials_licence_validity",
            ),
        ]
        indexes = [
            models.Index(fields=["holder_id", "-issued_on", "-id"], name="credentials_holder_newest"),
        ]

    @override
    def __str__(self) -> str:
        return self.identifier


class SeenPresentation(models.Model):
    """A presentation that was checked: its nonce, when first, how often. Forgotten a day after its end."""

    nonce = models.BinaryField(unique=True)
    licence = models.UUIDField()
    first_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    times = models.PositiveIntegerField(default=1)

    @override
    def __str__(self) -> str:
        return f"{self.licence} {self.first_seen_at}"
