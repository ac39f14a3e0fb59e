"""What can be changed as flat facts, so that differences, clashes and merging are plain comparisons by key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from shuzheng.base.kernel.types import Json, OrgId
from shuzheng.services.items.rules.content import ItemContent
from shuzheng.services.items.rules.specs import objects
from shuzheng.services.items.types import UnitRow
from shuzheng.services.items.types.changing import Facts

COLUMNS: Final = ("promised_days", "visits", "fee_fen", "channels")
GUIDE: Final[Mapping[str, str]] = {
    "guide.scope": "scope_zh",
    "guide.conditions": "conditions_zh",
    "guide.flow": "flow_zh",
    "guide.faq": "faq",
}
MATERIAL: Final = "material."
MATERIAL_KEYS: Final = ("seq", "name", "source", "licence_type", "dataset", "copies", "required", "condition_zh")
UNIT_KEYS: Final = ("window", "promised_days", "address", "phone", "hours")
LABELS: Final[Mapping[str, str]] = {
    "promised_days": "承诺时限（工作日）",
    "visits": "到现场次数",
    "fee_fen": "收费（元）",
    "channels": "办理渠道",
    "guide.scope": "适用范围",
    "guide.conditions": "申请条件",
    "guide.flow": "办理流程",
    "guide.faq": "常见问题",
    "window": "受理窗口",
    "address": "办理地址",
    "phone": "咨询电话",
    "hours": "办理时间",
}
_ORDER: Final = {key: place for place, key in enumerate(dict.fromkeys((*COLUMNS, *GUIDE, *UNIT_KEYS)))}


def item_facts(content: ItemContent) -> dict[str, Json]:
    """Return the facts of an item's content that can be changed on line."""
    facts: dict[str, Json] = {key: content.columns[key] for key in COLUMNS}
    facts["guide.scope"] = str(content.guide.get("scope_zh") or "")
    for key in ("guide.conditions", "guide.flow"):
        facts[key] = _texts(content.guide.get(GUIDE[key]))
    facts["guide.faq"] = [
        {"question": str(row.get("question", "")), "answer": str(row.get("answer", ""))}
        for row in objects(content.guide.get("faq"))
    ]
    for row in objects(content.materials):
        facts[f"{MATERIAL}{row.get('seq')}"] = {key: row.get(key) for key in MATERIAL_KEYS}
    return facts


def unit_facts(unit: UnitRow) -> dict[str, Json]:
    """Return the facts of a unit that can be changed on line."""
    return {key: getattr(unit, key) for key in UNIT_KEYS}


def with_item_facts(content: ItemContent, facts: Facts) -> ItemContent:
    """Return the content with these facts in place of its own; facts it does not name stay."""
    columns = {**content.columns, **{key: facts[key] for key in COLUMNS if key in facts}}
    guide = {**content.guide, **{name: facts[key] for key, name in GUIDE.items() if key in facts}}
    rows: dict[int, Json] = {n: row for row in objects(content.materials) if isinstance(n := row.get("seq"), int)}
    rows |= {material_seq(key): value for key, value in facts.items() if is_material(key)}
    materials = [row for _, row in sorted(rows.items()) if row is not None]
    return replace(content, columns=columns, guide=guide, materials=materials)


def with_unit_facts(unit: UnitRow, facts: Facts) -> UnitRow:
    """Return the unit with these facts in place of its own."""
    days = facts.get("promised_days", unit.promised_days)
    return replace(
        unit,
        window=OrgId(str(facts.get("window", unit.window))),
        promised_days=days if isinstance(days, int) else None,
        address=str(facts.get("address", unit.address)),
        phone=str(facts.get("phone", unit.phone)),
        hours=str(facts.get("hours", unit.hours)),
    )


def changed_facts(before: Facts, after: Facts) -> dict[str, Json]:
    """Return the facts of `after` that differ; one that is only in `before` becomes None.

    Example:
        >>> changed_facts({"visits": 1, "material.2": {}}, {"visits": 0})
        {'visits': 0, 'material.2': None}
    """
    keys = [*after, *(key for key in before if key not in after)]
    return {key: after.get(key) for key in keys if before.get(key) != after.get(key)}


def over(facts: Facts, changed: Facts) -> dict[str, Json]:
    """Return the facts with those changed in place; a material that became None is left out."""
    whole = {**facts, **changed}
    return {key: value for key, value in whole.items() if not (is_material(key) and value is None)}


def clashing(before: Facts, after: Facts, now: Facts) -> tuple[str, ...]:
    """Return the keys of a change whose value in force is neither what it started from nor what it wants.

    Args:
        before: Values the change started from, by its keys.
        after: Values it wants.
        now: Every fact in force.
    """
    return in_order(key for key in after if now.get(key) not in (before.get(key), after[key]))


def is_material(key: str) -> bool:
    """Tell whether a fact is a material."""
    return key.startswith(MATERIAL)


def material_seq(key: str) -> int:
    """Return the number of a material fact."""
    return int(key.removeprefix(MATERIAL))


def in_order(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys in the order of the editor: columns, guide, materials by number."""
    last = len(_ORDER)
    return tuple(sorted(keys, key=lambda key: (last, material_seq(key)) if is_material(key) else (_ORDER[key], 0)))


def label_of(key: str, *facts: Facts) -> str:
    """Return the Chinese name of a fact; a material by its number and the first name that `facts` know for it."""
    if not is_material(key):
        return LABELS[key]
    row = next((found for known in facts if isinstance(found := known.get(key), Mapping)), {})
    return f"材料 {material_seq(key)}：{row['name']}" if row.get("name") else f"材料 {material_seq(key)}"


def _texts(value: Json) -> list[Json]:
    return [str(part) for part in value] if isinstance(value, Sequence) and not isinstance(value, str) else []
