"""Tables of the programs that sign in: machine accounts, and systems that let their people sign in through us."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.base.directory.models.records import Account, Organization


class Client(models.Model):
    """A program with an id and a secret: a machine account (机器账号), or a system that signs people in through us."""

    public_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=64, unique=True)
    """The client id of OAuth."""
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=80)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, to_field="code", related_name="+")
    roles = models.CharField(max_length=400, blank=True, default="")
    """`;a;b;`, as in a post; empty for a system."""
    redirect_uris = models.JSONField(default=list)
    """Where codes may be sent, exactly; empty for a machine."""
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"client {self.name}"


class ClientSecret(models.Model):
    """A secret of a client, as a hash. During a rotation the old one still holds until `expires_at`."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="secrets")
    digest = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    """None while it is the current secret."""
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        """Constraints and indexes."""

        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(expires_at__isnull=True), name="client_one_current_secret"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"secret {self.pk}"


class Code(models.Model):
    """An authorization code: good once, within a minute, for one client and one redirect address."""

    digest = models.BinaryField(max_length=32, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    post_id = models.UUIDField(null=True)
    redirect_uri = models.CharField(max_length=400)
    scope = models.CharField(max_length=120)
    nonce = models.CharField(max_length=255, blank=True, default="")
    challenge = models.CharField(max_length=43)
    authenticated_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"code {self.pk}"


class Token(models.Model):
    """An access token, as a hash: a machine's own, or a system's for one person's claims."""

    digest = models.BinaryField(max_length=32, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    code = models.ForeignKey(Code, null=True, on_delete=models.PROTECT, related_name="+")
    """None for a machine's own token."""
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"token {self.pk}"
