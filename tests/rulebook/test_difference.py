"""What differs is told word by word; tests line by line; nothing of either text is lost."""

from hypothesis import given, strategies as st

from shuzheng.services.rulebook.rules.difference import changed_fields, compare
from shuzheng.services.rulebook.types.proposing import Draft

TEXT = st.text("ab 12.>=\n，。不少于", max_size=40)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(p.text for p in pieces if p.mark != "new") == before
    assert "".join(p.text for p in pieces if p.mark != "gone") == after


def test_a_changed_number_is_that_number() -> None:
    pieces = compare("食品处理区不少于8平方米", "食品处理区不少于20平方米")
    assert [(p.mark, p.text) for p in pieces if p.mark != "same"] == [("gone", "8"), ("new", "20")]


def test_tests_differ_by_whole_lines() -> None:
    before, after = Draft(tests="- 名称: 甲\n  结论: 符合\n"), Draft(tests="- 名称: 乙\n  结论: 符合\n")
    (change,) = changed_fields(before, after)
    assert [(p.mark, p.text) for p in change.pieces] == [
        ("gone", "- 名称: 甲\n"),
        ("new", "- 名称: 乙\n"),
        ("same", "  结论: 符合\n"),
    ]
