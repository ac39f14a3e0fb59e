"""A column graded L4 while its table holds rows: in clear and read as before, or sealed and read by the gate alone."""

import json
from collections.abc import Callable
from datetime import timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from io import StringIO
from threading import Event, Thread
from typing import Any

import pyarrow as pa
import pytest
from django.core.management import call_command

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.models import Entry
from shuzheng.engines.lake.actions import (
    check_quality,
    confirm_proposal,
    discover,
    gather,
    load_tables,
    mend,
    seal_asked,
    seal_table,
    sealing,
    tidy_table,
)
from shuzheng.engines.lake.actions.resealing import STORE
from shuzheng.engines.lake.backends.delta import Store
from shuzheng.engines.lake.errors import EngineFailed, NotSealed, ProposalDecided, SealChanged, SealKept
from shuzheng.engines.lake.models import GradeOverride, Quarantined, Sealing
from shuzheng.engines.lake.queries import find_sealing, get_table, open_embedded, seal_ring, store
from shuzheng.engines.lake.queries.waiting import hold_table, progress_file
from shuzheng.engines.lake.rules.sealing import keys_used, seal_column
from shuzheng.engines.lake.types.discovery import ProposalState
from shuzheng.engines.lake.types.gathering import QuarantinedId
from shuzheng.engines.lake.types.tables import Grade, Table, TableCode
from shuzheng.engines.lake.types.trees import Scan
from tests.lake.making import define, put, quarantine
from tests.lake.sealing_city import (
    CLERK,
    CODE,
    HEAD,
    LATER,
    NAMES,
    OPENER,
    content,
    definition,
    in_clear,
    propose,
    seen_by,
)
from tests.lake.times import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake")]


@pytest.fixture
def person() -> Table:
    """Nine rows, gathered; nothing sealed."""
    define(mode="append")
    load_tables([definition()], actor=SYSTEM, at=AT)
    put(content(1, 10))
    gather("people", actor=SYSTEM, at=AT)
    return get_table(CODE)


@pytest.fixture(autouse=True)
def _anybody_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuzheng.engines.lake.actions.discovery.check_may_confirm", lambda *_, **__: None)


def confirm(column: str = "name") -> int:
    proposal = propose(column)
    confirm_proposal(proposal, actor=SYSTEM, at=AT)
    return proposal


def embedded(table: Table | None = None) -> pa.Table:
    """Return what an engine without the key gives."""
    engine = open_embedded({CODE: table or get_table(CODE)})
    try:
        return engine.run(Scan(CODE, ("id_no", "name", "wage"))).read_all()
    finally:
        engine.close()


def expected(count: int = 9) -> list[str]:
    return [NAMES[number % 3] for number in range(1, count + 1)]


# ---- the way it goes well ----
def test_a_confirmed_l4_is_masked_at_once_sealed_then_and_in_the_end_nothing_is_left_in_clear(person: Table) -> None:
    assert seen_by(CLERK) == seen_by(OPENER) == expected()
    assert in_clear()
    confirm()
    waiting = find_sealing(CODE)
    assert waiting is not None
    assert waiting.sealed_at is None
    for _ in range(2):
        assert seen_by(OPENER) == expected(), "the gate opens it, stored in clear or sealed"
        assert seen_by(CLERK) == [None] * 9
        shown = embedded().column("name")
        assert shown.type == pa.binary()
        assert not [one for one in shown.to_pylist() if one is None or any(n.encode() in one for n in NAMES)]
        done = seal_table(CODE, actor=SYSTEM, at=AT)
    assert (done.columns, done.rows, done.removed) == (("name",), 9, 0)
    assert done.clear_until is not None
    assert in_clear(), "those who read the version before are left their files"
    done = seal_table(CODE, actor=SYSTEM, at=LATER)
    assert done.removed >= 1
    assert in_clear() == []
    assert find_sealing(CODE) is None
    assert Entry.objects.filter(act="lake.sealed").count() == 1
    assert seen_by(OPENER) == expected()
    assert store().landed(CODE, "people") == 1, "what a source landed is known still"
    assert seal_asked(actor=SYSTEM, at=LATER) == 0


