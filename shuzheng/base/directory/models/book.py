"""Table of what the address book adds to organizations."""

from django.db import models
from typing_extensions import override

from shuzheng.base.directory.models.records import Organization


class Office(models.Model):
    """Office telephone and place of an organization; kept by the organization, not by a pack."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, to_field="code", related_name="+")
    phone = models.CharField(max_length=40, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")

    @override
    def __str__(self) -> str:
        return f"office of {self.organization_id}"
