"""What is wrong with who implements items: bodies that are missing, levels without a body, overrides of nothing."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from shuzheng.base.kernel.codes import parse_implementing_code
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.pack import Fault, PackRows, Row
from shuzheng.base.kernel.types import ItemCode, OrgId
from shuzheng.services.items.pack.reading import split
from shuzheng.services.items.pack.unit_reading import IMPLEMENTERS, OVERRIDES, ItemRow, Sources, read_sources
from shuzheng.services.items.rules.units import LEVEL_DIGITS, OverrideAct, Unresolved, resolve_units
from shuzheng.services.items.types import Handling, Level

Found = Iterator[Fault]
_LEVELS: Final = frozenset(Level)
_CHANGES: Final = ("window", "decider", "promised_days", "visits", "channels", "address", "phone", "hours")


def check(pack: PackRows) -> list[Fault]:
    """Return every fault of who implements what."""
    city = _City(pack)
    return [*_check_implementers(city), *_check_levels(city), *_check_overrides(city)]


class _City:
    """The pack's rows and what units are computed from."""

    def __init__(self, pack: PackRows) -> None:
        self.pack = pack
        self.sources: Sources = read_sources(pack)
        self.known = self.sources.table.organizations
        self._units: dict[ItemCode, frozenset[str]] = {}

    @cached_property
    def added(self) -> frozenset[tuple[str, Level]]:
        """Item and level of every unit that is added beside the rule."""
        overrides = self.sources.overrides.values()
        return frozenset((o.item, o.level) for o in overrides if o.act is OverrideAct.ADD and o.level is not None)

    def units_of(self, item: ItemRow) -> frozenset[str]:
        """Return the codes the rule gives for an item, as far as it can be followed."""
        if item.code not in self._units:
            codes: set[str] = set()
            try:
                codes.update(unit.code for unit in self.sources.by_rule(item))
            except Unresolved:
                codes.clear()
            self._units[item.code] = frozenset(codes)
        return self._units[item.code]


def _fault(row: Row, what: str, remedy: str) -> Fault:
    return Fault(row.file, row.line, what, remedy)


def _check_implementers(city: _City) -> Found:
    for row in city.pack.of(IMPLEMENTERS):
        if row.text("level") not in _LEVELS:
            continue
        organization = row.text("organization")
        if organization and organization not in city.known:
            yield _fault(row, "organization 不在 organizations.csv 里", "改成该文件中的机构代码")
        if not organization and not row.text("organization_kind"):
            yield _fault(row, "既没有 organization 也没有 organization_kind", "市县级写机构，镇村级写 town 或 village")


def _check_levels(city: _City) -> Found:
    seen: dict[tuple[str, str, Handling], str] = {}
    for row in city.pack.of("items.csv"):
        item = city.sources.items[ItemCode(row.text("basic_code"))]
        for level in (Level(word) for word in split(row.text("levels")) if word in _LEVELS):
            if (item.code, level) in city.added:
                continue
            key = (item.department, level, item.handling)
            if key not in seen:
                seen[key] = _problem_of_level(city.sources, item, level)
            if seen[key]:
                yield _fault(row, seen[key], "在 implementers.csv 补上，或从 levels 里去掉这一级")


def _problem_of_level(sources: Sources, item: ItemRow, level: Level) -> str:
    try:
        if not sum(1 for _ in resolve_units(item.code, item.department, [level], item.handling, sources.table)):
            return f"{item.department}在 {level} 一级没有实施机构"
    except Unresolved as found:
        return f"{item.department}在 {level} 一级：机构 {found.organization} 找不到对应的 {found.kind}"
    return ""


def _check_overrides(city: _City) -> Found:
    items = {row.text("basic_code"): row for row in city.pack.of("items.csv")}
    for row in city.pack.of(OVERRIDES):
        yield from _check_bodies(row, city)
        try:
            code = parse_implementing_code(row.text("unit"))
        except Invalid as wrong:
            yield _fault(row, f"unit 不是实施编码：{wrong.message}", "18 位机构代码、1 位行使层级、12 位基本编码")
            continue
        if code.text != row.text("unit"):
            yield _fault(row, "unit 里有空格或小写字母", f"改成 {code.text}")
        elif code.item not in items:
            yield _fault(row, f"unit 的事项 {code.item} 不在 items.csv 里", "改正后 12 位，或补上这个事项")
        else:
            yield from _check_act(row, city, items[code.item])


def _check_bodies(row: Row, city: _City) -> Found:
    for column in ("window", "decider"):
        if row.text(column) and OrgId(row.text(column)) not in city.known:
            yield _fault(row, f"{column} 不在 organizations.csv 里", "改成该文件中的机构代码，或留空")


def _check_act(row: Row, city: _City, item: Row) -> Found:
    code = row.text("unit")
    given = code in city.units_of(city.sources.items[ItemCode(item.text("basic_code"))])
    match row.text("act"):
        case OverrideAct.ADD if not given:
            yield from _check_added(row, city, item)
        case OverrideAct.CHANGE | OverrideAct.REMOVE if not given:
            yield _fault(row, "unit 按规则没有这个实施事项", "核对机构、层级和事项；确实由它实施的，act 改成 add")
        case OverrideAct.CHANGE if not any(row.text(column) for column in _CHANGES):
            yield _fault(row, "没有写有什么不同", "至少填一列，例如 promised_days；没有不同就删去这一行")
        case _:
            pass
    yield from _check_days(row, item)


def _check_added(row: Row, city: _City, item: Row) -> Found:
    code = row.text("unit")
    if OrgId(code[:18]) not in city.known:
        yield _fault(row, f"unit 的机构 {code[:18]} 不在 organizations.csv 里", "补上这个机构，或改正前 18 位")
    levels = {LEVEL_DIGITS[Level(word)]: word for word in split(item.text("levels")) if word in _LEVELS}
    if code[18] not in levels:
        yield _fault(row, f"unit 的层级 {code[18]} 不在该事项的 levels 里", f"改成其中之一：{_listed(levels)}")


def _check_days(row: Row, item: Row) -> Found:
    days = row.text("promised_days")
    if not days:
        return
    if item.text("handling") == Handling.INSTANT:
        if days != "0":
            yield _fault(row, "promised_days 写在即办件上", "留空；即办件当场办结")
    elif days == "0":
        yield _fault(row, "promised_days 是 0，承诺件没有承诺时限", "填工作日数，例如 5，或留空")


def _listed(levels: Mapping[str, str]) -> str:
    return "、".join(f"{digit}（{word}）" for digit, word in levels.items())
