"""Items of a foreign list as files of a pack. What the list does not say is filled in and said in the report."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from shuzheng.packs.foreign.folding import FoldedItem
from shuzheng.packs.foreign.types import DEFAULT_DAYS, ForeignItem
from shuzheng.packs.format import find_format

THEME: Final = "其他"
BASIS: Final = "原清单没有写"
RESULT: Final = "办理结果"
DEFAULTS: Final[Mapping[str, str]] = {
    "promised_days": f"没有写承诺时限的用法定时限；都没有的写 {DEFAULT_DAYS}（行政许可法第四十二条），使用前请核对",
    "handling": "一律写 promised；确实当场办结的改成 instant，promised_days 改成 0",
    "visits": "没有写的写 1",
    "fee_fen": "清单没有收费，写 0，使用前请核对",
    "theme": f"没有写的写“{THEME}”",
    "channels": "没有写的写 window",
    "result_kind": f"清单没有结果，写 document；result_name 写“{RESULT}”",
    "legal_basis": f"清单没有依据，写“{BASIS}”",
    "materials.source": "清单只有材料名称，来源写 applicant，份数写 1",
}
Cells = Mapping[str, object]


def pack_files(items: Sequence[FoldedItem]) -> tuple[dict[str, str], dict[str, int]]:
    """Return the text of each file, and how many rows it has."""
    materials = [row for item in items for row in _materials(item)]
    guides = [item for item in items if item.first.scope or item.conditions()]
    units = [row for item in items for row in _units(item)]
    tables: dict[str, list[Cells]] = {
        "items.csv": [_item(item) for item in items],
        "materials.csv": materials,
        "implementing_overrides.csv": units,
    }
    texts = {file: _csv(file, rows) for file, rows in tables.items()}
    counts = {file: len(rows) for file, rows in tables.items()}
    texts["guides.toml"], counts["guides.toml"] = "\n".join(_guide(item) for item in guides), len(guides)
    return texts, counts


def _item(item: FoldedItem) -> Cells:
    row = item.first
    return {
        "basic_code": item.code,
        "name": row.name,
        "kind": row.kind,
        "department": row.department,
        "applicant": row.applicant,
        "handling": "promised",
        "legal_days": "" if row.legal_days is None else row.legal_days,
        "promised_days": _promised(row),
        "visits": 1 if row.visits is None else row.visits,
        "fee_fen": 0,
        "levels": ";".join(item.levels),
        "theme": row.theme or THEME,
        "result_kind": "document",
        "result_name": RESULT,
        "legal_basis": BASIS,
        "channels": ";".join(row.channels or ("window",)),
        "source_code": row.source_code,
    }


def _promised(row: ForeignItem) -> int:
    return row.promised_days or row.legal_days or DEFAULT_DAYS


def _materials(item: FoldedItem) -> Iterator[Cells]:
    for seq, (name, condition) in enumerate(item.materials(), 1):
        yield {
            "basic_code": item.code,
            "seq": seq,
            "name": name,
            "source": "applicant",
            "copies": 1,
            "required": "conditional" if condition else "always",
            "condition_zh": condition,
        }


def _units(item: FoldedItem) -> Iterator[Cells]:
    """Give each implementing item that the list states; what is as the item says stays empty."""
    whole = _item(item)
    for row in item.rows:
        if row.unit:
            own: dict[str, object] = {
                "promised_days": _promised(row),
                "visits": 1 if row.visits is None else row.visits,
                "channels": ";".join(row.channels or ("window",)),
            }
            different = {key: value for key, value in own.items() if value != whole[key]}
            yield {"unit": row.unit, "act": "add", **different, "address": row.address, "phone": row.phone}


def _csv(file: str, rows: Iterable[Cells]) -> str:
    known = find_format(file)
    columns = [column.name for column in known.columns] if known is not None else []
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _guide(item: FoldedItem) -> str:
    row = item.first
    fields: dict[str, object] = {
        "basic_code": item.code,
        "item_name": row.name,
        "department": row.department,
        "scope_zh": row.scope or "见受理条件",
        "conditions_zh": list(item.conditions()),
        "flow_zh": [],
    }
    return "[[guide]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in fields.items())


def _toml(value: object) -> str:
    """Return a text or a list of texts; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
