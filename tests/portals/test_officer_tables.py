"""The editor of a decision table: a form that loses nothing, findings while one types, the way through the review."""

import re
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.rules.types import TEXT
from shuzheng.engines.rules.types.tables import HitPolicy, InputColumn, OutputColumn, RowText, TableDefinition
from shuzheng.packs.queries import read_pack
from shuzheng.portals.officer.tables import change_table, is_step, read_table_typed
from shuzheng.services.rulebook.models import RuleProposal
from tests.items.reviewing import with_reviewers
from tests.portals.browsing import page, text, words
from tests.portals.conftest import AT, TEMPLATE
from tests.portals.walking import at_desk

CODE = "table/shop-visit"
EDITOR = f"/desk/rules/change/{CODE}/"
CHECK = f"/desk/rules/table-check/{CODE}/"


@pytest.fixture
def bureau(city: None) -> Client:
    """An approver of the bureau that answers for the table."""
    directory_pack.apply(with_reviewers(read_pack(TEMPLATE)), actor=SYSTEM, at=AT)
    return at_desk("yunchuang")


def sent(html: str, **over: str) -> dict[str, str]:
    """What a browser sends back from the editor, with some fields typed over."""
    form = html[html.index("data-table-check") :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'\bname="([^"]*)"', tag)
        if name:
            value = re.search(r'\bvalue="([^"]*)"', tag)
            found[name[1]] = unescape(value[1]) if value else ""
    for name_, body in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)</textarea>', form):
        found[name_] = unescape(body)
    chosen = re.search(r'<option value="([A-Z]+)" selected', form)
    found["policy"] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return {**found, "go": "save", **over}


def test_the_page_of_a_table_shows_its_grid_findings_and_tests(bureau: Client) -> None:
    shown = page(bureau, f"/desk/rules/rule/{CODE}/")
    assert "[30..60)" in shown
    assert "60 分一年四次" in shown
    assert "&quot;policy&quot;" not in shown
    assert "小餐饮每年检查次数" in page(bureau, "/desk/rules/?kind=table")


def test_a_table_is_tried_row_by_row(bureau: Client) -> None:
    response = bureau.post(f"/desk/rules/try/{CODE}/", {"on": "2031-01-01", "f-score": "45", "go": "try"})
    said = words(response)
    assert "有结果" in said
    assert "每年检查次数：2" in said
    assert "风险分值低于30分" in said
    unknown = words(bureau.post(f"/desk/rules/try/{CODE}/", {"on": "2031-01-01", "f-score": "", "go": "try"}))
    assert "还不知道： 风险分值" in unknown


def test_what_was_typed_stays_right_or_wrong_and_each_fault_stands_at_its_cell(bureau: Client) -> None:
    typed = sent(page(bureau, EDITOR), **{"r-2-1": "[30..60", "r-3-note": "新的"})
    response = bureau.post(EDITOR, typed)
    assert response.status_code == 422
    shown = text(response)
    cell = re.search(r'<input[^>]*id="r-2-1"[^>]*>', shown)
    assert cell is not None
    assert 'value="[30..60"' in cell[0]
    assert 'aria-invalid="true"' in cell[0]
    assert 'href="#r-2-1"' in shown
    assert 'value="新的"' in shown
    assert "第 2 行第 1 列" in words(response)
    assert RuleProposal.objects.get().text.count("[30..60") == 1


@pytest.mark.parametrize(
    ("go", "rows"),
    [
        ("row-add", ["< 30", "[30..60)", ">= 60", "-"]),
        ("row-add:1", ["< 30", "-", "[30..60)", ">= 60"]),
        ("row-remove:2", ["< 30", ">= 60"]),
        ("row-up:3", ["< 30", ">= 60", "[30..60)"]),
        ("row-down:1", ["[30..60)", "< 30", ">= 60"]),
        ("row-up:1", ["< 30", "[30..60)", ">= 60"]),
        ("row-down:9", ["< 30", "[30..60)", ">= 60"]),
    ],
)
def test_rows_come_go_and_move_without_a_script_and_nothing_is_lost(bureau: Client, go: str, rows: list[str]) -> None:
    response = bureau.post(EDITOR, sent(page(bureau, EDITOR), go=go, label="新名称", reason="还没写完"))
    assert response.status_code == 200
    again = sent(text(response))
    assert [again[f"r-{n}-1"] for n in range(1, len(rows) + 1)] == rows
    assert again["rows"] == str(len(rows))
    assert (again["label"], again["reason"]) == ("新名称", "还没写完")
    assert not RuleProposal.objects.exists()


def test_columns_come_and_go(bureau: Client) -> None:
    more = bureau.post(EDITOR, sent(page(bureau, EDITOR), go="column-add"))
    again = sent(text(more))
    assert (again["columns"], again["r-1-2"], again["r-1-3"]) == ("2", "-", "1")
    less = bureau.post(EDITOR, {**again, "go": "column-remove:2"})
    assert sent(text(less))["columns"] == "1"


def test_findings_are_answered_while_typing_and_nothing_is_kept(bureau: Client) -> None:
    typed = sent(page(bureau, EDITOR), **{"r-2-1": "[30..70)"})
    answer = text(bureau.post(CHECK, typed))
    assert "第 2 行和第 3 行会同时符合" in answer
    assert "data-grid-part" not in answer
    gap = text(bureau.post(CHECK, {**typed, "r-2-1": "[40..60)"}))
    assert "没有一行管到：风险分值：30分至39分" in gap
    assert "没有通过" in gap
    moved = text(bureau.post(CHECK, {**typed, "go": "row-up:2"}))
    assert re.search(r'id="r-1-1"[^>]*value="\[30\.\.70\)"[^>]*data-focus', moved)
    assert not RuleProposal.objects.exists()


