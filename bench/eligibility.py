"""Everyone that 809 published policies fit, among 1.4 million subjects; against OpenFisca and zen-engine.

Policies: the 125 families of `packs/luan`, expanded. 555 are for firms and 254 for persons, so each looks through a
table of its own kind: 1.4 million synthetic firms, 1.4 million synthetic persons, made by a seed in DuckDB from the
facts the policies ask about, with one value in forty not known. Ours finds them in queries of 25 policies and writes
down each subject with what it gets.

Peers decide the policies for firms, without unknown values, which they do not have, and give count and sum of each:
OpenFisca-Core one policy after another, each a formula over numpy arrays (`eligibility_peers.py`); zen-engine one firm
after another, each policy a compiled expression. zen-engine sees a sample of firms; its ratio is of rates. Both
sides begin at the table: its rows become dicts within the time; a second ratio leaves that out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from bench.eligibility_peers import HAS_OPENFISCA, HAS_ZEN, OpenFisca, Tally, Zen
from bench.frame import SEED, Outcome, Pairs, Say, seconds, time_pairs
from shuzheng.config.configuration import build_dir
from shuzheng.engines.rules.rules.checking import facts_of
from shuzheng.engines.rules.rules.duckdb import quote_name, quote_text
from shuzheng.engines.rules.rules.finding import Sought, count_everyone, find_everyone
from shuzheng.engines.rules.types import Fact, Kind, Node, Op
from shuzheng.packs.queries import read_pack
from shuzheng.services.benefits.pack.reading import facts_of as tables_of_facts, meta_of, rows_of
from shuzheng.services.benefits.queries.tables import column_of
from shuzheng.services.benefits.rules.deciding import make_terms, seek
from shuzheng.services.benefits.rules.expansion import expand
from shuzheng.services.benefits.rules.reading import read_family, read_spec
from shuzheng.services.benefits.rules.sheets import make_sheet
from shuzheng.services.benefits.types import Target

KEYS: Final = ("seconds_809x1400000", "ratio_openfisca", "ratio_zen")
SUBJECTS: Final = 1_400_000
COMPARED: Final = 700_000
"""Firms OpenFisca looks through; more do not fit beside its arrays in a small machine's memory."""
ONE_BY_ONE: Final = 60
"""Firms zen-engine looks through."""
TODAY: Final = date(2023, 12, 15)
ZEN_PAIRS: Final = 7
UNKNOWN: Final = 40
"""One value in so many is not known."""
MEMORY: Final = "4GB"


@dataclass(frozen=True)
class Looked:
    """What is looked for among one kind of subject: the policies, and the facts they ask about."""

    rules: tuple[Sought, ...]
    facts: tuple[Fact, ...]
    words: Mapping[str, tuple[str, ...]]


def run(scale: float, say: Say) -> Outcome:
    """Find everyone; then beside the peers."""
    subjects = max(2000, int(SUBJECTS * min(1.0, scale)))
    say("reading the policies")
    looked = {target: _read(target) for target in Target}
    outcome = Outcome(
        work={
            "scale": scale,
            "policies": sum(len(one.rules) for one in looked.values()),
            "subjects": subjects,
            "seed": SEED,
        },
        peers=("duckdb", "openfisca-core", "zen-engine", "numpy"),
    )
    if scale < 1:
        outcome.notes.append(f"seconds_809x1400000 is of {subjects:,} subjects of each kind here, not scaled up")
    with _engine() as engine:
        for target, one in looked.items():
            say(f"{subjects:,} subjects: {target}")
            _make(engine, str(target), one, subjects, unknown=True)
        say("looking for everyone")
        _find(engine, looked, outcome)
        firms = looked[Target.FIRM]
        _beside_openfisca(engine, firms, max(2000, int(COMPARED * min(1.0, scale))), outcome, say)
        _beside_zen(engine, firms, outcome, say)
    return outcome


@contextmanager
def _engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with TemporaryDirectory(prefix="shuzheng-bench-") as folder:
        settings = {"memory_limit": MEMORY, "temp_directory": folder}
        with duckdb.connect(str(Path(folder) / "facts.duckdb"), config=settings) as engine:
            yield engine


