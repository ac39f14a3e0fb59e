"""The notices of each person."""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.base.kernel.types import NoticeId
from shuzheng.base.notices.types import NoticeView


class Notice(models.Model):
    """One thing told to one person."""

    public_id = models.UUIDField(unique=True)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True, default="")
    link = models.CharField(max_length=240, blank=True, default="")
    key = models.CharField(max_length=160)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["person_id", "-id"], name="notice_list"),
            models.Index(fields=["person_id"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    @override
    def __str__(self) -> str:
        return f"notice {self.public_id}"

    def to_view(self) -> NoticeView:
        """Return what the notice centre shows."""
        return NoticeView(
            id=NoticeId(self.public_id),
            kind=self.kind,
            title=self.title,
            body=self.body,
            link=self.link,
            sent_at=self.sent_at,
            read_at=self.read_at,
        )
