"""Guards: rules on the flows of an exclusive gateway, over facts of the case.

A guard is a rule text (`engines.rules`) over `instance.*`, `outcome`, `today` and the facts its process declares with
`sz:fact`. What is not known is not true: the token takes the next flow that fits, at last the default.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from shuzheng.engines.cases.rules.state import CaseData
from shuzheng.engines.cases.rules.table import GuardFact, ProcessTable
from shuzheng.engines.rules.rules.checking import check_rule, facts_of
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.types import BOOL, DATE, LIST, TEXT, Decide, Fact, Kind, Schema, Type, Value, number

Holds: TypeAlias = Callable[[str], bool | None]
"""Says what a guard comes to, None where a fact it needs is not known."""

OWN: Final[Mapping[str, Fact]] = {
    fact.name: fact
    for fact in (
        Fact("today", DATE, "当天"),
        Fact("outcome", TEXT, "前一步的结果"),
        Fact("instance.item", TEXT, "事项编码"),
        Fact("instance.division", TEXT, "区划代码"),
        Fact("instance.applicant", TEXT, "申请人是谁（person、firm、post）"),
        Fact("instance.promised_days", number(4), "承诺工作日", unit="个工作日"),
        Fact("instance.legal_days", number(4), "法定工作日", unit="个工作日"),
    )
}
"""What every case knows of itself."""
TYPES: Final[Mapping[str, Type]] = {"boolean": BOOL, "date": DATE, "text": TEXT, "list": LIST, "number": number(18, 4)}
"""Types a process may declare facts with."""


def schema_of(facts: tuple[GuardFact, ...]) -> Schema:
    """Return what the guards of a process may ask about."""
    return {**OWN, **{one.name: Fact(one.name, TYPES[one.type], one.label) for one in facts}}


@lru_cache(maxsize=1_000)
def _decide(text: str, facts: tuple[GuardFact, ...]) -> tuple[Decide, frozenset[str]]:
    root = check_rule(text, schema_of(facts)).root
    return make_closure(root), frozenset(facts_of(root))


def holds_for(
    case: CaseData,
    table: ProcessTable,
    *,
    outcome: str | None,
    today: date,
    look_up: Callable[[], Mapping[str, Value]],
) -> Holds:
    """Return the judge of a case's guards.

    Args:
        case: As it stands.
        table: Its process.
        outcome: Of the task just completed.
        today: The local day.
        look_up: Gives declared facts, asked for only when a guard needs one; values of another kind than declared
            count as not known.
    """
    found: dict[str, Value] = {}

    def holds(text: str) -> bool | None:
        decide, names = _decide(text, table.facts)
        if not found:
            found.update(_own_facts(case, outcome, today))
        declared = [one for one in table.facts if one.name in names]
        if any(one.name not in found for one in declared):
            known = look_up()
            found.update({one.name: _of_kind(known.get(one.name), TYPES[one.type]) for one in table.facts})
        value = decide(found)
        return value if isinstance(value, bool) else None

    return holds


def _own_facts(case: CaseData, outcome: str | None, today: date) -> dict[str, Value]:
    return {
        "today": today,
        "outcome": outcome,
        "instance.item": str(case.item),
        "instance.division": str(case.division),
        "instance.applicant": case.applicant.kind.value,
        "instance.promised_days": case.promised_days,
        "instance.legal_days": case.legal_days,
    }


_PYTHON: Final[Mapping[Kind, type | tuple[type, ...]]] = {
    Kind.BOOL: bool,
    Kind.DATE: date,
    Kind.TEXT: str,
    Kind.LIST: list,
    Kind.NUMBER: (int, Decimal),
}


def _of_kind(value: Value, wanted: Type) -> Value:
    if isinstance(value, bool) and wanted.kind is not Kind.BOOL:
        return None
    return value if isinstance(value, _PYTHON[wanted.kind]) else None
