"""Changing what is offered: propose, review, take effect."""

from shuzheng.services.items.actions.changing.effect import TAKE_EFFECT_JOB, take_effect
from shuzheng.services.items.actions.changing.proposing import drop_change, save_change, submit_change
from shuzheng.services.items.actions.changing.reviewing import approve_change, return_change

__all__ = [
    "TAKE_EFFECT_JOB",
    "approve_change",
    "drop_change",
    "return_change",
    "save_change",
    "submit_change",
    "take_effect",
]
