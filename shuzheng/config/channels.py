"""Build the ways out of the house from what the operator set."""

from django.conf import settings

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.notices.backends.console import ConsoleChannel
from shuzheng.base.notices.backends.gateway import GatewayChannel
from shuzheng.base.notices.backends.smtp import SmtpChannel
from shuzheng.base.notices.types import CHANNELS, SIGNATURES, Channel, ChannelPort
from shuzheng.config.configuration import Options
from shuzheng.packs.queries import get_pack_info


def register_channels() -> None:
    """Fill the ports of the notices room."""
    for channel, port in ((Channel.SMS, sms_of(settings.OPTIONS)), (Channel.MAIL, mail_of(settings.OPTIONS))):
        if port is not None:
            CHANNELS.register(channel, port)
    SIGNATURES.register("city", city_name)


def sms_of(options: Options) -> ChannelPort | None:
    """Return the way text messages leave, None when they are switched off."""
    chosen = options.sms or ("console" if options.demo else "off")
    if chosen == "gateway":
        return GatewayChannel(options.sms_url, lambda: settings.SHUZHENG.read_key("sms-gateway"))
    return ConsoleChannel() if chosen == "console" else None


def mail_of(options: Options) -> ChannelPort | None:
    """Return the way mail leaves, None when it is switched off."""
    chosen = options.mail or ("console" if options.demo else "off")
    if chosen == "smtp":
        password = settings.SHUZHENG.read_key("smtp").decode().strip() if options.mail_user else ""
        return SmtpChannel(
            host=options.mail_host,
            port=options.mail_port,
            sender=options.mail_sender,
            user=options.mail_user,
            password=password,
            security=options.mail_security,
        )
    return ConsoleChannel() if chosen == "console" else None


def city_name() -> str:
    """Return whom a message says it is from."""
    try:
        return get_pack_info().city
    except ShuzhengError:
        return "政务服务"
