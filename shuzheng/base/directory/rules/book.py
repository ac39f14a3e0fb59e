"""How the address book finds by name and initials, and who keeps office telephones. Pure."""

import re
from functools import lru_cache
from typing import Final

from shuzheng.base.directory.errors import MayNotKeepBook, OfficePhoneUnfit
from shuzheng.base.directory.types import PostRole
from shuzheng.base.kernel.fold import fold, pinyin_initials
from shuzheng.base.kernel.types import Actor, Levels, OrgId

_PHONE: Final = re.compile(r"[0-9(（][0-9 ()（）、,，转\-]{1,38}[0-9]")
_MOBILE: Final = re.compile(r"(?:^|\D)1[3-9]\d{9}(?:\D|$)")
_KEEPERS: Final = frozenset({PostRole.DIRECTOR, PostRole.TEAM_LEAD, PostRole.ADMINISTRATOR})

EXACT, BEGINS, WITHIN = range(3)


def rank_name(asked: str, *names: str) -> int | None:
    """Return how well a folded question fits any of the names, lower is better; None when it does not.

    Letters alone are compared with the initials of the pinyin as well.

    Example:
        >>> rank_name("scj", "市场监管局"), rank_name("监管", "市场监管局"), rank_name("x", "市场监管局")
        (1, 2, None)
    """
    forms = [_forms(name) for name in names]
    texts = [text for text, _ in forms]
    if asked.isascii() and asked.isalpha():
        texts += [initials for _, initials in forms]
    fits = [_fit(asked, text) for text in texts]
    return min((fit for fit in fits if fit is not None), default=None)


def _fit(asked: str, text: str) -> int | None:
    if asked == text:
        return EXACT
    if text.startswith(asked):
        return BEGINS
    return WITHIN if asked in text else None


@lru_cache(maxsize=50_000)
def _forms(name: str) -> tuple[str, str]:
    """Return a name folded, and its initials; remembered, because pinyin costs 20 µs a name."""
    return fold(name), fold(pinyin_initials(name))


def check_office_phone(phone: str) -> None:
    """Let pass a landline or switchboard number, or none.

    Raises:
        OfficePhoneUnfit: Something else, such as a mobile number, which is a person's.
    """
    if phone and (not _PHONE.fullmatch(phone) or _MOBILE.search(phone)):
        raise OfficePhoneUnfit


def may_keep_book(unit: OrgId, levels: Levels, actor: Actor) -> bool:
    """Tell whether the actor writes the office telephone of a unit: who leads or administers it, a director above."""
    if not actor.is_officer:
        return False
    if actor.org == unit:
        return bool(actor.roles & _KEEPERS)
    return PostRole.DIRECTOR in actor.roles and actor.org in levels.as_tuple()


def check_may_keep_book(unit: OrgId, levels: Levels, actor: Actor) -> None:
    """Let pass who keeps the unit's entry.

    Raises:
        MayNotKeepBook: Anybody else.
    """
    if not may_keep_book(unit, levels, actor):
        raise MayNotKeepBook
