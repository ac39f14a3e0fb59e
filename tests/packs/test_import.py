"""Item lists of other places: every row is taken over or listed with its reason. The lists here are made up."""

import csv
import json
import shutil
import tomllib
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.packs.actions import load_pack
from shuzheng.packs.errors import ListFormatUnknown, ListUnreadable, WouldReplaceItems
from shuzheng.packs.foreign.importing import import_items
from shuzheng.packs.queries import check_pack
from shuzheng.services.items.queries import get_guide, get_unit
from tests.packs.conftest import HOME, TEMPLATE

LISTS = Path(__file__).parent / "lists"
NETWORK, DISTRICT = LISTS / "network.jsonl", LISTS / "district.csv"
REAL = HOME.parent / "shared" / "data" / "service-items"
AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
BODY = "11990100MBY000037A"


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def guides(folder: Path) -> dict[str, Any]:
    found = tomllib.loads((folder / "guides.toml").read_text("utf-8")).get("guide", [])
    return {guide["basic_code"]: guide for guide in found}


class TestNetwork:
    def test_every_row_is_taken_over_or_listed_with_line_and_reason(self, tmp_path: Path) -> None:
        report = import_items(NETWORK, tmp_path / "new")
        assert (report.format, report.read, report.imported) == ("gd-jsonl", 12, 6)
        assert report.read == report.imported + len(report.not_understood)
        assert {r.line: r.what for r in report.not_understood} == {
            3: "这一行不是 JSON 对象",
            7: "TASK_CODE 不是 31 位或 33 位的实施编码",
            8: "不认识事项类型“行政魔法”",
            9: "TASK_CODE 与第 1 行相同",
            10: "TASK_CODE 的层级 9（不认识）不在省到村之间",
            11: "没有 TASK_NAME",
        }

    def test_codes_of_business_items_keep_their_two_digits(self, tmp_path: Path) -> None:
        import_items(NETWORK, tmp_path)
        items = {row["basic_code"]: row for row in rows(tmp_path / "items.csv")}
        assert {"99010100200101", "99010100200102", "990120001001"} <= set(items)
        units = {row["unit"] for row in rows(tmp_path / "implementing_overrides.csv")}
        assert f"{BODY}399010100200101" in units

    def test_two_bodies_of_one_item_are_two_units_and_keep_what_differs(self, tmp_path: Path) -> None:
        import_items(NETWORK, tmp_path)
        [item] = [row for row in rows(tmp_path / "items.csv") if row["basic_code"] == "990120001001"]
        assert (item["levels"], item["promised_days"], item["kind"]) == ("city;county", "5", "10")
        units = [row for row in rows(tmp_path / "implementing_overrides.csv") if row["unit"].endswith("990120001001")]
        assert [(u["act"], u["promised_days"], u["visits"], u["address"]) for u in units] == [
            ("add", "", "", "样例市桥西路1号"),
            ("add", "3", "1", "墨溪区砚台街2号"),
        ]
        papers = [r for r in rows(tmp_path / "materials.csv") if r["basic_code"] == "990120001001"]
        assert [(p["seq"], p["name"], p["condition_zh"]) for p in papers] == [
            ("1", "备案表", ""),
            ("2", "场所照片", ""),
            ("3", "租赁合同", "在墨溪区市场监管局办理的"),
        ]
        assert guides(tmp_path)["990120001001"]["conditions_zh"] == [
            "有固定场所",
            "在墨溪区市场监管局办理的：场所在本区",
        ]

    def test_days_are_read_and_what_is_doubtful_is_said(self, tmp_path: Path) -> None:
        report = import_items(NETWORK, tmp_path)
        days = {r["basic_code"]: (r["legal_days"], r["promised_days"]) for r in rows(tmp_path / "items.csv")}
        assert days["99010100200101"] == ("21", "21")
        assert days["99010100200102"] == ("", "5")
        assert days["992130001001"] == ("", "20")
        said = [(remark.line, remark.what) for remark in report.remarks]
        assert (4, "handle_time 30 个自然日，按每周 5 天折成 21 个工作日") in said
        assert (5, "看不懂 handle_time“约一周”，按没有写") in said
        assert (1, "只留第一个主题，另有：创业") in said
        assert (12, "“从没见过的主题”不在同一目录的 theme.txt 里") in said

    def test_a_body_code_with_a_wrong_check_character_keeps_the_item_and_says_so(self, tmp_path: Path) -> None:
        report = import_items(NETWORK, tmp_path)
        assert any(row["basic_code"] == "992130002001" for row in rows(tmp_path / "items.csv"))
        assert not [
            r for r in rows(tmp_path / "implementing_overrides.csv") if r["unit"].startswith("11990100MBY000037B")
        ]
        assert [r.line for r in report.remarks if "校验位不对" in r.what] == [13]

    def test_columns_without_a_place_are_listed_and_new_ones_named(self, tmp_path: Path) -> None:
        report = import_items(NETWORK, tmp_path)
        assert report.unknown_columns == ("new_column",)
        assert set(report.unused_columns) == {"new_column", "courier_service"}

    def test_line_breaks_in_names_do_not_reach_the_pack(self, tmp_path: Path) -> None:
        import_items(NETWORK, tmp_path)
        assert "茶事咨询 与指引" in {row["name"] for row in rows(tmp_path / "items.csv")}

    @pytest.mark.django_db
    def test_what_was_imported_loads_beside_the_bodies_it_names(self, pack: Path) -> None:
        import_items(NETWORK, pack / "imported")
        for name in ("items.csv", "materials.csv", "implementing_overrides.csv"):
            merge(pack / name, pack / "imported" / name)
        with (pack / "guides.toml").open("a", encoding="utf-8") as opened:
            opened.write((pack / "imported" / "guides.toml").read_text("utf-8"))
        shutil.rmtree(pack / "imported")
        assert check_pack(pack) == ()
        load_pack(pack, actor=SYSTEM, at=AT)
        unit = get_unit(f"{BODY}399010100200102")
        assert (unit.organization_name, unit.item) == ("市市场监管局", "99010100200102")
        assert get_guide("990120001001").materials[2].condition == "在墨溪区市场监管局办理的"


