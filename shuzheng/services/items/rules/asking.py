"""What a form still has to ask, and what will not do, said while it is filled in.

A question that stands in conditions is not asked once they are met without it: 救援单位 is asked for a lift, not for a
boiler. Where the form requires it, only answers before it can spare it, no register: the record may need it. One that
may be left empty is required where an empty answer would decide against the applicant. A question not answered yet is
open, not answered by "nothing".
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shuzheng.base.kernel.types import JsonObject
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.rules.explaining import foresee, still_needed
from shuzheng.engines.rules.types import Facts, Rule
from shuzheng.services.items.rules.conditions import Condition, fitting, schema_of
from shuzheng.services.items.rules.specs import objects
from shuzheng.services.items.types import FieldSpec, FormSpec, SectionSpec

_FIELD: Final = re.compile(r"\bform\.(\w+)")
_ELSEWHERE: Final = ("match", "where", "value")
"""Where a register's fact names the answers it is looked up by."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is otherwise than the form's own text says.

    Attributes:
        skipped: Fields that need no answer any more.
        required: Fields the form leaves open that must be answered here.
        failing: Numbers of the conditions that will not be met, whatever is still to come.
    """

    skipped: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    failing: tuple[int, ...] = ()

    def apply(self, form: FormSpec) -> FormSpec:
        """Return the form as it is to be asked now."""
        return replace(form, sections=tuple(self._section(section) for section in form.sections))

    def _section(self, section: SectionSpec) -> SectionSpec:
        return replace(section, fields=tuple(self._field(spec) for spec in section.fields))

    def _field(self, spec: FieldSpec) -> FieldSpec:
        asked = spec.name not in self.skipped
        return replace(spec, asked=asked, required=asked and (spec.required or spec.name in self.required))


def ask(
    form: JsonObject,
    fields: Iterable[FieldSpec],
    conditions: Sequence[Condition],
    facts: Facts,
    answered: Collection[str],
    recorded: Collection[str] = (),
) -> Asking:
    """Return what is still to be asked.

    Args:
        form: As the pack has it.
        fields: Its questions in order.
        conditions: The conditions that decide, checked.
        facts: What is known: answers typed, registers, sums over the form.
        answered: Names of the fields somebody answered, with nothing too.
        recorded: Fields the licence or a register keeps, asked in any case.
    """
    uses = _uses(form)
    schema, stay = schema_of(form), frozenset(recorded) | _looked_up(form)
    told = {name: value for name, value in facts.items() if not name.startswith("fact.") or name in uses}
    asked = [
        _Asked(one.view.seq, one.rule, fitting(facts, schema, one.rule.schema), fitting(told, schema, one.rule.schema))
        for one in conditions
        if one.rule is not None
    ]
    specs = tuple(fields)
    order = [spec.name for spec in specs]
    skipped, required = set(), set()
    for at, spec in enumerate(specs):
        name, here = spec.name, _names([spec.name], uses)
        concerned = [one for one in asked if f"form.{name}" in _asks(one.rule, uses)]
        later, after = _names(order[at:], uses), _names(order[at + 1 :], uses)
        if concerned and name not in stay and all(one.is_met(later, spec) for one in concerned):
            skipped.add(name)
        if any(one.needs(here, later) and one.fails_without(here, after) for one in concerned):
            required.add(name)
    unasked = _names([name for name in order if name not in answered], uses)
    failing = tuple(one.seq for one in asked if foresee(one.rule, one.facts, unasked) is False)
    return Asking(frozenset(skipped), frozenset(required), failing)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A condition with what is known of the facts it asks about: in all, and without what registers say."""

    seq: int
    rule: Rule
    facts: Facts
    told: Facts

    def is_met(self, later: frozenset[str], spec: FieldSpec) -> bool:
        """Say whether it holds without a field and those after it."""
        return foresee(self.rule, self.told if spec.required else self.facts, later) is True

    def needs(self, here: frozenset[str], later: frozenset[str]) -> bool:
        """Say whether a field can still change it."""
        return bool(still_needed(self.rule, self.facts, later) & here)

    def fails_without(self, here: frozenset[str], after: frozenset[str]) -> bool:
        """Say whether it fails once the field is left empty."""
        return foresee(self.rule, {**self.facts, **dict.fromkeys(here)}, after) is False


def _uses(form: JsonObject) -> Mapping[str, frozenset[str]]:
    """Return by fact that is computed from answers the answers it is computed from."""
    schema = schema_of(form)
    found: dict[str, frozenset[str]] = {}
    for table in objects(form.get("fact")):
        if table.get("source") != "derived":
            continue
        name = f"fact.{table.get('name')}"
        try:
            rule = check_rule(str(table.get("derive", "")), schema, kind=schema[name].type.kind)
        except RuleTextInvalid:
            continue
        found[name] = frozenset(facts_of(rule.root))
    return found


def _asks(rule: Rule, uses: Mapping[str, frozenset[str]]) -> frozenset[str]:
    names = frozenset(facts_of(rule.root))
    return names.union(*(uses.get(name, frozenset()) for name in names))


def _names(fields: Collection[str], uses: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the facts that are these answers or computed from one of them."""
    own = frozenset(f"form.{name}" for name in fields)
    return own | {name for name, used in uses.items() if used & own}


def _looked_up(form: JsonObject) -> frozenset[str]:
    return frozenset(_named(str(table.get(key, "")) for table in objects(form.get("fact")) for key in _ELSEWHERE))


def _named(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from _FIELD.findall(text)


def kept_fields(form: JsonObject, licence: Iterable[JsonObject]) -> frozenset[str]:
    """Return the fields the record keeps: on the licence, or in place of a paper."""
    covers = (str(row.get("covered_by", "")).replace("form:", "form.") for row in objects(form.get("material")))
    return frozenset(_named((*covers, *(str(row.get("value", "")) for row in licence))))
