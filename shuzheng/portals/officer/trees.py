"""A condition as a tree of groups and what stands in them, each true, false or unknown: for a rule's page and a case's.

NOT goes down to the leaves: "not (a and b)" is shown as "one of: not a, not b", which is the same in three values too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.explaining import explain
from shuzheng.engines.rules.rules.saying import say_condition, say_term
from shuzheng.engines.rules.rules.veiling import veil
from shuzheng.engines.rules.types import Explanation, Facts, Finding, Kind, Node, Op, Rule, Schema, Sensitivity
from shuzheng.services.items.types import ConditionView, Judged
from shuzheng.services.rulebook.rules.checking import read_rule
from shuzheng.services.rulebook.types import RuleKind, RuleView


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a rule as a tree.

    Attributes:
        kind: `all`, `any` or `leaf`.
        words: Of a leaf, Chinese.
        tried: Over facts; without, there are words only.
        holds: True, False, None while unknown; with `tried` alone.
        actual: What was found, in words.
        missing: Labels of the facts not known.
        veiled: The grade of what was found, where it is kept back from the reader; '' else.
    """

    kind: str
    words: str = ""
    parts: tuple["Branch", ...] = ()
    tried: bool = False
    holds: bool | None = None
    actual: str = ""
    missing: tuple[str, ...] = ()
    veiled: str = ""

    @property
    def children(self) -> tuple["Branch", ...]:
        """Return what stands in a group; a single condition stands by itself."""
        return self.parts or (self,)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Return how many of the parts are true, false and not known."""
        values = [part.holds for part in self.children]
        return values.count(True), values.count(False), values.count(None)


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition of a case as its page lists it; no tree and no explanation where its rule cannot be read."""

    condition: ConditionView
    holds: bool | None
    explanation: Explanation | None
    missing: tuple[str, ...]
    told_by: tuple[str, ...]
    tree: Branch | None

    @property
    def keeps_back(self) -> bool:
        """Tell whether a value is not shown to the reader."""
        return self.explanation is not None and any(one.veiled for one in self.explanation.findings)


def lines_of(conditions: Iterable[Judged], seen: Sensitivity) -> tuple[ConditionLine, ...]:
    """Return the conditions of a case for a reader who sees values up to a grade."""
    return tuple(_line(one, seen) for one in conditions)


def _line(judged: Judged, seen: Sensitivity) -> ConditionLine:
    told = None if judged.explanation is None else veil(judged.explanation, seen)
    tree = None if told is None or judged.rule is None else grow(judged.rule, told)
    return ConditionLine(judged.condition, judged.holds, told, judged.missing, judged.told_by, tree)


def tree_of(rule: RuleView, facts: Facts | None = None) -> Branch | None:
    """Return a condition as a tree, decided where facts are given; None for what is no condition or cannot be read."""
    if rule.kind is RuleKind.TABLE:
        return None
    try:
        read = read_rule(rule.text, rule.kind, rule.schema)
    except RuleTextInvalid:
        return None
    if read.root.type.kind is not Kind.BOOL:
        return Branch("leaf", say_term(read.root, rule.schema))
    return grow(read, None if facts is None else explain(read, facts))


def grow(rule: Rule, explanation: Explanation | None) -> Branch:
    """Return a condition as a tree; its leaves take the findings of an explanation of it in their order."""
    return _branch(rule.root, rule.schema, None if explanation is None else iter(explanation.findings))


def _branch(node: Node, schema: Schema, findings: Iterator[Finding] | None, *, negated: bool = False) -> Branch:
    if node.op is Op.NOT:
        return _branch(node.parts[0], schema, findings, negated=not negated)
    if node.op not in {Op.AND, Op.OR} or node.value == "between":
        if findings is None:
            return Branch("leaf", say_condition(node, schema, negated=negated))
        return _leaf(next(findings), schema)
    every = (node.op is Op.AND) is not negated
    parts = tuple(_branch(part, schema, findings, negated=negated) for part in node.parts)
    kind = "all" if every else "any"
    flat = tuple(inner for part in parts for inner in (part.parts if part.kind == kind else (part,)))
    holds = _together([part.holds for part in flat], every=every)
    return Branch(kind, parts=flat, tried=findings is not None, holds=holds)


def _leaf(found: Finding, schema: Schema) -> Branch:
    missing = tuple(schema[name].label for name in found.missing)
    leaf = Branch("leaf", found.words, tried=True, holds=found.holds, actual=found.actual, missing=missing)
    return replace(leaf, veiled=str(found.grade)) if found.veiled else leaf


def _together(parts: Sequence[bool | None], *, every: bool) -> bool | None:
    if (not every) in parts:
        return not every
    return None if None in parts else every
