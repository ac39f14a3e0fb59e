"""Names the frame shows: portal, city, seal; from the pack, with a fallback for an empty database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class City:
    """The names of one city's portals."""

    name: str = "数政"
    resident_portal: str = "政务服务"
    enterprise_portal: str = "企业服务"
    officer_portal: str = "工作台"
    government: str = ""
    department: str = ""
    hotline: str = ""
    demo_note: str = ""
    seal: tuple[str, ...] = ("数", "政")
    officer_seal: tuple[str, ...] = ("数", "政")
    languages: tuple[str, ...] = ("zh-hans", "en")


def get_city() -> City:
    """Return the names in force."""
    return City()
