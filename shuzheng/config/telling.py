"""Tell people about their mandates and their password: the directory announces, the notice centre tells."""

from shuzheng.base.directory.events import MandateAnswered, MandateEnded, MandateOffered, PasswordChanged
from shuzheng.base.directory.types import MandateState, MandateView
from shuzheng.base.kernel.mask import mask_name
from shuzheng.base.kernel.types import PartyKind, PersonId
from shuzheng.base.notices.actions import send_notice

KIND = "security"
LINK = "/account/mandates/"


def on_mandate_offered(event: MandateOffered) -> None:
    """Tell the mandatary that somebody asks them."""
    mandate = event.mandate
    _tell(
        mandate.mandatary,
        mandate,
        "委托，等您接受",
        f"{_principal(mandate)}委托您替对方办事，从 {mandate.valid_from} 到 {mandate.last_on}。接受以后才生效。",
    )


def on_mandate_answered(event: MandateAnswered) -> None:
    """Tell who gave the mandate how it was answered."""
    mandate = event.mandate
    accepted = mandate.state is MandateState.ACCEPTED
    title = "委托已被接受" if accepted else "对方没有接受委托"
    more = "从开始那天起，对方就能替您办；您随时可以撤销。" if accepted else "需要时可以委托别人。"
    _tell(mandate.given_by, mandate, title, f"受托人 {mask_name(mandate.mandatary_name)}。{more}")


def on_mandate_ended(event: MandateEnded) -> None:
    """Tell the other side that it is over."""
    mandate = event.mandate
    if event.by == mandate.mandatary:
        body = f"受托人 {mask_name(mandate.mandatary_name)} 辞去了委托，不再替您办事。"
        _tell(mandate.given_by, mandate, "对方辞去了委托", body)
    else:
        _tell(mandate.mandatary, mandate, "委托已撤销", f"{_principal(mandate)}撤销了委托，您不能再替对方办事。")


def on_password_changed(event: PasswordChanged) -> None:
    """Tell the person, so that a change they did not make is seen."""
    send_notice(
        event.person,
        kind=KIND,
        title="密码已改",
        body="您的密码刚刚改过，其他设备都已退出登录。不是您改的，请马上到政务服务窗口重置。",
        link="/account/sessions/",
        key=f"password:{event.account_id}:{event.at.isoformat()}",
        at=event.at,
    )


def _tell(to: PersonId, mandate: MandateView, title: str, body: str) -> None:
    at = mandate.ended_at or mandate.accepted_at or mandate.offered_at
    send_notice(to, kind=KIND, title=title, body=body, link=LINK, key=f"mandate.{mandate.state}:{mandate.id}", at=at)


def _principal(mandate: MandateView) -> str:
    party = mandate.principal
    return party.name if party.kind is PartyKind.FIRM else mask_name(party.name)
