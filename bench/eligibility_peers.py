"""The peers of the bench `eligibility`: the same policies as formulas of OpenFisca and as expressions of zen-engine.

Both get the trees of the policies in their own words. What favours them was chosen: texts are small numbers for
OpenFisca (its Enum), patterns are the numbers they match, days are whole numbers for zen-engine.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from typing import Any, Final

from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.rules.finding import Sought
from shuzheng.engines.rules.types import Fact, Kind, Node, Op

HAS_OPENFISCA: Final = find_spec("openfisca_core") is not None and find_spec("numpy") is not None
HAS_ZEN: Final = find_spec("zen") is not None
if HAS_OPENFISCA:
    import numpy as np
    from openfisca_core.entities import Entity
    from openfisca_core.indexed_enums import Enum
    from openfisca_core.periods import DateUnit
    from openfisca_core.simulations import SimulationBuilder
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem
    from openfisca_core.variables import Variable
if HAS_ZEN:
    import zen

PERIOD: Final = "2023"
Arrays = Callable[[str], Any]
"""Fact → its array."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many subjects a policy fits, and the yuan they get."""

    fits: int
    value: float


class OpenFisca:
    """The policies as variables of one entity, a formula each over the arrays of the facts."""

    def __init__(self, rules: Sequence[Sought], facts: Sequence[Fact], columns: Mapping[str, Any]) -> None:
        self._texts: dict[str, list[str]] = {}
        self._entity = Entity("firm", "firms", "firm", "")
        system = TaxBenefitSystem([self._entity])
        known = {fact.name: self._input(fact, columns[fact.name], system) for fact in facts}
        self._policies = [self._add(rule, system) for rule in rules]
        count = len(next(iter(known.values())))
        self._simulation = SimulationBuilder().build_default_simulation(system, count=count)
        for name, array in known.items():
            self._simulation.set_input(_plain(name), PERIOD, array)

    def tally(self) -> list[Tally]:
        """Decide every policy for every firm, anew."""
        found = []
        for fits, amount in self._policies:
            gets = self._simulation.calculate(amount, PERIOD)
            fit = self._simulation.calculate(fits, PERIOD)
            found.append(Tally(int(np.count_nonzero(fit)), float(gets.sum(dtype=np.float64))))
            self._simulation.delete_arrays(fits)
            self._simulation.delete_arrays(amount)
        return found

    def _input(self, fact: Fact, column: Any, system: Any) -> Any:
        if fact.type.kind is Kind.TEXT:
            texts = [str(one) for one in np.unique(np.asarray(column, dtype=str))]
            self._texts[fact.name] = texts
            kinds = Enum(_plain(fact.name), [(f"v{i}", text) for i, text in enumerate(texts)])
            system.add_variable(self._variable(fact.name, Enum, possible_values=kinds, default_value=kinds.v0))
            return np.searchsorted(np.array(texts), np.asarray(column, dtype=str)).astype(np.int16)
        value_type, stored = _STORED[fact.type.kind, fact.type.scale > 0]
        system.add_variable(self._variable(fact.name, value_type))
        return np.asarray(column).astype(stored)

    def _variable(self, name: str, value_type: Any, **more: object) -> Any:
        about = {"entity": self._entity, "definition_period": DateUnit.YEAR, "label": name, "value_type": value_type}
        return type(_plain(name), (Variable,), {**about, **more})

    def _add(self, rule: Sought, system: Any) -> tuple[str, str]:
        conditions = [self._formula(node) for node in rule.conditions]
        pays = self._formula(rule.value) if rule.value is not None else (lambda _arrays: 0.0)
        fits, amount = f"fits_{rule.key}", f"amount_{rule.key}"

        def decide(firm: Any, period: Any) -> Any:
            def arrays(name: str) -> Any:
                return firm(_plain(name), period)

            found = conditions[0](arrays)
            for condition in conditions[1:]:
                found = found & condition(arrays)
            return found

        def pay(firm: Any, period: Any) -> Any:
            return np.where(firm(fits, period), pays(lambda name: firm(_plain(name), period)), 0)

        system.add_variable(self._variable(fits, bool, formula=decide))
        system.add_variable(self._variable(amount, float, formula=pay))
        return fits, amount

    def _formula(self, node: Node) -> Callable[[Arrays], Any]:
        """Return a tree as a function over arrays; facts that are texts are the numbers of their texts."""
        if node.op in {Op.COMPARE, Op.IN, Op.LIKE} and node.parts[0].op is Op.FACT:
            name = str(node.parts[0].value)
            if name in self._texts:
                return self._about_text(node, name)
        if node.op is Op.FACT:
            return lambda arrays, name=str(node.value): arrays(name)  # type: ignore[misc]
        if node.op is Op.LITERAL:
            constant = _constant(node.value)
            return lambda _arrays: constant
        parts = [self._formula(part) for part in node.parts]
        combine = _COMBINED[node.op](node)
        return lambda arrays: combine([part(arrays) for part in parts])

    def _about_text(self, node: Node, name: str) -> Callable[[Arrays], Any]:
        texts = self._texts[name]
        if node.op is Op.LIKE:
            start = str(node.value).removesuffix("%")
            numbers = [i for i, text in enumerate(texts) if text.startswith(start)]
        else:
            wanted = {part.value for part in node.parts[1:]}
            numbers = [i for i, text in enumerate(texts) if text in wanted]
        turned = node.value == "<>"
        if len(numbers) == 1:
            [one] = numbers
            return lambda arrays: (_numbers(arrays(name)) != one) if turned else (_numbers(arrays(name)) == one)
        return lambda arrays: np.isin(_numbers(arrays(name)), numbers) != turned


