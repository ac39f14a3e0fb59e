"""Everyone many rules fit, found in a table: three-valued, in queries of a few dozen rules each.

One query per rule reads the table again and again; one query of hundreds of rules is planned for longer than it runs.
So rules come in groups that share conditions (a policy published for seven counties): what is shared is decided once
for the group. Where the rest differs in constants only, the rows are joined to the constants; else each rule asks for
what is its own. A row is kept while no condition is false, so that "fits" and "not known" come out of one pass and stay
apart. Three values cost: a filter has to keep what is not known. So columns are counted first; a condition about facts
that every row knows is decided in two values, which is the same there.

The relation has one row per subject and one column per fact, named and typed as the fact; texts may also be ENUM, which
is several times faster to compare.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.rules.duckdb import make_duckdb_sql, quote_name
from shuzheng.engines.rules.types import Kind, Node, Op, Type

PER_QUERY: Final = 25
"""Rules in one query; planning grows faster than their number."""
VALUE: Final = "DECIMAL(38, 2)"
_MAY_LOSE: Final = frozenset({Op.DIVIDE, Op.ADD_DAYS, Op.ADD_MONTHS, Op.ADD_YEARS, Op.CASE})
"""Operators that give NULL though every fact is known."""
_PLACE: Final = "constant "
"""Before the number of a place for a constant; no fact's name has a blank."""
_COMPARED_AS_IS: Final = frozenset({"=", "<>"})
_NAMES: Final = {Kind.BOOL: "BOOLEAN", Kind.DATE: "DATE", Kind.TEXT: "VARCHAR", Kind.LIST: "VARCHAR[]"}


@dataclass(frozen=True, slots=True)
class Sought:
    """A rule to find everyone for.

    Attributes:
        key: Given back with each subject found.
        conditions: All must hold; facts that are not columns of the relation are bound beforehand.
        value: What a subject that fits gets, a number with at most two decimals; None gives NULL.
        group: Rules of one group share conditions; they should follow one another.
    """

    key: int
    conditions: tuple[Node, ...]
    value: Node | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One query for several rules. Its rows: `rule INTEGER, subject, fits BOOLEAN, value DECIMAL(38, 2)`.

    `fits` is TRUE or, where a fact that could decide is not known, NULL; subjects that do not fit have no row.
    """

    sql: str
    keys: tuple[int, ...]


class Connection(Protocol):
    """What is used of a DuckDB connection."""

    def execute(self, query: str, /) -> Any:
        """Run a statement."""


@dataclass(frozen=True, slots=True)
class Count:
    """What one rule came to: how many fit, how many are to be proved, and the sum of the values."""

    key: int
    fits: int
    open: int
    value: Any


def column_type(found: Type) -> str:
    """Return the DuckDB type of a fact's column."""
    return f"DECIMAL({found.digits}, {found.scale})" if found.kind is Kind.NUMBER else _NAMES[found.kind]


def plan_queries(
    rules: Iterable[Sought],
    *,
    relation: str,
    subject: str,
    per_query: int = PER_QUERY,
    known: Collection[str] = frozenset(),
) -> tuple[Query, ...]:
    """Return the queries that find everyone.

    Args:
        rules: What to look for.
        relation: Name of a table or view, quoted where it needs to be.
        subject: Its column that says who a row is about, quoted where it needs to be.
        per_query: Most rules in one query.
        known: Facts that have a value in every row, as `list_known` tells.
    """
    table = _Table(relation, subject, frozenset(known))
    return tuple(
        Query(_query(groups, table), tuple(rule.key for group in groups for rule in group))
        for groups in _chunks(rules, per_query)
    )


def list_known(connection: Connection, rules: Iterable[Sought], *, relation: str) -> frozenset[str]:
    """Return those of the facts the rules ask about that have a value in every row; one pass over those columns."""
    nodes = [node for rule in rules for node in rule.conditions]
    asked = sorted(frozenset[str]().union(*map(facts_of, nodes)))
    if not asked:
        return frozenset()
    counts = ", ".join(f"count(*) = count({quote_name(name)})" for name in asked)
    full = connection.execute(f"SELECT {counts} FROM {relation}").fetchone()  # noqa: S608 - names come from the program
    return frozenset(name for name, is_full in zip(asked, full, strict=True) if is_full)


