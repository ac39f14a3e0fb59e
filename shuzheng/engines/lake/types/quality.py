"""Scores of a table: of each rule, of each of the six dimensions, of the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import fmean
from typing import Final

from shuzheng.engines.lake.types.tables import Dimension, TableCode

OWN_PREFIX: Final = "own."
"""Codes of rules every table has begin with it; no rule of a pack can."""
FRESH_CODE: Final = f"{OWN_PREFIX}fresh"
REACHED_CODE: Final = f"{OWN_PREFIX}reached"
UNIQUE_CODE: Final = f"{OWN_PREFIX}unique"
FILLED_PREFIX: Final = f"{OWN_PREFIX}filled."


@dataclass(frozen=True, slots=True)
class RuleScore:
    """How many rows keep a rule.

    Attributes:
        yes, no: Rows that keep and break it.
        unknown: Rows that could not be judged, mostly for want of a value.
        target: Least share that should keep it, 0 to 1.
        judged: False where the rule asks about a sealed column, which only the gate opens.
    """

    code: str
    label: str
    dimension: Dimension
    yes: int
    no: int
    unknown: int
    target: Decimal
    judged: bool = True

    @property
    def score(self) -> float | None:
        """Return the share of judged rows that keep the rule, 0 to 1; None when no row was judged."""
        rows = self.yes + self.no
        return self.yes / rows if rows else None

    @property
    def of_rows(self) -> bool:
        """Tell whether single rows break it; freshness and reach are of the table as a whole."""
        return self.code not in {FRESH_CODE, REACHED_CODE}

    @property
    def passed(self) -> bool:
        """Tell whether the target is met, exactly; nothing judged breaks none."""
        return Decimal(self.yes) >= self.target * (self.yes + self.no)


def mean_of(scores: Sequence[RuleScore]) -> float | None:
    """Return the mean over rules that judged at least a row, each counting the same; None when none did."""
    known = [one.score for one in scores if one.score is not None]
    return fmean(known) if known else None


def dimensions_of(scores: Sequence[RuleScore]) -> Mapping[Dimension, float]:
    """Return the score of each dimension that has a rule."""
    found = {one: mean_of([score for score in scores if score.dimension is one]) for one in Dimension}
    return {dimension: score for dimension, score in found.items() if score is not None}


@dataclass(frozen=True, slots=True)
class QualityView:
    """One check of a table.

    Attributes:
        version: Of the stored table.
        day: In the city.
        milliseconds: The pass took.
        score: Mean of the dimensions, 0 to 1; None when nothing was judged.
        fails: Rules below their target.
        scores: Of each rule; empty in lists.
    """

    id: int
    table: TableCode
    label: str
    version: int
    day: date
    at: datetime
    rows: int
    milliseconds: int
    score: float | None
    dimensions: Mapping[Dimension, float]
    fails: int
    scores: tuple[RuleScore, ...] = ()


@dataclass(frozen=True, slots=True)
class WorstRule:
    """A rule far from its target, in the latest check of its table."""

    table: TableCode
    table_label: str
    day: date
    score: RuleScore
