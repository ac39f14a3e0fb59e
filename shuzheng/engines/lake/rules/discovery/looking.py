"""Decides what a column holds: exact checks over its distinct values, then what the values are as a whole.

A single value proves little: one order number in eleven passes the check of an identity number. What decides is how
many of the values that *look* like a thing *are* one (purity), whether there are enough of them (share), whether they
behave as a whole as such things do (mobiles come under many heads and do not count upwards; births spread over
decades), and what the column calls itself. A column may hold several things; each is said.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, pairwise
from statistics import median, quantiles
from typing import Final

from shuzheng.engines.lake.rules.discovery.checks import CHECKS, Check, canonical, given_of, written, year_of
from shuzheng.engines.lake.rules.discovery.words import GIVEN, SURNAMES_COMMON, denied, hinted
from shuzheng.engines.lake.types.discovery import Evidence, Finding, Found, Sample
from shuzheng.engines.lake.types.tables import Column

EXAMINED: Final = 3_000
"""Different values of a column that are checked; more make no difference to a share."""
_LONG: Final = 12
"""Characters from which a value is text in which something else may stand."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How much of a kind there has to be.

    Attributes:
        share: Least share of rows with a value.
        purity: Least share of look-alikes that are real; above what chance gives.
        hinted_share, hinted_purity: The same where the column's name says so.
        only_hinted: Values alone never prove it.
        sure: Confidence of a clear case without a hint.
    """

    share: float
    purity: float
    hinted_share: float = 0.05
    hinted_purity: float = 0.2
    only_hinted: bool = False
    sure: float = 0.8


BARS: Final[Mapping[Found, Bar]] = {
    Found.IDENTITY: Bar(0.05, 0.3, 0.02, 0.25, sure=0.97),
    Found.USCC: Bar(0.05, 0.3, 0.02, 0.25, sure=0.97),
    Found.VIN: Bar(0.05, 0.3, 0.02, 0.25, sure=0.95),
    Found.BANK_CARD: Bar(0.05, 0.3, 0.05, 0.25, sure=0.92),
    Found.MOBILE: Bar(0.15, 0.85, 0.05, 0.6, sure=0.88),
    Found.LANDLINE: Bar(0.15, 0.9, 0.1, 0.6, sure=0.85),
    Found.EMAIL: Bar(0.1, 0.0, 0.05, 0.0, sure=0.97),
    Found.PLATE: Bar(0.15, 0.5, 0.05, 0.3, sure=0.93),
    Found.LICENCE: Bar(0.15, 0.4, 0.1, 0.3, sure=0.85),
    Found.PASSPORT: Bar(0.3, 0.9, 0.1, 0.5, sure=0.75),
    Found.PERSON_NAME: Bar(0.2, 0.75, 0.1, 0.6, sure=0.82),
    Found.FIRM_NAME: Bar(0.2, 0.0, 0.1, 0.0, sure=0.85),
    Found.ADDRESS: Bar(0.2, 0.0, 0.1, 0.0, sure=0.85),
    Found.BIRTH_DATE: Bar(0.8, 0.9, 0.25, 0.3, sure=0.65),
    Found.LONGITUDE: Bar(0.9, 0.95, 0.5, 0.8, sure=0.7),
    Found.LATITUDE: Bar(0.9, 0.95, 0.5, 0.8, sure=0.7),
    Found.COORDINATES: Bar(0.3, 0.8, 0.2, 0.5, sure=0.9),
    Found.BANK_ACCOUNT: Bar(0.5, 0.0, 0.3, 0.0, only_hinted=True),
}
_FEWEST: Final = 5
"""Different values of a kind below which a column is not said to hold it, unless the column says so itself."""
_EXCLUDES: Final[Mapping[Found, frozenset[Found]]] = {
    Found.BANK_ACCOUNT: frozenset({Found.BANK_CARD, Found.IDENTITY, Found.USCC, Found.MOBILE}),
    Found.COORDINATES: frozenset({Found.LONGITUDE, Found.LATITUDE}),
    Found.LICENCE: frozenset({Found.IDENTITY}),
    Found.LATITUDE: frozenset({Found.LONGITUDE}),
}
"""A kind is not said beside one of these: the same values would count twice."""
_NUMBERED: Final = frozenset({Found.IDENTITY, Found.USCC, Found.BANK_CARD})
"""Kinds whose values are taken out before later kinds look at them, in this order."""


@dataclass(slots=True)
class _Tally:
    """Counts of one kind, and the values that matched, for the look at the whole."""

    rows: int = 0
    inside: int = 0
    runs: int = 0
    runs_matched: int = 0
    shaped: int = 0
    matched: list[str] = field(default_factory=list)


def look(column: Column, sample: Sample, *, today: date) -> tuple[Finding, ...]:
    """Return what a column holds, surest first; empty when nothing that matters.

    Args:
        column: Its name and label are hints.
        sample: Values; they stay here.
        today: No one was born after it.
    """
    names = f"{column.name} {column.label}"
    if not sample.rows:
        return ()
    basis = _basis(sample)
    found = []
    for kind, tally in _tallies(sample).items():
        evidence = _evidence(basis, tally, hinted=hinted(kind, names))
        confidence = _confidence(kind, evidence, tally, denied=denied(kind, names), today=today)
        if confidence >= 0.5:
            found.append(Finding(kind, confidence, evidence))
    if hinted(Found.SPECIAL, names):
        found.append(Finding(Found.SPECIAL, 0.7, _evidence(basis, _Tally(), hinted=True)))
    kinds = {one.found for one in found}
    kept = [one for one in found if not _EXCLUDES.get(one.found, frozenset()) & kinds]
    return tuple(sorted(kept, key=lambda one: -one.confidence))


def _tallies(sample: Sample) -> dict[Found, _Tally]:
    tallies = {kind: _Tally() for kind in CHECKS}
    for raw, count in islice(sample.values.items(), EXAMINED):
        _count(raw, count, tallies)
    return tallies


def _count(raw: str, count: int, tallies: Mapping[Found, _Tally]) -> None:
    plain, code = written(raw), canonical(raw)
    taken = False
    for kind, check in CHECKS.items():
        if taken and kind not in _NUMBERED:
            break
        tally = tallies[kind]
        text = plain if check.spaced else code
        if not taken and check.shape.fullmatch(text):
            tally.shaped += 1
            if check.exact(text):
                tally.rows += count
                tally.matched.append(text)
                taken = kind in _NUMBERED
        elif check.inside is not None and len(raw) >= _LONG:
            _count_inside(check, plain, count, tally)


def _count_inside(check: Check, text: str, count: int, tally: _Tally) -> None:
    runs = check.inside.findall(text) if check.inside is not None else []
    real = sum(map(check.exact, runs))
    tally.runs += len(runs)
    tally.runs_matched += real
    if real:
        tally.inside += count


def _basis(sample: Sample) -> Evidence:
    examined = list(islice(sample.values.items(), EXAMINED))
    rows = sum(count for _, count in examined)
    lengths = [len(text) for text, _ in examined]
    return Evidence(
        rows=rows,
        distinct=len(sample.values),
        empty_share=round(sample.empty / (sample.rows + sample.empty), 4),
        shortest=min(lengths),
        longest=max(lengths),
    )


def _evidence(basis: Evidence, tally: _Tally, *, hinted: bool) -> Evidence:
    return Evidence(
        rows=basis.rows,
        distinct=basis.distinct,
        empty_share=basis.empty_share,
        matched=tally.rows,
        inside=tally.inside if tally.runs_matched * 2 >= tally.runs else 0,
        distinct_shaped=tally.shaped,
        distinct_matched=len(tally.matched),
        shortest=basis.shortest,
        longest=basis.longest,
        hinted=hinted,
    )


def _confidence(kind: Found, seen: Evidence, tally: _Tally, *, denied: bool, today: date) -> float:
    """Return 0 to 1; 0 where a bar is missed or the values as a whole behave otherwise."""
    bar = BARS[kind]
    if (bar.only_hinted and not seen.hinted) or seen.share < (bar.hinted_share if seen.hinted else bar.share):
        return 0.0
    if not seen.inside and not _is_pure(bar, seen, strict=denied):
        return 0.0
    if denied and kind in _BY_SPREAD:
        return 0.0
    whole = _WHOLE.get(kind)
    if whole is not None and seen.matched and not whole(tally.matched, hinted=seen.hinted, today=today):
        return 0.0
    weight = min(1.0, 0.7 + seen.share / 2)
    return round(min(0.99, bar.sure * weight + (0.1 if seen.hinted else 0.0) - (0.1 if denied else 0.0)), 3)


def _is_pure(bar: Bar, seen: Evidence, *, strict: bool) -> bool:
    if strict and seen.purity < max(bar.purity, 0.6):
        return False
    if seen.hinted:
        return seen.purity >= bar.hinted_purity
    return seen.purity >= bar.purity and seen.distinct_matched >= _FEWEST


# ---- values as a whole ----
def _are_mobiles(values: list[str], *, hinted: bool, today: date) -> bool:  # noqa: ARG001 - one form
    """Many heads, and not counted upwards."""
    numbers = sorted({int(text[-11:]) for text in values})
    if len(numbers) < 30:
        return hinted or len({text[-11:-8] for text in values}) >= 3
    heads = {number // 10**8 for number in numbers}
    return len(heads) >= 5 and not _is_serial(numbers)


def _are_landlines(values: list[str], *, hinted: bool, today: date) -> bool:  # noqa: ARG001
    """Written with a hyphen or bracket here and there, or the column says so; not counted upwards."""
    parted = sum("-" in text or ")" in text for text in values)
    numbers = sorted({int("".join(filter(str.isdigit, text))[:12]) for text in values})
    return (hinted or parted >= len(values) * 0.2) and not _is_serial(numbers)


def _are_cards(values: list[str], *, hinted: bool, today: date) -> bool:  # noqa: ARG001
    """Not counted upwards: a serial number with a Luhn digit behind it is no card."""
    return not _is_serial(sorted({int(text[:-1]) for text in values}))


def _are_names(values: list[str], *, hinted: bool, today: date) -> bool:  # noqa: ARG001
    """Many, under the commonest surnames above all, with what given names are made of."""
    whole = [text for text in values if "·" not in text]
    common = sum(text[0] in SURNAMES_COMMON for text in whole)
    given = sum(any(character in GIVEN for character in given_of(text)) for text in whole)
    if hinted or not whole:
        return given * 3 >= len(whole)
    return len(values) >= 15 and common * 2 >= len(whole) and given * 2 >= len(whole)


def _are_births(values: list[str], *, hinted: bool, today: date) -> bool:
    """Spread over decades, none to come; events of an office are not."""
    years = sorted(year for text in values if (year := year_of(text)) is not None)
    if hinted:
        return bool(years) and years[len(years) // 2] <= today.year
    if len(years) < 20 or years[-1] > today.year:
        return False
    cuts = quantiles(years, n=20, method="inclusive")
    return cuts[0] <= 1968 and cuts[-1] - cuts[0] >= 30 and cuts[9] <= 2005


def _are_east(values: list[str], *, hinted: bool, today: date) -> bool:  # noqa: ARG001
    return hinted or _is_narrow(values, least=73.4)


def _are_north(values: list[str], *, hinted: bool, today: date) -> bool:  # noqa: ARG001
    return hinted or _is_narrow(values, least=18.0)


def _are_passports(values: list[str], *, hinted: bool, today: date) -> bool:  # noqa: ARG001
    """Several series beside one another: a product code has one."""
    series = {text[:2] if text[1].isalpha() else text[0] for text in values}
    return hinted or len(series) >= 3


_BY_SPREAD: Final = frozenset({Found.BIRTH_DATE, Found.LONGITUDE, Found.LATITUDE, Found.PERSON_NAME})
"""Kinds that only the look of the whole speaks for: a column that calls itself something else is believed."""
_Whole = Callable[..., bool]
_WHOLE: Final[Mapping[Found, _Whole]] = {
    Found.MOBILE: _are_mobiles,
    Found.LANDLINE: _are_landlines,
    Found.BANK_CARD: _are_cards,
    Found.PERSON_NAME: _are_names,
    Found.BIRTH_DATE: _are_births,
    Found.LONGITUDE: _are_east,
    Found.LATITUDE: _are_north,
    Found.PASSPORT: _are_passports,
}


def _is_narrow(values: list[str], *, least: float) -> bool:
    """Tell degrees of one region: finely written, close together."""
    numbers = sorted(map(float, values))
    fine = median(len(text.partition(".")[2]) for text in values) >= 4
    return fine and numbers[0] >= least and numbers[-1] - numbers[0] <= 10 and numbers[-1] > numbers[0]


def _is_serial(numbers: list[int]) -> bool:
    """Tell numbers that were counted upwards."""
    if len(numbers) < 10:
        return False
    return median(_gaps(numbers)) <= 20


def _gaps(numbers: list[int]) -> Iterator[int]:
    return (later - earlier for earlier, later in pairwise(numbers))
