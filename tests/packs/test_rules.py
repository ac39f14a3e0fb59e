"""Reading bytes into rows, and rows against the format: no database."""

import csv
import io
import tomllib
from typing import Any

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel.pack import PackRows, Row, Table
from shuzheng.packs.format import FORMAT, find_format
from shuzheng.packs.format.kinds import Column, FileFormat, Kind, TableFormat
from shuzheng.packs.rules.csv_rows import read_csv
from shuzheng.packs.rules.info import check_info, info_as_json, info_from_json, read_info
from shuzheng.packs.rules.structure import check_columns, check_csv_rows, check_files, check_keys, check_toml_rows
from shuzheng.packs.rules.text import read_text
from shuzheng.packs.rules.toml_rows import read_toml
from shuzheng.packs.rules.values import check_cell, check_value
from tests.packs.conftest import LUAN, TEMPLATE


class TestText:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_the_encodings_people_save_in_are_read(self, encoding: str) -> None:
        assert read_text("a.csv", "code,name\r\n1,餐饮".encode(encoding)) == ("code,name\n1,餐饮", [])

    def test_utf_16_is_refused_with_what_to_do(self) -> None:
        [fault] = read_text("a.csv", "餐饮".encode("utf-16"))[1] or read_text("a.csv", "ab".encode("utf-16"))[1]
        assert "UTF-8" in fault.remedy

    def test_bytes_of_no_encoding_are_refused_at_their_line(self) -> None:
        text, [fault] = read_text("a.csv", b"code\nabc\n\xff\xff\xff\n")
        assert (text, fault.line) == ("", 3)

    def test_utf_8_with_one_broken_character_is_not_taken_for_gb_18030(self) -> None:
        content = ("编码,名称\n" + "1,食品经营许可和备案\n" * 3).encode()
        spoilt = content[:40] + content[41:]
        text, [fault] = read_text("a.csv", spoilt)
        assert (text, fault.line) == ("", 2)


