"""The reference page of the pack format, made from its declaration."""

from collections.abc import Iterator

from shuzheng.packs.format import BENEFITS, CASES, CREDENTIALS, DIRECTORY, ITEMS, LAKE, PACK, RULES, SEARCH_WORDS
from shuzheng.packs.format.kinds import Column, FileFormat, Kind, TableFormat

_HEAD = """# The format of a city pack

<!-- Made by `shuzheng reference`; do not edit. -->

A pack is a folder of data: no program, no template logic. `shuzheng pack check DIR` lists every fault at once, with
file, line and remedy. [make-a-pack](../how-to/make-a-pack.md) is the way to a first one; `packs/template` is a tiny
complete one.

- **Files** are UTF-8 with LF line ends; a BOM, CRLF and GB 18030 are read too. Files whose name begins with a dot are
  passed over; any other file below is a fault. Links are refused.
- **CSV** follows RFC 4180 with the column names in the first line, in any order. Blanks around cells and blank lines do
  not matter. An empty cell means none. Lists take semicolons, booleans are `true` or `false`, dates ISO 8601.
- **TOML** is version 1.0.
- **References** between files are codes; where a name stands beside a code (`person_name`), both must agree.
- **Order of loading**: the chapters below, top to bottom. A code that was loaded once and is missing from the next
  version is retired, never deleted; cases under way keep the version they began with."""
_CHAPTERS = (
    ("The pack itself", PACK),
    ("Directory 机构与人员", DIRECTORY),
    ("Processes 办理流程", CASES),
    ("Licences 电子证照", CREDENTIALS),
    ("Rules 规则", RULES),
    ("Items 事项", (*ITEMS, SEARCH_WORDS)),
    ("Policies 惠企利民政策", BENEFITS),
    ("Lake 数据湖", LAKE),
)


def pack_format_page() -> str:
    """Return `docs/reference/pack-format.md`."""
    parts = [_HEAD]
    for title, files in _CHAPTERS:
        parts += [f"\n## {title}", *(line for file in files for line in _file(file))]
    return "\n".join(parts).rstrip() + "\n"


def _file(file: FileFormat) -> Iterator[str]:
    yield f"\n### `{file.name}`" + ("" if file.required else " (may be absent)")
    yield f"\n{file.what}"
    if file.columns:
        yield f"\nKey: {_key(file.key)}.\n"
        yield from _columns("column", file.columns)
    for table in file.tables:
        yield from _table(table, "")


def _table(table: TableFormat, outer: str) -> Iterator[str]:
    path = f"{outer}.{table.name}" if outer else table.name
    key = f" Key: {_key(table.key)}." if table.key else ""
    needed = (" Must be there." if table.single else " At least one.") if table.required and table.name else ""
    yield f"\n{_heading(table, path)}: {table.what}.{key}{needed}\n"
    yield from _columns("key", table.columns)
    for inner in table.tables:
        yield from _table(inner, path)


def _heading(table: TableFormat, path: str) -> str:
    if table.name == "":
        return "**Top of the file**"
    if table.name == "*":
        return '**`"…" = { … }`**'
    return f"**`[{path}]`**" if table.single else f"**`[[{path}]]`**"


def _columns(title: str, columns: tuple[Column, ...]) -> Iterator[str]:
    yield f"| {title} | holds | may be empty | what |"
    yield "|---|---|---|---|"
    for column in columns:
        blank = "may be absent" if column.optional else "yes" if column.blank else ""
        yield f"| `{column.name}` | {_holds(column)} | {blank} | {column.what} |"


def _holds(column: Column) -> str:
    return f"{_kind_of(column)}, at most {column.longest} characters" if column.longest else _kind_of(column)


def _kind_of(column: Column) -> str:
    words = ", ".join(f"`{word}`" for word in column.choices)
    match column.kind:
        case Kind.CHOICE:
            return f"one of {words}"
        case Kind.CHOICES:
            return f"list of {words}"
        case _:
            return str(column.kind)


def _key(names: tuple[str, ...]) -> str:
    return " + ".join(f"`{name}`" for name in names)