def test_a_table_with_overlaps_or_failing_tests_is_not_submitted(bureau: Client) -> None:
    late = {"valid_from": "2026-12-01", "reason": "办法修订", "go": "submit"}
    overlap = bureau.post(EDITOR, sent(page(bureau, EDITOR), **late, **{"r-2-1": "[30..70)"}))
    assert overlap.status_code == 422
    assert "第 2 行和第 3 行会同时符合" in words(overlap)
    failing = bureau.post(EDITOR, sent(page(bureau, EDITOR), **late, **{"r-3-2": "5"}))
    assert "测试“60 分一年四次”没有通过：结果应为4，实际是5" in words(failing)
    assert not RuleProposal.objects.exclude(state="draft").exists()


def test_a_changed_table_goes_the_way_of_every_rule(bureau: Client) -> None:
    html = page(bureau, EDITOR)
    tests = sent(html)["tests"].replace("结论: 4", "结论: 6")
    over = {"r-3-2": "6", "tests": tests, "valid_from": "2026-12-01", "reason": "检查多一些", "go": "submit"}
    response = bureau.post(EDITOR, sent(html, **over))
    assert response.status_code == 302, words(response)
    proposal = page(bureau, response["Location"])
    assert "待审核" in proposal
    assert RuleProposal.objects.get().state == "review"
    assert "[30..60)" in proposal
    assert "&quot;when&quot;" not in proposal
    assert re.search(r"<del[^>]*>4</del><ins[^>]*>6</ins>", proposal)


def test_a_draft_is_gone_on_with_in_the_same_grid(bureau: Client) -> None:
    response = bureau.post(EDITOR, sent(page(bureau, EDITOR), **{"r-1-1": "< 31", "r-2-1": "[31..60)", "tests": ""}))
    assert response.status_code == 302, words(response)
    again = sent(page(bureau, response["Location"]))
    assert (again["r-1-1"], again["r-2-1"]) == ("< 31", "[31..60)")


def test_a_resident_sees_none_of_it(visitor: Client) -> None:
    for response in (visitor.get(EDITOR), visitor.post(CHECK, {"rows": "1"})):
        assert response.status_code == 302


def test_another_body_may_look_and_not_change(city: None) -> None:
    other = at_desk("yunchuang")
    shown = words(other.get(EDITOR))
    assert "不能" in shown
    assert 'name="r-1-1"' not in page(other, EDITOR)


# Without a page

TABLE = TableDefinition(
    HitPolicy.FIRST,
    (InputColumn("甲", "a"), InputColumn("乙", "b")),
    (OutputColumn("x", "结果", TEXT),),
    (RowText(("1", "2"), ("'p'",), "注"), RowText(("3", "4"), ("'q'",))),
)


def typed_of(definition: TableDefinition) -> QueryDict:
    posted = QueryDict(mutable=True)
    posted.update({"rows": str(len(definition.rows)), "columns": str(len(definition.inputs)), "policy": "FIRST"})
    for i, column in enumerate(definition.inputs, 1):
        posted.update({f"c-{i}-label": column.label, f"c-{i}-expression": column.expression, f"c-{i}-allowed": ""})
    for n, row in enumerate(definition.rows, 1):
        posted.update({f"r-{n}-{i}": cell for i, cell in enumerate((*row.tests, *row.values), 1)})
        posted[f"r-{n}-note"] = row.note
    return posted


def test_what_is_sent_back_is_what_was_shown() -> None:
    assert read_table_typed(typed_of(TABLE), TABLE) == TABLE


@pytest.mark.parametrize(
    "over", [{"rows": "0"}, {"rows": "x"}, {"columns": "-1"}, {"rows": "１"}, {"columns": "9" * 9}, {"rows": ""}]
)
def test_counts_that_are_none_change_nothing(over: dict[str, str]) -> None:
    posted = typed_of(TABLE)
    posted.update({})
    for name, value in over.items():
        posted[name] = value
    assert read_table_typed(posted, TABLE) == TABLE


@pytest.mark.parametrize(
    ("go", "focus"),
    [
        ("row-add:1", "r-2-1"),
        ("row-add:9", "r-3-1"),
        ("row-remove:2", "r-1-1"),
        ("row-up:2", "r-1-1"),
        ("row-down:1", "r-2-1"),
        ("column-add", "c-3-label"),
        ("column-remove:2", "c-1-label"),
        ("column-remove:x", "c-1-label"),
        ("row-up:99999", "r-1-1"),
    ],
)
def test_each_step_says_where_to_go_on(go: str, focus: str) -> None:
    assert is_step(go)
    assert change_table(TABLE, go).focus == focus


@pytest.mark.parametrize("go", ["save", "submit", "", "row-burn:1", ":"])
def test_other_buttons_are_no_steps(go: str) -> None:
    assert not is_step(go)
    assert change_table(TABLE, go).definition == TABLE


def test_the_last_row_and_the_last_column_stay() -> None:
    one: Any = TABLE
    for _ in range(3):
        one = change_table(change_table(one, "row-remove:1").definition, "column-remove:1").definition
    assert (len(one.rows), len(one.inputs), one.rows[0].tests) == (1, 1, ("4",))
