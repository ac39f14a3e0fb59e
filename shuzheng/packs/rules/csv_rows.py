"""CSV (RFC 4180) to rows that know the line they begin at, even after a quoted cell with line breaks."""

import csv
import io
from collections import Counter

from shuzheng.base.kernel.pack import Fault, Row
from shuzheng.packs.types import FileRows


def read_csv(file: str, text: str) -> FileRows:
    r"""Return the rows of a CSV file; a bad line is reported and the lines after it are still read.

    Blank lines are skipped; cells lose surrounding blanks. A row with too few cells keeps those it has.

    Args:
        file: Name for rows and faults.
        text: The whole file, `\n` line ends.
    """
    found = FileRows()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            found.faults.append(
                Fault(file, begins, "引号没有配对，这一行往后读不下去", '单元格里的引号写两遍，例如 "他说""可以"""')
            )
            break
        if cells is None:
            break
        if any(cell.strip() for cell in cells):
            _take(found, file, begins, [cell.strip() for cell in cells])
        begins = reader.line_num + 1
    if not found.columns and not found.faults:
        found.faults.append(Fault(file, 1, "文件是空的，缺少表头", "第一行写列名，以英文逗号分隔"))
    return found


def _take(found: FileRows, file: str, line: int, cells: list[str]) -> None:
    if not found.columns:
        found.columns = tuple(cells)
        twice = [name for name, count in Counter(cells).items() if count > 1]
        if twice:
            found.faults.append(Fault(file, line, f"列名重复：{'、'.join(twice)}", "每个列名只写一次"))
        return
    expected = len(found.columns)
    if len(cells) != expected:
        found.faults.append(
            Fault(
                file,
                line,
                f"这一行有 {len(cells)} 格，表头有 {expected} 列",
                "补上或删去多余的逗号；内容里有逗号的格子用英文双引号括起来",
            )
        )
    found.rows.append(Row(file, line, dict(zip(found.columns, cells, strict=False))))
