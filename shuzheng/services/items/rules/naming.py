"""How people name places: `砚田县` or `砚田`; `墨溪区石桥街道办事处` or `石桥街道`; `松风社区`."""

import re
from collections.abc import Iterator
from typing import Final

_DIVISION: Final = re.compile(r"(?<=..)[市区县]$")
_BODY: Final = re.compile(r"(?:办事处|人民政府|政府|管委会|管理委员会|居民委员会|村民委员会|居委会|村委会)$")


def division_names(name: str) -> tuple[str, ...]:
    """Return the names of a county or city, with and without its kind.

    Example:
        >>> division_names("砚田县")
        ('砚田县', '砚田')
    """
    return tuple(dict.fromkeys((name, _DIVISION.sub("", name))))


def organization_names(short: str, full: str, above: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the names of an organization: short, full, without its body's word, without what stands above it.

    Args:
        short: Short name.
        full: Full name.
        above: Names of its county or of the organization above it, which its short name may begin with.

    Example:
        >>> organization_names("墨溪区石桥街道办事处", "墨溪区石桥街道办事处", ("墨溪区", "墨溪"))
        ('墨溪区石桥街道办事处', '墨溪区石桥街道', '石桥街道')
    """
    return tuple(dict.fromkeys(name for name in _names(short, full, above) if len(name) > 2))


def _names(short: str, full: str, above: tuple[str, ...]) -> Iterator[str]:
    yield short
    yield full
    bare = _BODY.sub("", short)
    yield bare
    found = [upper for upper in above if bare.startswith(upper)]
    if not found:
        return
    rest = bare.removeprefix(max(found, key=len))
    if _stands_alone(rest):
        yield rest
    else:
        yield from (other + rest for other in above)


def _stands_alone(rest: str) -> bool:
    """Tell whether a name is told apart without what stands above it: a town or village is, a bureau is not."""
    return len(rest) > 2 and rest[-1] in "镇乡村道区"
