"""Holiday notices of a pack (`calendar.toml`): rows, and every fault in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shuzheng.base.directory.rules.pack_cells import Cells, first_of_each
from shuzheng.base.kernel.pack import Fault, PackRows

CALENDAR: Final = "calendar.toml"
_FIRST: Final = 2004
_LAST: Final = 2060
_EXAMPLE: Final = 'holidays = [{ from = 2027-01-01, to = 2027-01-03, name = "元旦" }]'


@dataclass(frozen=True, slots=True)
class YearRow:
    """The notice of one year; `holidays` are (first day, last day, festival)."""

    year: int
    source: str
    holidays: tuple[tuple[date, date, str], ...]
    makeup_days: tuple[date, ...]


def read_calendar(pack: PackRows, faults: list[Fault]) -> dict[int, YearRow]:
    """Return the good notices by year."""
    seen: dict[str, int] = {}
    found = {}
    for row in pack.of(CALENDAR):
        cells = Cells(row, faults)
        if row.table != "year":
            cells.fault("这里只写 [[year]] 表", "请改成 [[year]]，每年一个")
            continue
        year = row.values.get("year")
        if not isinstance(year, int) or not _FIRST <= year <= _LAST:
            cells.fault("year 不是年份", f"请填 {_FIRST} 至 {_LAST} 之间的整数，例如 year = 2027")
            continue
        read = YearRow(
            year=year,
            source=cells.need("source"),
            holidays=_holidays(cells, year),
            makeup_days=_makeup_days(cells, year),
        )
        _check_overlap(cells, read)
        if first_of_each(cells, "year", seen, str(year)) and cells.good:
            found[year] = read
    return found


def _holidays(cells: Cells, year: int) -> tuple[tuple[date, date, str], ...]:
    given = cells.row.values.get("holidays")
    if not isinstance(given, list) or not given:
        cells.fault("holidays 是空的", f"请写明放假日期，例如 {_EXAMPLE}")
        return ()
    found = []
    for one in given:
        first = _day(one.get("from")) if isinstance(one, Mapping) else None
        last = _day(one.get("to")) if isinstance(one, Mapping) else None
        name = str(one.get("name", "")).strip() if isinstance(one, Mapping) else ""
        if first is None or last is None or not name:
            cells.fault("holidays 里有一段缺少 from、to 或 name", f"例如 {_EXAMPLE}")
        elif first > last or year not in (first.year, last.year) or (last - first).days > 30:
            cells.fault(f"{name} 的放假日期不对", f"from 不晚于 to，并且在 {year} 年内")
        else:
            found.append((first, last, name))
    return tuple(found)


def _makeup_days(cells: Cells, year: int) -> tuple[date, ...]:
    given = cells.row.values.get("makeup_days", cells.row.values.get("makeup", []))
    days = [_day(one) for one in given] if isinstance(given, list) else [None]
    good = [day for day in days if day is not None and day.weekday() >= 5 and abs(day.year - year) <= 1]
    if len(good) != len(days):
        cells.fault(
            "调休上班日里有不是周末的日期，或写法不对", "例如 makeup_days = [2027-02-14]，只写要上班的周六、周日"
        )
    return tuple(good)


def _check_overlap(cells: Cells, read: YearRow) -> None:
    both = [day for day in read.makeup_days if any(first <= day <= last for first, last, _ in read.holidays)]
    if both:
        cells.fault(f"{both[0]} 既放假又上班", "请从 holidays 或 makeup_days 里删去一个")


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
