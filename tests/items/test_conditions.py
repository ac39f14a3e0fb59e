"""The conditions of the thirty forms: both samples of each come out as they should, and what is unknown stays so.

`form_samples.csv` was composed for this project (CC0-1.0): for each form, sample A fulfils every condition, sample B
fails exactly one.
"""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.types import Kind, Value
from shuzheng.services.items.rules.conditions import derive, facts_known, facts_of_answers, faults_of, judge, schema_of
from shuzheng.services.items.rules.prefill import Known, KnownRecord
from shuzheng.services.items.types import Answer, PaperState, PaperView, PrefillRule

HOME = Path(__file__).parents[2]
FORMS: Mapping[str, Mapping[str, Any]] = {
    form["basic_code"]: form
    for form in tomllib.loads((HOME / "packs" / "luan" / "forms.toml").read_text("utf-8"))["form"]
}


def samples() -> dict[tuple[str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with (HOME / "tests" / "items" / "form_samples.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["basic_code"], row["sample"]].append(row)
    return found


SAMPLES = samples()


def facts_of_sample(rows: list[dict[str, str]]) -> dict[str, Value]:
    form = FORMS[rows[0]["basic_code"]]
    schema = schema_of(form)
    found: dict[str, Value] = {"today": date.fromisoformat(rows[0]["today"])}
    for row in rows:
        fact = schema[f"{row['part']}.{row['name']}"]
        given: object = row["value"].split("|") if fact.type.kind is Kind.LIST else row["value"]
        found[fact.name] = read_value(fact, given)
    return derive(form, found)


def test_every_form_has_both_samples() -> None:
    assert {code for code, _ in SAMPLES} == set(FORMS)
    assert len(SAMPLES) == 2 * len(FORMS) == 60


@pytest.mark.parametrize(("code", "sample"), sorted(SAMPLES))
def test_a_sample_comes_out_as_it_should(code: str, sample: str) -> None:
    rows = SAMPLES[code, sample]
    judged = judge(FORMS[code], facts_of_sample(rows))
    expected = rows[0]["expected"]
    failing = set() if expected == "pass" else {int(expected.partition(":")[2])}
    assert {one.condition.seq for one in judged if one.holds is False} == failing
    assert all(one.holds is not None for one in judged)


@pytest.mark.parametrize("code", sorted(FORMS))
def test_the_rules_of_a_form_are_rules(code: str) -> None:
    assert not list(faults_of(FORMS[code]))


@pytest.mark.parametrize("code", sorted(FORMS))
def test_nothing_known_is_no_refusal(code: str) -> None:
    judged = judge(FORMS[code], facts_of_answers(FORMS[code], {}, today=date(2023, 12, 15)))
    # A paper not given is the one thing whose absence is known.
    assert all(
        one.holds is None or "IS N" in str(table["expression"])
        for one, table in zip(judged, FORMS[code]["condition"], strict=True)
    )


def test_the_kitchen_that_is_too_small_is_said_with_its_size() -> None:
    form = FORMS["000125005002"]
    answers = {"kitchen_area": Answer("6"), "area": Answer("50"), "staff": Answer("4"), "staff_health": Answer("x")}
    judged = judge(form, facts_of_answers(form, answers, today=date(2023, 12, 15)))
    small, health = judged[3], judged[4]
    assert small.holds is False
    assert small.explanation is not None
    assert [(one.words, one.actual) for one in small.explanation.findings if one.holds is False] == [
        ("食品处理区面积（平方米）不低于8平方米", "6平方米"),
        ("食品处理区面积（平方米）乘10不低于经营场所面积（平方米）乘2", "60"),
    ]
    assert health.holds is None  # what was typed is no number
    assert health.missing == ("持有效健康证明人数",)
    assert judged[2].missing == ("距最近污染源距离（米）（由审查人员核查）",)


def test_a_rule_that_is_wrong_is_told_with_its_place() -> None:
    form: dict[str, Any] = {
        "section": [{"field": [{"name": "area", "label_zh": "面积", "type": "number", "precision": "num(9,0)"}]}],
        "fact": [{"name": "age", "type": "float", "source": "register"}],
        "condition": [{"seq": 1, "expression": "form.area >= '8'"}, {"seq": 2, "expression": "form.aera >= 8"}],
    }
    found = [what for _, what in faults_of(form)]
    assert "float" in found[0]
    assert "第 1 行第 1 列" in found[1]
    assert "form.area" in found[2]


def test_a_record_of_the_directory_tells_what_it_knows() -> None:
    form = FORMS["000125005002"]
    rules = {
        f"企业登记基本信息.{column}": PrefillRule(f"企业登记基本信息.{column}", "firm", "", field, "企业登记")
        for column, field in (("登记状态", "status"), ("经营范围", "scope"))
    }
    record = KnownRecord(
        "directory.firm", "urn:x", "1", {"uscc": "92341502MBY6N0708H", "status": "存续", "scope": "食品销售"}
    )
    own: dict[str, Value] = {"form.ent_uscc": "92341502MBY6N0708H", "today": date(2023, 12, 15)}
    known = Known({"firm": record}, {})
    told, tellers = facts_known(form, rules, known, own)
    assert told == {"fact.ent_status": "存续", "fact.scope_food": False}
    judged = judge(form, told, tellers)
    assert [(one.holds, one.told_by) for one in judged[:3]] == [
        (True, ("企业登记",)),
        (False, ("企业登记",)),
        (None, ()),
    ]
    assert facts_known(form, rules, known, {**own, "form.ent_uscc": "91341502MBYN5CB38T"}) == ({}, {})


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        (PaperState.GIVEN, True),
        (PaperState.WAIVED, True),
        (PaperState.DEPARTMENT, True),
        (PaperState.TO_GIVE, False),
        (PaperState.REJECTED, False),
    ],
)
def test_a_paper_counts_as_given_however_it_came(state: PaperState, holds: bool) -> None:
    form = FORMS["000115001001"]
    field = next(f for section in form["section"] for f in section["field"] if f["name"] == "safety_doc")
    paper = PaperView(field["material_seq"], "安全生产管理制度", state, "", "", required=True)
    judged = judge(form, facts_of_answers(form, {}, [paper], today=date(2023, 12, 15)))
    assert judged[4].holds is holds
