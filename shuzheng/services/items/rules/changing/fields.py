"""The editor's fields: what they show of the facts, which of them differ, and a reader of single texts."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shuzheng.base.kernel.money import format_yuan
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Json, JsonObject
from shuzheng.services.items.rules.changing.facts import is_material, material_seq
from shuzheng.services.items.rules.specs import objects, texts
from shuzheng.services.items.types import CHANNEL_NAMES, MaterialSource
from shuzheng.services.items.types.changing import ChangeProblem, Facts, Typed

Raw = Mapping[str, Sequence[str]]

DAYS_MOST: Final = 999
VISITS_MOST: Final = 9
COPIES_MOST: Final = 20
MATERIALS_MOST: Final = 60
LINES_MOST: Final = 40
TEXT_MOST: Final = 400
SCOPE_MOST: Final = 2000
TYPED_MOST: Final = 20_000
"""Characters of one field that are kept although they are too many."""
BLANK_ROWS: Final = 2
"""Empty rows below the materials and the questions; saving gives new ones."""
NEW: Final = "n"
REQUIRED: Final[Mapping[str, str]] = {"always": said("必须提供"), "conditional": said("有条件提供")}
SOURCES: Final[Mapping[str, str]] = {
    MaterialSource.APPLICANT: said("申请人提交"),
    MaterialSource.LICENCE: said("由电子证照免交"),
    MaterialSource.REGISTER: said("由登记数据核验"),
    MaterialSource.DEPARTMENT: said("部门间获取"),
}
ITEM_FIELDS: Final = ("promised_days", "visits", "fee", "channels", "scope", "conditions", "flow")
UNIT_FIELDS: Final = ("window", "promised_days", "address", "phone", "hours")
MATERIAL_PARTS: Final = ("name", "source", "licence_type", "copies", "required", "condition", "drop")
FIELD_NAME: Final = re.compile(
    rf"(?:{'|'.join(dict.fromkeys((*ITEM_FIELDS, *UNIT_FIELDS)))}|faq-\d{{1,3}}-(?:question|answer)"
    rf"|m-{NEW}?\d{{1,3}}-(?:{'|'.join(MATERIAL_PARTS)}))"
)
MATERIAL_NAME: Final = re.compile(rf"m-({NEW}?\d{{1,3}})-name")
QUESTION_NAME: Final = re.compile(r"faq-(\d{1,3})-question")
_DAY: Final = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(slots=True)
class Reader:
    """Reads fields one after the other and gathers the problems."""

    raw: Raw
    problems: list[ChangeProblem] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Tell whether a field was sent and differs."""
        return name in self.raw

    def text(self, name: str) -> str:
        """Return the text of a field without control characters, '' when it was not sent."""
        return _CONTROL.sub("", "".join(self.raw.get(name, ())[:1]).replace("\r\n", "\n")).strip()

    def lines(self, name: str) -> list[str]:
        """Return the lines of a field that hold something."""
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]

    def wrong(self, name: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(ChangeProblem(name, message))

    def number(self, name: str, label: str, *, most: int, example: str) -> int | None:
        """Return a whole number from 0 to `most`; None, and a problem, for anything else."""
        typed = unicodedata.normalize("NFKC", self.text(name))
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 6) or int(typed) > most:
            self.wrong(
                name, said("{label}要填 0 到 {most} 的整数，例如 {example}", label=label, most=most, example=example)
            )
            return None
        return int(typed)

    def short(self, name: str, label: str, *, most: int = TEXT_MOST) -> str:
        """Return a text; one that is too long is a problem."""
        typed = self.text(name)
        if len(typed) > most:
            self.wrong(
                name, said("{label}最多 {most} 个字，现在有 {length} 个字", label=label, most=most, length=len(typed))
            )
        return typed


def keep_known(raw: Raw) -> dict[str, tuple[str, ...]]:
    """Return the fields of an editor among what was posted, cut to what is worth keeping."""
    return {
        name: tuple(value[:TYPED_MOST] for value in values[: len(CHANNEL_NAMES)])
        for name, values in raw.items()
        if FIELD_NAME.fullmatch(name)
    }


