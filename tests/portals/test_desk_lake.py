"""The lake at the desk: tables, gathering, quarantine, queries; what may be seen is decided by the gate alone."""

import base64
import csv
import html
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client
from python_calamine import CalamineWorkbook

from shuzheng.base.access.models import BulkReading
from shuzheng.base.directory.actions import add_machine
from shuzheng.base.directory.models import Post
from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.types import SYSTEM, OrgId
from shuzheng.engines.lake.actions import check_quality, discover, gather, gather_asked, seal_asked
from shuzheng.engines.lake.models import Batch, GatherRequest, Proposal, Quarantined, QueryRecord, SavedQuery, Sealing
from shuzheng.engines.lake.queries import inbox
from shuzheng.engines.lake.queries.waiting import progress_file
from shuzheng.engines.lake.types.tables import TableCode
from tests.portals.conftest import AT
from tests.portals.walking import at_desk

HEAD = "公民身份号码,姓名,性别,出生日期,行政区划,住址,手机号,月收入"
GOOD = (
    "990102198603149917,林知墨,男,1986-03-14,990102,样例省样例市墨溪区松烟村1号,19999980001,3000.00",
    "990122197911029926,周砚秋,女,1979-11-02,990102,样例省样例市墨溪区松烟村2号,19999980002,4000.00",
)
BAD = "123,短号人,男,1990-13-40,990102,某处,19999980003,1.00"
QUERY = "/desk/lake/query/"


@pytest.fixture
def lake(city: None, settings: LazySettings, tmp_path: Path) -> None:
    """The template city with one gathered file: two rows land, one is quarantined."""
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(**(values | {"var_dir": tmp_path}))
    put(HEAD, *GOOD, BAD)
    gather("person_file", actor=SYSTEM, at=AT)


def put(*lines: str) -> None:
    file = inbox() / "population" / "person.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def bureau() -> Client:
    """The director of the data bureau, in that post."""
    client = at_desk("juzhang")
    post = Post.objects.get(name="局长")
    client.post("/desk/post/", {"post": str(post.public_id)})
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content[:300]
    return response.content.decode()


def ask(client: Client, sql: str, purpose: str = "统计分析", **more: str) -> tuple[int, str]:
    response = client.post(QUERY, {"text": sql, "purpose": purpose, "do": "run", **more})
    return response.status_code, response.content.decode()


@pytest.mark.django_db
def test_tables_are_found_by_name_column_and_unit(lake: None) -> None:
    client = bureau()
    assert "人口基本信息" in text(client, "/desk/lake/")
    assert "人口基本信息" in text(client, "/desk/lake/?q=手机号")
    assert "没有这样的数据表" in text(client, "/desk/lake/?q=没有")


