"""One text, one meaning: the Python closure and Spark give the same, asked of Sail over Spark Connect.

`RULE_PAIRS_SPARK=100000` draws more (expression, row) pairs.
"""

import os

import pytest

from tests.rules.agreeing import agree_on_random_rules, agree_on_the_calendar, agree_on_what_was_found
from tests.rules.asking import Spark
from tests.rules.making import SCHEMA, WIDE_SCHEMA

PAIRS = int(os.environ.get("RULE_PAIRS_SPARK", "8000"))


@pytest.mark.parametrize("seed", [10, 11])
def test_random_rules_mean_the_same_in_python_and_spark(spark: Spark, seed: int) -> None:
    agree_on_random_rules(spark, seed, WIDE_SCHEMA if seed == 11 else SCHEMA, PAIRS // 2)


def test_calendar_sums_agree_on_every_pair_of_a_grid_with_leap_days(spark: Spark) -> None:
    agree_on_the_calendar(spark)


def test_what_was_found_once_means_the_same_in_spark(spark: Spark) -> None:
    agree_on_what_was_found(spark)
