"""`pack.toml` as `PackInfo`, and `PackInfo` as JSON for the table that remembers it."""

from collections.abc import Mapping
from dataclasses import asdict
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shuzheng.base.kernel.code_errors import DivisionCodeInvalid
from shuzheng.base.kernel.codes import check_division_code
from shuzheng.base.kernel.pack import Fault, PackRows, Row
from shuzheng.base.kernel.types import DivisionCode, JsonObject
from shuzheng.packs.types import LifeEvent, LifeStep, PackInfo

FILE = "pack.toml"
FORMAT_VERSION = 1
_EMPTY = Row(FILE, 1, {})


def read_info(pack: PackRows) -> PackInfo:
    """Return what the pack says of its city; a pack that was checked has every key."""
    top, portals, seal = (_table(pack, name) for name in ("", "portals", "seal"))
    return PackInfo(
        name=top.text("code"),
        city=top.text("city"),
        resident_portal=portals.text("resident"),
        enterprise_portal=portals.text("enterprise"),
        officer_portal=portals.text("officer"),
        government=top.text("government"),
        department=top.text("department"),
        hotline=top.text("hotline"),
        zone=top.text("time_zone"),
        languages=_texts(top.values.get("languages")),
        demo_note=top.text("demo_note"),
        default_division=DivisionCode(top.text("default_division")),
        resident_seal=_texts(seal.values.get("resident")),
        enterprise_seal=_texts(seal.values.get("enterprise")),
        officer_seal=_texts(seal.values.get("officer")),
        search_example=top.text("search_example"),
        popular_searches=_texts(top.values.get("popular_searches")),
        popular_items=_texts(top.values.get("popular_items")),
        life_events=tuple(_life_event(row) for row in pack.of(FILE) if row.table == "life_event"),
        try_first=_texts(top.values.get("try_first")),
    )


def check_info(pack: PackRows) -> list[Fault]:
    """Return what is wrong with the values of `pack.toml`."""
    if not pack.of(FILE):
        return []
    top = _table(pack, "")
    faults = []
    if top.values.get("format", FORMAT_VERSION) != FORMAT_VERSION:
        faults.append(Fault(FILE, top.line, "format 不是 1", "本平台读第 1 版格式，写 format = 1"))
    zone = top.text("time_zone")
    if zone and not _is_zone(zone):
        faults.append(Fault(FILE, top.line, f"没有时区 {zone}", '写 IANA 时区名，例如 time_zone = "Asia/Shanghai"'))
    division = top.text("default_division")
    known = {row.text("code") for row in pack.of("divisions.csv")}
    if division and (not _is_division(division) or division not in known):
        faults.append(
            Fault(
                FILE, top.line, f"default_division {division} 不在 divisions.csv 里", "写 divisions.csv 里的一个 code"
            )
        )
    return faults + _check_items(pack, top)


def _check_items(pack: PackRows, top: Row) -> list[Fault]:
    """Return a fault for each item named here that the catalogue lacks."""
    known = {row.text("basic_code") for row in pack.of("items.csv")}
    named = [(top.line, "popular_items", code) for code in _texts(top.values.get("popular_items"))]
    for event in pack.of(FILE):
        steps = event.tables("step") if event.table == "life_event" else ()
        named += [(step.line, "items", code) for step in steps for code in _texts(step.get("items"))]
    return [
        Fault(FILE, line, f"{key} 的 {code} 不在 items.csv 里", "写 items.csv 里的一个 basic_code，或删去它")
        for line, key, code in named
        if code not in known
    ]


def info_as_json(info: PackInfo) -> JsonObject:
    """Return plain JSON of it."""
    return asdict(info)


def info_from_json(stored: Mapping[str, object]) -> PackInfo:
    """Return the info that `info_as_json` wrote; what an older version did not write is empty."""
    row = Row(FILE, 1, stored)
    events = stored.get("life_events")
    return PackInfo(
        name=row.text("name"),
        city=row.text("city"),
        resident_portal=row.text("resident_portal"),
        enterprise_portal=row.text("enterprise_portal"),
        officer_portal=row.text("officer_portal"),
        government=row.text("government"),
        department=row.text("department"),
        hotline=row.text("hotline"),
        zone=row.text("zone"),
        languages=_texts(stored.get("languages")),
        demo_note=row.text("demo_note"),
        default_division=DivisionCode(row.text("default_division")),
        resident_seal=_texts(stored.get("resident_seal")),
        enterprise_seal=_texts(stored.get("enterprise_seal")),
        officer_seal=_texts(stored.get("officer_seal")),
        search_example=row.text("search_example"),
        popular_searches=_texts(stored.get("popular_searches")),
        popular_items=_texts(stored.get("popular_items")),
        life_events=tuple(_life_event(Row(FILE, 1, e)) for e in _list(events) if isinstance(e, dict)),
        try_first=_texts(stored.get("try_first")),
    )


def _life_event(row: Row) -> LifeEvent:
    steps = tuple(
        LifeStep(str(step.get("name", "")), str(step.get("hint", "")), _texts(step.get("items")))
        for step in _list(row.values.get("steps", row.values.get("step")))
        if isinstance(step, Mapping)
    )
    return LifeEvent(row.text("icon"), row.text("name"), row.text("hint"), row.text("search"), steps)


def _table(pack: PackRows, name: str) -> Row:
    return next((row for row in pack.of(FILE) if row.table == name), _EMPTY)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(v) for v in _list(value))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_division(code: str) -> bool:
    try:
        check_division_code(code)
    except DivisionCodeInvalid:
        return False
    return True
