"""What notices say: what happened, what comes next, by when. Chinese; no sealed personal data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Telling:
    """One notice before it is addressed; `key` names what happened, once per case."""

    key: str
    title: str
    body: str
    link: str


def say_date(on: date, *, today: date) -> str:
    """Return a date as pages write it: this year without the year.

    Example:
        >>> say_date(date(2026, 11, 27), today=date(2026, 11, 24))
        '11月27日（周五）'
    """
    year = "" if on.year == today.year else f"{on.year}年"
    return f"{year}{on.month}月{on.day}日（周{WEEKDAYS[on.weekday()]}）"


def case_link(number: str) -> str:
    """Return the path of a case on the public front."""
    return f"/my/cases/{number}/"


def tell_draft_expiring(*, expires_on: date, days: int, kept_days: int, today: date) -> Telling:
    """Say that what was filled in will be deleted; the same for everybody, so it names no item."""
    on = say_date(expires_on, today=today)
    body = f"您有没交的申请留到{on}，之后填的内容和上传的材料会删除。打开接着填、保存一次，就再留 {kept_days} 天。"
    title = "草稿明天就到期了" if days <= 1 else "草稿快到期了"
    return Telling(f"items.drafts_expiring:{expires_on}:{days}", title, body, "/my/cases/")


def tell_opened(*, number: str, title: str, window: str, due_on: date | None, today: date) -> Telling:
    """Say that an application arrived."""
    by = f"，最晚{say_date(due_on, today=today)}" if due_on else ""
    body = f"办件编号 {number}。{window}会在 5 个工作日内告诉您是否受理{by}。进度可以随时在办件页查看。"
    return Telling(f"items.opened:{number}", f"“{title}”已提交", body, case_link(number))


def tell_asked(
    *, number: str, title: str, n: int, papers: Sequence[str], opinion: str, due_on: date | None, today: date
) -> Telling:
    """Say what must be supplemented and by when."""
    names = f"请补正：{'、'.join(papers)}。" if papers else "请按要求补正。"
    why = f"办理单位说明：{opinion}。" if opinion else ""
    by = f"请在{say_date(due_on, today=today)}前补正，逾期办件会终止。" if due_on else ""
    body = f"{names}{why}{by}补正期间不计入办理时限。"
    return Telling(f"items.asked:{number}:{n}", f"“{title}”要补正材料", body, f"{case_link(number)}supplement/")


def tell_accepted(*, number: str, title: str, decider: str, due_on: date | None, today: date) -> Telling:
    """Say that the application was accepted and when the decision comes."""
    by = f"，最晚{say_date(due_on, today=today)}作出决定" if due_on else ""
    body = f"{decider}正在审查{by}。现在不用您做什么，有结果会通知您。"
    return Telling(f"items.accepted:{number}", f"“{title}”已受理", body, case_link(number))


def tell_granted(*, number: str, title: str, licence_type: str, result_name: str) -> Telling:
    """Say that it was granted and where the result is."""
    if licence_type:
        body = f"{licence_type}已经签发，放在“我的证照”里，可以出示、下载和打印。"
    else:
        body = f"办理结果：{result_name or title}，可以在办件页查看。"
    return Telling(f"items.closed:{number}", f"“{title}”已办结", f"{body}请您评价这次办理。", case_link(number))


REMEDY = (
    "不服这个决定的，可以自收到之日起 60 日内申请行政复议，或者 6 个月内向人民法院提起行政诉讼；改好后也可以重新申请。"
)
"""Source: 《中华人民共和国行政复议法》第二十条；《中华人民共和国行政诉讼法》第四十六条."""


def tell_refused(*, number: str, title: str, result: str, opinion: str, reasons: Sequence[str]) -> Telling:
    """Say that it was refused or not accepted, each reason, and the remedy."""
    word = "不予受理" if result == "not_accepted" else "没有批准"
    listed = "；".join(reason.rstrip("。；") for reason in reasons)
    why = f"理由：{listed}。" if listed else ""
    more = f"{opinion.rstrip('。')}。" if opinion and opinion not in reasons else ""
    return Telling(f"items.closed:{number}", f"“{title}”{word}", f"{why}{more}{REMEDY}", case_link(number))


def tell_lapsed(*, number: str, title: str) -> Telling:
    """Say that the case ended because nothing was supplemented in time."""
    body = "到期没有收到补正的材料，办件已经终止。需要办的，可以重新申请，系统会再次填好已知的内容。"
    return Telling(f"items.closed:{number}", f"“{title}”已终止", body, case_link(number))


def tell_withdrawn(*, number: str, title: str) -> Telling:
    """Say that the case was withdrawn."""
    body = "申请已经按您的要求撤回，没有作出决定。以后需要办的，可以重新申请。"
    return Telling(f"items.closed:{number}", f"“{title}”已撤回", body, case_link(number))