def _numbers(array: Any) -> Any:
    return array.view(np.ndarray)


def _plain(name: str) -> str:
    return name.replace(".", "_")


def _constant(value: object) -> Any:
    if isinstance(value, datetime.date):
        return np.datetime64(value)
    return float(value) if isinstance(value, Decimal) else value


def _case(node: Node) -> Callable[[list[Any]], Any]:
    last = len(node.parts) - bool(node.value)
    return lambda parts: np.select(parts[0:last:2], parts[1:last:2], parts[-1] if node.value else 0)


def _joined(join: Callable[[Any, Any], Any]) -> Callable[[Node], Callable[[list[Any]], Any]]:
    def of(_node: Node) -> Callable[[list[Any]], Any]:
        def combine(parts: list[Any]) -> Any:
            found = parts[0]
            for part in parts[1:]:
                found = join(found, part)
            return found

        return combine

    return of


def _smaller(a: Any, b: Any) -> Any:
    return np.minimum(a, b)


def _larger(a: Any, b: Any) -> Any:
    return np.maximum(a, b)


_SIGNS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_COMBINED: Final[Mapping[Op, Callable[[Node], Callable[[list[Any]], Any]]]] = {
    Op.AND: _joined(lambda a, b: a & b),
    Op.OR: _joined(lambda a, b: a | b),
    Op.NOT: lambda _node: lambda parts: ~parts[0],
    Op.COMPARE: lambda node: lambda parts: _SIGNS[str(node.value)](*parts),
    Op.IN: lambda _node: lambda parts: np.isin(parts[0], parts[1:]),
    Op.ADD: _joined(lambda a, b: a + b),
    Op.SUBTRACT: _joined(lambda a, b: a - b),
    Op.MULTIPLY: _joined(lambda a, b: a * b),
    Op.LEAST: _joined(_smaller),
    Op.GREATEST: _joined(_larger),
    Op.ROUND: lambda node: lambda parts: np.round(parts[0], node.whole),
    Op.CASE: _case,
}
_STORED: Final[Mapping[tuple[Kind, bool], tuple[type, str]]] = {
    (Kind.BOOL, False): (bool, "bool"),
    (Kind.NUMBER, False): (int, "int32"),
    (Kind.NUMBER, True): (float, "float32"),
    (Kind.DATE, False): (datetime.date, "datetime64[D]"),
}


