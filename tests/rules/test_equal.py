"""One text, one meaning: the Python closure and DuckDB give the same on every row.

`RULE_PAIRS=400000` draws more (expression, row) pairs; Spark has a file of its own.
"""

import os

import pytest

from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.closures import make_closure
from shuzheng.engines.rules.types import Value
from tests.rules.agreeing import EXAMPLES, agree_on_random_rules, agree_on_the_calendar, agree_on_what_was_found
from tests.rules.asking import DuckDB, same
from tests.rules.differences import FOUND
from tests.rules.making import SCHEMA, WIDE_SCHEMA

PAIRS = int(os.environ.get("RULE_PAIRS", "50000"))


@pytest.mark.parametrize("seed", range(4))
def test_random_rules_mean_the_same_in_python_and_duckdb(duck: DuckDB, seed: int) -> None:
    agree_on_random_rules(duck, seed, WIDE_SCHEMA if seed == 3 else SCHEMA, PAIRS // 4)


def test_calendar_sums_agree_on_every_pair_of_a_grid_with_leap_days(duck: DuckDB) -> None:
    agree_on_the_calendar(duck)


@pytest.mark.parametrize(("text", "known", "wanted"), FOUND)
def test_what_was_found_once_has_one_meaning(text: str, known: dict[str, Value], wanted: Value) -> None:
    assert same(make_closure(check_rule(text, EXAMPLES, kind=None).root)(known), wanted)


def test_what_was_found_once_means_the_same_in_duckdb(duck: DuckDB) -> None:
    agree_on_what_was_found(duck)