def find_everyone(
    connection: Connection,
    rules: Iterable[Sought],
    *,
    relation: str,
    subject: str,
    into: str,
    per_query: int = PER_QUERY,
    progress: Callable[[int], object] = bool,
) -> None:
    """Write a row per rule and subject that fits or is to be proved into a table, made anew.

    Args:
        connection: Of DuckDB; what does not fit its memory limit goes to its temporary folder.
        rules: What to look for.
        relation: Table or view of facts.
        subject: Its column that says who a row is about.
        into: Name of the table: `rule INTEGER, subject, fits BOOLEAN, value DECIMAL(38, 2)`. Read it with `fetchmany`
            or as Arrow batches; nothing is held in Python.
        per_query: Most rules in one query.
        progress: Called with the number of rules done after each query.
    """
    connection.execute(
        f"CREATE OR REPLACE TABLE {into} AS "  # noqa: S608 - names come from the program, values are bound trees
        f"SELECT 0::INTEGER AS rule, {subject} AS subject, NULL::BOOLEAN AS fits, NULL::{VALUE} AS value "
        f"FROM {relation} LIMIT 0"
    )
    done, sought = 0, list(rules)
    known = list_known(connection, sought, relation=relation)
    for query in plan_queries(sought, relation=relation, subject=subject, per_query=per_query, known=known):
        connection.execute(f"INSERT INTO {into} {query.sql}")
        done += len(query.keys)
        progress(done)


def count_everyone(
    connection: Connection,
    rules: Iterable[Sought],
    *,
    relation: str,
    subject: str,
    per_query: int = PER_QUERY,
    progress: Callable[[int], object] = bool,
) -> list[Count]:
    """Return, by rule, how many subjects fit and how many are to be proved; no subject is kept or named."""
    counts: dict[int, Count] = {}
    asked: list[int] = []
    sought = list(rules)
    known = list_known(connection, sought, relation=relation)
    for query in plan_queries(sought, relation=relation, subject=subject, per_query=per_query, known=known):
        asked += query.keys
        sql = (
            "SELECT rule, count(*) FILTER (WHERE fits), count(*) FILTER (WHERE fits IS NULL), "  # noqa: S608
            f"sum(value) FROM ({query.sql}) GROUP BY rule"
        )
        for key, fits, still_open, value in connection.execute(sql).fetchall():
            counts[key] = Count(key, fits, still_open, value)
        progress(len(asked))
    return [counts.get(key, Count(key, 0, 0, None)) for key in asked]


def _chunks(rules: Iterable[Sought], per_query: int) -> Iterator[list[list[Sought]]]:
    """Yield groups until a query is full; a group larger than a query is cut."""
    chunk: list[list[Sought]] = []
    for group in _groups(rules, per_query):
        if chunk and sum(map(len, chunk)) + len(group) > per_query:
            yield chunk
            chunk = []
        chunk.append(group)
    if chunk:
        yield chunk


def _groups(rules: Iterable[Sought], most: int) -> Iterator[list[Sought]]:
    group: list[Sought] = []
    for rule in rules:
        if group and (not rule.group or rule.group != group[0].group or len(group) == most):
            yield group
            group = []
        group.append(rule)
    if group:
        yield group


@dataclass(frozen=True, slots=True)
class _Table:
    """What is looked through, its column that says who, and the facts known of every row."""

    relation: str
    subject: str
    known: frozenset[str]

    def is_sure(self, node: Node) -> bool:
        """Say whether a condition is true or false in every row."""
        return not self.missing(node) and not _may_lose(node)

    def missing(self, node: Node) -> list[str]:
        """Return the facts of a condition that some row may not know; constants are always known."""
        return sorted(name for name in facts_of(node) if name not in self.known and not name.startswith(_PLACE))

    def keeps(self, conditions: Sequence[Node]) -> str:
        """Return a filter that keeps at least every row on which no condition is false, in a form scans can use."""
        return " AND ".join(map(self._keep, conditions)) or "TRUE"

    def _keep(self, node: Node) -> str:
        if _may_lose(node):
            return f"({_sql(node)}) IS DISTINCT FROM FALSE"
        missing = [f"{quote_name(name)} IS NULL" for name in self.missing(node)]
        return f"({' OR '.join([_sql(node), *missing])})"

    def unsure(self, conditions: Sequence[Node]) -> str:
        """Return whether all hold, for rows that `keeps` kept: sure conditions hold there."""
        return " AND ".join(f"({_sql(one)})" for one in conditions if not self.is_sure(one)) or "TRUE"