class Zen:
    """The policies as compiled expressions, asked firm by firm.

    Each expression is handed a dict of the facts it asks about and no others, which is the fastest way to ask it.
    """

    def __init__(self, rules: Sequence[Sought], names: Sequence[str]) -> None:
        self._policies = [self._compile(rule, names) for rule in rules]

    def tally(self, rows: Sequence[Sequence[object]]) -> list[Tally]:
        """Decide every policy for every firm from rows of the table: values and dicts are made here."""
        values = [tuple(map(_zen_value, row)) for row in rows]
        return self._decide(
            ({name: row[place] for name, place in asked} for row in values) for _, _, asked in self._policies
        )

    def prepare(self, rows: Sequence[Sequence[object]]) -> list[list[dict[str, object]]]:
        """Return by policy the dicts of all firms."""
        values = [tuple(map(_zen_value, row)) for row in rows]
        return [[{name: row[place] for name, place in asked} for row in values] for _, _, asked in self._policies]

    def tally_prepared(self, prepared: Sequence[Sequence[dict[str, object]]]) -> list[Tally]:
        """Decide every policy for every firm from dicts that are there already."""
        return self._decide(prepared)

    def _decide(self, by_policy: Iterable[Iterable[dict[str, object]]]) -> list[Tally]:
        found = []
        for (fits, pays, _), facts in zip(self._policies, by_policy, strict=True):
            fit, value = 0, 0.0
            for known in facts:
                if fits(known):
                    fit += 1
                    value += pays(known)
            found.append(Tally(fit, value))
        return found

    def _compile(self, rule: Sought, names: Sequence[str]) -> tuple[Any, Any, list[tuple[str, int]]]:
        nodes = [*rule.conditions, *([] if rule.value is None else [rule.value])]
        asked = sorted(frozenset[str]().union(*map(facts_of, nodes)))
        fits = zen.compile_expression(" and ".join(map(_zen, rule.conditions)))
        pays = zen.compile_expression("0" if rule.value is None else _zen(rule.value))
        return fits.evaluate, pays.evaluate, [(_plain(name), names.index(name)) for name in asked]


def _zen_value(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.toordinal()
    return float(value) if isinstance(value, Decimal) else value


def _zen(node: Node) -> str:
    """Return a tree as an expression."""
    if node.op is Op.FACT:
        return _plain(str(node.value))
    if node.op is Op.LITERAL:
        value = _zen_value(node.value)
        return f"'{value}'" if isinstance(value, str) else str(value).lower()
    parts = [_zen(part) for part in node.parts]
    if node.op is Op.LIKE:
        return f"startsWith({parts[0]}, '{str(node.value).removesuffix('%')}')"
    if node.op is Op.CASE:
        last = len(parts) - bool(node.value)
        cases = "".join(f"{parts[i]} ? {parts[i + 1]} : " for i in range(0, last, 2))
        return f"({cases}{parts[-1] if node.value else '0'})"
    return _ZEN[node.op](node, parts)


def _between(sign: str) -> Callable[[Node, list[str]], str]:
    return lambda _node, parts: f"({f' {sign} '.join(parts)})"


_ZEN: Final[Mapping[Op, Callable[[Node, list[str]], str]]] = {
    Op.AND: _between("and"),
    Op.OR: _between("or"),
    Op.NOT: lambda _node, parts: f"not({parts[0]})",
    Op.COMPARE: lambda node, parts: f"({parts[0]} {_ZEN_SIGNS.get(str(node.value), node.value)} {parts[1]})",
    Op.IN: lambda _node, parts: f"({parts[0]} in [{', '.join(parts[1:])}])",
    Op.ADD: _between("+"),
    Op.SUBTRACT: _between("-"),
    Op.MULTIPLY: _between("*"),
    Op.LEAST: lambda _node, parts: f"min([{', '.join(parts)}])",
    Op.GREATEST: lambda _node, parts: f"max([{', '.join(parts)}])",
    Op.ROUND: lambda node, parts: f"round({parts[0]}, {node.value})",
}
_ZEN_SIGNS: Final = {"=": "==", "<>": "!="}