def changed_fields(raw: Raw, shown: Typed) -> dict[str, tuple[str, ...]]:
    """Return the fields that differ from what was shown; of a material or the questions, every field of the group.

    Example:
        >>> changed_fields({"visits": ["1"], "fee": [" 0.00"]}, {"visits": ("0",), "fee": ("0.00",)})
        {'visits': ('1',)}
    """
    differing = {group_of(name) for name, values in raw.items() if _plain(values) != _plain(shown.get(name, ()))}
    return {name: tuple(values) for name, values in raw.items() if group_of(name) in differing}


def group_of(name: str) -> str:
    """Return what a field belongs to: a material row, the questions, or itself."""
    return "-".join(name.split("-")[:2]) if name.startswith("m-") else name.split("-", maxsplit=1)[0]


def _plain(values: Sequence[str]) -> list[str]:
    return sorted(value.replace("\r\n", "\n").strip() for value in values if value.strip())


def typed_of_item(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return the texts of the editor's fields for an item's facts."""
    typed: dict[str, tuple[str, ...]] = {
        "promised_days": (_said(facts["promised_days"]),),
        "visits": (_said(facts["visits"]),),
        "fee": (format_yuan(_whole(facts["fee_fen"])).replace(",", ""),),
        "channels": texts(facts["channels"]),
        "scope": (_said(facts["guide.scope"]),),
        "conditions": ("\n".join(texts(facts["guide.conditions"])),),
        "flow": ("\n".join(texts(facts["guide.flow"])),),
    }
    for n, row in enumerate(objects(facts["guide.faq"]), 1):
        typed[f"faq-{n}-question"], typed[f"faq-{n}-answer"] = (_said(row["question"]),), (_said(row["answer"]),)
    for key, material in facts.items():
        if is_material(key) and isinstance(material, Mapping):
            typed |= _typed_of_material(str(material_seq(key)), material)
    return typed


def _typed_of_material(key: str, row: JsonObject) -> dict[str, tuple[str, ...]]:
    columns = {part: part for part in MATERIAL_PARTS[:-1]} | {"condition": "condition_zh"}
    return {f"m-{key}-{part}": (_said(row.get(column)),) for part, column in columns.items()}


def typed_of_unit(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return the texts of the editor's fields for a unit's facts."""
    return {name: (_said(facts[name]),) for name in UNIT_FIELDS}


def blank_rows(typed: Typed) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the keys of the material rows and the numbers of the question rows to show, blank ones last."""
    known = {found[1] for name in typed if (found := MATERIAL_NAME.fullmatch(name))}
    old = sorted((key for key in known if not key.startswith(NEW)), key=int)
    used = [key for key in known if key.startswith(NEW) and filled(typed, f"m-{key}-")]
    last = max((int(key[1:]) for key in used), default=0)
    new = [f"{NEW}{n}" for n in range(1, last + 1 + BLANK_ROWS)]
    asked = [int(found[1]) for name in typed if (found := QUESTION_NAME.fullmatch(name)) and filled(typed, name[:-8])]
    return (*old, *new), tuple(range(1, max(asked, default=0) + 1 + BLANK_ROWS))


def filled(typed: Raw, prefix: str) -> bool:
    """Tell whether any text stands in a row; what its choices are set to does not count."""
    parts = ("name", "licence_type", "condition", "question", "answer")
    return any(text.strip() for part in parts for text in typed.get(f"{prefix}{part}", ()))


def _said(value: Json) -> str:
    return "" if value is None else str(value)


def _whole(value: Json) -> int:
    return value if isinstance(value, int) else 0


def read_day(typed: str) -> date | None:
    """Return a day as typed, None when it is none.

    Example:
        >>> read_day("2026年12月1日"), read_day("morgen")
        (datetime.date(2026, 12, 1), None)
    """
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", typed).replace(" ", ""))
    try:
        return None if found is None else date(*map(int, found.groups()))
    except ValueError:
        return None
