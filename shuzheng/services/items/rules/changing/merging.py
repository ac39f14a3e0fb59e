"""A pack brings a new version of what was changed on line: nothing that was approved is undone without a word."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from shuzheng.base.kernel.types import Json
from shuzheng.services.items.rules.changing.comparing import lines_of
from shuzheng.services.items.rules.changing.facts import (
    changed_facts,
    in_order,
    item_facts,
    label_of,
    unit_facts,
    with_item_facts,
    with_unit_facts,
)
from shuzheng.services.items.rules.changing.limits import bounds_of, promise_problem
from shuzheng.services.items.rules.content import ItemContent
from shuzheng.services.items.types import UnitRow
from shuzheng.services.items.types.changing import Facts


@dataclass(frozen=True, slots=True)
class Merged:
    """What comes of a pack's content and the changes approved on line.

    Attributes:
        content: The pack's, with what was approved in place.
        words: What was kept against the pack and what gave way, in Chinese.
    """

    content: ItemContent
    words: tuple[str, ...]


def merge_content(*, loaded: ItemContent, edited: ItemContent, incoming: ItemContent) -> Merged:
    """Put approved changes over a new content of the pack.

    A field that only one side changed takes that side's value. A field that both changed keeps what was approved, and
    that is said. What cannot stand any more (a promise above a new legal term, a material the new form asks for)
    gives way to the pack, and that is said too.

    Args:
        loaded: What the pack said before.
        edited: What is in force, changed on line.
        incoming: What the pack says now.
    """
    base, theirs = item_facts(loaded), item_facts(incoming)
    mine = changed_facts(base, item_facts(edited))
    kept: dict[str, Json] = {}
    words: list[str] = []
    for key in in_order(mine):
        label, wanted = label_of(key, mine, base), mine[key]
        if theirs.get(key) == wanted:
            continue
        said = f"{label}：平台“{_say(key, wanted)}”，城市包“{_say(key, theirs.get(key))}”"
        if _impossible(key, wanted, incoming):
            words.append(f"{said}，平台的不再成立，以城市包为准")
            continue
        kept[key] = wanted
        if theirs.get(key) != base.get(key):
            words.append(f"{said}，保留平台已审核的；要用城市包的，请在平台上提出修改")
    return Merged(with_item_facts(incoming, kept), tuple(words))


def _impossible(key: str, value: Json, incoming: ItemContent) -> bool:
    bounds = bounds_of(incoming, frozenset())
    if key == "promised_days" and isinstance(value, int):
        return bool(promise_problem(value, handling=bounds.handling, legal_days=bounds.legal_days))
    return value is None and any(key == f"material.{seq}" for seq in bounds.held)


def overlay_units(
    units: Iterable[UnitRow],
    edits: Mapping[str, tuple[Facts, Facts]],
    words: list[str],
    *,
    bodies: Collection[str] | None = None,
) -> Iterator[UnitRow]:
    """Give the units as computed from a pack, with what was approved on line in place.

    Args:
        units: As computed.
        edits: By code: values before the first change approved on line, and after the last.
        words: Gets a sentence for each value both changed.
        bodies: Organizations of the pack: a window that is gone gives way; None asks nothing.
    """
    for unit in units:
        edit = edits.get(unit.code)
        if edit is None:
            yield unit
            continue
        before, after = edit
        theirs = unit_facts(unit)
        if bodies is not None and after.get("window", unit.window) not in bodies:
            after = {key: value for key, value in after.items() if key != "window"}
            words.append(f"实施事项 {unit.code} 的受理窗口：平台上改的机构已经不在城市包里，以城市包为准")
        for key in in_order(after):
            if theirs[key] not in (before.get(key), after[key]):
                said = f"平台“{_say(key, after[key])}”，城市包“{_say(key, theirs[key])}”"
                words.append(f"实施事项 {unit.code} 的{label_of(key)}：{said}，保留平台已审核的")
        yield with_unit_facts(unit, after)


def _say(key: str, value: Json) -> str:
    return "；".join(line.text for line in lines_of(key, value)) or "无"
