"""Tables of sessions and of the external identities that sign in to an account."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from typing_extensions import override

from shuzheng.base.directory.models.records import Account


class Session(AbstractBaseSession):
    """A session that knows whose it is, so that a person can see and end theirs. No network address is kept."""

    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+")
    """None for a visitor."""
    device = models.CharField(max_length=24, blank=True, default="")
    """`kind/browser` as `rules.devices` reads them."""
    method = models.CharField(max_length=10, blank=True, default="")
    opened_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"session of account {self.account_id}"


class ExternalIdentity(models.Model):
    """A subject of an external sign-in bound to an account, found again by a keyed index of issuer and subject."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=240)
    subject_index = models.BinaryField(max_length=32, unique=True)
    bound_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return f"external identity of account {self.account_id}"
