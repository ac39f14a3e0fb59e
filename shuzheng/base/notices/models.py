"""The notices of each person, what they chose, and every message on its way out."""

from typing import final

from django.db import models
from django.db.models import Q
from typing_extensions import override

from shuzheng.base.kernel.types import NoticeId
from shuzheng.base.notices.types import Channel, DeliveryState, DeliveryView, NoticeView, Quiet


@final
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
    planned_at = models.DateTimeField(null=True)
    """When it was decided through which channels it leaves; null until then."""

    class Meta:
        """Constraints and indexes."""

        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["person_id", "-id"], name="notice_list"),
            models.Index(fields=["person_id"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["id"], condition=Q(planned_at__isnull=True), name="notice_unplanned"),
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


@final
class Preference(models.Model):
    """What a person chose about one kind and one channel; no row means the kind's default."""

    person_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    wanted = models.BooleanField()

    class Meta:
        """Constraints."""

        constraints = [models.UniqueConstraint(fields=["person_id", "kind", "channel"], name="preference_once")]

    @override
    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.channel}"


@final
class QuietHours(models.Model):
    """When a person wants nothing but what is urgent; no row means the default."""

    person_id = models.UUIDField(unique=True)
    on = models.BooleanField()
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()

    class Meta:
        """Constraints."""

        constraints = [
            models.CheckConstraint(
                condition=Q(start_minute__lt=1440) & Q(end_minute__lt=1440), name="quiet_hours_of_a_day"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.person_id} {self.start_minute}-{self.end_minute}"

    def to_view(self) -> Quiet:
        """Return the hours."""
        return Quiet(on=self.on, start_minute=self.start_minute, end_minute=self.end_minute)


@final
class Contact(models.Model):
    """Where a channel reaches a person: a mail address they gave; for text messages only whether one came back.

    The mobile number itself stays in the directory.
    """

    public_id = models.UUIDField(unique=True)
    person_id = models.UUIDField()
    channel = models.CharField(max_length=10)
    address_sealed = models.BinaryField(default=b"")
    salt = models.CharField(max_length=32, blank=True, default="")
    """Makes the code of this address; another one each time a code is sent."""
    tries = models.PositiveSmallIntegerField(default=0)
    given_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_reason = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        """Constraints."""

        constraints = [models.UniqueConstraint(fields=["person_id", "channel"], name="contact_once")]

    @override
    def __str__(self) -> str:
        return f"contact {self.public_id}"


@final
class Delivery(models.Model):
    """One message on its way: a notice through a channel, or the code that proves an address.

    `claim` is the token of the loop that sends it now; a loop that finds another's token has lost the message.
    """

    public_id = models.UUIDField(unique=True)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="deliveries")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="codes")
    person_id = models.UUIDField(db_index=True)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=120, blank=True, default="")
    last_error = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        """Constraints and indexes."""

        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel"], condition=Q(notice__isnull=False), name="delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=False) | Q(contact__isnull=False), name="delivery_of_something"
            ),
            models.CheckConstraint(condition=Q(state__in=list(DeliveryState)), name="delivery_state_known"),
        ]
        indexes = [
            models.Index(fields=["run_at", "id"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="delivery_lease"),
            models.Index(fields=["id"], condition=Q(state="failed"), name="delivery_failed"),
        ]

    @override
    def __str__(self) -> str:
        return f"delivery {self.public_id}"

    def to_view(self) -> DeliveryView:
        """Return what an operator sees."""
        return DeliveryView(
            id=self.public_id,
            channel=Channel(self.channel),
            state=DeliveryState(self.state),
            attempts=self.attempts,
            run_at=self.run_at,
            sent_at=self.sent_at,
            last_error=self.last_error,
        )
