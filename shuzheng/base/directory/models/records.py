"""Tables of places, people, firms, posts and accounts.

Identity numbers, mobiles and a person's address are stored sealed, never in clear.
"""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.base.directory.types import RealName


class Division(models.Model):
    """An administrative division (行政区划), province to village."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=240)
    level = models.CharField(max_length=10)
    parent_code = models.CharField(max_length=12, blank=True, default="", db_index=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    retired_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Organization(models.Model):
    """A public body (组织机构, W3C ORG Organization) in one tree of at most four levels."""

    code = models.CharField(max_length=18, unique=True)
    short_name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=160)
    parent_code = models.CharField(max_length=18, blank=True, default="", db_index=True)
    kind = models.CharField(max_length=20)
    division_code = models.CharField(max_length=12)
    level = models.CharField(max_length=10)
    duties = models.CharField(max_length=400, blank=True, default="")
    """`;a;b;`: each duty between semicolons, so that one duty can be found exactly."""
    system = models.CharField(max_length=24)
    l1 = models.CharField(max_length=18)
    l2 = models.CharField(max_length=18, blank=True, default="", db_index=True)
    l3 = models.CharField(max_length=18, blank=True, default="", db_index=True)
    l4 = models.CharField(max_length=18, blank=True, default="")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        """Constraints and indexes."""

        indexes = [models.Index(fields=["division_code", "kind"], name="organization_place")]

    @override
    def __str__(self) -> str:
        return f"{self.code} {self.short_name}"


class Person(models.Model):
    """A natural person (自然人). The name is clear because it is searched; the rest that identifies is sealed."""

    public_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=60, db_index=True)
    sex = models.CharField(max_length=4, blank=True, default="")
    birth_on = models.DateField(null=True)
    ethnicity = models.CharField(max_length=20, blank=True, default="")
    household_kind = models.CharField(max_length=10, blank=True, default="")
    division_code = models.CharField(max_length=12, blank=True, default="", db_index=True)
    status = models.CharField(max_length=10)
    id_no_index = models.BinaryField(max_length=32, null=True, unique=True)
    """Keyed blind index of the identity number; None for a person entered without one."""
    id_no_sealed = models.BinaryField(default=b"")
    mobile_sealed = models.BinaryField(default=b"")
    address_sealed = models.BinaryField(default=b"")
    content_index = models.BinaryField(max_length=32, default=b"")
    """Keyed digest of the pack row this person came from; empty when not from a pack."""
    version = models.PositiveIntegerField(default=1)
    real_name = models.PositiveSmallIntegerField(default=RealName.REGISTERED.value)
    """How far it was proved that whoever signs in is this person; never falls."""
    retired_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"person {self.public_id}"


class Firm(models.Model):
    """A firm, cooperative or individual business (市场主体)."""

    public_id = models.UUIDField(unique=True)
    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=160, db_index=True)
    firm_type = models.CharField(max_length=20)
    legal_rep = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    division_code = models.CharField(max_length=12, db_index=True)
    village_code = models.CharField(max_length=12, blank=True, default="")
    address = models.CharField(max_length=240)
    industry_code = models.CharField(max_length=5)
    industry_name = models.CharField(max_length=120)
    registered_on = models.DateField()
    capital_fen = models.BigIntegerField()
    status = models.CharField(max_length=10)
    scale = models.CharField(max_length=10, blank=True, default="")
    employees = models.PositiveIntegerField(null=True)
    scope = models.TextField(blank=True, default="")
    mobile_sealed = models.BinaryField(default=b"")
    content_index = models.BinaryField(max_length=32, default=b"")
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"firm {self.uscc}"


class Post(models.Model):
    """A post (岗位, W3C ORG Post) a person holds in an organization, with the duties it carries."""

    public_id = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, to_field="code", related_name="+")
    name = models.CharField(max_length=80)
    roles = models.CharField(max_length=400, blank=True, default="")
    from_pack = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["person", "organization", "name"], name="post_once")]

    @override
    def __str__(self) -> str:
        return f"post {self.public_id}"


class Account(AbstractBaseUser):
    """A sign-in (账号) of one person; a person may have several."""

    sign_in_name = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    elder_mode = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "sign_in_name"
    objects = BaseUserManager["Account"]()

    @override
    def __str__(self) -> str:
        return f"account {self.pk}"


class DemoAccount(models.Model):
    """What a demonstration account is for; only a demonstration city has rows here."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10)
    acting_for = models.CharField(max_length=18, blank=True, default="")
    items = models.CharField(max_length=400, blank=True, default="")
    what_to_try = models.CharField(max_length=400)
    position = models.PositiveIntegerField()

    @override
    def __str__(self) -> str:
        return f"demo of account {self.account_id}"


class SignInTries(models.Model):
    """Failed sign-ins of one name or one address, known or not, so that a lock tells nothing about existence."""

    key_index = models.BinaryField(max_length=32, unique=True)
    failed_at = models.JSONField(default=list)
    """Moments of the failures that still count, in Unix seconds."""
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"tries {self.pk}"


class CalendarYear(models.Model):
    """An official holiday notice of one year, newer than the national table the platform ships."""

    year = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=240)
    holidays = models.JSONField(default=list)
    """`[["2027-01-01", "2027-01-03", "元旦"], …]`, both ends included."""
    makeup_days = models.JSONField(default=list)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Constraints and indexes."""

        constraints = [models.CheckConstraint(condition=Q(year__gte=2004), name="calendar_year_sane")]

    @override
    def __str__(self) -> str:
        return f"calendar of {self.year}"
