"""What a mandate may say, when it holds, and who may act for whom.

Source: 民法典 第一百六十五条 (a written mandate names mandatary, matters, powers and term), 第一百六十九条 (no
sub-delegation without consent: we know none), 第一百七十三条 (it ends by term, revocation or resignation),
第十七条 and 第二十三条 (guardians act for those under eighteen).
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from shuzheng.base.directory.errors import (
    IdentityUnproved,
    MandataryUnfit,
    MandateDaysWrong,
    MandateItemsWrong,
    MandateOver,
)
from shuzheng.base.directory.types import MANDATE_STATE_LABELS, MandateState, RealName
from shuzheng.base.kernel.codes import parse_item_code
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.types import ItemCode

ADULT_AGE: Final = 18
DAYS_MOST: Final = 366
ITEMS_MOST: Final = 20
OPEN_MOST: Final = 30
"""Open mandates of one principal."""
ACTS_FOR_OTHERS: Final = RealName.CHECKED
"""Real-name level from which a person acts for others, gives and accepts mandates."""


def adult_on(birth_on: date) -> date:
    """Return the eighteenth birthday; somebody born on 29 February comes of age on 1 March.

    Example:
        >>> adult_on(date(2008, 2, 29))
        datetime.date(2026, 3, 1)
    """
    year = birth_on.year + ADULT_AGE
    try:
        return birth_on.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def is_child(birth_on: date | None, *, on: date) -> bool:
    """Tell whether somebody is under eighteen; an unknown birthday is no child's."""
    return birth_on is not None and on < adult_on(birth_on)


def check_proved(level: int) -> None:
    """Let pass whose identity was checked.

    Raises:
        IdentityUnproved: It was not.
    """
    if level < ACTS_FOR_OTHERS:
        raise IdentityUnproved


def check_mandatary(*, birth_on: date | None, is_principal: bool, on: date) -> None:
    """Let pass an adult who is not the principal.

    Raises:
        MandataryUnfit: A child, or the principal.
    """
    if is_principal or is_child(birth_on, on=on):
        raise MandataryUnfit


def check_days(first: date, last: date, *, today: date) -> None:
    """Let pass a term that begins today or later and ends within a year of its beginning.

    Raises:
        MandateDaysWrong: Another term.
    """
    if not (today <= first <= last and (last - first).days < DAYS_MOST):
        raise MandateDaysWrong(most=DAYS_MOST)


def read_items(items: Sequence[str]) -> tuple[ItemCode, ...]:
    """Return the items a mandate names, each once, in the order given; none means all.

    Raises:
        MandateItemsWrong: Too many, or not a basic code.
    """
    try:
        codes = tuple(dict.fromkeys(parse_item_code(item) for item in items))
    except Invalid:
        raise MandateItemsWrong(most=ITEMS_MOST) from None
    if len(codes) > ITEMS_MOST:
        raise MandateItemsWrong(most=ITEMS_MOST)
    return codes


def state_on(stored: MandateState, valid_to: date, *, on: date) -> MandateState:
    """Return the state on a day: an open mandate whose term is over has expired."""
    still_open = stored in (MandateState.OFFERED, MandateState.ACCEPTED)
    return MandateState.EXPIRED if still_open and valid_to <= on else stored


def check_state(state: MandateState, *allowed: MandateState) -> None:
    """Let pass a mandate in one of the states.

    Raises:
        MandateOver: It is in another.
    """
    if state not in allowed:
        raise MandateOver(state=MANDATE_STATE_LABELS[state])
