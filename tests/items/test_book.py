"""The conditions of an item come from the rule book: a case keeps those of its day, the next one has the new ones."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.base.kernel.pack import PackRows, Table
from shuzheng.base.kernel.types import SYSTEM, CaseId
from shuzheng.services.items import actions, pack
from shuzheng.services.items.queries import get_application, get_guide, judge_conditions
from shuzheng.services.items.types import Judged
from shuzheng.services.rulebook.models import RuleEdition
from shuzheng.services.rulebook.queries import history_of
from tests.items.builders import TODAY
from tests.items.city import AT, CLERK, PERMIT, fill, for_firm, officer, start, submitted, with_cell

pytestmark = pytest.mark.django_db


def with_condition(city: PackRows, seq: int, **over: object) -> PackRows:
    rows = city.of("forms.toml")
    index = next(n for n, row in enumerate(rows) if row.text("basic_code") == PERMIT)
    tables = rows[index].tables("condition")
    changed = [Table({**table, **(over if table["seq"] == seq else {})}, table.line) for table in tables]
    return with_cell(city, "forms.toml", index, condition=changed)


def judge_case(case_id: CaseId) -> tuple[Judged, ...]:
    application = get_application(case_id, actor=officer(CLERK), at=AT)
    return judge_conditions(application, today=TODAY)


def test_the_forms_conditions_are_in_the_book_after_loading(city: PackRows) -> None:
    first = history_of(f"form/{PERMIT}/2")[0]
    assert (first.label, first.text) == ("经营场所不少于10平方米", "form.area >= 10")
    assert (first.source, first.failure) == ("《样例市小餐饮管理办法》第五条", "经营场所面积过小，请调整后再申请")
    assert (first.valid_from, first.schema["form.area"].unit) == (TODAY, "平方米")
    assert first.schema["form.format"].choices


def test_a_case_keeps_the_rules_of_its_moment_and_the_next_one_has_the_new(city: PackRows) -> None:
    older = submitted()
    changed = with_condition(city, 2, expression="form.area >= 100", label_zh="经营场所不少于100平方米")
    pack.apply(changed, actor=SYSTEM, at=AT + timedelta(minutes=5))
    actor = for_firm()
    draft = fill(start(actor), actor)
    newer = actions.submit_draft(draft.id, command_id=uuid4(), actor=actor, at=AT + timedelta(minutes=10))
    old, new = judge_case(older.id)[1], judge_case(newer.id)[1]
    assert (old.condition.label, old.holds) == ("经营场所不少于10平方米", True)
    assert (new.condition.label, new.holds) == ("经营场所不少于100平方米", False)


def test_where_the_book_holds_nothing_the_forms_own_text_decides(city: PackRows) -> None:
    case = submitted()
    with_book = judge_case(case.id)
    RuleEdition.objects.all().delete()
    assert [(one.condition, one.holds) for one in judge_case(case.id)] == [
        (one.condition, one.holds) for one in with_book
    ]


def test_the_rules_of_a_case_are_one_query(city: PackRows) -> None:
    case = submitted()
    application = get_application(case.id, actor=officer(CLERK), at=AT)
    judge_conditions(application, today=TODAY)
    with CaptureQueriesContext(connection) as queries:
        judge_conditions(application, today=TODAY)
    assert sum("rulebook_" in query["sql"] for query in queries) == 1


def test_a_guide_tells_the_conditions_of_the_day(city: PackRows) -> None:
    later = AT + timedelta(days=40)
    pack.apply(with_condition(city, 2, label_zh="经营场所不少于12平方米"), actor=SYSTEM, at=later)
    assert [check.label for check in get_guide(PERMIT, on=TODAY).checks][1] == "经营场所不少于10平方米"
    assert [check.label for check in get_guide(PERMIT, on=later.date()).checks][1] == "经营场所不少于12平方米"


def test_loading_the_forms_twice_changes_no_rule(city: PackRows) -> None:
    before = RuleEdition.objects.count()
    assert pack.book.apply(city, actor=SYSTEM, at=AT + timedelta(days=3)).nothing_changed
    assert RuleEdition.objects.count() == before