def _query(groups: Sequence[Sequence[Sought]], table: _Table) -> str:
    bases: list[str] = []
    branches: list[str] = []
    for i, group in enumerate(groups):
        shared = [one for one in group[0].conditions if all(one in rule.conditions for rule in group[1:])]
        own = [tuple(one for one in rule.conditions if one not in shared) for rule in group]
        alike = _alike(group, own) if len(group) > 1 else None
        rows = _Rows(table, shared, _asked(group, own))
        if alike is not None:
            branches += _joined(alike, rows)
        elif len(group) == 1:
            branches.append(_branch(group[0], own[0], f"({rows.sql()})", rows))
        else:
            bases.append(f"g{i} AS MATERIALIZED ({rows.sql()})")
            branches += [_branch(rule, one, f"g{i}", rows) for rule, one in zip(group, own, strict=True)]
    return f"{'WITH ' if bases else ''}{', '.join(bases)} {' UNION ALL '.join(branches)}"


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a group: those on which no shared condition is false, with the columns its rules still need."""

    table: _Table
    shared: Sequence[Node]
    columns: Sequence[str]

    def sql(self, also: str = "TRUE") -> str:
        columns = "".join(f", {quote_name(name)}" for name in self.columns)
        shared = self.table.unsure(self.shared)
        return (
            f"SELECT {self.table.subject} AS subject, ({shared}) AS shared{columns} FROM {self.table.relation} "  # noqa: S608
            f"WHERE {self.table.keeps(self.shared)} AND {also}"
        )

    def fits(self, own: Sequence[Node]) -> str:
        """Return whether a row that was kept fits: TRUE where all its conditions are sure."""
        parts = ["shared" if self.table.unsure(self.shared) != "TRUE" else "TRUE", self.table.unsure(own)]
        return " AND ".join(part for part in parts if part != "TRUE") or "TRUE"

    def select(self, key: str, value: Node | None, own: Sequence[Node]) -> str:
        """Return the columns of a rule's rows: `key` is its number."""
        fits = self.fits(own)
        paid = "NULL" if value is None else _sql(value)
        paid = paid if fits == "TRUE" or value is None else f"CASE WHEN {fits} THEN {paid} END"
        return f"SELECT {key}::INTEGER AS rule, subject, ({fits}) AS fits, CAST({paid} AS {VALUE}) AS value"

    def where(self, own: Sequence[Node], filtered: Sequence[Node]) -> str:
        """Return the filter of a rule's rows; a join has decided what is not `filtered`."""
        fits = self.fits(own)
        kept = self.table.keeps(filtered)
        return kept if fits == "TRUE" else f"{kept} AND ({fits}) IS DISTINCT FROM FALSE"


def _asked(group: Sequence[Sought], own: Sequence[Sequence[Node]]) -> list[str]:
    nodes = [node for conditions in own for node in conditions]
    nodes += [rule.value for rule in group if rule.value is not None]
    return sorted(frozenset[str]().union(*map(facts_of, nodes)))


def _branch(rule: Sought, own: Sequence[Node], base: str, rows: _Rows) -> str:
    return f"{rows.select(str(rule.key), rule.value, own)} FROM {base} WHERE {rows.where(own, own)}"


# ---- rules that differ in constants only ----
@dataclass(frozen=True, slots=True)
class _Alike:
    """Rules of one shape: conditions with places for the constants, and the constants of each rule."""

    own: tuple[Node, ...]
    value: Node | None
    places: tuple[Node, ...]
    keys: tuple[int, ...]
    constants: tuple[tuple[Node, ...], ...]