@pytest.mark.django_db
def test_a_table_says_how_the_reader_sees_each_column(lake: None) -> None:
    check_quality("person", actor=SYSTEM, at=AT)
    page = text(bureau(), "/desk/lake/tables/person/")
    row = re.search(r"<tr><td><b>手机号</b>.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert "只看到首尾" in row[0]
    assert "3 = 2 + 1" in page
    stranger = text(at_desk("shouli"), "/desk/lake/tables/person/")
    assert "看不到" in stranger
    assert "查这张表" not in stranger


@pytest.mark.django_db
def test_a_batch_adds_up_and_its_bad_row_is_mended_for_a_purpose(lake: None) -> None:
    client = bureau()
    batch = Batch.objects.get()
    assert "一行不少" in text(client, f"/desk/lake/batches/{batch.public_id}/")
    row = Quarantined.objects.get()
    address = f"/desk/lake/quarantine/{row.public_id}/"
    assert "短号人" not in text(client, address)
    refused = client.post(address, {"do": "open", "purpose": ""})
    assert refused.status_code == 422
    assert "短号人" not in refused.content.decode()
    opened = client.post(address, {"do": "open", "purpose": "更正归集数据"}).content.decode()
    assert "短号人" in opened
    assert BulkReading.objects.get().purpose == "更正归集数据", "whom the row is about finds it in the reader log"
    assert ">出生日期<" in opened
    names = re.findall(r'name="(v-\d+)" type="text" value="([^"]*)"', opened)
    wrong = client.post(address, {"do": "mend", "purpose": "更正归集数据", **dict(names)})
    assert wrong.status_code == 422
    assert "短号人" in wrong.content.decode(), "nothing typed is lost"
    right = {"123": "990102193806219919", "1990-13-40": "1938-06-21"}
    values = {name: right.get(value, value) for name, value in names}
    mended = client.post(address, {"do": "mend", "purpose": "更正归集数据", **values})
    assert mended.status_code == 302
    row.refresh_from_db()
    assert row.state == "mended"
    assert "没有要处理的行" in text(client, "/desk/lake/quarantine/")


@pytest.mark.django_db
def test_a_row_is_discarded_with_a_reason_alone(lake: None) -> None:
    client = bureau()
    row = Quarantined.objects.get()
    address = f"/desk/lake/quarantine/{row.public_id}/"
    assert client.post(address, {"do": "discard", "purpose": "核对", "reason": ""}).status_code == 422
    assert client.post(address, {"do": "discard", "purpose": "核对", "reason": "测试数据"}).status_code == 302
    assert "已舍弃" in text(client, "/desk/lake/quarantine/?state=discarded")


@pytest.mark.django_db
def test_a_stranger_sees_no_row_of_the_quarantine(lake: None) -> None:
    client = at_desk("shouli")
    row = Quarantined.objects.get()
    assert "您现在的岗位不负责任何一张表" in text(client, "/desk/lake/quarantine/")
    assert client.get(f"/desk/lake/quarantine/{row.public_id}/").status_code == 403
    assert client.post("/desk/lake/sources/person_file/gather/").status_code == 403
    assert client.get(f"/desk/lake/batches/{UUID(int=0)}/").status_code == 404


@pytest.mark.django_db
def test_gathering_is_asked_for_once_and_done_by_the_loop(lake: None) -> None:
    client = bureau()
    for _ in range(2):
        assert client.post("/desk/lake/sources/person_file/gather/").status_code == 302
    assert GatherRequest.objects.count() == 1
    assert "data-renew" in text(client, "/desk/lake/sources/person_file/")
    put(HEAD, *GOOD)
    assert gather_asked(at=GatherRequest.objects.get().asked_at) == 1
    assert not GatherRequest.objects.exists()
    assert Batch.objects.count() == 2
    done = text(client, "/desk/lake/sources/person_file/")
    assert "2 = 2 + 0" in done
    assert "data-renew" not in done
    assert "2 = 2 + 0" in text(client, "/desk/lake/sources/")


@pytest.mark.django_db
def test_a_query_is_masked_logged_and_drawn(lake: None) -> None:
    client = bureau()
    status, page = ask(client, "SELECT id_no, name, mobile FROM person ORDER BY id_no", "数据质量核查")
    assert status == 200
    assert "9901**********9917" in page
    assert "990102198603149917" not in page
    assert "199****0001" in page
    assert BulkReading.objects.get().count == 2
    status, page = ask(client, "SELECT sex, count(*) AS n FROM person GROUP BY sex", chart="bar")
    assert status == 200
    assert 'data-chart="answer"' in page
    assert QueryRecord.objects.count() == 2


@pytest.mark.django_db
def test_a_day_beyond_the_calendar_is_shown_as_text(lake: None) -> None:
    status, page = ask(bureau(), "SELECT make_date(12000, 1, 1) AS day, count(*) AS n FROM person")
    assert status == 200
    assert "12000-01-01" in page


@pytest.mark.django_db
def test_a_query_that_is_refused_keeps_its_text_and_says_why(lake: None) -> None:
    client = bureau()
    for sql in ("SELECT * FROM read_csv('/etc/passwd')", "DROP TABLE person", "SELECT", "SELECT monthly FROM person"):
        status, page = ask(client, sql)
        assert status in {403, 422}, sql
        assert "没有查成" in page
        assert "passwd" not in page.replace(sql.replace("'", "&#x27;"), "")
    status, page = ask(client, "SELECT count(*) FROM person", purpose="")
    assert status == 422
    assert "SELECT count(*) FROM person" in page
    status, _ = ask(at_desk("shouli"), "SELECT count(*) FROM person")
    assert status in {403, 404, 422}


@pytest.mark.django_db
def test_the_export_has_the_same_masks(lake: None) -> None:
    response = bureau().post(
        QUERY, {"text": "SELECT id_no, mobile FROM person", "purpose": "数据质量核查", "do": "export"}
    )
    assert response.status_code == 200
    body = response.content.decode("utf-8-sig")
    assert "9901**********9917" in body
    assert "19999980001" not in body


@pytest.mark.django_db
def test_a_query_is_kept_changed_and_deleted(lake: None) -> None:
    client = bureau()
    text_of = "SELECT count(*) AS n FROM person"
    assert ask(client, text_of, do="save", title="")[0] == 422
    saved = client.post(QUERY, {"text": text_of, "purpose": "统计分析", "do": "save", "title": "人数", "shared": "1"})
    assert saved.status_code == 302
    kept = SavedQuery.objects.get()
    page = text(client, f"/desk/lake/query/{kept.public_id}/")
    assert "人数" in page
    assert text_of in page
    assert at_desk("shouli").get(f"/desk/lake/query/{kept.public_id}/").status_code == 404
    gone = client.post(QUERY, {"saved": str(kept.public_id), "do": "delete", "text": text_of, "purpose": "统计分析"})
    assert gone.status_code == 302
    assert client.get(f"/desk/lake/query/{kept.public_id}/").status_code == 404


@pytest.mark.django_db
def test_a_proposed_grade_waits_for_a_person(lake: None) -> None:
    discover("person", actor=SYSTEM, at=AT)
    client = bureau()
    for proposal in Proposal.objects.filter(state="open"):
        address = f"/desk/lake/proposals/{proposal.pk}/"
        assert at_desk("shouli").post(address, {"do": "confirm"}).status_code == 403
        assert client.post(address, {"do": "decline", "reason": ""}).status_code == 422
        assert client.post(address, {"do": "decline", "reason": "演示"}).status_code == 302
    assert not Proposal.objects.filter(state="open").exists()


@pytest.mark.django_db
def test_a_confirmed_l4_is_masked_at_once_and_the_page_shows_the_sealing(lake: None) -> None:
    client, sql = bureau(), "SELECT address FROM person ORDER BY id_no"
    proposal = Proposal.objects.create(
        table="person",
        column="address",
        found="special",
        confidence=0.9,
        share=1,
        evidence={},
        grade="L4",
        mask="drop",
        reason="测试",
        state="open",
        version=1,
        at=AT,
    )
    assert "样例市" in ask(client, sql, "数据质量核查")[1]
    address = f"/desk/lake/proposals/{proposal.pk}/"
    assert at_desk("shouli").post(address, {"do": "confirm"}).status_code == 403
    confirmed = client.post(address, {"do": "confirm"})
    assert confirmed.status_code == 302
    page = text(client, confirmed["Location"])
    assert "已按 L4 遮盖" in page
    assert "改为加密存储" in page
    assert 'id="sealing" data-renew' in page
    assert "样例市" not in ask(client, sql, "数据质量核查")[1]
    progress_file(TableCode("person")).parent.mkdir(exist_ok=True)
    progress_file(TableCode("person")).write_text("[1, 2]")
    assert "已写 1 / 2 行" in text(client, "/desk/lake/tables/person/")
    assert seal_asked(actor=SYSTEM, at=AT) == 1
    page = text(client, "/desk/lake/tables/person/")
    assert "已加密" in page
    assert "data-renew" not in page
    assert "样例市" not in ask(client, sql, "数据质量核查")[1]
    assert seal_asked(actor=SYSTEM, at=AT + timedelta(minutes=11)) == 1
    assert "改为加密存储" not in text(client, "/desk/lake/tables/person/")
    assert client.post(address, {"do": "confirm"}).status_code == 409


@pytest.mark.django_db
def test_the_page_says_why_a_column_is_not_sealed_yet(lake: None) -> None:
    Sealing.objects.create(table="person", asked_by="某人", asked_at=AT, message="一直有新的数据入库")
    page = text(bureau(), "/desk/lake/tables/person/")
    assert "没有写成" in page
    assert "一直有新的数据入库。数据没有改动" in page


@pytest.mark.django_db
def test_quality_shows_scores_and_samples_go_through_the_gate(lake: None) -> None:
    client = bureau()
    put("坏的表头", "1")
    with pytest.raises(ShuzhengError):
        gather("person_file", actor=SYSTEM, at=AT)
    assert client.post("/desk/lake/tables/person/check/").status_code == 302
    scores = text(client, "/desk/lake/quality/")
    assert "最近一次归集成功" in scores
    assert "own.reached" not in scores, "no samples of what single rows do not break"
    sample = "/desk/lake/tables/person/failing/has_mobile/"
    assert "看二十行样例" in text(client, sample)
    assert client.post(sample, {"purpose": ""}).status_code == 422
    shown = client.post(sample, {"purpose": "数据质量核查"})
    assert shown.status_code == 200
    assert "没有不符合的行" in shown.content.decode()
    assert at_desk("shouli").post(sample, {"purpose": "数据质量核查"}).status_code in {403, 404, 422}


MASKED = ["9901**********9917", "林知墨", "199****0001", "样例省样例市墨溪区"]
SQL = "SELECT id_no, name, mobile, address FROM person WHERE name = '林知墨'"


def by_page(client: Client) -> list[str]:
    _, page = ask(client, SQL, "数据质量核查")
    table = re.search(r'<table class="tbl" id="answer">.*?</table>', page, re.DOTALL)
    assert table is not None
    return re.findall(r"<td>([^<]*)</td>", table[0])


def machine(*roles: str) -> dict[str, str]:
    """The header of a machine account of the data bureau."""
    made = add_machine(
        "lake", title="分析程序", organization=OrgId("11990100MBY0000455"), roles=roles, actor=SYSTEM, at=AT
    )
    pair = base64.b64encode(f"lake:{made.secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def by_api(client: Client) -> list[str]:
    asked = {"text": SQL, "purpose": "数据质量核查"}
    headers = machine("data_authority")
    answer = Client().post("/api/lake/query", asked, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    [row] = answer.json()["rows"]
    return [str(cell) for cell in row]


def by_export(client: Client) -> list[str]:
    response = client.post(QUERY, {"text": SQL, "purpose": "数据质量核查", "do": "export"})
    [_, row] = csv.reader(StringIO(response.content.decode("utf-8-sig")))
    return row


FIND = "/desk/lake/tables/person/find/"


def found(client: Client, status: int = 200, **given: str) -> list[dict[str, str]]:
    asked = {"column": "name", "match": "is", "text": "", "purpose": "数据质量核查"} | given
    response = client.post(FIND, asked)
    page = response.content.decode()
    assert response.status_code == status, page
    if 'id="answer"' not in page:
        return []
    table = page[page.index('id="answer"') :]
    names = re.findall(r'<span class="xs dim code">([a-z_]+)</span></th>', table)
    rows = [re.findall(r"<td[^>]*>(?:<span[^>]*>)?([^<]*)", row) for row in table.split("<tr>")[2:]]
    return [dict(zip(names, row, strict=True)) for row in rows]


def by_search(client: Client) -> list[str]:
    [row] = found(client, text="林知墨")
    return [row[name] for name in ("id_no", "name", "mobile", "address")]


def by_report(client: Client) -> list[str]:
    """A report is a saved query that another reader opens and runs."""
    asked = {"text": SQL, "purpose": "数据质量核查", "do": "save", "title": "名单", "shared": "1"}
    client.post(QUERY, asked)
    page = client.get(f"{QUERY}{SavedQuery.objects.get().public_id}/").content.decode()
    kept = re.search(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert kept is not None
    _, page = ask(client, html.unescape(kept[1]), "数据质量核查")
    table = re.search(r'<table class="tbl" id="answer">.*?</table>', page, re.DOTALL)
    assert table is not None
    return re.findall(r"<td>([^<]*)</td>", table[0])


def by_workbook(client: Client) -> list[str]:
    response = client.post(QUERY, {"text": SQL, "purpose": "数据质量核查", "do": "export_xlsx"})
    assert response["Content-Disposition"].endswith('.xlsx"')
    [_, row] = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    return [str(cell) for cell in row]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [by_page, by_api, by_export, by_workbook, by_search, by_report])
def test_one_reader_sees_the_same_cells_on_every_path(lake: None, path: Callable[[Client], list[str]]) -> None:
    assert path(bureau()) == MASKED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "match", "text", "names"),
    [
        ("name", "is", "", ["林知墨", "周砚秋"]),
        ("name", "begins", "周", ["周砚秋"]),
        ("address", "holds", "墨溪区", ["林知墨", "周砚秋"]),
        ("name", "holds", "'; --", []),
        ("birth_date", "is", "1979年11月2日", ["周砚秋"]),
        ("id_no", "is", "990102198603149917", []),
        ("id_no", "is", "9901**********9917", ["林知墨"]),
    ],
)
def test_rows_are_looked_up_among_what_the_reader_sees(
    lake: None, column: str, match: str, text: str, names: list[str]
) -> None:
    rows = found(bureau(), column=column, match=match, text=text)
    assert sorted(row["name"] for row in rows) == sorted(names)
    assert [one.count for one in BulkReading.objects.all()] == [len(names)] * bool(names)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "match", "text"),
    [
        ("birth_date", "holds", "1979"),
        ("birth_date", "is", "昨天"),
        ("no_such", "is", "1"),
    ],
)
def test_what_cannot_be_looked_up_is_said_and_kept(lake: None, column: str, match: str, text: str) -> None:
    page = bureau().post(FIND, {"column": column, "match": match, "text": text, "purpose": "数据质量核查"})
    assert page.status_code == 422
    assert f'value="{text}"' in page.content.decode()
    assert not BulkReading.objects.exists()