class TestDistrict:
    def test_rows_are_taken_over_or_listed(self, tmp_path: Path) -> None:
        report = import_items(DISTRICT, tmp_path)
        assert (report.format, report.read, report.imported, report.codes_given) == ("sc-csv", 9, 6, 4)
        assert {r.line: r.what for r in report.not_understood} == {
            8: "不认识 taskType“77”",
            9: "没有 name",
            10: "itemCode 与第 4 行相同",
        }

    def test_codes_of_another_shape_are_replaced_and_kept_beside(self, tmp_path: Path) -> None:
        import_items(DISTRICT, tmp_path)
        codes = {row["name"]: row["basic_code"] for row in rows(tmp_path / "items.csv")}
        assert codes == {
            "茶园登记（新办）": "990190001001",
            "茶园登记（变更）": "990190001002",
            "茶价咨询": "992012002012",
            "茶艺辅导": "99201200200013",
            "茶农补助": "990590002000",
            "茶市,早市": "992090003000",
        }
        source = {row["name"]: row["source_code"] for row in rows(tmp_path / "items.csv")}
        assert source["茶农补助"] == "G-000007-001-008779522"

    def test_a_code_once_given_stays_when_the_list_grows(self, tmp_path: Path) -> None:
        import_items(DISTRICT, tmp_path / "pack")
        before = {row["source_code"]: row["basic_code"] for row in rows(tmp_path / "pack" / "items.csv")}
        head, *body = DISTRICT.read_text("utf-8").splitlines(keepends=True)
        grown = tmp_path / "grown.csv"
        new = "区茶业局,茶园登记,茶园登记（注销）,990102000000,991A0138000002-990102000000-000-1-1-00,1,1\n"
        grown.write_text(head + new + "".join(reversed(body)), "utf-8")
        import_items(grown, tmp_path / "pack", replace=True)
        after = {row["source_code"]: row["basic_code"] for row in rows(tmp_path / "pack" / "items.csv")}
        assert before.items() <= after.items()
        assert len(after) == len(before) + 1 == len(set(after.values()))

    def test_the_bodies_to_be_named_are_listed_with_their_codes(self, tmp_path: Path) -> None:
        report = import_items(DISTRICT, tmp_path)
        assert report.bodies[0] == ("区茶业局", "008779522", 3)


