"""A folder as rows: the only place of this room that opens files."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from shuzheng.base.kernel.pack import Fault, PackRows, Row
from shuzheng.packs.format import find_format
from shuzheng.packs.rules.csv_rows import read_csv
from shuzheng.packs.rules.structure import check_columns, check_csv_rows, check_files, check_toml_rows
from shuzheng.packs.rules.text import read_text
from shuzheng.packs.rules.toml_rows import read_toml
from shuzheng.packs.types import FileRows, Reading

LIMIT_MB = 64
"""A pack is text a person can read; a larger file is a mistake."""
NOT_CONTENT = ("README.md", "LICENSE")


def read_folder(folder: Path) -> Reading:
    """Return every row of a pack, every fault of form, and a hash of its content.

    Args:
        folder: The pack; files whose name begins with a dot are passed over.
    """
    rows: dict[str, tuple[Row, ...]] = {}
    faults: list[Fault] = []
    digest = hashlib.sha256()
    files = list(_files(folder))
    for name, path in files:
        refusal = _refusal(name, path)
        if refusal is not None:
            faults.append(refusal)
            continue
        content = path.read_bytes()
        if not name.startswith(NOT_CONTENT):
            digest.update(f"{name}\n{len(content)}\n".encode() + content)
        found = _read_file(name, content)
        rows[name] = tuple(found.rows)
        faults += found.faults
    faults += check_files(name for name, _ in files)
    return Reading(PackRows(rows), tuple(faults), digest.hexdigest())


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield files by name, in an order that is the same on every machine."""
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }
    for name in sorted(found):
        if not any(part.startswith(".") for part in name.split("/")):
            yield name, found[name]


def _refusal(name: str, path: Path) -> Fault | None:
    if path.is_symlink() or not path.is_file():
        return Fault(name, 1, "不是普通文件", "城市包里只放文件，不放链接")
    if path.stat().st_size > LIMIT_MB * 1024 * 1024:
        return Fault(name, 1, f"文件超过 {LIMIT_MB} MB", "拆成几个文件，或移出城市包")
    return None


def _read_file(name: str, content: bytes) -> FileRows:
    """Return rows and faults of form of one file; of a file the format does not know, nothing."""
    file = find_format(name)
    if file is None:
        return FileRows()
    text, faults = read_text(name, content)
    if faults:
        return FileRows(faults=faults)
    if name.endswith(".csv"):
        found = read_csv(name, text)
        if found.columns:
            found.faults += check_columns(file, name, found.columns)
        found.faults += check_csv_rows(file, found.rows)
        return found
    if name.endswith(".toml"):
        found = read_toml(name, text)
        if not found.faults:
            found.faults += check_toml_rows(file, name, found.rows)
        return found
    return FileRows(rows=[Row(name, 1, {"text": text})])