def test_gathering_goes_on_in_the_table_as_it_is_then(person: Table) -> None:
    confirm()
    seal_table(CODE, actor=SYSTEM, at=AT)
    seal_table(CODE, actor=SYSTEM, at=LATER)
    put(content(10, 13))
    gather("people", actor=SYSTEM, at=LATER)
    assert len(seen_by(OPENER)) == 12
    assert in_clear() == []
    seal_table(CODE, actor=SYSTEM, at=LATER)
    assert None not in seen_by(OPENER)


@pytest.mark.parametrize("sealed", [False, True])
def test_quality_is_scored_before_and_after(person: Table, sealed: bool) -> None:
    confirm()
    if sealed:
        seal_table(CODE, actor=SYSTEM, at=AT)
    scores = {one.code: (one.yes, one.no, one.judged) for one in check_quality(CODE, actor=SYSTEM, at=AT).scores}
    assert scores["named"] == (9, 0, True)
    assert scores["own.filled.name"] == (9, 0, True)
    assert "name" in discover(CODE, actor=SYSTEM, at=AT).skipped


def test_numbers_open_as_they_were_and_two_columns_are_sealed_by_one_commit(person: Table) -> None:
    before = seen_by(OPENER, column="wage")
    confirm()
    confirm("wage")
    row = Sealing.objects.get()
    assert row.asked == 2
    versions = store().version(CODE)
    seal_table(CODE, actor=SYSTEM, at=AT)
    after = store().version(CODE)
    assert versions is not None
    assert after is not None
    assert after.number == versions.number + 1
    assert after.sealed == {"name", "wage"}
    assert seen_by(OPENER, column="wage") == before
    assert seen_by(CLERK, column="wage") == [None] * 9


# ---- whoever planned before ----
def test_who_planned_by_the_older_grade_is_refused_and_asks_again(person: Table) -> None:
    confirm()
    seal_table(CODE, actor=SYSTEM, at=AT)
    with pytest.raises(SealChanged):
        seen_by(CLERK, person)
    with pytest.raises(SealChanged):
        embedded(person)
    with pytest.raises(SealChanged):
        store().ensure(person)


def test_a_version_that_is_being_read_can_be_read_to_its_end(person: Table) -> None:
    engine = open_embedded({CODE: person})
    confirm()
    seal_table(CODE, actor=SYSTEM, at=AT)
    assert engine.run(Scan(CODE, ("name",))).read_all().num_rows == 9
    seal_table(CODE, actor=SYSTEM, at=LATER)
    with pytest.raises(EngineFailed):
        engine.run(Scan(CODE, ("name",))).read_all()
    engine.close()


