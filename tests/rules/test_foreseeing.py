"""What a rule comes to whatever is not asked yet turns out to be, and what it therefore still needs."""

import pytest

from shuzheng.engines.rules.rules.checking import check_rule
from shuzheng.engines.rules.rules.explaining import foresee, still_needed
from shuzheng.engines.rules.types import BOOL, TEXT, Fact, Value, number

SCHEMA = {
    "a": Fact("a", BOOL, "甲"),
    "b": Fact("b", BOOL, "乙"),
    "n": Fact("n", number(5), "数"),
    "t": Fact("t", TEXT, "文"),
}


@pytest.mark.parametrize(
    ("text", "facts", "unasked", "expected"),
    [
        ("t IS NOT NULL", {}, [], False),
        ("t IS NOT NULL", {}, ["t"], None),
        ("t IS NOT NULL", {"t": "文"}, [], True),
        ("a OR t IS NOT NULL", {"a": True}, ["t"], True),
        ("a OR t IS NOT NULL", {"a": False}, ["t"], None),
        ("a AND t IS NOT NULL", {"a": False}, ["t"], False),
        ("NOT (a AND t IS NULL)", {"a": False}, ["t"], True),
        ("NOT (a AND t IS NULL)", {"a": True}, ["t"], None),
        ("COALESCE(n, 0) >= 3", {}, ["n"], None),
        ("COALESCE(n, 0) >= 3", {}, [], False),
        ("a OR b", {"a": False}, ["b"], None),
        ("a AND b", {"a": None}, [], None),
    ],
)
def test_what_is_not_asked_yet_stays_open(
    text: str, facts: dict[str, Value], unasked: list[str], expected: bool | None
) -> None:
    rule = check_rule(text, SCHEMA)
    assert foresee(rule, facts, unasked) is expected
    assert bool(still_needed(rule, facts, unasked)) is (expected is None)


def test_only_the_open_branch_is_asked_for() -> None:
    rule = check_rule("(a AND t IS NOT NULL) OR (NOT a AND n > 3)", SCHEMA)
    assert still_needed(rule, {}, ["a", "t", "n"]) == {"a", "t", "n"}
    assert still_needed(rule, {"a": True}, ["t", "n"]) == {"t"}
    assert still_needed(rule, {"a": False}, ["t", "n"]) == {"n"}