def _read(target: Target) -> Looked:
    pack = read_pack(build_dir("packs") / "luan")
    specs = list(map(read_spec, tables_of_facts(pack)))
    meta = meta_of(pack)
    sheet = make_sheet(specs, target, year=int(str(meta["facts_year"])))
    rules: list[Sought] = []
    for row in rows_of(pack, "policy"):
        family = read_family(row.values)
        if family.target is target:
            terms = make_terms(family, sheet)
            for one in expand(family, city=str(meta["city_code"])):
                rules.append(seek(terms, one, key=len(rules), today=TODAY))
    nodes = [node for rule in rules for node in (*rule.conditions, *([] if rule.value is None else [rule.value]))]
    asked = sorted(frozenset[str]().union(*map(facts_of, nodes)))
    return Looked(tuple(rules), tuple(sheet.schema[name] for name in asked), _words(nodes))


# ---- subjects ----
def _words(nodes: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    """Return, for each fact that is a text, the texts it is compared with; a pattern counts without its `%`."""
    found: dict[str, dict[str, None]] = {}
    for node in nodes:
        for inner in _all_of(node):
            if inner.op in {Op.COMPARE, Op.IN, Op.LIKE} and inner.parts[0].op is Op.FACT:
                texts = [str(part.value) for part in inner.parts[1:] if isinstance(part.value, str)]
                pattern = [str(inner.value).replace("%", "")] if inner.op is Op.LIKE else []
                found.setdefault(str(inner.parts[0].value), {}).update(dict.fromkeys([*texts, *pattern]))
    return {name: tuple(texts) for name, texts in found.items()}


def _all_of(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _all_of(part)


def _make(engine: duckdb.DuckDBPyConnection, name: str, looked: Looked, count: int, *, unknown: bool) -> None:
    """Make a table of so many subjects; the same seed makes the same ones."""
    columns = ", ".join(
        f"{_value(fact, looked.words, number, unknown=unknown)} AS {quote_name(fact.name)}"
        for number, fact in enumerate(looked.facts)
    )
    engine.execute(
        f"CREATE OR REPLACE TABLE {name} AS SELECT n::INTEGER AS subject, {columns} FROM range({count}) r(n)"
    )


def _value(fact: Fact, words: Mapping[str, tuple[str, ...]], number: int, *, unknown: bool) -> str:
    drawn = f"(hash(n * 1000 + {number}, {SEED}) % 1000000)"
    column = column_of(fact)
    match fact.type.kind:
        case Kind.BOOL:
            made = f"{drawn} < 250000"
        case Kind.DATE:
            made = f"DATE '2020-01-01' + ({drawn} % 1430)::INTEGER"
        case Kind.NUMBER:
            power = 130_000 if "yuan" in fact.name else 400_000
            made = f"floor(pow(10, {drawn} / {power})) * (hash(n, {number}) % 4 > 0)::INTEGER"
        case _:
            texts = fact.choices or (*words.get(fact.name, ()), "其他")
            listed = ", ".join(map(quote_text, texts))
            made = f"[{listed}][1 + floor({len(texts)} * pow({drawn} / 1000000, 1.5))::INTEGER]"
    known = f"CAST({made} AS {column})"
    return f"CASE WHEN hash(n, {number}, 7) % {UNKNOWN} > 0 THEN {known} END" if unknown else known


# ---- ours ----
def _find(engine: duckdb.DuckDBPyConnection, looked: Mapping[Target, Looked], outcome: Outcome) -> None:
    def find() -> None:
        for target, one in looked.items():
            find_everyone(engine, one.rules, relation=str(target), subject="subject", into=f"found_{target}")

    taken = seconds(find)
    outcome.figures["seconds_809x1400000"] = taken
    found = [
        engine.execute(f"SELECT count(*) FILTER (WHERE fits), count(*) FROM found_{target}").fetchone() or (0, 0)
        for target in looked
    ]
    outcome.figures["fit"] = sum(fit for fit, _ in found)
    outcome.figures["to_be_proved"] = sum(listed - fit for fit, listed in found)
    each = sum(len(one.rules) for one in looked.values()) * int(str(outcome.work["subjects"]))
    outcome.figures["decisions_per_second"] = each / taken


def _tally(engine: duckdb.DuckDBPyConnection, rules: Sequence[Sought], relation: str) -> list[Tally]:
    counted = count_everyone(engine, rules, relation=relation, subject="subject")
    return [Tally(one.fits, float(one.value or 0)) for one in counted]


# ---- beside the peers ----
def _beside_openfisca(
    engine: duckdb.DuckDBPyConnection, looked: Looked, count: int, outcome: Outcome, say: Say
) -> None:
    if not HAS_OPENFISCA:
        outcome.notes.append("openfisca-core is not installed (dependency group `bench`): ratio_openfisca left out")
        return
    say(f"OpenFisca: {len(looked.rules)} policies, {count:,} firms")
    _make(engine, "compared", looked, count, unknown=False)
    peer = OpenFisca(looked.rules, looked.facts, engine.execute("SELECT * FROM compared").fetchnumpy())
    ours, theirs = _tally(engine, looked.rules, "compared"), peer.tally()
    outcome.notes.append(
        f"OpenFisca counts {_apart(ours, theirs)} of {len(ours)} policies otherwise than ours: its amounts are float32"
    )
    pairs = time_pairs(lambda: _tally(engine, looked.rules, "compared"), peer.tally, pairs=5)
    outcome.figures |= pairs.figures("ratio_openfisca")
    outcome.work["openfisca_firms"] = count
    outcome.figures["openfisca_decisions_per_second"] = len(looked.rules) * count / (pairs.seconds * pairs.ratio)
    outcome.notes.append(
        "ratio_openfisca: counts and sums of the policies for firms; ours on all cores and from the "
        "table, numpy on one and from arrays made beforehand"
    )


def _beside_zen(engine: duckdb.DuckDBPyConnection, looked: Looked, outcome: Outcome, say: Say) -> None:
    if not HAS_ZEN:
        outcome.notes.append("zen-engine is not installed (dependency group `bench`): ratio_zen left out")
        return
    count = max(2000, min(COMPARED, int(str(outcome.work["subjects"]))))
    say(f"zen-engine: {len(looked.rules)} policies, {ONE_BY_ONE} firms")
    _make(engine, "compared", looked, count, unknown=False)
    peer = Zen(looked.rules, [fact.name for fact in looked.facts])
    engine.execute(
        f"CREATE OR REPLACE TABLE few AS SELECT * FROM compared WHERE subject < {ONE_BY_ONE} ORDER BY subject"
    )

    def read() -> list[tuple[object, ...]]:
        return engine.execute("SELECT * EXCLUDE (subject) FROM few").fetchall()

    apart = _apart(_tally(engine, looked.rules, "few"), peer.tally(read()))
    if apart:
        raise AssertionError(f"zen-engine decides {apart} policies otherwise")
    prepared = peer.prepare(read())
    runs = {"ratio_zen": lambda: peer.tally(read()), "ratio_zen_prepared": lambda: peer.tally_prepared(prepared)}
    for key, run_peer in runs.items():
        pairs = time_pairs(lambda: _tally(engine, looked.rules, "compared"), run_peer, pairs=ZEN_PAIRS)
        rates = Pairs(pairs.ours, tuple(taken * count / ONE_BY_ONE for taken in pairs.peer))
        outcome.figures |= rates.figures(key)
    outcome.work |= {"zen_firms": ONE_BY_ONE, "zen_ours_firms": count}
    outcome.notes.append(
        "ratio_zen: decisions a second, both sides from the table's rows: ours reads them in the query, zen-engine's"
        " are fetched and made into dicts of the facts each expression asks about, within the time. ratio_zen_prepared"
        " leaves that out on its side: dicts made beforehand, ours still reads the table"
    )


def _apart(ours: Sequence[Tally], theirs: Sequence[Tally]) -> int:
    return sum(one.fits != other.fits for one, other in zip(ours, theirs, strict=True))
