"""A book is loaded: nothing changes twice, what changed gets a successor, what is gone ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.models import Entry
from shuzheng.services.rulebook.actions import load_rules
from shuzheng.services.rulebook.errors import RuleNotFound, RuleUnfit, SheetNotFound
from shuzheng.services.rulebook.models import FactSheetEdition, RuleEdition
from shuzheng.services.rulebook.queries import get_rule, get_sheet, history_of, list_rules, rules_in_force
from shuzheng.services.rulebook.rules.sheets import dump_schema, load_schema
from shuzheng.services.rulebook.types import Origin, RuleCode, RuleFilter, RuleKind, RuleState, SheetCode
from tests.rulebook.builders import AT, CODE, TODAY, load, make_rule, make_sheet

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)
LATER_DAY = date(2026, 12, 24)


def test_facts_come_back_as_they_were_kept() -> None:
    sheet = make_sheet()
    assert load_schema(dump_schema(sheet.facts)) == sheet.facts


def test_a_rule_is_in_force_from_the_day_it_is_loaded() -> None:
    assert load(make_rule()).added == 1
    found = get_rule(CODE, TODAY)
    assert (found.edition, found.text, found.valid_from, found.valid_to) == (1, "form.area >= 10", TODAY, None)
    assert found.schema["form.area"].unit == "平方米"
    with pytest.raises(RuleNotFound):
        get_rule(CODE, TODAY - timedelta(days=1))


def test_loading_twice_changes_nothing() -> None:
    load(make_rule())
    loaded = load(make_rule(), at=LATER)
    assert (loaded.added, loaded.changed, loaded.unchanged, loaded.retired) == (0, 0, 1, 0)
    assert RuleEdition.objects.count() == FactSheetEdition.objects.count() == 1


def test_a_changed_text_is_a_successor_and_the_old_one_is_kept() -> None:
    load(make_rule())
    loaded = load(make_rule(text="form.area >= 12"), at=LATER)
    assert loaded.changed == 1
    assert "有改动" in loaded.notes[0]
    assert get_rule(CODE, LATER_DAY - timedelta(days=1)).text == "form.area >= 10"
    assert get_rule(CODE, LATER_DAY).text == "form.area >= 12"
    assert [(one.edition, one.valid_to) for one in history_of(CODE)] == [(2, None), (1, LATER_DAY)]


def test_a_successor_never_begins_before_the_day_it_is_published() -> None:
    load(make_rule(valid_from=date(2020, 1, 1)))
    load(make_rule(valid_from=date(2020, 1, 1), text="form.area >= 12"), at=LATER)
    assert get_rule(CODE, date(2021, 1, 1)).text == "form.area >= 10"
    assert get_rule(CODE, LATER_DAY).valid_from == LATER_DAY


def test_a_successor_of_a_later_day_waits_for_it() -> None:
    load(make_rule())
    load(make_rule(text="form.area >= 12", valid_from=date(2027, 3, 1)), at=LATER)
    assert get_rule(CODE, date(2027, 2, 28)).edition == 1
    assert get_rule(CODE, date(2027, 3, 1)).edition == 2


def test_a_case_reads_the_book_as_it_was_known_then() -> None:
    load(make_rule())
    noon = AT + timedelta(hours=3)
    load(make_rule(text="form.area >= 12"), at=noon)
    assert get_rule(CODE, TODAY).edition == 2
    assert get_rule(CODE, TODAY, as_of=noon - timedelta(minutes=1)).edition == 1
    assert get_rule(CODE, TODAY, as_of=noon).edition == 2
    with pytest.raises(RuleNotFound):
        get_rule(CODE, TODAY, as_of=AT - timedelta(minutes=1))


def test_a_rule_the_pack_no_longer_has_ends_and_stays_readable() -> None:
    load(make_rule(), make_rule(code=RuleCode("form/000199001001/2")))
    loaded = load(make_rule(), at=LATER)
    assert loaded.retired == 1
    gone = RuleCode("form/000199001001/2")
    assert get_rule(gone, LATER_DAY - timedelta(days=1)).edition == 1
    assert get_rule(gone, LATER_DAY, as_of=LATER - timedelta(hours=1)).edition == 1
    with pytest.raises(RuleNotFound):
        get_rule(gone, LATER_DAY)
    assert load(make_rule(), at=LATER).nothing_changed
    load(make_rule(), make_rule(code=gone), at=LATER + timedelta(days=9))
    assert get_rule(gone, LATER_DAY + timedelta(days=9)).edition == 2


def test_a_rule_with_an_end_ends_by_itself() -> None:
    load(make_rule(valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1)))
    assert get_rule(CODE, date(2026, 12, 31)).edition == 1
    with pytest.raises(RuleNotFound):
        get_rule(CODE, date(2027, 1, 1))
    assert load(make_rule(valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1)), at=LATER).nothing_changed


def test_what_was_approved_on_line_stands_over_the_pack_and_the_clash_is_said() -> None:
    load(make_rule())
    RuleEdition.objects.update(origin=Origin.ONLINE, text="form.area >= 11", words_digest="x")
    loaded = load(make_rule(text="form.area >= 12"), at=LATER)
    # The only edition was turned into one made on line, so the pack said nothing before.
    assert loaded.notes[0].startswith("冲突")
    assert get_rule(CODE, LATER_DAY).text == "form.area >= 11"
    held = history_of(CODE)[0]
    assert (held.text, held.state_on(LATER_DAY)) == ("form.area >= 12", RuleState.HELD)
    assert load(make_rule(text="form.area >= 12"), at=LATER + timedelta(days=1)).nothing_changed


def test_a_sheet_that_says_more_is_a_new_edition_and_old_rules_keep_theirs() -> None:
    load(make_rule())
    old = history_of(CODE)[0]
    sheet = make_sheet(label="小餐饮申请表")
    load_rules([sheet], [make_rule()], book="form", actor=SYSTEM, at=LATER)
    assert get_sheet(sheet.code).edition == 2
    assert (old.sheet_edition, get_rule(CODE, LATER_DAY).sheet_edition) == (1, 2)


@pytest.mark.parametrize(
    "rule",
    [make_rule(text="form.aera >= 10"), make_rule(code=RuleCode("policy/x/1")), make_rule(text="1 + 1")],
)
def test_a_rule_that_is_none_is_refused_and_nothing_is_written(rule: object) -> None:
    with pytest.raises(RuleUnfit):
        load(make_rule(code=RuleCode("form/000199001001/9")), rule)  # type: ignore[arg-type]
    assert not RuleEdition.objects.exists()


def test_a_rule_needs_its_sheet() -> None:
    with pytest.raises(SheetNotFound):
        load(make_rule(sheet=SheetCode("form/none")))


def test_an_edition_cannot_end_before_it_begins() -> None:
    load(make_rule())
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleEdition.objects.update(valid_to=TODAY - timedelta(days=1))


def test_all_rules_of_an_owner_come_in_order_by_one_query() -> None:
    load(*(make_rule(code=RuleCode(f"form/000199001001/{n}"), position=n) for n in range(1, 13)))
    rules_in_force(prefix="form/000199001001", on=TODAY)
    with CaptureQueriesContext(connection) as queries:
        found = rules_in_force(prefix="form/000199001001", on=TODAY)
    assert [one.position for one in found] == list(range(1, 13))
    assert len(queries) == 1
    assert len(rules_in_force([CODE], on=TODAY)) == 1
    assert len(rules_in_force(prefix="form", on=TODAY)) == 12


def test_the_list_is_searched_filtered_and_paged() -> None:
    rules = [make_rule(code=RuleCode(f"form/000199001001/{n}"), position=n, label=f"条件{n}") for n in range(1, 6)]
    rules.append(
        make_rule(
            code=RuleCode("form/000199001001/6"), text="fact.ok", label="合格", valid_from=date(2027, 1, 1), position=6
        )
    )
    load(*rules)
    assert len(list_rules(RuleFilter(), on=TODAY).rows) == 5
    assert [one.label for one in list_rules(RuleFilter(state=RuleState.COMING), on=TODAY).rows] == ["合格"]
    assert len(list_rules(RuleFilter(state=None), on=TODAY).rows) == 6
    assert len(list_rules(RuleFilter(state=RuleState.ENDED), on=TODAY).rows) == 0
    assert [one.label for one in list_rules(RuleFilter(text="是否合格", state=None), on=TODAY).rows] == ["合格"]
    assert not list_rules(RuleFilter(kind=RuleKind.TABLE), on=TODAY).rows
    assert not list_rules(RuleFilter(owner="x"), on=TODAY).rows
    first = list_rules(RuleFilter(), on=TODAY, limit=3)
    rest = list_rules(RuleFilter(), on=TODAY, limit=3, after=first.next)
    assert [one.position for one in (*first.rows, *rest.rows)] == [1, 2, 3, 4, 5]
    assert rest.next is None


def test_who_is_no_officer_reads_public_books_only() -> None:
    load(make_rule())
    load(make_rule(code=RuleCode("table/x")), book="table")
    assert [one.book for one in list_rules(RuleFilter(), on=TODAY).rows] == ["form"]


def test_loading_stands_in_the_ledger_only_when_it_changed_something() -> None:
    load(make_rule())
    load(make_rule(), at=LATER)
    assert Entry.objects.filter(act="rulebook.loaded").count() == 1


def test_the_day_is_the_citys_day() -> None:
    load(make_rule(), at=datetime(2026, 11, 24, 17, 0, tzinfo=UTC))
    assert history_of(CODE)[0].valid_from == date(2026, 11, 25)
