"""A source's definition as a pack writes it, and what can be wrong with it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any, Final

from shuzheng.engines.lake.rules.definitions import NAME
from shuzheng.engines.lake.rules.reading.encodings import AUTO, ENCODINGS
from shuzheng.engines.lake.rules.reading.values import date_form
from shuzheng.engines.lake.types.gathering import (
    DATABASES,
    FILES,
    Drift,
    Mode,
    Paging,
    Source,
    SourceCode,
    SourceKind,
)
from shuzheng.engines.lake.types.tables import Table, TableCode

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": tuple(SourceKind),
    "mode": tuple(Mode),
    "new_columns": tuple(Drift),
    "missing_columns": tuple(Drift),
    "encoding": ENCODINGS,
    "paging": tuple(Paging),
}
_SECRET: Final = re.compile("[a-z][a-z0-9_-]{0,59}", re.ASCII)
_VIEW: Final = re.compile("lake_[a-z0-9_]{1,58}", re.ASCII)
_NAMED: Final = re.compile(r"[\w$]+(\.[\w$]+)?")


def read_source(given: Mapping[str, Any]) -> Source:
    """Return a source; the definition was checked by `source_faults` before."""
    return Source(
        code=SourceCode(str(given["code"])),
        table=TableCode(str(given["table"])),
        kind=SourceKind(given["kind"]),
        where=str(given["where"]),
        label=str(given.get("label", "")),
        relation=str(given.get("relation", "")),
        secret=str(given.get("secret", "")),
        mode=Mode(given.get("mode", Mode.FULL)),
        watermark=str(given.get("watermark", "")),
        mapping={str(one["column"]): str(one["header"]) for one in given.get("map", ())},
        new_columns=Drift(given.get("new_columns", Drift.IGNORE)),
        missing_columns=Drift(given.get("missing_columns", Drift.REFUSE)),
        encoding=str(given.get("encoding", AUTO)),
        delimiter=str(given.get("delimiter", ",")),
        date_formats=tuple(map(str, given.get("date_formats", ()))),
        skip_rows=int(given.get("skip_rows", 0)),
        sheet=str(given.get("sheet", "")),
        rows_at=str(given.get("rows_at", "")),
        paging=Paging(given.get("paging", Paging.NONE)),
        page_param=str(given.get("page_param", "page")),
        first_page=int(given.get("first_page", 1)),
        next_at=str(given.get("next_at", "")),
        since_param=str(given.get("since_param", "")),
        settle_seconds=int(given.get("settle_seconds", 60)),
        may_be_empty=bool(given.get("may_be_empty", False)),
        most_quarantined=int(given.get("most_quarantined", 100_000)),
        every_minutes=int(given.get("every_minutes", 0)),
        valid_from=date.fromisoformat(str(given.get("valid_from", "2000-01-01"))),
        source=str(given.get("source", "")),
    )


def source_faults(given: Mapping[str, Any], tables: Mapping[str, Table]) -> Iterator[tuple[str, int, str, str]]:
    """Yield what is wrong: the part (`""` or `map`), its place from 0, what, and how to mend it.

    Args:
        given: The definition.
        tables: Tables of the pack by code; one whose definition is wrong may be missing.
    """
    if not NAME.fullmatch(str(given.get("code", ""))):
        yield "", 0, f"来源代码“{given.get('code')}”不能用", "小写字母开头，只用小写字母、数字和下划线"
    wrong = [
        (key, given[key], choices) for key, choices in CHOICES.items() if key in given and given[key] not in choices
    ]
    for key, value, choices in wrong:
        yield "", 0, f"{key} “{value}”不能用", f"改成其中之一：{'、'.join(choices)}"
    if wrong or "kind" not in given:
        return
    source = read_source({"table": "", "where": "", **given})
    for what, remedy in (*_place_faults(source), *_reading_faults(source)):
        yield "", 0, what, remedy
    table = tables.get(source.table)
    if table is None:
        yield "", 0, f"数据表 {source.table} 不在 lake/tables 里", "写一个已有的数据表代码"
        return
    yield from _table_faults(source, table, given)


def _place_faults(source: Source) -> Iterator[tuple[str, str]]:
    if source.secret and not _SECRET.fullmatch(source.secret):
        yield f"口令文件名“{source.secret}”不能用", "只写 var/keys 里的文件名，例如 hr_db"
    on_disk = source.kind in FILES or source.kind is SourceKind.SQLITE
    path = PurePosixPath(source.where)
    if on_disk and (not source.where or path.is_absolute() or ".." in path.parts):
        yield f"路径“{source.where}”不能用", "写收件目录里的相对路径，例如 hr/person.csv"
    if source.kind is SourceKind.HTTP and not source.where.startswith(("http://", "https://")):
        yield f"地址“{source.where}”不能用", "以 https:// 开头"
    if source.kind is SourceKind.VIEW and not _VIEW.fullmatch(source.where):
        yield f"视图“{source.where}”不能用", "写平台提供的 lake_ 开头的视图名"
    if source.kind in DATABASES - {SourceKind.VIEW} and not _NAMED.fullmatch(source.relation):
        yield f"relation “{source.relation}”不能用", "写来源数据库中的表名或视图名"
    if re.search(r"//[^/@]*:[^/@]*@", source.where):
        yield "地址里写了口令", "口令放在 var/keys 的文件里，用 secret 写文件名"


def _reading_faults(source: Source) -> Iterator[tuple[str, str]]:
    if len(source.delimiter) != 1 or not source.delimiter.isascii() or source.delimiter in '"\r\n':
        yield f"分隔符“{source.delimiter}”不能用", "写一个字符，例如逗号、竖线或制表符"
    for text in source.date_formats:
        if date_form(text) is None:
            yield f"日期写法“{text}”不能用", "用 %Y、%m、%d 各一次，中间有分隔符，例如 %d/%m/%Y"
    if source.watermark and source.kind in FILES:
        yield "文件来源不能写 watermark", "文件按内容识别；增量文件放进文件夹"
    if source.watermark and source.mode is Mode.FULL:
        yield "写了 watermark 就不能整表替换", "mode 写 merge 或 append"
    if source.is_folder and source.mode is Mode.FULL:
        yield "文件夹来源不能整表替换", "mode 写 merge 或 append"
    if source.paging is Paging.CURSOR and not source.next_at:
        yield "paging 是 cursor 时要写 next_at", "写应答中下一页游标的位置，例如 result.next"


def _table_faults(source: Source, table: Table, given: Mapping[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    if source.mode is Mode.MERGE and not table.keys:
        yield "", 0, f"数据表 {table.code} 没有主键，不能按主键合并", "mode 写 full 或 append，或给表定主键"
    for place, one in enumerate(given.get("map", ())):
        if str(one.get("column")) not in table.by_name:
            yield "map", place, f"对应关系里的列 {one.get('column')} 不在数据表 {table.code}", "写该表的列名"
