"""Hostile texts are refused at their place; none crashes, keeps an engine busy, or is read as something else."""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, override

from shuzheng.base.kernel.said import say_in
from shuzheng.engines import rules
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.checking import MOST_WORK, check_rule, work_of
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.rules.duckdb import make_duckdb_sql
from shuzheng.engines.rules.rules.reading import MOST_HEIGHT
from shuzheng.engines.rules.rules.spark import make_spark_sql
from shuzheng.engines.rules.types import Value
from tests.rules.asking import DuckDB, Engine, Spark, differences
from tests.rules.hostile import MEANT, REFUSED
from tests.rules.making import SCHEMA

HOME = Path(rules.__path__[0])
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
LARGE = {
    "a long chain": "b1 " + "AND b1 " * 299,
    "a long list": f"d1 IN ({','.join(str(n) for n in range(290))})",
    "a long CASE": f"CASE{' WHEN b1 THEN d1' * 100} END = 1",
    "brackets": "(" * 39 + "b1" + ")" * 39,
    "NOT in NOT": "NOT (" * 38 + "b1" + ")" * 38,
    "a high tree": "b2 OR NOT (" * 31 + "b1" + ")" * 31,
    "coalesce in coalesce": "coalesce(" * 8 + "b1" + ", b2)" * 8,
    "CASE in CASE": "CASE WHEN " * 8 + "b1" + " THEN b2 END" * 8,
    "dates in dates": "add_days(" * 5 + "t2" + ", 1)" * 5 + " = t2",
    "quotients in quotients": "round(1 / round(1 / round(d1 / 7, 2), 2), 2) = 1",
    "a long sum": "1" + " + 1" * 36 + " = i1",
}
"""Texts just within the bounds: every engine answers them."""
BUSY = [
    ("%a" * 12 + "%b", "a" * 3000),
    ("%_a" * 9 + "b", "a" * 3000),
    ("%" * 500, "a" * 3000),
    ("%ab" * 20, "ab" * 500),
]
"""Patterns on which matching by trial and error takes longer than the city stands."""


@pytest.mark.parametrize(("text", "line", "column"), REFUSED)
def test_a_hostile_text_is_refused_at_its_place_in_both_languages(text: str, line: int, column: int) -> None:
    with pytest.raises(RuleTextInvalid) as refused:
        check_rule(text, SCHEMA)
    assert (refused.value.facts["line"], refused.value.facts["column"]) == (line, column)
    problem = str(refused.value.facts["problem"])
    assert CHINESE.search(problem)
    assert len(problem) < 400
    with override("en"):
        english = say_in(refused.value.facts["problem"], gettext)  # type: ignore[arg-type]  # a sentence
    own = set(CHINESE.findall(text)) | {label for fact in SCHEMA.values() for label in fact.label}
    assert not set(CHINESE.findall(english)) - own, english


def test_there_are_many_hostile_texts_and_each_stands_once() -> None:
    texts = [text for text, _, _ in REFUSED]
    assert len(texts) >= 400
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(("text", "known", "wanted"), MEANT)
def test_a_text_that_looks_odd_has_one_meaning(text: str, known: dict[str, Value], wanted: bool | None) -> None:
    assert make_closure(check_rule(text, SCHEMA).root)(known) is wanted


def answer_everything(engine: Engine) -> None:
    rows = [dict.fromkeys(SCHEMA), dict.fromkeys(SCHEMA) | {"b1": True, "b2": False, "d1": 7}]
    checked = [check_rule(text, SCHEMA) for text in LARGE.values()]
    engine.fill(SCHEMA, rows)
    for rule in checked:
        assert not list(differences(engine, [rule], rows))


def test_duckdb_answers_what_is_just_within_the_bounds(duck: DuckDB) -> None:
    answer_everything(duck)


def test_spark_answers_what_is_just_within_the_bounds(spark: Spark) -> None:
    answer_everything(spark)


def test_the_bounds_are_met_by_those_texts() -> None:
    largest = [work_of(check_rule(text, SCHEMA).root) for text in LARGE.values()]
    assert max(largest) <= MOST_WORK
    assert max(largest) > MOST_WORK / 2
    assert MOST_HEIGHT < 100  # Sail's own stack ends at some 140 operators within one another


@pytest.mark.parametrize(("pattern", "text"), BUSY)
def test_no_pattern_takes_long(duck: DuckDB, pattern: str, text: str) -> None:
    rule = check_rule(f"s1 LIKE '{pattern}'", SCHEMA)
    rows = [dict.fromkeys(SCHEMA) | {"s1": text}]
    duck.fill(SCHEMA, rows)
    assert not list(differences(duck, [rule], rows))


COPYING = [
    "round(i1 / i1, 2) = 1",
    "add_days(t2, 1) = t2",
    "add_months(t2, i1) = t2",
    "add_years(t2, i1) = t2",
    "days_between(t2, t2) = 1",
    "months_between(t2, t2) = 1",
    "years_between(t2, t2) = 1",
    "has(l1, s1)",
    "coalesce(i1, i1) = 1",
    "greatest(i1, i1) = 1",
    "trim(s1) = 'a'",
    "substr(s1, 1, 2) = 'a'",
    "i1 BETWEEN 1 AND 2",
    "CASE WHEN b1 THEN i1 ELSE i1 END = 1",
    "i1 * i1 + i1 - i1 = 1",
    "round(d1, 1) = floor(d1)",
    "upper(s1) = lower(s1)",
    "starts_with(s1, s1) AND ends_with(s1, s1) AND contains(s1, s1)",
]


@pytest.mark.parametrize("text", COPYING)
def test_the_work_counted_is_no_less_than_what_sql_writes(text: str) -> None:
    root = check_rule(text, SCHEMA).root
    for write in (make_duckdb_sql, make_spark_sql):
        assert write(root, lambda name: "§").count("§") <= work_of(root)


def test_every_message_of_the_reader_and_checker_has_its_english() -> None:
    known = {entry.msgid for entry in polib.pofile(str(HOME / "locale/en/LC_MESSAGES/django.po")) if entry.msgstr}
    found = set()
    for file in (HOME / "rules").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "refuse":
                found |= {text.value for text in ast.walk(node.args[1]) if isinstance(text, ast.Constant)}
    assert len(found) > 30
    assert not {str(text) for text in found} - known
