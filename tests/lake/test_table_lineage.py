"""From the columns of sources through those of a table to rules, grants and figures."""

from shuzheng.base.kernel.types import OrgId
from shuzheng.engines.lake.rules.lineage import Followed, lineage_of_sql, lineage_of_table
from shuzheng.engines.lake.types.gathering import Source, SourceCode, SourceKind
from shuzheng.engines.lake.types.lineage import By, How, TableLineage, Taken, UseKind
from shuzheng.engines.lake.types.tables import (
    Access,
    Column,
    Dimension,
    FieldKind,
    Grade,
    Mask,
    QualityRule,
    Table,
    TableCode,
)

P = TableCode("p")
TABLE = Table(
    P,
    "人",
    OrgId("x"),
    (
        Column("id", "证件号", required=True, key=True, mask=Mask.KEEP_ENDS),
        Column("area", "区县"),
        Column("age", "年龄", FieldKind.INTEGER, digits=3),
        Column("note", "备注", grade=Grade.L4),
    ),
    rules=(QualityRule("grown", "age >= 0 AND age < 150", "年龄合理", Dimension.ACCURACY),),
    access=(
        Access(frozenset({"clerk"}), ("核对",), rows="area = actor.division"),
        Access(frozenset({"director"}), ("统计",)),
    ),
)
SOURCES = (
    Source(SourceCode("file"), P, SourceKind.CSV, "p.csv", mapping={"area": "行政区划"}),
    Source(SourceCode("other"), TableCode("q"), SourceKind.CSV, "q.csv"),
)


def followed(text: str) -> Followed:
    return Followed("1", "各区县人数", lineage_of_sql(text, {P: TABLE}, masks={P: {"id": Mask.KEEP_ENDS}}))


def made(*queries: Followed) -> TableLineage:
    return lineage_of_table(TABLE, SOURCES, queries)


def test_a_column_comes_from_a_header_and_how_is_said() -> None:
    found = made()
    assert [(one.source, one.headers, one.column, one.taken, one.mapped, one.sealed) for one in found.inflows] == [
        ("file", ("id", "证件号"), "id", Taken.TRIMMED, False, False),
        ("file", ("行政区划",), "area", Taken.TRIMMED, True, False),
        ("file", ("age", "年龄"), "age", Taken.PARSED, False, False),
        ("file", ("note", "备注"), "note", Taken.TRIMMED, False, True),
    ]
    assert found.into("area") == (found.inflows[1],)


def test_rules_and_conditions_of_grants_read_columns() -> None:
    found = made()
    assert [(one.kind, one.key, one.name, [touch.column for touch in one.touches]) for one in found.uses] == [
        (UseKind.QUALITY, "rule:grown", "年龄合理", ["age"]),
        (UseKind.QUALITY, "rule:own.filled.id", "必填列“证件号”有值", ["id"]),
        (UseKind.QUALITY, "rule:own.unique", "主键不重复", ["id"]),
        (UseKind.ROWS, "rows:0", "clerk", ["area"]),
    ]
    assert not found.out_of("note")


def test_each_column_of_a_kept_query_is_a_figure() -> None:
    found = made(followed("select area, count(*) as n, max(id) as most from p where age > 17 group by area"))
    figures = [one for one in found.uses if one.query]
    assert [(one.kind, one.name, [(t.column, t.how, t.masked) for t in one.touches]) for one in figures] == [
        (UseKind.OUTPUT, "area", [("area", How.AS_IS, False)]),
        (UseKind.OUTPUT, "n", [("", How.COUNTED, False)]),
        (UseKind.OUTPUT, "most", [("id", How.MOST, True)]),
        (UseKind.CHOICE, "", [("age", By.FILTERED, False), ("area", By.GROUPED, False)]),
    ]
    assert {one.key for one in found.out_of("area")} == {"rows:0", "query:1:0", "query:1:rows"}
    assert found.out_of("area")[-1].ways("area") == (By.GROUPED,)


def test_what_cannot_be_followed_is_said_so() -> None:
    [figure] = [one for one in made(followed("select x from p")).uses if one.query]
    assert not figure.exact
    assert {touch.column for touch in figure.touches} == {"id", "area", "age", "note"}