# ---- batches meanwhile ----
@pytest.mark.parametrize(("mode", "count"), [("append", 15), ("merge", 15), ("full", 6)])
def test_a_batch_made_ready_in_clear_is_sealed_as_it_lands(
    mode: str, count: int, person: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    define(mode=mode)
    load_tables([definition()], actor=SYSTEM, at=AT)
    put(content(10, 16))
    real = sealing.fit_batch

    def decided_meanwhile(*given: Any, **named: Any) -> Table:
        confirm()
        return real(*given, **named)

    monkeypatch.setattr("shuzheng.engines.lake.actions.gathering.fit_batch", decided_meanwhile)
    [batch] = gather("people", actor=SYSTEM, at=AT)
    assert (batch.landed, batch.quarantined) == (6, 0)
    version = store().version(CODE)
    assert version is not None
    assert version.sealed == {"name"}
    monkeypatch.undo()
    assert sorted(map(str, seen_by(OPENER))) == sorted(expected(15)[-count:])
    seal_table(CODE, actor=SYSTEM, at=AT)
    seal_table(CODE, actor=SYSTEM, at=LATER)
    assert in_clear() == []


def test_a_batch_that_lands_while_rows_are_written_makes_them_be_written_again(
    person: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever does not hold the table is refused or refuses, by Delta; no row is lost."""
    confirm()
    schema, real = store().scan(CODE)[1].schema, seal_column
    own = {"_batch": ["b"], "_row": [1], "_landed_at": [AT]}
    made = {"id_no": ["99"], "name": ["密甲某"], "born": [None], "wage": [None], "visits": [None]}
    rows = pa.table({**made, **own}).cast(schema)
    landed: list[int] = []

    def land() -> None:
        landed.append(place.append(person, rows.to_reader(), writer="other", batch=1, said={}))

    def seal(values: pa.Array, *rest: Any) -> pa.Array:
        if not landed:
            other = Thread(target=land)
            other.start()
            other.join(20)
        return real(values, *rest)

    place = store()
    monkeypatch.setattr(sealing, "seal_column", seal)
    assert seal_table(CODE, actor=SYSTEM, at=AT).rows == 10
    assert sorted(seen_by(OPENER)) == sorted([*expected(), "密甲某"])


def test_where_batches_keep_landing_it_says_so_and_goes_on_later(
    person: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm()
    monkeypatch.setattr(sealing, "_rewrite", lambda *_: None)
    with pytest.raises(NotSealed, match="人员"):
        seal_table(CODE, actor=SYSTEM, at=AT)
    view = find_sealing(CODE)
    assert view is not None
    assert view.message == "一直有新的数据入库"
    assert seal_asked(actor=SYSTEM, at=AT, again=False) == 0
    monkeypatch.undo()
    assert seal_asked(actor=SYSTEM, at=AT) == 1
    view = find_sealing(CODE)
    assert view is not None
    assert (view.message, view.sealed_at is None) == ("", False)


def test_what_fails_to_be_written_is_told_without_values(person: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm()

    def fail(*_: object) -> None:
        raise pa.ArrowInvalid("密甲某 cannot be cast")

    monkeypatch.setattr(sealing, "seal_column", fail)
    with pytest.raises(NotSealed) as refused:
        seal_table(CODE, actor=SYSTEM, at=AT)
    assert "密甲某" not in f"{refused.value} {refused.value.facts}"
    assert seen_by(CLERK) == [None] * 9


def test_a_batch_lands_and_rows_are_written_with_the_table_held(person: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def holding(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            with (store().root / "_work" / f"table {CODE}.lock").open("w") as lock, pytest.raises(BlockingIOError):
                flock(lock, LOCK_EX | LOCK_NB)
            tried.append(real.__name__)
            return real(*given, **named)

        return called

    for name in ("adopt", "merge", "rewrite", "forget_clear"):
        monkeypatch.setattr(Store, name, holding(getattr(Store, name)))
    put(content(10, 12))
    gather("people", actor=SYSTEM, at=AT)
    confirm()
    seal_table(CODE, actor=SYSTEM, at=AT, grace=timedelta())
    assert tried == ["adopt", "rewrite", "forget_clear"]


def test_a_mended_row_lands_sealed(person: Table) -> None:
    put(HEAD + "30,密乙某,1990-13-40,1,1\n")
    gather("people", actor=SYSTEM, at=AT)
    confirm()
    row = Quarantined.objects.get()
    assert quarantine()[0][1] == "type:born"
    values = {"证件号": "30", "姓名": "密乙某", "出生日期": "1990-01-01", "工资": "1", "次数": "1"}
    mend(QuarantinedId(row.public_id), values, actor=SYSTEM, at=AT)
    assert len(seen_by(OPENER)) == 10
    assert store().version(CODE).sealed == {"name"}  # type: ignore[union-attr]


# ---- asked for more than once, and otherwise ----
def test_confirming_again_sets_it_going_until_it_is_over(person: Table) -> None:
    proposal = confirm()
    assert confirm_proposal(proposal, actor=SYSTEM, at=AT).state is ProposalState.CONFIRMED
    assert (Sealing.objects.get().asked, GradeOverride.objects.count()) == (2, 1)
    seal_table(CODE, actor=SYSTEM, at=AT)
    assert confirm_proposal(proposal, actor=SYSTEM, at=AT).state is ProposalState.CONFIRMED
    seal_table(CODE, actor=SYSTEM, at=LATER)
    with pytest.raises(ProposalDecided):
        confirm_proposal(proposal, actor=SYSTEM, at=AT)


def test_a_column_confirmed_while_another_is_sealed_is_not_forgotten(
    person: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm()
    real = Store.checkpoint

    def decided_meanwhile(place: Store, code: TableCode) -> int:
        monkeypatch.undo()
        monkeypatch.setattr("shuzheng.engines.lake.actions.discovery.check_may_confirm", lambda *_, **__: None)
        confirm("wage")
        return real(place, code)

    monkeypatch.setattr(Store, "checkpoint", decided_meanwhile)
    seal_table(CODE, actor=SYSTEM, at=AT, grace=timedelta())
    assert Sealing.objects.get().sealed_at is None
    assert seal_asked(actor=SYSTEM, at=AT, again=False) == 1
    assert store().version(CODE).sealed == {"name", "wage"}  # type: ignore[union-attr]


def test_a_pack_may_raise_a_column_and_not_lower_it(person: Table) -> None:
    load_tables([definition(wage="L4")], actor=SYSTEM, at=AT)
    assert find_sealing(CODE) is not None
    seal_table(CODE, actor=SYSTEM, at=AT)
    with pytest.raises(SealKept, match="工资"):
        load_tables([definition(wage="L3")], actor=SYSTEM, at=AT)
    confirm()
    seal_table(CODE, actor=SYSTEM, at=AT)
    load_tables([definition(name="L2", wage="L4")], actor=SYSTEM, at=AT)
    assert get_table(CODE).by_name["name"].grade is Grade.L4, "what a person confirmed lies over the pack"


def test_what_nobody_asked_for_is_found(person: Table) -> None:
    """A first batch landed in clear while a person decided."""
    confirm()
    Sealing.objects.all().delete()
    assert seal_asked(actor=SYSTEM, at=AT, again=False) == 0
    assert seal_asked(actor=SYSTEM, at=AT) == 1
    assert store().version(CODE).sealed == {"name"}  # type: ignore[union-attr]
    assert find_sealing(CODE) is not None


def test_a_table_without_rows_needs_nothing(db: None) -> None:
    define(mode="append")
    confirm()
    assert find_sealing(CODE) is None
    put(content(1, 3))
    gather("people", actor=SYSTEM, at=AT)
    assert store().version(CODE).sealed == {"name"}  # type: ignore[union-attr]


def test_a_table_whose_definition_is_gone_waits(person: Table) -> None:
    confirm()
    load_tables([], actor=SYSTEM, at=AT)
    assert seal_asked(actor=SYSTEM, at=AT) == 0
    load_tables([definition()], actor=SYSTEM, at=AT)
    assert seal_asked(actor=SYSTEM, at=AT) == 1


# ---- keys, progress ----
def test_the_change_of_keys_waits_for_the_table(person: Table) -> None:
    confirm()
    reached = Event()

    def rotate() -> None:
        STORE.reseal(after=0, limit=200)
        reached.set()

    with hold_table(CODE):
        other = Thread(target=rotate)
        other.start()
        assert not reached.wait(0.3)
    other.join(10)
    assert reached.is_set()
    seal_table(CODE, actor=SYSTEM, at=AT)
    assert STORE.reseal(after=0, limit=200).old == 0
    values = store().scan(CODE)[1].read_all().column("name").to_pylist()
    assert keys_used(values) == {seal_ring().active}


def test_it_tells_how_far_it_is(person: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm()
    monkeypatch.setattr(sealing, "_TELL_SECONDS", 0.0)
    told: list[tuple[int, int]] = []
    shown: list[tuple[int, int]] = []
    files: list[str] = []

    def tell(rows: int, total: int) -> None:
        told.append((rows, total))
        files.append(place.read_text())

    place = progress_file(CODE)
    seal_table(CODE, actor=SYSTEM, at=AT, progress=tell)
    assert told[-1] == (9, 9)
    assert files[-1] == "[9, 9]"
    assert not place.exists()
    Sealing.objects.update(sealed_at=None)
    place.write_text("[3, 9]")
    view = find_sealing(CODE)
    assert view is not None
    shown.append((view.rows, view.total))
    assert shown == [(3, 9)]


def test_the_command_line_seals_what_waits_and_says_how_far_it_is(
    person: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "_TELL_SECONDS", 0.0)
    confirm()
    out, told = StringIO(), StringIO()
    call_command("lake", "seal", "--json", stdout=out, stderr=told)
    [line] = json.loads(out.getvalue())
    assert (line["表"], line["加密的列"], line["行数"], line["删去的明文文件"]) == ("person", "name", 9, 0)
    assert line["明文文件留到"]
    assert "已写 9 / 9 行" in told.getvalue()
    call_command("lake", "seal", "person", "--now", stdout=StringIO())
    assert in_clear() == []
    assert find_sealing(CODE) is None
    monkeypatch.setattr(sealing, "_rewrite", lambda *_: None)
    confirm("wage")
    with pytest.raises(SystemExit) as ended:
        call_command("lake", "seal", stdout=StringIO(), stderr=told)
    assert ended.value.code == 5
    assert "一直有新的数据入库" in told.getvalue()


def test_least_and_greatest_values_in_the_log_go_too(person: Table) -> None:
    own = {"_batch": ["b"], "_row": [1], "_landed_at": [AT]}
    made = {"id_no": ["99"], "name": ["密甲某"], "born": [None], "wage": [None], "visits": [None]}
    rows = pa.table({**made, **own}).cast(store().scan(CODE)[1].schema)
    store().append(person, rows.to_reader(), writer="other", batch=4, said={})
    store().checkpoint(CODE)
    assert [name for name in in_clear() if name.startswith("_delta_log/") and name.endswith(".json")]
    confirm()
    seal_table(CODE, actor=SYSTEM, at=AT)
    seal_table(CODE, actor=SYSTEM, at=LATER)
    assert in_clear() == []
    version = store().version(CODE)
    assert version is not None
    assert version.rows == 10
    assert (store().landed(CODE, "people"), store().landed(CODE, "other")) == (1, 4)
    put(content(10, 13))
    gather("people", actor=SYSTEM, at=LATER)
    tidy_table(CODE, actor=SYSTEM, at=LATER)
    assert len(seen_by(OPENER)) == 13


def test_a_table_whose_rows_are_all_gone_is_sealed_too(person: Table) -> None:
    schema = store().scan(CODE)[1].schema
    store().replace(person, pa.Table.from_batches([], schema).to_reader(), writer="other", batch=1, said={})
    confirm()
    assert seal_table(CODE, actor=SYSTEM, at=AT).rows == 0
    assert store().version(CODE).sealed == {"name"}  # type: ignore[union-attr]
    seal_table(CODE, actor=SYSTEM, at=LATER)
    assert in_clear() == []


def test_the_last_try_counts(person: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm()
    real, tried = sealing._rewrite, []

    def third(*given: Any) -> bool:
        tried.append(1)
        return len(tried) == 3 and real(*given)

    monkeypatch.setattr(sealing, "_rewrite", third)
    assert seal_table(CODE, actor=SYSTEM, at=AT).rows == 9
    assert len(tried) == 3
