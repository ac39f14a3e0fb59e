"""Sheets of facts, and the facts of one subject for the year of a policy.

A fact whose register rows are chosen by the policy's year (last year's revenue) is known for the year it was gathered
for only. For another year it is not known: what a firm earned in one year says nothing of another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from shuzheng.base.kernel.types import Json
from shuzheng.engines.rules.rules.binding import bind
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.explaining import TODAY
from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.types import Decide, Fact, Kind, Node, Rule, Schema, Value
from shuzheng.services.benefits.rules.expansion import TODAY_FACT, policy_facts
from shuzheng.services.benefits.types import FactSpec, Published, Target

UNKNOWN: Final = "null"
POLICY: Final = "policy"


def schema_of(specs: Iterable[FactSpec], target: Target) -> dict[str, Fact]:
    """Return what the rules of policies for a kind of subject may ask about, by name."""
    known = [spec.fact for spec in specs if spec.subject in {target, POLICY}]
    return {fact.name: fact for fact in (TODAY_FACT, *known)}


def is_yearly(spec: FactSpec) -> bool:
    """Tell whether a fact's rows are chosen, or its value counted, by the policy's year."""
    return "policy." in spec.where or "policy." in spec.value


@dataclass(frozen=True)
class Sheet:
    """The facts about one kind of subject.

    Attributes:
        specs: Of that kind, in order.
        schema: With the facts of the policy and `today`.
        year: The policy year for which yearly facts were gathered.
    """

    target: Target
    specs: tuple[FactSpec, ...]
    schema: Schema
    year: int
    _rules: dict[tuple[str, Kind], Rule] = field(default_factory=dict)

    def rule(self, text: str, kind: Kind = Kind.BOOL) -> Rule:
        """Return a checked rule; each text is read once. Raises RuleTextInvalid."""
        key = (text, kind)
        if key not in self._rules:
            self._rules[key] = check_rule(text, self.schema, kind=kind)
        return self._rules[key]

    @cached_property
    def by_name(self) -> Mapping[str, FactSpec]:
        """Return the facts by full name."""
        return {spec.fact.name: spec for spec in self.specs}

    @cached_property
    def derived(self) -> Mapping[str, tuple[Node, Decide]]:
        """Return the facts that follow from another fact of the same row: an age, a section of a code."""
        columns = {
            (spec.fact.register, spec.column_en): spec
            for spec in self.specs
            if spec.aggregate == "value" and not spec.value
        }
        found: dict[str, tuple[Node, Decide]] = {}
        for spec in self.specs:
            source = columns.get((spec.fact.register, spec.column_en))
            if spec.aggregate == "value" and spec.value and source is not None:
                facts = {**self.schema, spec.column_en: Fact(spec.column_en, source.fact.type, source.fact.label)}
                root = _renamed(check_rule(spec.value, facts, kind=None).root, spec.column_en, source.fact.name)
                found[spec.fact.name] = root, make_closure(root)
        return found


def make_sheet(specs: Iterable[FactSpec], target: Target, *, year: int) -> Sheet:
    """Return the sheet of one kind of subject out of all facts of a pack."""
    known = tuple(specs)
    own = tuple(spec for spec in known if spec.subject == target)
    return Sheet(target, own, schema_of(known, target), year)


def facts_for(sheet: Sheet, stored: Mapping[str, Json], policy: Published) -> dict[str, Value]:
    """Return what is known about a subject for a policy's year, typed; facts of the policy are not among them.

    Args:
        sheet: Of the subject's kind.
        stored: By fact name without the subject: the value as text or boolean, None where the register did not answer.
            What is not named has no rows.
        policy: Any published policy of the year.
    """
    found: dict[str, Value] = {}
    for spec in sheet.specs:
        name = spec.fact.name
        if name in sheet.derived:
            continue
        if is_yearly(spec) and policy.year != sheet.year:
            found[name] = None
            continue
        given = stored.get(spec.name, UNKNOWN if spec.no_rows == UNKNOWN else spec.no_rows)
        found[name] = None if given == UNKNOWN else read_value(spec.fact, given)
    bound = policy_facts(policy, today=policy.valid_from)
    del bound[TODAY]
    for name, (_, decide) in sheet.derived.items():
        found[name] = decide({**bound, **found})
    return found


def facts_asked(nodes: Iterable[Node]) -> frozenset[str]:
    """Return the facts that trees ask about."""
    return frozenset[str]().union(*map(facts_of, nodes))


def bind_policy(node: Node, facts: Mapping[str, Value]) -> Node:
    """Return the tree with the facts of a published policy as constants."""
    return bind(node, facts)


def _renamed(node: Node, old: str, new: str) -> Node:
    if node.value == old and not node.parts:
        return Node(node.op, node.type, (), new, node.at)
    return Node(node.op, node.type, tuple(_renamed(part, old, new) for part in node.parts), node.value, node.at)
