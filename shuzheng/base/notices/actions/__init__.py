"""The verbs of the room."""

from shuzheng.base.notices.actions.delivering import deliver_due, run_deliveries
from shuzheng.base.notices.actions.inbox import mark_all_read, mark_read, send_notice, send_notices
from shuzheng.base.notices.actions.planning import plan_deliveries
from shuzheng.base.notices.actions.preferences import (
    confirm_mail_address,
    forget_mail_address,
    give_mail_address,
    retry_channel,
    save_preferences,
)
from shuzheng.base.notices.actions.receipts import record_bounce, take_receipt

__all__ = [
    "confirm_mail_address",
    "deliver_due",
    "forget_mail_address",
    "give_mail_address",
    "mark_all_read",
    "mark_read",
    "plan_deliveries",
    "record_bounce",
    "retry_channel",
    "run_deliveries",
    "save_preferences",
    "send_notice",
    "send_notices",
    "take_receipt",
]