@pytest.mark.django_db
def test_rows_are_looked_up_by_nobody_without_a_grant(lake: None) -> None:
    assert at_desk("shouli").get(FIND).status_code in {403, 404}
    assert at_desk("shouli").post(FIND, {"column": "name", "text": "林知墨"}).status_code in {403, 404}


@pytest.mark.django_db
def test_samples_of_quality_have_the_masks_of_queries(lake: None) -> None:
    """A report, a search and samples are trees through the gate."""
    put(HEAD, *GOOD, "990102193806219919,陆听松,男,1938-06-21,990102,样例省样例市墨溪区松烟村3号,,1.00")
    gather("person_file", actor=SYSTEM, at=AT)
    sample = "/desk/lake/tables/person/failing/has_mobile/"
    page = bureau().post(sample, {"purpose": "数据质量核查"}).content.decode()
    table = page[page.index('id="answer"') :]
    names = re.findall(r'<span class="xs dim code">([a-z_]+)</span></th>', table)
    cells = re.findall(r"<td[^>]*>(?:<span[^>]*>)?([^<]*)", table)
    shown = dict(zip(names, cells, strict=True))
    assert (shown["id_no"], shown["address"]) == ("9901**********9919", "样例省样例市墨溪区")
    assert shown["monthly_income"] == "—"


