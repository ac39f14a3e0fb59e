"""Builders of views the desk shows, with defaults."""

from shuzheng.base.kernel.types import ItemCode
from shuzheng.services.items.types import Applicant, GuideView, Handling, ItemView, Level


def make_item(**over: object) -> ItemView:
    values: dict[str, object] = {
        "code": ItemCode("000125005002"),
        "version": 1,
        "current": True,
        "name": "食品经营许可（餐饮服务）",
        "kind": "01",
        "kind_name": "行政许可",
        "department": "市场监管局",
        "applicant": Applicant.FIRM,
        "handling": Handling.PROMISED,
        "legal_days": 20,
        "promised_days": 4,
        "visits": 0,
        "fee_fen": 0,
        "levels": (Level.COUNTY,),
        "theme": "",
        "result_kind": "licence",
        "result_name": "食品经营许可证",
        "licence_type": "食品经营许可证",
        "legal_basis": "《食品安全法》第三十五条",
        "channels": ("online",),
        "has_form": True,
    }
    return ItemView(**(values | over))  # type: ignore[arg-type]


def make_guide(**over: object) -> GuideView:
    values: dict[str, object] = {
        "item": make_item(),
        "scope": "",
        "conditions": (),
        "checks": (),
        "flow": (),
        "faq": (),
        "materials": (),
        "units": (),
        "unit_count": 0,
    }
    return GuideView(**(values | over))  # type: ignore[arg-type]
