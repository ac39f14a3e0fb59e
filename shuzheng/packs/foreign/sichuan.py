"""A district's items as Sichuan's one-network-for-all gives them: CSV with department, main item, name and codes.

`itemCode` joins the province's own item code, the division, the body's code and two running numbers by hyphens. Item
codes have letters, so most rows are given a code of our shape; the list's own code is kept beside it.
"""

import csv
import io
import re
from collections.abc import Mapping
from typing import Final

from shuzheng.packs.foreign.types import Findings, ForeignItem, Remark
from shuzheng.services.items.types import KIND_NAMES

NAME: Final = "sc-csv"
_USED: Final = ("department", "main_item", "name", "areaCode", "itemCode", "taskType", "deptCode")
_UNSORTED: Final = "未分类"
_BASIC: Final = re.compile(r"[0-9]{12}(?:[0-9]{2})?")
_LEVELS: Final = ((2, "province"), (4, "city"), (6, "county"), (9, "town"), (12, "village"))
_DIVISION_DIGITS: Final = 12


def fits(first_line: str) -> bool:
    """Tell from the first line of a file whether it has this shape."""
    return {"itemCode", "areaCode", "taskType"} <= set(first_line.strip().split(","))


def read(text: str, vocabularies: Mapping[str, frozenset[str]]) -> Findings:  # noqa: ARG001 - one shape for all
    """Return what a list says; its words are checked against no vocabulary."""
    found = Findings()
    reader = csv.DictReader(io.StringIO(text, newline=""))
    found.unknown = [name for name in reader.fieldnames or () if name not in _USED]
    found.unused = list(found.unknown)
    seen: dict[str, int] = {}
    begins = 2
    for cells in reader:
        line, begins = begins, reader.line_num + 1
        found.read += 1
        row = {key: re.sub(r"\s+", " ", value or "").strip() for key, value in cells.items() if isinstance(key, str)}
        reason = "这一行的格数比表头多" if None in cells else _refusal(row, seen, line)
        if reason:
            found.refused.append(Remark(line, row.get("itemCode", ""), reason))
        else:
            found.items.append(_item(row, line))
    return found


def _refusal(row: Mapping[str, str], seen: dict[str, int], line: int) -> str:
    missing = [column for column in ("department", "name", "itemCode", "areaCode") if not row.get(column)]
    if missing:
        return f"没有 {'、'.join(missing)}"
    if _kind(row) not in KIND_NAMES:
        return f"不认识 taskType“{row.get('taskType', '')}”"
    if len(row["areaCode"]) != _DIVISION_DIGITS or not row["areaCode"].isdecimal():
        return "areaCode 不是 12 位区划代码"
    first = seen.setdefault(row["itemCode"], line)
    return f"itemCode 与第 {first} 行相同" if first != line else ""


def _kind(row: Mapping[str, str]) -> str:
    return row.get("taskType", "").zfill(2)


def _item(row: Mapping[str, str], line: int) -> ForeignItem:
    code, kind, area = row["itemCode"], _kind(row), row["areaCode"]
    basic = code.partition(f"-{area}")[0]
    group = row.get("main_item", "")
    return ForeignItem(
        line=line,
        source_code=code,
        name=row["name"],
        kind=kind,
        department=row["department"],
        level=_level(area),
        basic_code=basic if _BASIC.fullmatch(basic) and basic[2:4] == kind else "",
        group="" if group == _UNSORTED else group,
        province=area[:2],
        body_code=row.get("deptCode", ""),
    )


def _level(area: str) -> str:
    significant = len(area.rstrip("0"))
    return next(level for digits, level in _LEVELS if significant <= digits)
