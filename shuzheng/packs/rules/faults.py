"""What a fault is about."""

import re

from shuzheng.base.kernel.pack import Fault


def subject_of(fault: Fault) -> str:
    """Return the column a fault begins with, '' when it begins with something else.

    Example:
        >>> subject_of(Fault("items.csv", 2, "legal_days 应当是整数", "改成整数，例如 20"))
        'legal_days'
    """
    found = re.match(r"[a-z][a-z0-9_]*", fault.what)
    return found[0] if found else ""
