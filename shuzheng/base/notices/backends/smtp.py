"""Mail through an SMTP server, by Django's mail. Source: RFC 5321, RFC 5322.

SMTP has no idempotency key: the message id in the `Message-ID` header is the same for each attempt, by which mail
stores drop a repetition.
"""

import smtplib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core.mail import EmailMessage, get_connection
from typing_extensions import override

from shuzheng.base.notices.errors import ChannelDown, MessageRefused
from shuzheng.base.notices.types import ChannelPort, Message

TIMEOUT_SECONDS = 20
_PERMANENT = range(500, 600)


@dataclass(frozen=True, slots=True)
class SmtpChannel(ChannelPort):
    """Sends mail.

    Attributes:
        host: Server.
        port: 587 with STARTTLS, 465 with TLS from the start, 25 in the clear on a trusted network.
        sender: Address in `From`.
        user: '' when the server asks for none.
        password: Beside `user`.
        security: `starttls`, `tls` or `none`.
    """

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"

    @override
    def send(self, message: Message) -> str:
        connection = get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.security == "starttls",
            use_ssl=self.security == "tls",
            timeout=TIMEOUT_SECONDS,
        )
        domain = self.sender.partition("@")[2] or urlsplit(f"//{self.host}").hostname or "localhost"
        message_id = f"<{message.id}@{domain}>"
        headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(
            message.subject, message.text, self.sender, [message.to], headers=headers, connection=connection
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            raise (MessageRefused if all(code in _PERMANENT for code in codes) else ChannelDown) from None
        except (smtplib.SMTPException, OSError):
            raise ChannelDown from None
        return message_id
