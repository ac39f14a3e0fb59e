"""What the frame of every page needs: `{{ frame }}`. Nothing is read until a template asks."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from shuzheng.base.access.types import SUPERVISING
from shuzheng.base.directory import queries as directory
from shuzheng.base.kernel.types import Actor, PartyKind
from shuzheng.base.notices import queries as notices
from shuzheng.packs.types import PackInfo
from shuzheng.portals.shell.city import UNNAMED, get_city
from shuzheng.portals.shell.session import post_of

ELDER_COOKIE = "elder"
LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a navigation."""

    url: str
    label: str
    icon: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A titled part of the desk's navigation."""

    label: str
    links: tuple[Link, ...]


class Frame:
    """The frame of one page; `bare` leaves out all that needs the database (for the page of a breakdown)."""

    def __init__(self, request: HttpRequest, *, bare: bool = False) -> None:
        self._request = request
        self.bare = bare
        self.actor: Actor | None = None if bare else getattr(request, "actor", None)

    @cached_property
    def pack(self) -> PackInfo:
        """Names of the city; plain ones on a bare page."""
        return UNNAMED if self.bare else get_city()

    @property
    def here(self) -> str:
        """Path and query of this page when it can be asked for again, else of the home page."""
        return self._request.get_full_path() if self._request.method in {"GET", "HEAD"} else self._request.path

    @property
    def at_desk(self) -> bool:
        """Tell whether this is the officer front."""
        return self._request.path.startswith("/desk/")

    @property
    def demo(self) -> bool:
        """Tell whether demonstration data is loaded."""
        return settings.SHUZHENG.demo

    @property
    def elder(self) -> bool:
        """Tell whether elder mode is on."""
        return self._request.COOKIES.get(ELDER_COOKIE) == "1"

    @property
    def language(self) -> str:
        """Language of the chrome as the `lang` attribute wants it."""
        code = get_language() or "zh-hans"
        return "zh-Hans" if code.startswith("zh") else code

    @property
    def other_language(self) -> tuple[str, str] | None:
        """Code and own name of the language to switch to, None when the pack offers but one."""
        now = (get_language() or "zh-hans").lower()
        return next(((code, LANGUAGE_NAMES[code]) for code in self.pack.languages if code != now), None)

    @property
    def for_firm(self) -> bool:
        """Tell whether the person acts for a firm."""
        party = self.actor.on_behalf_of if self.actor is not None else None
        return party is not None and party.kind is PartyKind.FIRM

    @property
    def portal(self) -> str:
        """Name of this front: the enterprise front's while acting for a firm."""
        return self.pack.enterprise_portal if self.for_firm else self.pack.resident_portal

    @property
    def seal(self) -> tuple[str, ...]:
        """The lines of the seal beside the name."""
        if self.at_desk:
            return self.pack.officer_seal
        return self.pack.enterprise_seal if self.for_firm else self.pack.resident_seal

    @cached_property
    def has_desk(self) -> bool:
        """Tell whether the signed-in person has a desk to go back to."""
        session = getattr(self._request, "session", None)
        return self.actor is not None and not self.at_desk and session is not None and post_of(session) is not None

    @cached_property
    def unread(self) -> int:
        """Unread notices, at most 99."""
        if self.actor is None or self.actor.person is None:
            return 0
        return notices.count_unread(self.actor.person, cap=99)

    @cached_property
    def can_act(self) -> bool:
        """Tell whether there is anybody the person could act for."""
        if self.actor is None or self.actor.person is None:
            return False
        at = getattr(self._request, "at", None)
        return isinstance(at, datetime) and directory.has_standing(self.actor.person, at=at)

    def _link(self, name: str, label: str, icon: str) -> Link:
        url = reverse(name)
        path = self._request.path
        current = path == url or (url not in {"/", "/desk/", "/my/"} and path.startswith(url))
        return Link(url, label, icon, current)

    @property
    def nav(self) -> tuple[Link, ...]:
        """Main navigation of the resident front."""
        return (
            self._link("resident:home", _("首页"), "home"),
            self._link("resident:search", _("找事项"), "search"),
            self._link("resident:places", _("在哪里办"), "map"),
            self._link("resident:policies", _("惠企利民"), "coin"),
            self._link("resident:cases", _("我的办件"), "inbox"),
            self._link("resident:licences", _("我的证照"), "id"),
            self._link("resident:readers", _("谁看过我的数据"), "eye"),
            self._link("resident:verify", _("证照核验"), "shield"),
        )

    @property
    def dock(self) -> tuple[Link, ...]:
        """The phone's navigation: four of the same entries."""
        return (
            self._link("resident:home", _("首页"), "home"),
            self._link("resident:search", _("找事项"), "search"),
            self._link("resident:cases", _("办件"), "inbox"),
            self._link("resident:licences", _("证照"), "id"),
        )

    @property
    def _supervision(self) -> tuple[Link, ...]:
        """The figures of the subtree, for directors."""
        if self.actor is None or not self.actor.roles & SUPERVISING:
            return ()
        return (self._link("officer:units", _("单位办理情况"), "chart"),)

    @property
    def side(self) -> tuple[Group, ...]:
        """Navigation of the desk."""
        return (
            Group(
                _("办件"),
                (
                    self._link("officer:inbox", _("收件箱"), "inbox"),
                    self._link("officer:find", _("查办件"), "search"),
                    *self._supervision,
                    self._link("officer:notices", _("消息"), "bell"),
                ),
            ),
            Group(
                _("单位"),
                (
                    self._link("officer:people", _("通讯录"), "phone"),
                    self._link("officer:absence", _("外出代理"), "calendar"),
                ),
            ),
            Group(
                _("事项"),
                (
                    self._link("officer:items", _("事项管理"), "book"),
                    self._link("officer:rules", _("规则库"), "flow"),
                    self._link("officer:policies", _("惠企利民"), "coin"),
                ),
            ),
            Group(_("数据"), (self._link("officer:lake", _("数据湖"), "db"),)),
            Group(
                _("公共"),
                (
                    self._link("resident:verify", _("证照核验"), "shield"),
                    self._link("shell:account", _("账户与安全"), "lock"),
                    self._link("shell:help", _("帮助"), "help"),
                ),
            ),
        )


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the frame's variables; `request.bare_frame` marks the page of a breakdown."""
    return {"frame": Frame(request, bare=bool(getattr(request, "bare_frame", False)))}
