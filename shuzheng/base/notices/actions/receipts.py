"""What a provider tells us afterwards: a message that came back."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shuzheng.base.kernel.ids import new_id
from shuzheng.base.notices.errors import NoSuchDelivery, ReceiptUnfit
from shuzheng.base.notices.models import Contact, Delivery
from shuzheng.base.notices.rules import check_signature
from shuzheng.base.notices.types import DeliveryState

GATEWAY_KEY = "sms-gateway"
"""Name of the key shared with the gateway: `var/keys/sms-gateway`."""


class Receipt(BaseModel):
    """What a gateway posts: the id we sent, and what became of the message.

    `permanent` says that the address itself is bad; nothing more is sent there until the person says so.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: UUID
    state: Literal["delivered", "bounced"]
    reason: str = Field(default="", max_length=120)
    permanent: bool = False


def take_receipt(body: bytes, *, stamp: str, signature: str, at: datetime) -> None:
    """Take a gateway's signed receipt; the same one again changes nothing.

    Args:
        body: JSON as received.
        stamp: Header `X-Timestamp`: Unix seconds.
        signature: Header `X-Signature`: see `rules.sign`.
        at: When.

    Raises:
        ReceiptForged: Not signed with the shared key, or older than five minutes.
        ReceiptUnfit: Not what a receipt must be.
        NoSuchDelivery: We sent no message with this id.
    """
    check_signature(settings.SHUZHENG.read_key(GATEWAY_KEY), stamp, body, signature, at=at)
    try:
        receipt = Receipt.model_validate_json(body)
    except ValidationError:
        raise ReceiptUnfit from None
    if receipt.state == "bounced":
        record_bounce(receipt.id, reason=receipt.reason, permanent=receipt.permanent, at=at)
    elif not Delivery.objects.filter(public_id=receipt.id).exists():
        raise NoSuchDelivery


@transaction.atomic
def record_bounce(delivery: UUID, *, reason: str, permanent: bool, at: datetime) -> None:
    """Note that a message came back. Twice changes nothing.

    Args:
        delivery: Id of the message.
        reason: As the provider says; shown to the person.
        permanent: The address itself is bad: the channel rests until the person asks for it again.
        at: When.

    Raises:
        NoSuchDelivery: We sent no message with this id.
    """
    row = Delivery.objects.select_for_update().filter(public_id=delivery).first()
    if row is None:
        raise NoSuchDelivery
    if row.state == DeliveryState.BOUNCED:
        return
    row.state, row.last_error = DeliveryState.BOUNCED, "Bounced"
    row.save(update_fields=["state", "last_error"])
    if not permanent:
        return
    contact, _ = Contact.objects.get_or_create(
        person_id=row.person_id, channel=row.channel, defaults={"public_id": new_id(at), "given_at": at}
    )
    contact.bounced_at, contact.bounce_reason = at, reason.strip()[:120] or "对方没有收到"
    contact.save(update_fields=["bounced_at", "bounce_reason"])
