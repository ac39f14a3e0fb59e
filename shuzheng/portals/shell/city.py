"""Whose city this is, for the frame: from the pack; plain names before one is loaded or when the database is away."""

from django.db import DatabaseError

from shuzheng.base.kernel.types import DivisionCode
from shuzheng.packs.errors import NoPackLoaded
from shuzheng.packs.queries import get_pack_info
from shuzheng.packs.types import PackInfo

UNNAMED = PackInfo(
    name="",
    city="数政",
    resident_portal="政务服务",
    enterprise_portal="企业服务",
    officer_portal="工作台",
    government="",
    department="",
    hotline="",
    zone="Asia/Shanghai",
    languages=("zh-hans", "en"),
    demo_note="",
    default_division=DivisionCode(""),
    resident_seal=("数", "政"),
    enterprise_seal=("数", "政"),
    officer_seal=("数", "政"),
)
"""Names of no city in particular."""


def get_city() -> PackInfo:
    """Return the names in force."""
    try:
        return get_pack_info()
    except (NoPackLoaded, DatabaseError):
        return UNNAMED
