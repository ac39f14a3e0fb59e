"""Queries kept, shared and deleted; the history of queries; the day's budget."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import connection

from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.types import SYSTEM, Actor, MachineId, OrgId, PersonId, PostId
from shuzheng.base.ledger.queries import list_entries
from shuzheng.engines.lake import errors
from shuzheng.engines.lake.actions import change_query, delete_query, record_query, save_query, share_query, spend
from shuzheng.engines.lake.models import BudgetDay, QueryRecord, SavedQuery
from shuzheng.engines.lake.queries import budget_of, get_saved, list_history, list_saved
from shuzheng.engines.lake.rules.saving import is_read_in_groups
from shuzheng.engines.lake.types.saving import QueryDraft, QueryState, SavedQueryId
from shuzheng.engines.lake.types.tables import Access, Column, Table, TableCode
from tests.directory.builders import AT

SECRET = "SELECT name FROM person WHERE id_no = '990102199003079919'"
UNIT, OTHER = OrgId("11990100MBY0000455"), OrgId("11990100MBY0000999")


def officer(number: int, org: OrgId = UNIT, *roles: str) -> Actor:
    return Actor(
        f"甲{number}",
        person=PersonId(UUID(int=number)),
        post=PostId(UUID(int=number + 1000)),
        org=org,
        roles=frozenset(roles),
    )


ME, COLLEAGUE, STRANGER = officer(1), officer(2), officer(3, OTHER)


def draft(title: str = "各区县人数", text: str = SECRET, **over: object) -> QueryDraft:
    values: dict[str, object] = {"title": title, "text": text, "purpose": "统计分析"}
    return QueryDraft(**(values | over))  # type: ignore[arg-type]


def table(*least: int, role: str = "analyst") -> Table:
    access = tuple(Access(frozenset({role}), ("统计分析",), least_group=one) for one in least)
    return Table(TableCode("t"), "表", UNIT, (Column("a", "甲"),), access=access)


def granted(settings: LazySettings, most: int, in_groups: int) -> None:
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    new = {"lake_queries_a_day": most, "lake_group_queries_a_day": in_groups}
    settings.SHUZHENG = Configuration(**(values | new))


# ---- keeping ----
def test_a_kept_query_is_read_again_as_it_was_written(db: None) -> None:
    kept = save_query(draft(chart={"kind": "bar", "x": "区"}), actor=ME, at=AT)
    found = get_saved(kept.id, actor=ME)
    assert found == kept
    assert (found.title, found.text, found.chart, found.mine) == (
        "各区县人数",
        SECRET,
        {"kind": "bar", "x": "区"},
        True,
    )
    assert (found.owner, found.org, found.shared) == ("甲1", UNIT, False)
    assert [entry.act for entry in list_entries(kept.urn)] == ["lake.query_saved"]


def test_the_text_of_a_query_lies_sealed(db: None) -> None:
    save_query(draft(), actor=ME, at=AT)
    record_query(ME, text=SECRET, purpose="统计分析", tables=["person"], state=QueryState.OK, at=AT)
    with connection.cursor() as cursor:
        for name in ("lake_savedquery", "lake_queryrecord"):
            cursor.execute(f"SELECT * FROM {name}")
            for row in cursor.fetchall():
                held = b"".join(bytes(one) for one in row if isinstance(one, bytes | memoryview))
                assert b"990102199003079919" not in held
                assert "990102199003079919" not in repr([one for one in row if isinstance(one, str)])
    assert "990102199003079919" not in repr((get_saved(list_saved(ME).rows[0].id, actor=ME), list_history(ME), draft()))


def test_a_query_is_read_by_the_unit_once_it_is_shared_and_changed_by_its_owner_alone(db: None) -> None:
    kept = save_query(draft(), actor=ME, at=AT).id
    for other in (COLLEAGUE, STRANGER):
        with pytest.raises(errors.SavedQueryNotFound):
            get_saved(kept, actor=other)
        with pytest.raises(errors.SavedQueryNotFound):
            delete_query(kept, actor=other, at=AT)
    assert share_query(kept, shared=True, actor=ME, at=AT).shared
    seen = get_saved(kept, actor=COLLEAGUE)
    assert (seen.text, seen.mine) == (SECRET, False)
    for change in (
        lambda: change_query(kept, draft("别的"), actor=COLLEAGUE, at=AT),
        lambda: share_query(kept, shared=False, actor=COLLEAGUE, at=AT),
        lambda: delete_query(kept, actor=COLLEAGUE, at=AT),
    ):
        with pytest.raises(errors.SavedQueryForeign):
            change()
    for nobody in (STRANGER, SYSTEM, replace(COLLEAGUE, post=None), replace(ME, org=OTHER)):
        with pytest.raises(errors.SavedQueryNotFound):
            get_saved(kept, actor=nobody)
    assert get_saved(kept, actor=ME).title == "各区县人数"
    share_query(kept, shared=False, actor=ME, at=AT)
    with pytest.raises(errors.SavedQueryNotFound):
        get_saved(kept, actor=COLLEAGUE)
    assert [entry.act for entry in list_entries(f"urn:shuzheng:lake:saved-query:{kept}")] == [
        "lake.query_saved",
        "lake.query_shared",
        "lake.query_unshared",
    ]


def test_a_changed_query_keeps_its_id_and_its_beginning(db: None) -> None:
    kept = save_query(draft(), actor=ME, at=AT)
    later = AT + timedelta(days=1)
    changed = change_query(kept.id, draft("新标题", "SELECT 1", shared=True), actor=ME, at=later)
    assert (changed.id, changed.title, changed.text, changed.shared) == (kept.id, "新标题", "SELECT 1", True)
    assert (changed.created_at, changed.changed_at) == (AT, later)


def test_a_deleted_query_is_gone_with_its_text(db: None) -> None:
    kept = save_query(draft(shared=True), actor=ME, at=AT).id
    delete_query(kept, actor=ME, at=AT)
    with pytest.raises(errors.SavedQueryNotFound):
        get_saved(kept, actor=ME)
    with pytest.raises(errors.SavedQueryNotFound):
        delete_query(kept, actor=ME, at=AT)
    assert not list_saved(ME).rows
    assert bytes(SavedQuery.objects.get().text_sealed) == b""


def test_kept_queries_are_ones_own_and_the_shared_of_the_unit_newest_first(db: None) -> None:
    for number in range(3):
        save_query(draft(f"我的 {number}"), actor=ME, at=AT)
    save_query(draft("同事的"), actor=COLLEAGUE, at=AT)
    save_query(draft("同事共享的", shared=True), actor=COLLEAGUE, at=AT)
    save_query(draft("外单位共享的", shared=True), actor=STRANGER, at=AT)
    first = list_saved(ME, limit=3)
    rest = list_saved(ME, limit=3, after=first.next)
    assert [row.title for row in (*first.rows, *rest.rows)] == ["同事共享的", "我的 2", "我的 1", "我的 0"]
    assert rest.next is None
    assert not list_saved(SYSTEM).rows
    assert not list_saved(replace(ME, post=None)).rows


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "长" * 61},
        {"text": ""},
        {"text": "x" * 20_001},
        {"text": "SELECT '\0'"},
        {"purpose": ""},
        {"chart": {"n": float("nan")}},
        {"chart": {"long": "x" * 4_000}},
        {"chart": ["bar"]},
        {"chart": {"kind": object()}},
    ],
)
def test_what_is_no_query_is_not_kept(db: None, wrong: dict[str, object]) -> None:
    with pytest.raises(errors.SavedQueryInvalid):
        save_query(draft(**wrong), actor=ME, at=AT)  # type: ignore[arg-type]
    assert not SavedQuery.objects.exists()


@pytest.mark.parametrize("actor", [SYSTEM, Actor("居民", person=PersonId(UUID(int=7)))])
def test_who_holds_no_post_keeps_nothing(db: None, actor: Actor) -> None:
    with pytest.raises(errors.SavingRefused):
        save_query(draft(), actor=actor, at=AT)
    assert not SavedQuery.objects.exists()


def test_a_query_that_is_not_there_is_not_found(db: None) -> None:
    with pytest.raises(errors.SavedQueryNotFound):
        get_saved(SavedQueryId(uuid4()), actor=ME)


# ---- history ----
def test_each_sees_their_own_history_in_the_post_acted_in(db: None) -> None:
    for number in range(3):
        record_query(ME, text=f"SELECT {number}", purpose="统计", tables=["b", "a", "b"], state=QueryState.OK, at=AT)
    asked = record_query(
        ME,
        text="SELECT x",
        purpose="统计",
        tables=[],
        state=QueryState.REFUSED,
        at=AT,
        refusal="lake.query_refused",
        ms=3,
    )
    record_query(COLLEAGUE, text="SELECT 9", purpose="统计", tables=[], state=QueryState.OK, at=AT)
    record_query(replace(ME, post=None), text="SELECT 8", purpose="x", tables=[], state=QueryState.OK, at=AT)
    first = list_history(ME, limit=2)
    rest = list_history(ME, limit=2, after=first.next)
    rows = (*first.rows, *rest.rows)
    assert [row.text for row in rows] == ["SELECT x", "SELECT 2", "SELECT 1", "SELECT 0"]
    assert (rows[0].id, rows[0].state, rows[0].refusal, rows[0].ms) == (
        asked,
        QueryState.REFUSED,
        "lake.query_refused",
        3,
    )
    assert rows[1].tables == ("a", "b")
    assert rest.next is None
    assert not list_history(SYSTEM).rows
    assert [entry.act for entry in list_entries(f"urn:shuzheng:lake:query:{asked}")] == ["lake.queried"]


def test_a_machine_has_its_own_history(db: None) -> None:
    machine = Actor("接口", machine=MachineId(UUID(int=5)), org=UNIT)
    record_query(machine, text="SELECT 1", purpose="共享", tables=[], state=QueryState.OK, at=AT)
    assert [row.text for row in list_history(machine).rows] == ["SELECT 1"]
    assert not list_history(ME).rows


def test_the_same_text_is_known_again_without_opening_it(db: None) -> None:
    for text in ("SELECT 1", "SELECT 1", "SELECT 2"):
        record_query(ME, text=text, purpose="x", tables=[], state=QueryState.OK, at=AT)
    assert len({bytes(row.text_index) for row in QueryRecord.objects.all()}) == 2


@pytest.mark.parametrize("after", ["x", "-1", "", "9" * 30, "٣"])
def test_a_made_up_position_is_refused(db: None, after: str) -> None:
    for listed in (list_saved, list_history):
        with pytest.raises(errors.QueryPositionInvalid):
            listed(ME, after=after)


# ---- the budget ----
def test_the_day_s_queries_of_a_post_come_to_an_end_and_begin_again_at_midnight(
    db: None, settings: LazySettings
) -> None:
    granted(settings, 3, 2)
    free = [table(0)]
    late = datetime(2026, 1, 5, 15, 59, 59, tzinfo=UTC)
    assert [spend(ME, tables=free, at=late).used for _ in range(3)] == [1, 2, 3]
    with pytest.raises(errors.BudgetSpent) as refusal:
        spend(ME, tables=free, at=late)
    assert refusal.value.facts == {"most": 3}
    assert budget_of(ME, at=late).used == 3
    assert spend(COLLEAGUE, tables=free, at=late).used == 1
    assert spend(replace(COLLEAGUE, person=ME.person), tables=free, at=late).used == 2  # a deputy uses the post's
    assert spend(ME, tables=free, at=late + timedelta(seconds=1)).used == 1


def test_tables_read_in_groups_alone_have_a_stricter_budget(db: None, settings: LazySettings) -> None:
    granted(settings, 4, 2)
    analyst = replace(ME, roles=frozenset({"analyst"}))
    for _ in range(2):
        spend(analyst, tables=[table(0), table(5)], at=AT)
    with pytest.raises(errors.BudgetSpent) as refusal:
        spend(analyst, tables=[table(5)], at=AT)
    assert refusal.value.facts == {"most": 2}
    view = spend(analyst, tables=[table(0)], at=AT)
    assert (view.used, view.most, view.used_in_groups, view.most_in_groups) == (3, 4, 2, 2)
    with pytest.raises(errors.BudgetSpent):
        spend(analyst, tables=[table(0)], at=AT, in_groups=True)
    assert spend(analyst, tables=[table(5)], at=AT, in_groups=False).used == 4


@pytest.mark.parametrize(
    ("tables", "wanted"),
    [
        ([table(0)], False),
        ([table(5)], True),
        ([table(5, 0)], False),
        ([table(5, 10)], True),
        ([table(0), table(5)], True),
        ([table(5, role="other")], False),
        ([table()], False),
        ([], False),
    ],
)
def test_a_table_is_in_groups_alone_when_each_grant_that_fits_is(tables: list[Table], wanted: bool) -> None:
    assert is_read_in_groups(tables, {"analyst"}) is wanted


def test_the_platform_itself_has_no_budget(db: None, settings: LazySettings) -> None:
    granted(settings, 1, 1)
    for _ in range(3):
        spend(SYSTEM, tables=[], at=AT)
    assert not BudgetDay.objects.exists()
