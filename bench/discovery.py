"""What discovery finds in labelled columns: precision and recall, per kind and in all; columns a second.

Three families of columns, made by a seed: the one the detectors were made with, one they were mended by, and one they
have never been changed for (`held_out`). A column counts once for each kind it truly holds: found or missed; and once
for each kind found that is not there.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.discovery_families import first, second
from bench.discovery_hard import third
from bench.discovery_set import TODAY, Labelled
from bench.frame import SEED, Outcome, Say, seconds
from shuzheng.engines.lake.rules.discovery.looking import look
from shuzheng.engines.lake.types.discovery import Found, Sample

KEYS: Final = ("precision", "recall", "precision_held_out", "recall_held_out", "columns_per_second")
SEEDS: Final = 3


@dataclass(slots=True)
class Score:
    """Counts of pairs of a column and a kind."""

    hit: Counter[Found] = field(default_factory=Counter)
    missed: Counter[Found] = field(default_factory=Counter)
    wrong: Counter[Found] = field(default_factory=Counter)
    slips: list[str] = field(default_factory=list)

    def precision(self, kinds: Iterable[Found] = tuple(Found)) -> float:
        """Return the share of what was found that is there; 1 when nothing was found."""
        return _share(self.hit, self.wrong, kinds)

    def recall(self, kinds: Iterable[Found] = tuple(Found)) -> float:
        """Return the share of what is there that was found; 1 when nothing is there."""
        return _share(self.hit, self.missed, kinds)


def _share(part: Counter[Found], rest: Counter[Found], kinds: Iterable[Found]) -> float:
    wanted = set(kinds)
    got = sum(count for kind, count in part.items() if kind in wanted)
    other = sum(count for kind, count in rest.items() if kind in wanted)
    return got / (got + other) if got + other else 1.0


def sample_of(column: Labelled) -> Sample:
    """Return a column's values as discovery sees them."""
    full = Counter(value for value in column.values if value.strip())
    return Sample(dict(full), sum(not value.strip() for value in column.values))


def score(columns: Sequence[Labelled]) -> Score:
    """Look at every column and compare with what is in it."""
    result = Score()
    for one in columns:
        found = {finding.found for finding in look(one.column, sample_of(one), today=TODAY)}
        result.hit.update(found & one.truth)
        result.missed.update(one.truth - found)
        result.wrong.update(found - one.truth)
        result.slips += [f"missed {kind} in {one.what}" for kind in sorted(one.truth - found)]
        result.slips += [f"wrongly {kind} in {one.what}" for kind in sorted(found - one.truth)]
    return result


def run(scale: float, say: Say) -> Outcome:
    """Score the families over several seeds."""
    seeds = [SEED + number for number in range(max(1, round(SEEDS * min(1.0, scale))))]
    outcome = Outcome(work={"scale": scale, "seeds": seeds})
    for suffix, family in (("", first), ("_second", second), ("_held_out", third)):
        say(f"family {family.__name__}")
        columns = [column for seed in seeds for column in family(seed)]
        taken = seconds(lambda: score(columns))  # noqa: B023 - called at once
        result = score(columns)
        outcome.work[f"columns{suffix}"] = len(columns) // len(seeds)
        outcome.figures |= {f"precision{suffix}": result.precision(), f"recall{suffix}": result.recall()}
        outcome.figures.setdefault("columns_per_second", len(columns) / taken)
        for kind in sorted(set[Found]().union(*(column.truth for column in columns))):
            outcome.figures[f"precision{suffix}_{kind}"] = result.precision((kind,))
            outcome.figures[f"recall{suffix}_{kind}"] = result.recall((kind,))
        outcome.notes += [f"family {family.__name__}: {slip}" for slip in sorted(set(result.slips))]
    return outcome
