"""数据湖: an analyst asks, a steward mends, on the page and on the command line."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import City, Doors
from tests.e2e.walking import press

SQL = "SELECT id_no, name, phone, address FROM person ORDER BY id_no LIMIT 5"
KEPT = {
    "各区县的人数": "SELECT division_code, count(*) AS n FROM person WHERE status IS NOT NULL GROUP BY division_code",
    "户别与最早的出生日期，按性别分开，给年度统计用的一条长名字": (
        "SELECT sex, household_kind, min(birth_date) AS first, count(DISTINCT id_no) AS people_with_an_identity_number "
        "FROM person GROUP BY ALL ORDER BY sex"
    ),
}


def write(page: Page, sql: str) -> None:
    """Type into the editor of a fresh page; over a selection Chromium itself would try a styled span."""
    page.goto("/desk/lake/query/")
    page.locator(".cm-content").click()
    page.keyboard.type(sql)
    page.keyboard.press("Escape")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_an_analyst_asks_and_sees_masks(visit: Doors, width: str) -> None:
    person = visit("shuju", width=width)
    page = person.page
    page.goto("/desk/lake/")
    expect(page.get_by_role("link", name="常住人口基本信息")).to_be_visible()
    person.look("lake-tables")
    page.goto("/desk/lake/tables/person/")
    expect(page.get_by_role("heading", name="常住人口基本信息")).to_be_visible()
    person.look("lake-table")
    page.get_by_role("link", name="查这张表").click()
    expect(page.locator(".cm-content")).to_contain_text("FROM person")
    write(page, SQL)
    page.get_by_label("用途").select_option("数据质量核查")
    press(page, "运行查询")
    answer = page.locator("#answer")
    expect(answer).to_be_visible()
    expect(answer.get_by_text(re.compile(r"^\d{4}\*{10}\w{4}$"))).to_have_count(5)
    person.look("lake-answer")
    write(page, "SELECT household_kind, count(*) AS n FROM person GROUP BY household_kind ORDER BY n DESC")
    page.get_by_text("保存这条查询").click()
    page.get_by_label("图表").select_option("bar")
    page.get_by_label("用途").select_option("统计分析")
    press(page, "运行查询")
    expect(page.locator("figure.chart canvas")).to_be_visible()
    person.look("lake-query")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_rows_are_looked_up_without_a_query(visit: Doors, width: str) -> None:
    person = visit("shuju", width=width)
    page = person.page
    page.goto("/desk/lake/tables/person/")
    page.get_by_role("link", name="找几行看看").click()
    page.get_by_label("信息项").select_option("address")
    page.get_by_label("怎样符合").select_option("holds")
    page.get_by_label("内容").fill("金安区")
    page.get_by_label("用途").select_option("数据质量核查")
    press(page, "找")
    expect(page.locator("#answer tbody tr").first).to_be_visible()
    assert "金安区" not in page.url
    person.look("lake-find")


def test_a_wrong_query_stays_in_the_editor(visit: Doors) -> None:
    person = visit("shuju")
    page = person.page
    write(page, "SELECT * FROM read_csv('/etc/passwd')")
    page.get_by_label("用途").select_option("统计分析")
    press(page, "运行查询")
    expect(page.get_by_role("alert")).to_contain_text("没有查成")
    expect(page.locator(".cm-content")).to_contain_text("read_csv")
    person.look("lake-refused")


def test_without_a_script_the_query_is_a_plain_form(visit: Doors) -> None:
    person = visit("shuju", script=False)
    page = person.page
    page.goto("/desk/lake/query/")
    page.get_by_label("查询语句").fill("SELECT count(*) AS n FROM firm")
    page.get_by_label("用途").select_option("统计分析")
    page.get_by_role("button", name="运行查询").click()
    expect(page.locator("#answer")).to_contain_text("400")


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_row_that_cannot_land_is_put_right(visit: Doors, city: City, width: str) -> None:
    file = city.var / "inbox" / "people.csv"
    text = file.read_text("utf-8").replace("1989-11-27", f"1989-13-{27 if width == 'wide' else 28}", 1)
    file.write_text(re.sub(r"1989-13-\d\d,", f"1989-13-{27 if width == 'wide' else 28},", text), encoding="utf-8")
    gathered = city.command("lake", "gather", "person_file")
    assert gathered.returncode == 0, gathered.stderr
    assert re.search(r"331 = 330 \+ 1", gathered.stdout), gathered.stdout
    person = visit("shuju", width=width)
    page = person.page
    page.goto("/desk/lake/sources/")
    person.look("lake-sources")
    page.goto("/desk/lake/quarantine/")
    person.look("lake-quarantine")
    page.get_by_role("link", name=re.compile("处理第")).first.click()
    page.get_by_label("用途").fill("更正归集数据")
    press(page, "打开这一行")
    birth = page.get_by_label("出生日期")
    expect(birth).to_have_value(re.compile("1989-13"))
    person.look("lake-mend")
    birth.fill("1989-11-27")
    press(page, "重放这一行")
    expect(page.get_by_text("已重放，这一行入了湖。")).to_be_visible()


def test_a_gathering_asked_for_on_the_page_appears_by_itself(visit: Doors) -> None:
    person = visit("shuju")
    page = person.page
    page.goto("/desk/lake/sources/case_view/")
    before = page.get_by_role("link", name=re.compile("case_view")).count()
    press(page, "现在归集")
    expect(page.get_by_role("link", name=re.compile("case_view"))).to_have_count(before + 1, timeout=30_000)
    expect(page.locator("[data-renew]")).to_have_count(0, timeout=30_000)


def test_the_command_line_asks_as_an_officer(city: City) -> None:
    sql = "SELECT count(*) AS n FROM firm"
    asked = city.command("lake", "query", sql, "--as", "shuju", "--purpose", "统计分析", "--json")
    assert asked.returncode == 0, asked.stderr
    assert '"n": 400' in asked.stdout
    refused = city.command("lake", "query", "DROP TABLE firm", "--as", "shuju", "--purpose", "统计分析")
    assert refused.returncode != 0
    assert "SELECT" in refused.stderr


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_the_path_of_a_column_is_drawn(visit: Doors, width: str) -> None:
    person = visit("shuju", width=width)
    page = person.page
    page.goto("/desk/lake/query/")
    token = page.locator("form.query-form input[name=csrfmiddlewaretoken]").input_value()
    for title, sql in KEPT.items():
        form: dict[str, str | float | bool] = {
            "csrfmiddlewaretoken": token,
            "text": sql,
            "title": title,
            "purpose": "统计分析",
            "do": "save",
        }
        sent = page.request.post("/desk/lake/query/", form=form, headers={"Referer": page.url})
        assert sent.ok, sent.text()
    page.goto("/desk/lake/tables/person/")
    page.get_by_role("link", name="逐列看来龙去脉").click()
    expect(page.locator("svg.flow")).to_be_visible()
    person.look("lake-lineage")
    page.get_by_role("table").get_by_role("link", name="行政区划代码").click()
    expect(page.locator("#path")).to_contain_text("各区县的人数")
    expect(page.locator("svg.flow rect.on").first).to_be_attached()
    person.look("lake-lineage-column")
    for table in ("service_case", "service_item"):
        page.goto(f"/desk/lake/tables/{table}/lineage/")
        person.look(f"lake-lineage-{table}")
