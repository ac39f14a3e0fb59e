"""What a table gives for one set of facts, and why each row holds or does not.

Not knowing goes through a table as it goes through a rule. A row is false as soon as one cell is false; it is unknown
while a cell is unknown and none is false. Then

- UNIQUE is decided by the one row that holds; rows still unknown do not undo it, because a published table has no two
  rows that hold together. No row holds and one is unknown: unknown.
- FIRST is unknown when a row above the first one that holds is unknown.
- PRIORITY is FIRST over the rows in the order of their results (rows of equal results as written).
- COLLECT is unknown while any row is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.saying import say_condition, say_value
from shuzheng.engines.rules.rules.tables.axes import Axis, axes_of, finder_of
from shuzheng.engines.rules.types import Decide, Facts, Finding, Node, Value
from shuzheng.engines.rules.types.tables import HitPolicy, Outcome, Row, RowFinding, Table, TableDecision

Picked: TypeAlias = tuple[Outcome, tuple[int, ...]]
"""What a table comes to, and the numbers of the rows that count."""
_NOTHING: Final[tuple[int, ...]] = ()


def decide_table(table: Table, facts: Facts) -> TableDecision:
    """Return what a table gives, with every row that holds or is unknown; for many sets of facts make a closure."""
    known = _with_columns(table)(facts)
    found = {row.number: _row_closure(row)(known) for row in table.rows}
    outcome, picked = make_table_closure(table)(facts)
    unknown = tuple(number for number, holds in found.items() if holds is None)
    return TableDecision(
        outcome=outcome,
        hits=tuple(number for number, holds in found.items() if holds),
        unknown=unknown,
        rows=picked,
        values=tuple(_values(table, table.rows[number - 1], known) for number in picked),
        missing=frozenset[str]().union(*(_missing(table, table.rows[number - 1], known, facts) for number in unknown)),
    )


def make_table_closure(table: Table) -> Callable[[Facts], Picked]:
    """Return the function that says, for facts by name, what the table comes to and which rows count.

    Where every column can be cut into stretches, a value's stretch says at once, as bits, which rows hold and which
    may: a table of two hundred rows costs about what one of ten does. Else the rows are asked one after the other.
    """
    axes = axes_of(table)
    if axes is not None:
        return _by_stretches(table, axes)
    prepare = _with_columns(table)
    rows = tuple((_row_closure(row), row.number) for row in table.ranked)
    if table.policy in _READ_IN_ORDER:
        return lambda facts: _first(rows, prepare(facts))
    pick = _unique if table.policy is HitPolicy.UNIQUE else _collect
    return lambda facts: pick(rows, prepare(facts))


def _by_stretches(table: Table, axes: Sequence[Axis]) -> Callable[[Facts], Picked]:
    prepare, every = _with_columns(table), (1 << len(table.ranked)) - 1
    columns = tuple(
        (
            str(axis.column.subject.value),
            finder_of(axis),
            _rows_by_stretch(table, axis, axis.must),
            _rows_by_stretch(table, axis, axis.may),
        )
        for axis in axes
    )
    numbers, pick = tuple(row.number for row in table.ranked), _BIT_PICKS[table.policy]

    def decide(facts: Facts) -> Picked:
        known, hold, may = prepare(facts), every, every
        for name, find, must_bits, may_bits in columns:
            value = known.get(name)
            i = 0 if value is None else find(value)
            hold &= must_bits[i]
            may &= may_bits[i]
            if not may:
                return Outcome.NONE, _NOTHING
        return pick(hold, may, numbers)

    return decide


def _rows_by_stretch(table: Table, axis: Axis, masks: Sequence[int]) -> tuple[int, ...]:
    """Return for each stretch of a column, as bits in the order of rank, the rows whose mask has it."""
    ranked = [masks[row.number - 1] for row in table.ranked]
    return tuple(sum(1 << k for k, mask in enumerate(ranked) if mask >> i & 1) for i in range(len(axis.stretches)))


def _first_bit(hold: int, may: int, numbers: Sequence[int]) -> Picked:
    first = may & -may
    return (Outcome.DECIDED, (numbers[first.bit_length() - 1],)) if hold & first else (Outcome.UNKNOWN, _NOTHING)


def _unique_bit(hold: int, _may: int, numbers: Sequence[int]) -> Picked:
    if not hold:
        return Outcome.UNKNOWN, _NOTHING
    return (Outcome.SEVERAL, _NOTHING) if hold & (hold - 1) else (Outcome.DECIDED, (numbers[hold.bit_length() - 1],))


def _all_bits(hold: int, may: int, numbers: Sequence[int]) -> Picked:
    if hold != may:
        return Outcome.UNKNOWN, _NOTHING
    return Outcome.DECIDED, tuple(number for k, number in enumerate(numbers) if hold >> k & 1)


_READ_IN_ORDER: Final = frozenset({HitPolicy.FIRST, HitPolicy.PRIORITY})
_BIT_PICKS: Final[Mapping[HitPolicy, Callable[[int, int, Sequence[int]], Picked]]] = {
    HitPolicy.FIRST: _first_bit,
    HitPolicy.PRIORITY: _first_bit,
    HitPolicy.UNIQUE: _unique_bit,
    HitPolicy.COLLECT: _all_bits,
}


_Rows: TypeAlias = tuple[tuple[Decide, int], ...]


def _first(rows: _Rows, facts: Facts) -> Picked:
    for holds, number in rows:
        found = holds(facts)
        if found:
            return Outcome.DECIDED, (number,)
        if found is None:
            return Outcome.UNKNOWN, _NOTHING
    return Outcome.NONE, _NOTHING


def _unique(rows: _Rows, facts: Facts) -> Picked:
    hits, unknown = _NOTHING, False
    for holds, number in rows:
        found = holds(facts)
        if found:
            hits = (*hits, number)
        elif found is None:
            unknown = True
    if len(hits) > 1:
        return Outcome.SEVERAL, _NOTHING
    if hits:
        return Outcome.DECIDED, hits
    return (Outcome.UNKNOWN if unknown else Outcome.NONE), _NOTHING


def _collect(rows: _Rows, facts: Facts) -> Picked:
    hits = []
    for holds, number in rows:
        found = holds(facts)
        if found:
            hits.append(number)
        elif found is None:
            return Outcome.UNKNOWN, _NOTHING
    return (Outcome.DECIDED if hits else Outcome.NONE), tuple(hits)


def _with_columns(table: Table) -> Callable[[Facts], Facts]:
    """Return the function that adds the values of columns that are more than a fact, each computed once."""
    made = tuple(
        (str(column.subject.value), make_closure(column.root))
        for column in table.columns
        if column.subject is not column.root
    )
    if not made:
        return lambda facts: facts
    return lambda facts: {**facts, **{name: value(facts) for name, value in made}}


def _row_closure(row: Row) -> Decide:
    tests = tuple(make_closure(test) for test in row.tests if test is not None)

    def holds(facts: Facts) -> bool | None:
        found: bool | None = True
        for test in tests:
            value = test(facts)
            if value is False:
                return False
            if value is None:
                found = None
        return found

    return holds


def make_row_closures(table: Table) -> Callable[[Facts], tuple[Value, ...]]:
    """Return the function that says of each row, as written, whether it holds, does not (False) or is unknown."""
    prepare, rows = _with_columns(table), tuple(_row_closure(row) for row in table.rows)

    def all_rows(facts: Facts) -> tuple[Value, ...]:
        known = prepare(facts)
        return tuple(holds(known) for holds in rows)

    return all_rows


def _values(table: Table, row: Row, facts: Facts) -> Mapping[str, Value]:
    return {output.name: make_closure(value)(facts) for output, value in zip(table.outputs, row.values, strict=True)}


def _missing(table: Table, row: Row, known: Facts, facts: Facts) -> frozenset[str]:
    """Return the facts not known on which the unknown cells of a row hang."""
    found: set[str] = set()
    for column, test in zip(table.columns, row.tests, strict=True):
        if test is not None and make_closure(test)(known) is None:
            asked = facts_of(column.root) | (facts_of(test) - {str(column.subject.value)})
            found.update(name for name in asked if facts.get(name) is None)
    return frozenset(found)


def explain_table(table: Table, facts: Facts) -> tuple[RowFinding, ...]:
    """Return, row by row as written, whether it holds and what each cell that asks something found."""
    known = _with_columns(table)(facts)
    return tuple(
        RowFinding(
            row.number,
            _as_bool(_row_closure(row)(known)),
            {i: _finding(table, i, test, known, facts) for i, test in enumerate(row.tests, 1) if test is not None},
        )
        for row in table.rows
    )


def _finding(table: Table, i: int, test: Node, known: Facts, facts: Facts) -> Finding:
    column = table.columns[i - 1]
    name = str(column.subject.value)
    asked = facts_of(column.root) | (facts_of(test) - {name})
    return Finding(
        words=say_condition(test, table.schema),
        holds=_as_bool(make_closure(test)(known)),
        actual=say_value(known.get(name), table.schema, column.subject),
        missing=tuple(sorted(one for one in asked if facts.get(one) is None)),
    )


def _as_bool(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None
