"""Discovery finds what is there and is not taken in; each detector, broken, is missed."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import shuzheng
from bench.discovery import score
from bench.discovery_families import first, second
from bench.discovery_hard import third
from bench.discovery_set import TODAY, Labelled
from shuzheng.base.kernel.types import PartyKind
from shuzheng.engines.lake.rules.discovery import checks, looking
from shuzheng.engines.lake.rules.discovery.grading import grade_of, is_enough, strictest
from shuzheng.engines.lake.rules.discovery.looking import look
from shuzheng.engines.lake.types.discovery import Found, Sample
from shuzheng.engines.lake.types.tables import Column, FieldKind, Grade, Mask

PACK = Path(shuzheng.__file__).parents[1] / "packs" / "luan"
FLOOR = 0.95
FIRST, SECOND = first(7), second(7)


@pytest.mark.parametrize("family", [FIRST, SECOND], ids=["first", "second"])
def test_precision_and_recall_keep_their_floor(family: Sequence[Labelled]) -> None:
    result = score(family)
    assert result.precision() >= FLOOR, result.slips
    assert result.recall() >= FLOOR, result.slips


def test_hard_columns_are_found_as_well_as_before() -> None:
    result = score(third(7))
    assert result.precision() >= 0.8, result.slips
    assert result.recall() >= 0.6, result.slips


def test_the_set_is_large_enough_to_mean_something() -> None:
    columns = [*first(1), *second(1)]
    assert len(columns) >= 120
    assert min(len(one.values) for one in columns) >= 500
    assert sum(not one.truth for one in columns) >= 50
    assert set().union(*(one.truth for one in columns)) == set(Found)


@pytest.mark.parametrize("kind", sorted(checks.CHECKS))
def test_a_detector_that_finds_nothing_is_noticed(kind: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    blind = replace(checks.CHECKS[kind], exact=lambda _: False)
    monkeypatch.setattr(looking, "CHECKS", {**checks.CHECKS, kind: blind})
    assert score(FIRST).recall((kind,)) < FLOOR


CREDULOUS = (Found.IDENTITY, Found.USCC, Found.BANK_CARD, Found.VIN, Found.ADDRESS, Found.FIRM_NAME)


@pytest.mark.parametrize("kind", CREDULOUS)
def test_a_detector_that_believes_everything_is_noticed(kind: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    credulous = replace(checks.CHECKS[kind], exact=lambda _: True)
    monkeypatch.setattr(looking, "CHECKS", {**checks.CHECKS, kind: credulous})
    assert score(FIRST).precision((kind,)) < FLOOR


@pytest.mark.parametrize("kind", sorted(looking._WHOLE))
def test_the_look_at_the_whole_is_needed(kind: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_WHOLE", {one: test for one, test in looking._WHOLE.items() if one is not kind})
    slips = (*score(FIRST).slips, *score(SECOND).slips)
    assert any(slip.startswith(f"wrongly {kind} ") for slip in slips), slips


# ---- columns nobody made for this: a pack's own files, names of columns taken away ----
PERSONAL = {
    ("people.csv", "id_no"): Found.IDENTITY,
    ("people.csv", "name"): Found.PERSON_NAME,
    ("people.csv", "birth_date"): Found.BIRTH_DATE,
    ("people.csv", "address"): Found.ADDRESS,
    ("firms.csv", "uscc"): Found.USCC,
    ("firms.csv", "legal_rep_id_no"): Found.IDENTITY,
    ("firms.csv", "legal_rep_name"): Found.PERSON_NAME,
    ("firms.csv", "address"): Found.ADDRESS,
    ("posts.csv", "person_id_no"): Found.IDENTITY,
    ("posts.csv", "person_name"): Found.PERSON_NAME,
    ("licences.csv", "holder_id"): Found.IDENTITY,
    ("divisions.csv", "longitude"): Found.LONGITUDE,
    ("divisions.csv", "latitude"): Found.LATITUDE,
}


@pytest.mark.parametrize(("file", "column"), PERSONAL)
def test_what_a_pack_holds_is_found_without_its_names(file: str, column: str) -> None:
    found = {one.found for one in look(Column("c", ""), pack_column(file, column), today=TODAY)}
    assert PERSONAL[file, column] in found


def test_a_pack_without_persons_is_not_taken_for_one() -> None:
    person = {Found.IDENTITY, Found.MOBILE, Found.BANK_CARD, Found.PERSON_NAME, Found.BIRTH_DATE, Found.PASSPORT}
    wrong = []
    for file in ("items.csv", "divisions.csv", "organizations.csv", "implementers.csv", "licence_types.csv"):
        for name, values in pack_columns(file).items():
            found = {one.found for one in look(Column("c", ""), values, today=TODAY)}
            wrong += [(file, name, kind) for kind in found & person]
    assert not wrong


def pack_columns(file: str) -> Mapping[str, Sample]:
    with (PACK / file).open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))[:20_000]
    columns = {}
    for name in rows[0]:
        counted = Counter(row[name] for row in rows if row[name])
        columns[name] = Sample(dict(counted), len(rows) - counted.total())
    return columns


def pack_column(file: str, column: str) -> Sample:
    return pack_columns(file)[column]


# ---- what is said ----
def test_evidence_is_counts() -> None:
    [labelled] = [one for one in first(3) if one.what == "identity numbers, dirty"]
    [finding] = look(labelled.column, Sample(dict(Counter(labelled.values))), today=TODAY)
    evidence = finding.evidence
    assert 0.8 < evidence.share < 0.95
    assert evidence.distinct_matched <= evidence.distinct_shaped <= evidence.distinct
    assert not any(isinstance(getattr(evidence, name), str) for name in type(evidence).__slots__)


def test_an_empty_column_is_nothing() -> None:
    assert look(Column("mobile", "手机号"), Sample({}, 500), today=TODAY) == ()


@pytest.mark.parametrize(
    ("found", "about", "grade", "mask"),
    [
        (Found.IDENTITY, PartyKind.PERSON, Grade.L3, Mask.KEEP_ENDS),
        (Found.IDENTITY, None, Grade.L3, Mask.KEEP_ENDS),
        (Found.BANK_CARD, PartyKind.FIRM, Grade.L3, Mask.KEEP_ENDS),
        (Found.ADDRESS, PartyKind.PERSON, Grade.L3, Mask.GENERALISE),
        (Found.ADDRESS, PartyKind.FIRM, Grade.L1, Mask.NONE),
        (Found.SPECIAL, PartyKind.PERSON, Grade.L4, Mask.DROP),
        (Found.USCC, PartyKind.FIRM, Grade.L1, Mask.NONE),
    ],
)
def test_grades_follow_the_standard(found: Found, about: PartyKind | None, grade: Grade, mask: Mask) -> None:
    grading = grade_of(found, Column("c", "列"), about)
    assert (grading.grade, grading.mask) == (grade, mask)
    assert grading.reason


def test_a_mask_fits_the_type_of_its_column() -> None:
    number = Column("c", "列", FieldKind.INTEGER)
    assert grade_of(Found.MOBILE, number, PartyKind.PERSON).mask is Mask.GENERALISE
    assert grade_of(Found.IDENTITY, Column("c", "列", FieldKind.BOOLEAN), None).mask is Mask.DROP


def test_the_strictest_of_several_is_proposed() -> None:
    [labelled] = [one for one in first(3) if one.what == "three in ten mobiles"]
    findings = look(labelled.column, Sample(dict(Counter(labelled.values))), today=TODAY)
    assert {one.found for one in findings} == {Found.MOBILE, Found.LANDLINE}
    chosen = strictest(findings, labelled.column, PartyKind.PERSON)
    assert chosen is not None
    assert chosen[0].found is Found.MOBILE
    assert not is_enough(labelled.column, chosen[1])
    assert is_enough(replace(labelled.column, grade=Grade.L3, mask=Mask.DROP), chosen[1])
    assert not is_enough(replace(labelled.column, grade=Grade.L4), chosen[1])
