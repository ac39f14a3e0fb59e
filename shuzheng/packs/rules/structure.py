"""Rows against the format: files, columns, cells and keys. What the values mean is for the parts to check."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from shuzheng.base.kernel.pack import Fault, Row, Table
from shuzheng.packs.format import FORMAT, find_format
from shuzheng.packs.format.kinds import Column, FileFormat, TableFormat
from shuzheng.packs.rules.values import check_cell, check_value

NO_TABLE = Row("", 1, {})


def check_files(files: Iterable[str]) -> list[Fault]:
    """Return faults for files the format does not know, and for those a pack must have."""
    names = sorted(files)
    known = [f.name for f in FORMAT]
    faults = [
        Fault(
            name,
            1,
            "不认识这个文件",
            _suggest(name, known) or "移出城市包，或核对文件名；认识的文件见 docs/reference/pack-format.md",
        )
        for name in names
        if find_format(name) is None
    ]
    for wanted in FORMAT:
        if wanted.required and not any(wanted.matches(name) for name in names):
            faults.append(Fault(wanted.name, 1, "缺少这个文件", f"新建 {wanted.name}，样子可参照 packs/template"))
    return faults


def check_columns(file: FileFormat, name: str, columns: Sequence[str]) -> list[Fault]:
    """Return faults of a CSV header: columns missing or unknown."""
    known = [c.name for c in file.columns]
    faults = [
        Fault(name, 1, f"不认识列 {column or '（空列名）'}", _suggest(column, known) or "删去这一列")
        for column in columns
        if column not in known
    ]
    missing = [column.name for column in file.columns if column.name not in columns and not column.optional]
    if missing:
        faults.append(Fault(name, 1, f"缺少列：{'、'.join(missing)}", "在表头和每一行补上这些列，没有值就留空"))
    return faults


def check_csv_rows(file: FileFormat, rows: Sequence[Row]) -> list[Fault]:
    """Return faults of cells, and of keys that two rows share."""
    faults = []
    for row in rows:
        for column in file.columns:
            if column.name in row.values:
                faults += check_cell(row, column, row.text(column.name))
    return faults + check_keys(file.key, rows)


def check_keys(key: Sequence[str], rows: Sequence[Row]) -> list[Fault]:
    """Return a fault for each row that repeats the key of an earlier one."""
    seen: dict[tuple[str, ...], int] = {}
    faults = []
    for row in rows if key else ():
        value = tuple(row.text(name) for name in key)
        first = seen.setdefault(value, row.line)
        if first != row.line and any(value):
            faults.append(
                Fault(row.file, row.line, f"{'、'.join(key)} 与第 {first} 行重复", "删去一行，或改正其中一行")
            )
    return faults


def check_toml_rows(file: FileFormat, name: str, rows: Sequence[Row]) -> list[Fault]:
    """Return faults of tables and keys, nested ones included."""
    faults = []
    formats = {table.name: table for table in file.tables}
    for row in rows:
        table = formats.get(row.table) or formats.get("*" if row.table else "")
        if table is None:
            what = f"不认识表 {row.table}" if row.table else f"不认识键 {'、'.join(row.values)}"
            faults.append(Fault(name, row.line, what, _suggest(row.table, list(formats)) or "删去它，或移到所属的表里"))
            continue
        faults += _check_table(name, table, row.values, row.line)
    for table in file.tables:
        own = [row for row in rows if row.table == table.name]
        if table.required and not own:
            faults.append(Fault(name, 1, f"缺少{_named(table)}", "样子可参照 packs/template"))
        faults += check_keys(table.key, own)
    return faults


def _check_table(file: str, table: TableFormat, values: Mapping[str, object], line: int) -> list[Fault]:
    faults: list[Fault] = []
    nested = {t.name: t for t in table.tables}
    known = [c.name for c in table.columns] + list(nested)
    for key in values:
        if key not in known:
            faults.append(Fault(file, line, f"{_named(table)}里不认识键 {key}", _suggest(key, known) or "删去这个键"))
    for column in table.columns:
        faults += _check_key(file, table, column, values, line)
    for inner in table.tables:
        faults += _check_nested(file, table, inner, values.get(inner.name), line)
    return faults


def _check_key(file: str, table: TableFormat, column: Column, values: Mapping[str, object], line: int) -> list[Fault]:
    if column.name in values:
        return check_value(Row(file, line, values), column, values[column.name])
    if column.blank:
        return []
    return [Fault(file, line, f"{_named(table)}缺少键 {column.name}", f"补上一行 {column.name} = …")]


def _check_nested(file: str, outer: TableFormat, inner: TableFormat, value: object, line: int) -> list[Fault]:
    tables = [t for t in value if isinstance(t, Table)] if isinstance(value, list) else []
    if value is not None and (not isinstance(value, list) or len(tables) != len(value)):
        return [
            Fault(file, line, f"{outer.name}.{inner.name} 应当写成表", f"写成 [[{outer.name}.{inner.name}]]，每张一段")
        ]
    if inner.required and not tables:
        return [
            Fault(file, line, f"{_named(outer)}里一张 {inner.name} 也没有", f"至少写一段 [[{outer.name}.{inner.name}]]")
        ]
    faults = [fault for table in tables for fault in _check_table(file, inner, table, table.line)]
    return faults + check_keys(inner.key, [Row(file, t.line, t) for t in tables])


def _named(table: TableFormat) -> str:
    if table.name in ("", "*"):
        return "顶层" if table.name == "" else "这张表"
    return f" [{table.name}] " if table.single else f" [[{table.name}]] "


def _suggest(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"是不是想写 {close[0]}" if close else ""
