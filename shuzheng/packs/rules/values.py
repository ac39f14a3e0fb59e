"""One value against its column: presence, shape and vocabulary. Messages never repeat a value that may be personal."""

import json
import re
from collections.abc import Callable
from datetime import date

from shuzheng.base.kernel.pack import Fault, Row
from shuzheng.packs.format.kinds import Column, Kind


def check_cell(row: Row, column: Column, text: str) -> list[Fault]:
    """Return what is wrong with a CSV cell."""
    if not text:
        return [] if column.blank else [_fault(row, f"{column.name} 没有填", f"填上{_example(column)}")]
    problem = _problem_of_text(column, text)
    remedy = f"缩短到 {column.longest} 个字以内" if problem.startswith("有 ") else f"改成{_example(column)}"
    return [_fault(row, f"{column.name} {problem}", remedy)] if problem else []


def _problem_of_text(column: Column, text: str) -> str:
    if column.longest and len(text) > column.longest:
        return f"有 {len(text)} 个字，超过 {column.longest} 个"
    if column.kind in (Kind.CHOICE, Kind.CHOICES):
        given = [text] if column.kind is Kind.CHOICE else [word for word in text.split(";") if word]
        strange = [word for word in given if word not in column.choices]
        return f"里没有这样的取值：{'、'.join(strange)}" if strange else ""
    fits, must = _SHAPES.get(column.kind, (_anything, ""))
    return "" if fits(text) else f"应当是{must}"


def check_value(row: Row, column: Column, value: object) -> list[Fault]:
    """Return what is wrong with the value of a TOML key."""
    shapes: dict[Kind, type | tuple[type, ...]] = {
        Kind.INTEGER: int,
        Kind.NUMBER: (int, float),
        Kind.BOOLEAN: bool,
        Kind.LIST: list,
        Kind.CHOICES: list,
        Kind.JSON: (dict, list),
        Kind.DATE: (date, str),
    }
    shape = shapes.get(column.kind, str)
    if not isinstance(value, shape) or (isinstance(value, bool) and column.kind is not Kind.BOOLEAN):
        return [_fault(row, f"{column.name} 的写法不对", f"改成{_example(column)}")]
    if isinstance(value, str):
        return check_cell(row, column, value)
    return []


def _anything(_: str) -> bool:
    return True


def _is_date(text: str) -> bool:
    try:
        return len(date.fromisoformat(text).isoformat()) == len(text)
    except ValueError:
        return False


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


_SHAPES: dict[Kind, tuple[Callable[[str], bool], str]] = {
    Kind.INTEGER: (lambda text: re.fullmatch(r"[0-9]+", text) is not None, "整数"),
    Kind.NUMBER: (lambda text: re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None, "数字"),
    Kind.BOOLEAN: (lambda text: text in ("true", "false"), " true 或 false"),
    Kind.DATE: (_is_date, "日期"),
    Kind.JSON: (_is_json_object, " JSON 对象"),
}
_EXAMPLES = {
    Kind.INTEGER: "整数，例如 20",
    Kind.NUMBER: "数字，例如 12.5",
    Kind.BOOLEAN: " true 或 false",
    Kind.DATE: "日期，例如 2026-11-24",
    Kind.LIST: '列表：CSV 里以英文分号分隔，TOML 里写成 ["甲", "乙"]',
    Kind.JSON: 'JSON 对象，例如 {"证照编号":"001"}',
}


def _example(column: Column) -> str:
    if column.choices:
        lead = "其中之一" if column.kind is Kind.CHOICE else "下列词，以英文分号分隔"
        return f"{lead}：{'、'.join(column.choices)}"
    return _EXAMPLES.get(column.kind, "文字，TOML 里用英文双引号括起来")


def _fault(row: Row, what: str, remedy: str) -> Fault:
    return Fault(row.file, row.line, what, remedy)