class TestCsv:
    def test_a_row_knows_its_line_after_cells_with_line_breaks(self) -> None:
        rows = read_csv("a.csv", 'code,name\n1,"two\nlines\nmore"\n\n2,next\n').rows
        assert [(row.line, row.text("code")) for row in rows] == [(2, "1"), (6, "2")]

    def test_blanks_around_cells_and_blank_lines_do_not_matter(self) -> None:
        rows = read_csv("a.csv", "code , name\n 1,\t甲　\n , \n").rows
        assert [dict(row.values) for row in rows] == [{"code": "1", "name": "甲"}]

    @pytest.mark.parametrize(
        ("text", "line", "word"),
        [
            ("", 1, "空"),
            ("a,b,a\n1,2,3\n", 1, "列名重复"),
            ("a,b\n1,2\n3\n", 3, "1 格"),
            ("a,b\n1,2,3\n", 2, "3 格"),
            ('a,b\n1,2\n3,"4\n5,6\n', 3, "引号"),
            ('a,b\n1,"2"x\n', 2, "引号"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_line(self, text: str, line: int, word: str) -> None:
        [fault] = read_csv("a.csv", text).faults
        assert (fault.line, word in fault.what) == (line, True)
        assert fault.remedy

    def test_a_bad_row_does_not_hide_the_rows_after_it(self) -> None:
        found = read_csv("a.csv", "a,b\n1\n2,3\n")
        assert [row.text("a") for row in found.rows] == ["1", "2"]

    cell = st.text(
        st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=("Cc", "Zs", "Zl", "Zp"))
    )

    @given(st.lists(st.lists(cell | st.just('"'), min_size=2, max_size=2), max_size=5))
    def test_what_a_csv_writer_writes_comes_back(self, table: list[list[str]]) -> None:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([["a", "b"], *table])
        found = read_csv("t.csv", out.getvalue())
        assert not found.faults
        assert [list(row.values.values()) for row in found.rows] == [r for r in table if any(r)]


FORMS_TEXT = '''# a comment with [[form]] in it
title = """
[[form]] in a text
"""
"a.b" = { from = "x", many = [
  1, 2 ] }

[portals]  # names
resident = "甲"

[[form]]
name = "one"
list = [
  ["[[form]]"],
]
  [[form.section]]
  title = '[[x]] \\'

    [[form.section.field]]
    name = "f1"

    [[form.section.field]]
    name = "f2"

[[form]]
name = "two"

  [[form.section]]
  title = "s"
  [form.section.more]
  x = 1
'''


class TestToml:
    def test_every_table_knows_its_line(self) -> None:
        rows = read_toml("f.toml", FORMS_TEXT).rows
        assert [(row.table, row.line) for row in rows] == [
            ("", 2),
            ("a.b", 5),
            ("portals", 8),
            ("form", 11),
            ("form", 25),
        ]
        first, second = rows[3], rows[4]
        [section] = first.tables("section")
        fields = section["field"]
        assert isinstance(fields, list)
        assert (section.line, [f.line for f in fields]) == (16, [19, 22])
        [section] = second.tables("section")
        more = section["more"]
        assert isinstance(more, Table)
        assert (section.line, more.line) == (28, 30)

    def test_the_values_are_those_of_a_toml_reader(self) -> None:
        document = tomllib.loads(FORMS_TEXT)
        rows = read_toml("f.toml", FORMS_TEXT).rows
        assert [dict(row.values) for row in rows if row.table == "form"] == document["form"]
        assert [dict(row.values) for row in rows if row.table == "portals"] == [document["portals"]]

    @pytest.mark.parametrize("pack", [TEMPLATE, LUAN], ids=lambda p: p.name)
    def test_every_form_of_the_packs_is_found_where_it_stands(self, pack: Any) -> None:
        text = (pack / "forms.toml").read_text("utf-8")
        lines = text.split("\n")
        for row in read_toml("forms.toml", text).rows:
            assert lines[row.line - 1] == "[[form]]"
            for section in row.tables("section"):
                assert lines[section.line - 1].strip() == "[[form.section]]"
                for field in Row("", 1, section).tables("field"):
                    assert lines[field.line].strip() == f'name = "{field["name"]}"'

    @pytest.mark.parametrize(
        ("text", "line"),
        [("a = 1\na = 2\n", 2), ("a = 1\nb = x\n", 2), ("[a\n", 1), ('a = """', 1)],
    )
    def test_a_slip_of_writing_is_said_with_its_line(self, text: str, line: int) -> None:
        found = read_toml("a.toml", text)
        assert [fault.line for fault in found.faults] == [line]
        assert not found.rows

    key = st.text(st.sampled_from("abc.é 'x\\\"#[]=餐"), min_size=1)
    text = st.text(st.sampled_from("a[]{}='\"\\#\n餐 "))

    @given(st.dictionaries(key, text, min_size=1, max_size=6))
    def test_any_key_with_any_text_keeps_its_line(self, values: dict[str, str]) -> None:
        written = []
        for name, value in values.items():
            written.append(f'{quoted(name)} = {{ v = """{escaped(value)}""" }}\n')
        found = read_toml("a.toml", "".join(written))
        line, expected = 1, []
        for name, statement in zip(values, written, strict=True):
            expected.append((name, line, values[name]))
            line += statement.count("\n")
        assert [(row.table, row.line, row.values["v"]) for row in found.rows] == expected


def quoted(text: str) -> str:
    return '"' + escaped(text).replace("\n", "\\n") + '"'


def escaped(text: str) -> str:
    return (
        text.replace("\\", "\\\\").replace('"', '\\"').removeprefix("\n")
        if text[:1] != "\n"
        else "\\n" + escaped(text[1:])
    )


class TestStructure:
    def test_a_strange_file_is_named_with_the_one_probably_meant(self) -> None:
        [fault] = [f for f in check_files([*PLAIN, "item.csv"]) if "不认识" in f.what]
        assert (fault.file, fault.remedy) == ("item.csv", "是不是想写 items.csv")

    def test_files_that_must_be_there_are_missed(self) -> None:
        assert [f.file for f in check_files(name for name in PLAIN if name != "people.csv")] == ["people.csv"]

    def test_columns_are_missed_and_strange_ones_named(self) -> None:
        file = find_format("posts.csv")
        assert file is not None
        faults = check_columns(file, "posts.csv", ["person_id", *(c.name for c in file.columns[1:])])
        assert [f.what for f in faults] == ["不认识列 person_id", "缺少列：person_id_no"]
        assert faults[0].remedy == "是不是想写 person_id_no"

    def test_the_same_key_twice_is_said_at_the_second(self) -> None:
        rows = [Row("a.csv", n, {"a": a, "b": "1"}) for n, a in ((2, "x"), (3, "y"), (4, "x"))]
        assert [(f.line, "第 2 行" in f.what) for f in check_keys(("a", "b"), rows)] == [(4, True)]

    def test_rows_without_any_key_are_not_called_the_same(self) -> None:
        assert not check_keys(("a",), [Row("a.csv", 2, {"a": ""}), Row("a.csv", 3, {"a": ""})])

    @pytest.mark.parametrize(
        ("column", "good", "bad"),
        [
            (Column("x", "", Kind.INTEGER), "20", "2.5"),
            (Column("x", "", Kind.NUMBER), "-1.50", "1,5"),
            (Column("x", "", Kind.BOOLEAN), "true", "是"),
            (Column("x", "", Kind.DATE), "2024-02-29", "2023-02-29"),
            (Column("x", "", Kind.DATE), "2024-02-29", "20240229"),
            (Column("x", "", Kind.CHOICE, ("a", "b")), "a", "c"),
            (Column("x", "", Kind.CHOICES, ("a", "b")), "a;b", "a;c"),
            (Column("x", "", Kind.JSON), '{"a":1}', "[1]"),
            (Column("x", ""), "任何", ""),
        ],
    )
    def test_a_cell_is_of_its_kind(self, column: Column, good: str, bad: str) -> None:
        row = Row("a.csv", 7, {})
        assert not check_cell(row, column, good)
        [fault] = check_cell(row, column, bad)
        assert (fault.file, fault.line, fault.what.startswith("x ")) == ("a.csv", 7, True)
        assert fault.remedy

    @pytest.mark.parametrize(
        ("kind", "good", "bad"),
        [
            (Kind.INTEGER, 1, True),
            (Kind.INTEGER, 1, "1"),
            (Kind.BOOLEAN, False, 0),
            (Kind.LIST, ["a"], "a"),
            (Kind.TEXT, "a", 1),
            (Kind.NUMBER, 1.5, "x"),
        ],
    )
    def test_a_toml_value_is_of_its_kind(self, kind: Kind, good: object, bad: object) -> None:
        row = Row("a.toml", 1, {})
        assert not check_value(row, Column("x", "", kind), good)
        assert len(check_value(row, Column("x", "", kind), bad)) == 1

    def test_tables_and_keys_of_toml_are_checked_to_the_bottom(self) -> None:
        inner = TableFormat("q", "", (Column("name", ""),), key=("name",), required=True)
        file = FileFormat("t.toml", "", tables=(TableFormat("f", "", (Column("id", ""),), (inner,), key=("id",)),))
        first = '[[f]]\nid="a"\n[[f.q]]\nname="x"\n[[f.q]]\nname="x"\nnmae="y"\n'
        text = first + '[[f]]\nid="a"\n[[g]]\nz=1\n[[f]]\nid="b"\nq=["x"]\n'
        faults = check_toml_rows(file, "t.toml", read_toml("t.toml", text).rows)
        assert sorted((f.line, f.what) for f in faults) == [
            (5, " [[q]] 里不认识键 nmae"),
            (5, "name 与第 3 行重复"),
            (8, " [[f]] 里一张 q 也没有"),
            (8, "id 与第 1 行重复"),
            (10, "不认识表 g"),
            (12, "f.q 应当写成表"),
        ]

    def test_a_row_is_checked_even_when_columns_are_missing(self) -> None:
        file = FileFormat("a.csv", "", (Column("a", ""), Column("b", "", Kind.INTEGER)), key=("a",))
        assert [f.what for f in check_csv_rows(file, [Row("a.csv", 2, {"b": "x"})])] == ["b 应当是整数"]


class TestFormat:
    def test_no_file_is_declared_twice(self) -> None:
        names = [file.name for file in FORMAT]
        assert len(names) == len(set(names))

    def test_folders_are_not_mixed_up(self) -> None:
        assert find_format("processes/a.bpmn") is not None
        assert find_format("processes/deep/a.bpmn") is None
        assert find_format("a.bpmn") is None

    def test_every_key_is_made_of_declared_columns(self) -> None:
        for file in FORMAT:
            assert set(file.key) <= {c.name for c in file.columns}, file.name


def rows_of(text: str) -> PackRows:
    items = ("000199001001", "002099001000", "000599001000")
    return PackRows(
        {
            "pack.toml": read_toml("pack.toml", text).rows,
            "divisions.csv": [Row("divisions.csv", 2, {"code": "990100"})],
            "items.csv": [Row("items.csv", n, {"basic_code": code}) for n, code in enumerate(items, 2)],
        }
    )


class TestInfo:
    def test_what_is_written_comes_back_from_the_table(self) -> None:
        info = read_info(rows_of((TEMPLATE / "pack.toml").read_text("utf-8")))
        assert (info.city, info.officer_portal, info.life_events[0].icon) == ("样例市", "样例工作台", "food")
        assert [step.items for step in info.life_events[0].steps] == [("000199001001",), ("002099001000",)]
        assert info_from_json(info_as_json(info)) == info

    def test_an_older_version_gives_empty_texts_instead_of_failing(self) -> None:
        assert info_from_json({"city": "甲市"}).life_events == ()

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("format = 1", "format = 2"),
            ("Asia/Shanghai", "Asia/Nowhere"),
            ("Asia/Shanghai", "../etc"),
            ('"990100"', '"990109"'),
            ('"990100"', '"x"'),
            ('popular_items = ["000199001001"', 'popular_items = ["000199001009"'),
            ('items = ["002099001000"]', 'items = ["002099001009"]'),
        ],
    )
    def test_wrong_values_are_found(self, old: str, new: str) -> None:
        text = (TEMPLATE / "pack.toml").read_text("utf-8")
        assert not check_info(rows_of(text))
        assert len(check_info(rows_of(text.replace(old, new)))) == 1


PLAIN = [file.name.replace("*", "a") for file in FORMAT]
