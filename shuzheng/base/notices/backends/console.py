"""Writes a line instead of sending: for the demonstration. Recipients are masked, because the log is a log."""

import logging
from typing import Final

from typing_extensions import override

from shuzheng.base.kernel.mask import mask_mobile
from shuzheng.base.notices.rules import mask_mail
from shuzheng.base.notices.types import CHANNEL_LABELS, Channel, ChannelPort, Message

_log: Final = logging.getLogger(__name__)


class ConsoleChannel(ChannelPort):
    """Says in the log what would have left."""

    @override
    def send(self, message: Message) -> str:
        to = mask_mobile(message.to) if message.channel is Channel.SMS else mask_mail(message.to)
        said = message.text if message.channel is Channel.SMS else message.subject
        _log.info("%s → %s：%s", CHANNEL_LABELS[message.channel], to, said)
        return f"console-{message.id}"
