"""What is wrong with a source is said before it is loaded."""

import pytest

from shuzheng.engines.lake.rules.definitions import read_definition
from shuzheng.engines.lake.rules.sources import source_faults
from tests.lake.making import COLUMNS, DEPARTMENT

TABLE = read_definition({"code": "person", "label": "人", "department": DEPARTMENT, "column": COLUMNS})
GOOD = {"code": "people", "table": "person", "kind": "csv", "where": "a/people.csv"}


def faults(**over: object) -> list[str]:
    return [what for _, _, what, _ in source_faults({**GOOD, **over}, {"person": TABLE})]


def test_a_good_one_has_none() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"code": "人"}, "来源代码"),
        ({"kind": "oracle"}, "kind"),
        ({"where": "/etc/passwd"}, "路径"),
        ({"where": "../x.csv"}, "路径"),
        ({"table": "nothing"}, "数据表 nothing"),
        ({"delimiter": "；"}, "分隔符"),
        ({"date_formats": ["%Y%m%d"]}, "日期写法"),
        ({"mode": "full", "watermark": "x"}, "watermark"),
        ({"where": "drops/"}, "文件夹"),
        ({"secret": "../seal"}, "口令文件名"),
        ({"kind": "http", "where": "ftp://x"}, "地址"),
        ({"kind": "view", "where": "person"}, "视图"),
        ({"kind": "postgresql", "where": "postgresql://a:b@h/d", "relation": "t"}, "口令"),
        ({"kind": "sqlite", "relation": "a;drop"}, "relation"),
        ({"kind": "http", "where": "https://x", "paging": "cursor"}, "next_at"),
        ({"map": [{"column": "nothing", "header": "x"}]}, "对应关系"),
    ],
)
def test_each_fault_is_named(over: dict[str, object], said: str) -> None:
    found = faults(**over)
    assert found
    assert any(said in what for what in found), found
