"""The one reader of what was typed into the editor.

A field that was not sent keeps its value. Every message says what is wrong and shows a right example.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.money import parse_yuan
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Json
from shuzheng.services.items.rules.changing.fields import (
    DAYS_MOST,
    LINES_MOST,
    QUESTION_NAME,
    SCOPE_MOST,
    TEXT_MOST,
    VISITS_MOST,
    Raw,
    Reader,
    changed_fields,
    group_of,
    typed_of_item,
    typed_of_unit,
)
from shuzheng.services.items.rules.changing.limits import (
    ItemBounds,
    UnitBounds,
    promise_problem,
    unit_promise_problem,
)
from shuzheng.services.items.rules.changing.materials import read_materials
from shuzheng.services.items.rules.specs import texts
from shuzheng.services.items.types import CHANNEL_NAMES
from shuzheng.services.items.types.changing import ChangeProblem, Facts

_PHONE: Final = re.compile(r"[0-9０-９]{3}")


def read_item(raw: Raw, facts: Facts, bounds: ItemBounds) -> tuple[dict[str, Json], tuple[ChangeProblem, ...]]:
    """Read the editor of an item.

    Args:
        raw: Typed texts by field name; a field that is missing keeps its value.
        facts: What the editor was filled with.
        bounds: What limits the change.

    Returns:
        Every fact as it would be, a wrong one as it was; and the problems.
    """
    reader = Reader(changed_fields(raw, typed_of_item(facts)))
    read = dict(facts)
    fields: tuple[tuple[str, str, Callable[[], Json | None]], ...] = (
        ("promised_days", "promised_days", lambda: _days(reader, bounds)),
        ("visits", "visits", lambda: reader.number("visits", said("到现场次数"), most=VISITS_MOST, example="1")),
        ("fee", "fee_fen", lambda: _fee(reader)),
        ("channels", "channels", lambda: _channels(reader, facts)),
        ("scope", "guide.scope", lambda: reader.short("scope", said("适用范围"), most=SCOPE_MOST)),
        ("conditions", "guide.conditions", lambda: _lines(reader, "conditions", said("申请条件"))),
        ("flow", "guide.flow", lambda: _lines(reader, "flow", said("办理流程"))),
    )
    for name, key, read_field in fields:
        if reader.has(name):
            value = read_field()
            read[key] = facts[key] if value is None else value
    if any(map(reader.has, (name for name in raw if name.startswith("faq-")))):
        read["guide.faq"] = _faq(reader)
    read_materials(reader, read, bounds)
    keys = {name: key for name, key, _read in fields}
    _take_back(read, facts, keys, reader.problems)
    return read, tuple(reader.problems)


def _take_back(read: dict[str, Json], facts: Facts, keys: Mapping[str, str], problems: Sequence[ChangeProblem]) -> None:
    """Give every fact with a problem the value it had."""
    for problem in problems:
        group = group_of(problem.field)
        key = "guide.faq" if group == "faq" else keys.get(group)
        if key is not None:
            read[key] = facts[key]


def _days(reader: Reader, bounds: ItemBounds) -> int | None:
    days = reader.number("promised_days", said("承诺时限"), most=DAYS_MOST, example="5")
    problem = "" if days is None else promise_problem(days, handling=bounds.handling, legal_days=bounds.legal_days)
    if problem:
        reader.wrong("promised_days", problem)
    return days


def _fee(reader: Reader) -> int | None:
    typed = unicodedata.normalize("NFKC", reader.text("fee"))
    try:
        fen = parse_yuan(typed)
    except Invalid:
        fen = -1
    if fen < 0 or fen > 10**10:
        reader.wrong("fee", said("收费要填金额，单位是元，例如 10 或 12.50；不收费填 0"))
        return None
    return fen


def _channels(reader: Reader, facts: Facts) -> list[Json] | None:
    """Return what was ticked: those there were in their order, then the new ones."""
    chosen = [name for name in reader.raw["channels"] if name in CHANNEL_NAMES]
    before = [name for name in texts(facts["channels"]) if name in chosen]
    known: list[Json] = [*before, *(name for name in CHANNEL_NAMES if name in chosen and name not in before)]
    if not known:
        reader.wrong("channels", said("请至少勾选一种办理渠道，例如“窗口办”"))
        return None
    return known


def _lines(reader: Reader, name: str, label: str) -> list[Json]:
    lines: list[Json] = [*reader.lines(name)]
    if len(lines) > LINES_MOST:
        reader.wrong(
            name,
            said(
                "{label}最多 {lines_most} 行，现在有 {length} 行", label=label, lines_most=LINES_MOST, length=len(lines)
            ),
        )
    long = next((n for n, line in enumerate(lines, 1) if len(str(line)) > TEXT_MOST), 0)
    if long:
        reader.wrong(
            name,
            said("{label}第 {long} 行太长，每行最多 {text_most} 个字", label=label, long=long, text_most=TEXT_MOST),
        )
    return lines


def _faq(reader: Reader) -> list[Json]:
    numbers = sorted({int(found[1]) for name in reader.raw if (found := QUESTION_NAME.fullmatch(name))})
    rows: list[Json] = []
    for n in numbers:
        question = reader.short(f"faq-{n}-question", said("问题"))
        answer = reader.short(f"faq-{n}-answer", said("回答"), most=SCOPE_MOST)
        if question and not answer:
            reader.wrong(f"faq-{n}-answer", said("请写这个问题的回答；不要这个问题，就把两栏都清空"))
        if answer and not question:
            reader.wrong(f"faq-{n}-question", said("请写这个回答的问题；不要这个回答，就把两栏都清空"))
        if question or answer:
            rows.append({"question": question, "answer": answer})
    return rows


def read_unit(raw: Raw, facts: Facts, bounds: UnitBounds) -> tuple[dict[str, Json], tuple[ChangeProblem, ...]]:
    """Read the editor of a unit. As `read_item`."""
    reader = Reader(changed_fields(raw, typed_of_unit(facts)))
    read = dict(facts)
    if reader.has("window"):
        read["window"] = reader.text("window")
        if read["window"] not in bounds.windows and read["window"] != facts["window"]:
            reader.wrong("window", said("请从列表里选一个受理窗口"))
    if reader.has("promised_days"):
        read["promised_days"] = _unit_days(reader, bounds)
    for name, label, most in (
        ("address", said("办理地址"), 200),
        ("phone", said("咨询电话"), 400),
        ("hours", said("办理时间"), 200),
    ):
        if reader.has(name):
            read[name] = " ".join(reader.short(name, label, most=most).split())
    if read["phone"] and reader.has("phone") and not _PHONE.search(str(read["phone"])):
        reader.wrong("phone", said("请写电话号码，例如 0564-3333333；有几个就用顿号隔开"))
    wrong = {problem.field for problem in reader.problems}
    return {key: facts[key] if key in wrong else value for key, value in read.items()}, tuple(reader.problems)


def _unit_days(reader: Reader, bounds: UnitBounds) -> int | None:
    if not reader.text("promised_days"):
        return None
    days = reader.number("promised_days", said("承诺时限"), most=DAYS_MOST, example="3")
    if days is None:
        return None
    problem = unit_promise_problem(days, handling=bounds.handling, item_days=bounds.item_days)
    if problem:
        reader.wrong("promised_days", problem)
    return days
