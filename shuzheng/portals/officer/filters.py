"""What an officer asked the inbox to show: read from the address, and written back into addresses.

Nothing in an address names or identifies an applicant: what was typed is held by the session (`searches`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from shuzheng.base.access.types import SUPERVISING
from shuzheng.base.directory.queries import list_posts_at
from shuzheng.base.directory.types import PostView
from shuzheng.base.kernel.types import Actor, ItemCode, PersonId
from shuzheng.engines.cases.queries import due_window, list_inbox_items, list_steps
from shuzheng.engines.cases.types import DueBand, InboxFilter
from shuzheng.portals.officer import searches
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.queries import search_items
from shuzheng.services.rulebook.types.proposing import REVIEW_ITEM

BANDS = {band.value: band for band in DueBand}
PARTS = ("show", "item", "step", "who", "s")
"""Names in an address."""
ITEMS = 20
"""Items that words may mean, the best matches."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter as it stands in an address.

    Attributes:
        show: A tab: '' mine to do, `late`, `today`, `soon`, `nobody`, `mine`, `paused`, `done`, `under`.
        item: Basic code of an item.
        step: Name of a task.
        who: A colleague's post.
        s: Key of a text the session holds.
    """

    show: str = ""
    item: str = ""
    step: str = ""
    who: str = ""
    s: str = ""

    def query(self, **over: str) -> str:
        """Return the query string with some parts replaced, without empty ones."""
        parts = replace(self, **over)
        named = {name: getattr(parts, name) for name in PARTS}
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def narrows(self) -> bool:
        """Tell whether more than a tab is asked for."""
        return bool(self.item or self.step or self.who or self.s)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: item, step, colleague."""

    items: Mapping[ItemCode, str]
    steps: tuple[str, ...]
    colleagues: tuple[PostView, ...]


def tabs_of(actor: Actor) -> dict[str, str]:
    """Return the tabs of an officer's inbox by key, in order."""
    tabs = {
        "": _("待我处理"),
        "late": _("已超期"),
        "today": _("今天到期"),
        "soon": _("快到期"),
        "nobody": _("待认领"),
        "mine": _("我认领的"),
        "paused": _("等申请人"),
        "done": _("我办过的"),
    }
    return tabs | ({"under": _("本单位和下级在办")} if SUPERVISING & actor.roles else {})


def choices_of(actor: Actor) -> Choices:
    """Return what the filter form offers an officer: what there is, not what there could be."""
    posts = list_posts_at(actor.org) if actor.org else ()
    return Choices(
        items=_named(list_inbox_items(actor)),
        steps=list_steps(actor),
        colleagues=tuple(post for post in posts if post.roles & actor.roles and post.person != actor.person),
    )


def _named(items: Mapping[ItemCode, str]) -> Mapping[ItemCode, str]:
    """Return the items by name: reviews of rules are of no item, and have many titles."""
    return {code: str(_("规则修改")) if code == REVIEW_ITEM else title for code, title in items.items()}


def read_asked(request: CityRequest, actor: Actor, choices: Choices) -> Asked:
    """Return the filter of an address; what is not on offer is left out."""
    asked = {name: request.GET.get(name, "") for name in PARTS}
    posts = {str(post.id) for post in choices.colleagues}
    return Asked(
        show=asked["show"] if asked["show"] in tabs_of(actor) else "",
        item=asked["item"] if asked["item"] in choices.items else "",
        step=asked["step"] if asked["step"] in choices.steps else "",
        who=asked["who"] if asked["who"] in posts else "",
        s=asked["s"] if searches.recall(request.session, asked["s"]) else "",
    )


def items_of(text: str) -> tuple[ItemCode, ...]:
    """Return the items some words mean; none for a number."""
    if not text or text.isdecimal():
        return ()
    return tuple(item.code for item in search_items(text, limit=ITEMS).rows)


def filter_of(asked: Asked, choices: Choices, text: str, items: tuple[ItemCode, ...], *, at: datetime) -> InboxFilter:
    """Return the engine's filter.

    Args:
        asked: What the address asks for.
        choices: What may be asked for.
        text: What was typed.
        items: Items the text means.
        at: Moment that decides what is overdue.
    """
    after, by = due_window(BANDS.get(asked.show), at=at)
    return InboxFilter(
        items=(ItemCode(asked.item),) if asked.item else (),
        step=asked.step,
        due_after=after,
        due_by=by,
        assignee=_holder(asked, choices),
        text=text,
        text_items=items,
        waiting=asked.show == "paused",
        under=asked.show == "under",
    )


def _holder(asked: Asked, choices: Choices) -> Literal["", "mine", "nobody"] | PersonId:
    colleague = next((post.person for post in choices.colleagues if str(post.id) == asked.who), None)
    if colleague is not None:
        return colleague
    match asked.show:
        case "mine" | "nobody":
            return asked.show
        case _:
            return ""