LINEAGE = "/desk/lake/tables/person/lineage/"


def keep(client: Client, title: str, sql: str, **more: str) -> SavedQuery:
    asked = {"text": sql, "title": title, "purpose": "统计分析", "do": "save", **more}
    assert client.post(QUERY, asked).status_code == 302
    return SavedQuery.objects.get(title=title)


@pytest.mark.django_db
def test_the_lineage_of_a_column_goes_from_the_header_to_the_figure(lake: None) -> None:
    client = bureau()
    kept = keep(client, "按性别", "SELECT sex, count(*) AS heads FROM person WHERE mobile IS NOT NULL GROUP BY sex")
    page = text(client, LINEAGE)
    assert "svg" in page
    assert " style=" not in page.split("<main")[1]
    row = re.search(r"<tr><td><a [^>]*><b>性别</b>.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert f"/desk/lake/query/{kept.public_id}/" in row[0]
    assert "sex" in row[0]
    chosen = text(client, f"{LINEAGE}?column=mobile")
    path = chosen[chosen.index('id="path"') : chosen.index("</section>", chosen.index('id="path"'))]
    assert "手机号" in path
    assert "选出哪些行" in path
    assert "heads" not in path
    assert 'class="on"' in chosen
    assert "没有叫 nothing 的列" in text(client, f"{LINEAGE}?column=nothing")
    assert client.get("/desk/lake/tables/nothing/lineage/").status_code == 404


@pytest.mark.django_db
def test_the_lineage_names_no_query_the_reader_may_not_know(lake: None) -> None:
    keep(bureau(), "秘密的查询", "SELECT name AS hidden_output FROM person")
    keep(bureau(), "共享的查询", "SELECT name AS shared_output FROM person", shared="1")
    assert "hidden_output" in text(bureau(), LINEAGE)
    for other in (at_desk("juzhang"), at_desk("shouli")):
        page = text(other, LINEAGE)
        assert "姓名" in page
        for said in ("秘密的查询", "hidden_output", "共享的查询", "shared_output"):
            assert said not in page
    assert Client().get(LINEAGE).status_code == 302


@pytest.mark.django_db
def test_a_machine_is_told_the_lineage_of_the_columns_it_may_use(lake: None) -> None:
    address = "/api/lake/tables/person/lineage"
    found = {one["column"]: one for one in Client().get(address, headers=machine("data_authority")).json()}
    assert found["mobile"]["sources"][0]["source"] == "person_file"
    assert "checked" in {how for use in found["mobile"]["uses"] for how in use["how"]}
    assert Client().get(address).status_code == 401


@pytest.mark.django_db
def test_the_api_tells_what_may_be_asked_and_refuses_the_rest(lake: None) -> None:
    headers = machine("data_authority")
    [table] = Client().get("/api/lake/tables", headers=headers).json()
    assert table["code"] == "person"
    assert {one["name"]: one["mask"] for one in table["columns"]}["mobile"] == "keep_ends"
    assert Client().get("/api/lake/tables").status_code == 401
    assert bureau().get("/api/lake/tables").status_code == 401
    wrong = {"text": "SELECT * FROM duckdb_tables()", "purpose": "统计分析"}
    refused = Client().post("/api/lake/query", wrong, content_type="application/json", headers=headers)
    assert refused.status_code == 422
    assert refused.json()["code"] == "lake.query_refused"


@pytest.mark.django_db
def test_a_machine_without_a_grant_is_told_so(lake: None) -> None:
    headers = machine("service_window")
    assert Client().get("/api/lake/tables", headers=headers).json() == []
    assert Client().get("/api/lake/tables/person/lineage", headers=headers).status_code == 403
    asked = {"text": SQL, "purpose": "统计分析"}
    answer = Client().post("/api/lake/query", asked, content_type="application/json", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "lake.grant_missing"
