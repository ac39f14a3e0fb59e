"""What an officer finds out for a case decides its conditions, with who found it and how; nothing is overwritten."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shuzheng.base.kernel.errors import Refused
from shuzheng.base.kernel.types import Actor
from shuzheng.engines.cases.types import CaseView
from shuzheng.services.items import errors
from shuzheng.services.items.actions import record_checks
from shuzheng.services.items.models import CheckedFact
from shuzheng.services.items.queries import get_application, judge_conditions, list_to_check
from tests.portals.browsing import page
from tests.portals.conftest import AT
from tests.portals.walking import at_desk, make_case, officer

STATUS = "fact.ent_status"


@pytest.fixture
def case(city: None) -> CaseView:
    return make_case()


def judged(case: CaseView, clerk: Actor) -> dict[int, bool | None]:
    application = get_application(case.id, actor=clerk, at=AT)
    return {one.condition.seq: one.holds for one in judge_conditions(application, today=AT.date())}


def test_what_was_found_decides_and_says_who_found_it(case: CaseView) -> None:
    clerk = officer("shouli")
    application = get_application(case.id, actor=clerk, at=AT)
    before = judge_conditions(application, today=AT.date())
    waiting = {one.fact.name for one in list_to_check(application, before)}
    assert STATUS in waiting
    assert judged(case, clerk)[1] is None
    record_checks(case.number, {STATUS: "注销"}, basis="登记系统查询", command_id=uuid4(), actor=clerk, at=AT)
    assert judged(case, clerk)[1] is False
    later = AT + timedelta(hours=1)
    record_checks(case.number, {STATUS: "存续"}, basis="再查", command_id=uuid4(), actor=clerk, at=later)
    assert judged(case, clerk)[1] is True
    found = judge_conditions(application, today=AT.date())
    assert any("再查" in told for one in found for told in one.told_by)
    assert CheckedFact.objects.count() == 2
    assert "注销".encode() not in bytes(CheckedFact.objects.earliest("pk").content)


def test_the_same_command_twice_is_one_result(case: CaseView) -> None:
    clerk, command = officer("shouli"), uuid4()
    for _ in range(2):
        record_checks(case.number, {STATUS: "存续"}, basis="登记系统查询", command_id=command, actor=clerk, at=AT)
    assert CheckedFact.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "basis", "wrong"),
    [
        ({STATUS: "开着"}, "登记系统查询", STATUS),
        ({STATUS: "存续"}, " ", "basis"),
        ({STATUS: "存续"}, "长" * 201, "basis"),
        ({STATUS: ""}, "登记系统查询", "basis"),
        ({"form.area": "30"}, "登记系统查询", "form.area"),
        ({"fact.nothing": "30"}, "登记系统查询", "fact.nothing"),
    ],
)
def test_what_cannot_be_kept_is_said_by_field_and_keeps_nothing(
    case: CaseView, typed: dict[str, str], basis: str, wrong: str
) -> None:
    with pytest.raises(errors.CheckWrong) as refusal:
        record_checks(case.number, typed, basis=basis, command_id=uuid4(), actor=officer("shouli"), at=AT)
    assert wrong in refusal.value.problems
    assert CheckedFact.objects.count() == 0


@pytest.mark.parametrize("name", ["shenpi", "weijian"])
def test_only_who_has_the_task_may(case: CaseView, name: str) -> None:
    with pytest.raises(Refused):
        record_checks(case.number, {STATUS: "存续"}, basis="看过", command_id=uuid4(), actor=officer(name), at=AT)
    assert CheckedFact.objects.count() == 0


def test_the_page_takes_results_shows_them_and_keeps_what_was_typed_wrong(case: CaseView) -> None:
    desk, path = at_desk("shouli"), f"/desk/cases/{case.number}/checks/"
    assert "填写核查结果" in page(desk, f"/desk/cases/{case.number}/")
    wrong = desk.post(path, {"command_id": str(uuid4()), f"check:{STATUS}": "开着", "basis": "看过"})
    assert wrong.status_code == 422
    assert "请选列出的一项" in wrong.content.decode()
    assert 'value="看过"' in wrong.content.decode()
    right = desk.post(path, {"command_id": str(uuid4()), f"check:{STATUS}": "注销", "basis": "看过"})
    assert right.status_code == 302
    html = page(desk, f"/desk/cases/{case.number}/?said=checked")
    assert "不符合" in html
    assert "核查：看过" in html
    assert "注销：看过" in html
    assert "填写核查结果" not in page(at_desk("shenpi"), f"/desk/cases/{case.number}/")
    assert at_desk("shenpi").post(path, {f"check:{STATUS}": "存续", "basis": "看过"}).status_code == 403
