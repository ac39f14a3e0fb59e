"""Read the cells of one pack row, noting every fault with its line and remedy.

Messages never repeat what may be personal.
"""

import re
from collections.abc import Callable, Collection
from datetime import date

from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.money import parse_yuan
from shuzheng.base.kernel.pack import Fault, PackRows, Row


class Cells:
    """One row being read; `good` stays True while nothing was wrong with it."""

    def __init__(self, row: Row, faults: list[Fault]) -> None:
        self.row = row
        self.good = True
        self._faults = faults

    def fault(self, what: str, remedy: str) -> None:
        """Note something wrong with the row."""
        self.good = False
        self._faults.append(Fault(self.row.file, self.row.line, what, remedy))

    def skip(self) -> None:
        """Leave the row out without a fault: what it refers to is faulty and already named."""
        self.good = False

    def text(self, key: str, *, most: int = 240) -> str:
        """Return a cell that may be empty."""
        value = self.row.text(key).strip()
        if len(value) > most:
            self.fault(f"{key} 有 {len(value)} 个字符，超过 {most} 个", "请缩短")
        return value

    def need(self, key: str, *, most: int = 240) -> str:
        """Return a cell that must not be empty."""
        value = self.text(key, most=most)
        if not value:
            self.fault(f"{key} 是空的", f"请填写 {key}")
        return value

    def choice(self, key: str, allowed: Collection[str]) -> str:
        """Return a cell that must be one of the words."""
        value = self.row.text(key).strip()
        if value not in allowed:
            self.fault(f"{key} “{value}”不在取值范围内", f"只能是：{'、'.join(allowed)}")
        return value

    def words(self, key: str, allowed: Collection[str]) -> frozenset[str]:
        """Return the words of a semicolon list, each of which must be allowed."""
        found = [word.strip() for word in self.row.text(key).split(";") if word.strip()]
        unknown = [word for word in found if word not in allowed]
        if unknown:
            self.fault(f"{key} 里没有“{'、'.join(unknown)}”这个词", f"只能是：{'、'.join(allowed)}，用英文分号分隔")
        return frozenset(found)

    def code(self, key: str, check: Callable[[str], str]) -> str:
        """Return a national code in canonical form; `check` is one of `kernel.codes.check_*`."""
        value = self.row.text(key).strip()
        try:
            canonical = check(value)
        except Invalid as problem:
            self.fault(f"{key}：{problem.message}", problem.hint)
            return value
        if canonical != value:
            self.fault(f"{key} 的写法不规范", "请用半角数字和大写字母，不加空格和横线")
        return canonical

    def day(self, key: str) -> date:
        """Return a date in ISO form."""
        value = self.row.values.get(key)
        if isinstance(value, date):
            return value
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
                return date.fromisoformat(str(value))
        except ValueError:
            pass
        self.fault(f"{key} 不是有效日期", "请写成 2026-11-24 的形式")
        return date.min

    def fen(self, key: str) -> int:
        """Return an amount given in yuan as fen."""
        try:
            return parse_yuan(self.row.text(key))
        except Invalid as problem:
            self.fault(f"{key}：{problem.message}", problem.hint)
            return 0

    def degrees(self, key: str, most: float) -> float | None:
        """Return a coordinate in degrees, None when empty."""
        value = self.row.text(key).strip()
        if not value:
            return None
        if re.fullmatch(r"-?\d{1,3}(\.\d{1,12})?", value) is None or abs(float(value)) > most:
            self.fault(f"{key} 不是有效的经纬度", "请用十进制度数，例如 116.539173")
            return None
        return float(value)


def values_in(pack: PackRows, file: str, key: str) -> frozenset[str]:
    """Return what a column holds, faulty rows included, so that one fault does not cause a hundred others."""
    return frozenset(row.text(key) for row in pack.of(file))


def first_of_each(cells: Cells, key: str, seen: dict[str, int], value: str) -> bool:
    """Tell whether a value is seen for the first time; a repetition is a fault that names the first line."""
    if not value:
        return False
    if value in seen:
        cells.fault(f"{key} 与第 {seen[value]} 行重复", "每个代码只写一行；请删去或改正其中一行")
        return False
    seen[value] = cells.row.line
    return True