def _alike(group: Sequence[Sought], own: Sequence[tuple[Node, ...]]) -> _Alike | None:
    """Return the common shape of rules; None when they differ in more than constants."""
    if len({len(one) for one in own}) > 1 or len({rule.value for rule in group}) > 1:
        return None
    found: list[tuple[Node, ...]] = []
    shapes = [_shape(nodes, found) for nodes in zip(*own, strict=True)]
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes):
        return None
    places = tuple(_place(n, nodes[0]) for n, nodes in enumerate(found))
    constants = tuple(zip(*found, strict=True)) if found else ((),) * len(group)
    return _Alike(tuple(known), group[0].value, places, tuple(rule.key for rule in group), constants)


def _place(n: int, node: Node) -> Node:
    return Node(Op.FACT, node.type, (), f"{_PLACE}{n}", node.at)


def _shape(nodes: tuple[Node, ...], found: list[tuple[Node, ...]]) -> Node | None:
    first = nodes[0]
    if all(node == first for node in nodes):
        return first
    if all(node.op is Op.LITERAL and node.type == first.type for node in nodes):
        found.append(nodes)
        return _place(len(found) - 1, first)
    if len({(node.op, node.type, node.value, len(node.parts)) for node in nodes}) > 1 or not first.parts:
        return None
    parts = [_shape(each, found) for each in zip(*(node.parts for node in nodes), strict=True)]
    known = tuple(part for part in parts if part is not None)
    return replace(first, parts=known) if len(known) == len(parts) else None


def _joined(alike: _Alike, rows: _Rows) -> list[str]:
    """Return the rows joined to the constants: by equality where a condition is one, and rows that do not know it."""
    listed = ", ".join(
        f"({', '.join([str(key), *map(make_duckdb_sql, constants)])})"
        for key, constants in zip(alike.keys, alike.constants, strict=True)
    )
    names = "".join(f", {quote_name(str(place.value))}" for place in alike.places)
    constants = f"(VALUES {listed}) AS p(rule{names})"
    select = rows.select("p.rule", alike.value, alike.own)
    key = next(filter(_is_key, alike.own), None)
    if key is None:
        return [f"{select} FROM ({rows.sql()}), {constants} WHERE {rows.where(alike.own, alike.own)}"]
    column, place = (quote_name(str(part.value)) for part in key.parts)
    where = rows.where(alike.own, [one for one in alike.own if one is not key])
    found = [f"{select} FROM ({rows.sql()}) JOIN {constants} ON {column} = {place} WHERE {where}"]
    if rows.table.missing(key):
        found.append(f"{select} FROM ({rows.sql(f'{column} IS NULL')}), {constants} WHERE {where}")
    return found


def _is_key(node: Node) -> bool:
    """Say whether a condition is "a column equals the constant of the rule"."""
    return (
        node.op is Op.COMPARE
        and node.value == "="
        and all(part.op is Op.FACT for part in node.parts)
        and not str(node.parts[0].value).startswith(_PLACE)
        and str(node.parts[1].value).startswith(_PLACE)
    )


def _may_lose(node: Node) -> bool:
    return node.op in _MAY_LOSE or any(map(_may_lose, node.parts))


def _sql(node: Node) -> str:
    """Return the condition; texts that may be ENUM are taken as text wherever more than equality is asked."""
    if _as_is(node):
        return make_duckdb_sql(node)
    texts = _texts(node)
    return make_duckdb_sql(node, lambda name: f"CAST({quote_name(name)} AS VARCHAR)" if name in texts else _plain(name))


def _plain(name: str) -> str:
    return quote_name(name)


def _texts(node: Node) -> frozenset[str]:
    if node.op is Op.FACT:
        return frozenset({str(node.value)}) if node.type.kind is Kind.TEXT else frozenset()
    return frozenset[str]().union(*map(_texts, node.parts))


def _as_is(node: Node) -> bool:
    """Say whether texts are only compared for equality with constants."""
    if node.op is Op.FACT:
        return node.type.kind is not Kind.TEXT
    plain = node.op in {Op.IN, Op.IS_NULL} or (node.op is Op.COMPARE and node.value in _COMPARED_AS_IS)
    rest = node.parts[1:] if plain and node.parts[0].op is Op.FACT else node.parts
    return all(map(_as_is, rest))