class TestRefusals:
    def test_a_folder_with_items_is_not_written_over(self, pack: Path) -> None:
        before = {file.name: file.read_bytes() for file in pack.glob("*.*")}
        with pytest.raises(WouldReplaceItems):
            import_items(NETWORK, pack)
        assert {file.name: file.read_bytes() for file in pack.glob("*.*")} == before

    def test_a_file_of_no_known_shape_is_refused_with_the_shapes(self, tmp_path: Path) -> None:
        with pytest.raises(ListFormatUnknown) as refused:
            import_items(TEMPLATE / "items.csv", tmp_path / "new")
        assert "gd-jsonl、sc-csv" in refused.value.message
        assert not (tmp_path / "new").exists()

    @pytest.mark.parametrize("content", [None, b"\x00\x01"])
    def test_what_cannot_be_read_is_said(self, tmp_path: Path, content: bytes | None) -> None:
        file = tmp_path / "list.jsonl"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(ListUnreadable):
            import_items(file, tmp_path / "new")
        assert not (tmp_path / "new").exists()

    def test_an_empty_list_gives_an_empty_pack_when_its_shape_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "empty.jsonl").write_text("", "utf-8")
        report = import_items(tmp_path / "empty.jsonl", tmp_path / "new", shape="gd-jsonl")
        assert (report.read, report.written["items.csv"]) == (0, 0)


class TestCommand:
    def test_the_report_is_said_and_the_exit_code_tells_of_rows_left(self, tmp_path: Path) -> None:
        out = StringIO()
        with pytest.raises(SystemExit) as left:
            call_command("pack", "import-items", str(NETWORK), to=str(tmp_path / "new"), stdout=out)
        assert left.value.code == 6
        assert "读到 12 行 = 转入 6 + 没看懂 6" in out.getvalue()
        assert "第 8 行" in out.getvalue()
        assert "不认识的列：new_column" in out.getvalue()

    def test_a_program_gets_all_of_it(self, tmp_path: Path) -> None:
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("pack", "import-items", str(DISTRICT), "--to", str(tmp_path / "new"), "--json", stdout=out)
        report = json.loads(out.getvalue())
        assert (report["read"], report["imported"], len(report["not_understood"])) == (9, 6, 3)
        assert report["written"]["items.csv"] == 6


@pytest.mark.parametrize(
    ("name", "count", "items", "units"),
    [("gd_service_items_2262.jsonl", 2_262, 2_208, 2_256), ("sc_district_service_items.csv", 1_135, 1_135, 0)],
)
def test_nothing_valid_of_the_real_lists_is_dropped(
    tmp_path: Path, name: str, count: int, items: int, units: int
) -> None:
    if not (REAL / name).is_file():
        pytest.skip(f"the real list {name} is not here")
    report = import_items(REAL / name, tmp_path)
    assert (report.read, report.imported, report.not_understood) == (count, count, ())
    written = rows(tmp_path / "items.csv")
    assert len(written) == len({row["basic_code"] for row in written}) == items
    assert len(rows(tmp_path / "implementing_overrides.csv")) == units
    own = {"items.csv", "materials.csv", "guides.toml"}
    form = [f for f in check_pack(tmp_path) if f.file in own and "没有实施机构" not in f.what]
    assert form == []


def merge(into: Path, other: Path) -> None:
    """Append the rows of a CSV file to another with the same columns or fewer."""
    there, more = rows(into), rows(other)
    columns = list(dict.fromkeys([*there[0], *(more[0] if more else ())]))
    with into.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*there, *more])
