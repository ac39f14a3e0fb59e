"""Supervision over HTTP: figures, the rows behind them, the export; the edge of the subtree."""

import csv
import re
from io import StringIO

import pytest
from django.test import Client

from shuzheng.base.access.models import Reading
from shuzheng.base.access.queries import list_readings
from shuzheng.base.kernel import clock
from shuzheng.base.kernel.types import Party, PartyKind
from shuzheng.base.ledger.models import Entry
from shuzheng.engines.cases.types import CaseState, InboxRow
from shuzheng.portals.officer.exporting import OPEN_HEAD, open_cells, write_table
from tests.portals.browsing import page, text, words
from tests.portals.posting import BUREAU, COUNTY, OTHER_BUREAU, give_post, local, post_named, take_post
from tests.portals.walking import at_desk, make_asked, make_case, move

NOW = local(2026, 11, 25)


@pytest.fixture
def director(city: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser of the county's director, on a Wednesday."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    post = give_post("谢藏书", COUNTY, "director", "区长")
    client = at_desk("juzhang")
    take_post(client, post)
    return client


def cells(html: str, name: str) -> list[str]:
    """The figures of a line."""
    line = next(row for row in re.findall(r"<tr>.*?</tr>", html) if f">{name}<" in row)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", line)]


def test_each_figure_opens_to_exactly_its_rows(director: Client) -> None:
    late = make_case(local(2026, 11, 16))
    soon = make_case(local(2026, 11, 20))
    make_case(local(2026, 11, 24))
    asked = make_asked()
    done = move(move(make_case(local(2026, 11, 19)), "accept", "shouli", at=NOW), "grant", "shenpi", at=NOW)
    html = page(director, "/desk/units/")
    assert cells(html, "墨溪区市场监管局") == ["3", "1", "1", "1", "1", "0", "4.0"]
    links = re.findall(r'href="(/desk/units/cases/[^"]+)"[^>]*>(\d+)</a>', html)
    listed = {}
    for link, n in links:
        rows = re.findall(r'href="/desk/cases/(\d+)/"', page(director, link.replace("&amp;", "&")))
        assert len(rows) == int(n), link
        listed[re.findall(r"show=(\w+)", link)[0]] = rows
    assert listed["late"] == [late.number]
    assert listed["soon"] == [soon.number]
    assert listed["paused"] == [asked.number]
    assert listed["done"] == [done.number]
    unit = page(director, f"/desk/units/?unit={BUREAU}")
    assert cells(unit, "本级")[:2] == ["3", "1"]
    assert "墨溪区政府</a> /" in unit


def test_figures_are_for_directors_and_end_where_the_subtree_ends(director: Client) -> None:
    make_case(local(2026, 11, 16))
    for path in ("/desk/units/", "/desk/units/cases/", f"/desk/units/?unit={BUREAU}"):
        for name in ("shouli", "shenpi2", "weijian"):
            refused = at_desk(name).get(path)
            assert refused.status_code == 403
            assert "主要负责人" in text(refused)
    for unit in (OTHER_BUREAU, "11990100MBY000010J", "11990100MBY0000455"):
        for path in ("/desk/units/", "/desk/units/cases/"):
            assert director.get(path, {"unit": unit}).status_code == 403
        sent = {"unit": unit, "show": "open", "purpose": "周报"}
        assert director.post("/desk/units/export/", sent).status_code == 403
    assert director.get("/desk/units/", {"unit": "nonsense"}).status_code == 404
    assert not Reading.objects.exists()


def test_an_ended_post_supervises_no_more(director: Client) -> None:
    post = post_named("谢藏书", COUNTY)
    assert director.get("/desk/units/").status_code == 200
    post.ended_at = NOW
    post.save(update_fields=["ended_at"])
    assert director.get("/desk/units/").status_code == 403


def test_an_empty_subtree_says_so(director: Client) -> None:
    assert "没有办件" in page(director, "/desk/units/")
    assert "没有这样的办件" in page(director, "/desk/units/cases/?show=late")


def test_a_list_leaves_the_house_masked_for_a_purpose_and_logged_for_everyone_on_it(director: Client) -> None:
    case = make_case(local(2026, 11, 16))
    html = page(director, f"/desk/units/cases/?unit={BUREAU}&show=late")
    assert "导出清单" in html
    sent = {"unit": BUREAU, "show": "late"}
    refused = director.post("/desk/units/export/", {**sent, "purpose": " "})
    assert refused.status_code == 422
    assert "导出清单要写明用途" in words(refused)
    assert not Reading.objects.exists()
    file = director.post("/desk/units/export/", {**sent, "purpose": "超期通报"})
    assert file["Content-Type"].startswith("text/csv")
    assert file["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(StringIO(text(file).removeprefix("\ufeff"))))
    assert tuple(rows[0]) == OPEN_HEAD
    assert [row[1] for row in rows[1:]] == [case.number]
    (reading,) = list_readings(case.applicant).rows
    assert (reading.what, reading.purpose) == ("办件清单（姓名遮掩）", "超期通报")
    assert Entry.objects.filter(act="access.read_list").count() == 1
    done = director.post("/desk/units/export/", {"unit": COUNTY, "show": "done", "purpose": "月报"})
    assert len(list(csv.reader(StringIO(text(done))))) == 1
    assert director.get("/desk/units/export/")["Location"] == "/desk/units/"


def test_a_persons_name_is_masked_and_no_cell_is_a_formula() -> None:
    row = InboxRow(
        number="1",
        title="=HYPERLINK(1)",
        applicant_name="林知墨",
        task_name="受理",
        task_n=1,
        due_on=None,
        state=CaseState.OPEN,
        assignee_name="",
        case_id=None,  # type: ignore[arg-type]
        item=None,  # type: ignore[arg-type]
        role="",
        opened_at=NOW,
        applicant=Party(PartyKind.PERSON, None, "林知墨"),  # type: ignore[arg-type]
    )
    (cell,) = open_cells([row], {})
    assert cell[3] == "林*墨"
    written = write_table(OPEN_HEAD, [cell]).decode()
    assert written.startswith("\ufeff")
    assert "'=HYPERLINK(1)" in written
    assert "林知墨" not in written


def test_a_director_hands_on_from_the_list_of_a_unit(director: Client) -> None:
    case = make_case(local(2026, 11, 16))
    back = f"/desk/units/cases/?unit={BUREAU}&show=late"
    assert "改派选中的办件" in page(director, back)
    to = str(post_named("许研青").public_id)
    sent = {"task": f"{case.number}:{case.tasks[0].n}", "to": to, "reason": "请尽快办", "back": back}
    response = director.post("/desk/reassign/", sent)
    assert response["Location"] == f"{back}&handed=1&missed=0"
    assert "已改派 1 件" in words(director.get(response["Location"]))
    evil = director.post("/desk/reassign/", {**sent, "back": "https://elsewhere.example/"})
    assert evil["Location"].startswith("/desk/?")


def test_the_inbox_of_a_director_shows_the_subtree_with_its_units(director: Client) -> None:
    case = make_case(local(2026, 11, 16))
    shown = words(director.get("/desk/?show=under"))
    assert case.number in shown
    assert "墨溪区市场监管局" in shown
