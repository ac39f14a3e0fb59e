"""Running rule tests: what came, against what was expected."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.explaining import still_needed
from shuzheng.engines.rules.rules.saying import say_value
from shuzheng.engines.rules.rules.tables.deciding import decide_table
from shuzheng.engines.rules.types import Fact, Facts, Node, Op, Rule, Schema, Value
from shuzheng.engines.rules.types.tables import OUTCOME_LABELS, Outcome, Table
from shuzheng.engines.rules.types.testing import (
    VERDICT_LABELS,
    Came,
    Condition,
    RuleTest,
    RuleTestResult,
    Verdict,
)

VALUE: Final = "value"
"""The name under which a rule that is a value gives it."""


def gives_of(subject: Sequence[Condition] | Rule | Table) -> tuple[Fact, ...]:
    """Return what tests of this expect, as `read_tests` takes it: none for conditions."""
    if isinstance(subject, Table):
        return tuple(Fact(output.name, output.type, output.label) for output in subject.outputs)
    return (Fact(VALUE, subject.root.type, "值"),) if isinstance(subject, Rule) else ()


def run_tests(
    tests: Iterable[RuleTest],
    subject: Sequence[Condition] | Rule | Table,
    schema: Schema,
    derive: Callable[[Facts], Facts] | None = None,
) -> tuple[RuleTestResult, ...]:
    """Return how each test came out.

    Args:
        tests: As `read_tests` gives them, for `gives_of(subject)`.
        subject: Conditions that must all be met; a rule that is a value; or a table.
        schema: The facts they speak of, for words.
        derive: Adds the facts that are computed from others.
    """
    names = {fact.name: fact.label or fact.name for fact in (*schema.values(), *gives_of(subject))}
    found = []
    for test in tests:
        came = _came(subject, derive(test.facts) if derive else test.facts)
        problems = tuple(_differences(test.expected, came, subject, names))
        words = [_in_words(one, subject, names) for one in (test.expected, came)]
        found.append(RuleTestResult(test, came, words[0], words[1], problems))
    return tuple(found)


def _came(subject: Sequence[Condition] | Rule | Table, facts: Facts) -> Came:
    if isinstance(subject, Table):
        decided = decide_table(subject, facts)
        return Came(outcome=decided.outcome, values=decided.values, missing=decided.missing, rows=decided.rows)
    if isinstance(subject, Rule):
        value = make_closure(subject.root)(facts)
        if value is None:
            return Came(outcome=Outcome.UNKNOWN, values=(), missing=still_needed(subject, facts))
        return Came(outcome=Outcome.DECIDED, values=({VALUE: value},), missing=frozenset())
    return _of_conditions(subject, facts)


def _of_conditions(conditions: Sequence[Condition], facts: Facts) -> Came:
    held = [(condition, make_closure(condition.rule.root)(facts)) for condition in conditions]
    failed = frozenset(condition.reason for condition, holds in held if holds is False)
    unknown = [condition for condition, holds in held if holds is None]
    missing = frozenset[str]().union(*(still_needed(condition.rule, facts) for condition in unknown))
    verdict = Verdict.NOT_MET if failed else Verdict.TO_CHECK if unknown else Verdict.MET
    return Came(verdict=verdict, reasons=failed, missing=missing)


def _differences(
    expected: Came, came: Came, subject: Sequence[Condition] | Rule | Table, names: Mapping[str, str]
) -> Iterable[str]:
    if (expected.verdict, expected.outcome) != (came.verdict, came.outcome):
        yield said("结论应为{expected}，实际是{came}", expected=_verdict(expected), came=_verdict(came))
        return
    if expected.values is not None and expected.values != _asked(expected.values, came.values):
        yield said(
            "结果应为{expected}，实际是{came}",
            expected=_values(expected.values, subject, names),
            came=_values(came.values or (), subject, names),
        )
    for label, wanted, found in (
        (said("理由"), expected.reasons, came.reasons),
        (said("缺少的事实"), expected.missing, came.missing),
    ):
        if wanted is not None and wanted != found:
            yield said(
                "{what}应为{expected}，实际是{came}",
                what=label,
                expected=_listed(wanted, names),
                came=_listed(found or (), names),
            )
    if expected.rows is not None and expected.rows != came.rows:
        wanted_rows, found_rows = (_listed(map(str, rows or ()), {}) for rows in (expected.rows, came.rows))
        yield said("{what}应为{expected}，实际是{came}", what=said("行"), expected=wanted_rows, came=found_rows)


def _asked(
    expected: tuple[Mapping[str, Value], ...], came: tuple[Mapping[str, Value], ...] | None
) -> tuple[Mapping[str, Value], ...]:
    """Return of each row that came the outputs a test asks about."""
    rows = came or ()
    if len(rows) != len(expected):
        return rows
    return tuple({name: row.get(name) for name in asked} for asked, row in zip(expected, rows, strict=True))


def _in_words(came: Came, subject: Sequence[Condition] | Rule | Table, names: Mapping[str, str]) -> str:
    more = []
    if came.values:
        more.append(_values(came.values, subject, names))
    if came.reasons:
        more.append(_listed(came.reasons, names))
    if came.missing and _is_open(came):
        more.append(said("缺少：{facts}", facts=_listed(came.missing, names)))
    return said("{verdict}（{more}）", verdict=_verdict(came), more="；".join(more)) if more else _verdict(came)


def _is_open(came: Came) -> bool:
    return came.verdict is Verdict.TO_CHECK or came.outcome is Outcome.UNKNOWN


def _verdict(came: Came) -> str:
    if came.verdict is not None:
        return said(VERDICT_LABELS[came.verdict])
    return said(OUTCOME_LABELS[came.outcome or Outcome.NONE])


def _values(
    rows: tuple[Mapping[str, Value], ...], subject: Sequence[Condition] | Rule | Table, names: Mapping[str, str]
) -> str:
    types = {fact.name: fact for fact in gives_of(subject)}
    shown = [
        "，".join(
            _say(types[name], value) if len(types) == 1 else f"{names[name]} {_say(types[name], value)}"
            for name, value in row.items()
        )
        for row in rows
    ]
    return "；".join(shown)


def _say(fact: Fact, value: Value) -> str:
    return say_value(value, {fact.name: fact}, Node(Op.FACT, fact.type, (), fact.name))


def _listed(found: Iterable[str], names: Mapping[str, str]) -> str:
    return "、".join(sorted(names.get(one, one) for one in found)) or said("无")
