"""Implementing items as Guangdong's government-service network gives them: one JSON object a line.

`TASK_CODE` is the implementing code: 31 characters, or 33 with the two digits of a business item (业务办理项).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from shuzheng.base.kernel.codes import EXERCISE_LEVELS, check_uscc
from shuzheng.base.kernel.errors import Invalid
from shuzheng.packs.foreign.types import Findings, ForeignItem, Remark
from shuzheng.services.items.types import KIND_NAMES

NAME: Final = "gd-jsonl"
_KINDS: Final = {name: digits for digits, name in KIND_NAMES.items()}
_LEVELS: Final = {"2": "province", "3": "city", "4": "county", "5": "town", "6": "village"}
_USED: Final = (
    "TASK_CODE", "TASK_NAME", "TASK_TYPE_TEXT", "DEPT_NAME", "ORGCODE", "ONLINECHECK", "visit_number", "handle_time",
    "handle_time_limit", "handle_location", "accept_standard", "consult_phone", "theme_category",
    "service_object_name", "material_intro",
)  # fmt: skip
_REPEATED: Final = (
    "_id", "TASK_TYPE", "matter_type", "LIMIT_SCENE_NUM", "CATANAME", "AREA_CODE_TEXT", "parentCatalogId", "CATAID",
    "subTaskName", "parentCatalogName", "AREACODE", "subCatalogName", "matter_name", "matter_level", "district",
    "online_book",
)  # fmt: skip
"""Columns that say again what another says, or what the code says."""
_OTHER: Final = (
    "TASK_STATE", "URL", "TASK_TAG", "matter_short", "matter_daily", "matter_code", "co_department", "courier_service",
    "bear_paltform", "complain_phone", "online_book_addr",
)  # fmt: skip
_NOTHING: Final = frozenset({"", "无", "暂无", "-", "/"})
_CODE: Final = re.compile(r"(?P<body>[0-9A-Z]{18})(?P<level>[0-9])(?P<item>[0-9]{12}(?:[0-9]{2})?)")
_DAYS: Final = re.compile(r"(?P<days>\d+)\s*[(（](?P<unit>工作日|自然日)[)）]")
_ADDRESS_MOST: Final = 200
_PHONE_MOST: Final = 400


def fits(first_line: str) -> bool:
    """Tell from the first line of a file whether it has this shape."""
    return first_line.lstrip().startswith("{") and '"TASK_CODE"' in first_line


def read(text: str, vocabularies: Mapping[str, frozenset[str]]) -> Findings:
    """Return what a list says.

    Args:
        text: The whole file.
        vocabularies: `department` and `theme`, when lists of known words lie beside the file.
    """
    found = Findings()
    columns: dict[str, None] = {}
    seen: dict[str, int] = {}
    for line, row_text in enumerate(text.split("\n"), 1):
        if not row_text.strip():
            continue
        found.read += 1
        row = _object(row_text)
        if row is None:
            found.refused.append(Remark(line, "", "这一行不是 JSON 对象"))
            continue
        columns |= {key: None for key, value in row.items() if value not in (None, "", [], "无")}
        code = _CODE.fullmatch(_text(row, "TASK_CODE"))
        reason = _refusal(row, code, seen, line)
        if code is None or reason:
            found.refused.append(Remark(line, _text(row, "TASK_CODE"), reason))
        else:
            found.items.append(_item(row, code, _Remarks(found, line, code[0]), vocabularies))
    found.unknown = [key for key in columns if key not in {*_USED, *_REPEATED, *_OTHER}]
    found.unused = [key for key in columns if key in _OTHER or key in found.unknown]
    return found


def _object(text: str) -> dict[str, object] | None:
    try:
        row = json.loads(text)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _refusal(row: Mapping[str, object], code: re.Match[str] | None, seen: dict[str, int], line: int) -> str:
    if code is None:
        return "TASK_CODE 不是 31 位或 33 位的实施编码"
    if code["level"] not in _LEVELS:
        return f"TASK_CODE 的层级 {code['level']}（{EXERCISE_LEVELS.get(code['level'], '不认识')}）不在省到村之间"
    if not _text(row, "TASK_NAME"):
        return "没有 TASK_NAME"
    if _text(row, "TASK_TYPE_TEXT") not in _KINDS:
        return f"不认识事项类型“{_text(row, 'TASK_TYPE_TEXT')}”"
    if not _text(row, "DEPT_NAME"):
        return "没有 DEPT_NAME"
    first = seen.setdefault(code[0], line)
    return f"TASK_CODE 与第 {first} 行相同" if first != line else ""


def _item(
    row: Mapping[str, object], code: re.Match[str], remarks: "_Remarks", vocabularies: Mapping[str, frozenset[str]]
) -> ForeignItem:
    department, themes = _text(row, "DEPT_NAME"), _texts(row, "theme_category")
    for word, vocabulary in ((department, "department"), *((theme, "theme") for theme in themes)):
        if vocabulary in vocabularies and word not in vocabularies[vocabulary]:
            remarks.add(f"“{word}”不在同一目录的 {vocabulary}.txt 里")
    if len(themes) > 1:
        remarks.add(f"只留第一个主题，另有：{'、'.join(themes[1:])}")
    objects, place = _texts(row, "service_object_name"), _text(row, "handle_location").removeprefix("办理地点：")
    has_window = place not in _NOTHING and "无线下办理窗口" not in place
    return ForeignItem(
        line=remarks.line,
        source_code=code[0],
        name=_text(row, "TASK_NAME"),
        kind=_KINDS[_text(row, "TASK_TYPE_TEXT")],
        department=department,
        level=_LEVELS[code["level"]],
        basic_code=code["item"],
        unit=_unit(code, remarks),
        body_code=code["body"],
        applicant=_applicant(objects),
        legal_days=_days(row, "handle_time", remarks),
        promised_days=_days(row, "handle_time_limit", remarks),
        visits=_visits(row, remarks),
        theme=themes[0] if themes else "",
        channels=(*(("online",) if _text(row, "ONLINECHECK") == "1" else ()), *(("window",) if has_window else ())),
        scope="、".join(objects),
        conditions=tuple(t for t in (_text(row, "accept_standard"),) if t not in _NOTHING),
        materials=tuple(name for name in _texts(row, "material_intro") if name not in _NOTHING),
        address=remarks.cut("handle_location", place if has_window else "", _ADDRESS_MOST),
        phone=remarks.cut("consult_phone", _known(row, "consult_phone"), _PHONE_MOST),
    )


class _Remarks:
    """Says things about one row."""

    def __init__(self, found: Findings, line: int, code: str) -> None:
        self._found, self.line, self._code = found, line, code

    def add(self, what: str) -> None:
        self._found.remarks.append(Remark(self.line, self._code, what))

    def cut(self, column: str, text: str, most: int) -> str:
        if len(text) <= most:
            return text
        self.add(f"{column} 超过 {most} 字，只留前面：{text}")
        return text[:most]


def _unit(code: re.Match[str], remarks: _Remarks) -> str:
    try:
        check_uscc(code["body"])
    except Invalid:
        remarks.add(f"机构代码 {code['body']} 的校验位不对，实施事项没有写入 implementing_overrides.csv")
        return ""
    return code[0]


def _applicant(objects: Sequence[str]) -> str:
    person = "自然人" in objects
    other = any(word != "自然人" for word in objects)
    return "both" if person and other else "person" if person else "firm" if other else "both"


def _days(row: Mapping[str, object], column: str, remarks: _Remarks) -> int | None:
    text = _known(row, column)
    if not text:
        return None
    found = _DAYS.fullmatch(text)
    if found is None:
        remarks.add(f"看不懂 {column}“{text}”，按没有写")
        return None
    days = int(found["days"])
    if found["unit"] == "自然日":
        working = max(1, days * 5 // 7)
        remarks.add(f"{column} {days} 个自然日，按每周 5 天折成 {working} 个工作日")
        return working
    return days


def _visits(row: Mapping[str, object], remarks: _Remarks) -> int | None:
    text = _known(row, "visit_number")
    if text and not text.isdecimal():
        remarks.add(f"看不懂 visit_number“{text}”，按没有写")
        return None
    return int(text) if text else None


def _known(row: Mapping[str, object], column: str) -> str:
    text = _text(row, column)
    return "" if text in _NOTHING else text


def _text(row: Mapping[str, object], column: str) -> str:
    value = row.get(column)
    return re.sub(r"\s+", " ", str(value)).strip() if isinstance(value, str | int) else ""


def _texts(row: Mapping[str, object], column: str) -> list[str]:
    value = row.get(column)
    return list(_words(value)) if isinstance(value, list) else []


def _words(values: Sequence[object]) -> Iterator[str]:
    for value in values:
        word = re.sub(r"\s+", " ", str(value)).strip()
        if word:
            yield word
