"""How far a page has heard when it is made; its stream goes on from there."""

from shuzheng.base.notices.queries import last_arrival
from shuzheng.engines.cases.queries import last_movement


def heard_now() -> str:
    """Return the position of `portals.live`; asked before the page reads what it shows, so that nothing falls between.

    Two look-ups.
    """
    return f"{last_arrival()}-{last_movement()}"
