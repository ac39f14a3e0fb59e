"""The one validator of what is typed: used by pages, by the API and again at submission.

Every message says what is wrong and shows a right example. Nothing typed is repeated in a message: it may identify
somebody, and messages travel further than forms do.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from shuzheng.base.kernel.codes import check_citizen_id, check_division_code, check_mobile, check_uscc
from shuzheng.base.kernel.errors import Invalid
from shuzheng.base.kernel.said import said
from shuzheng.base.kernel.types import Json
from shuzheng.services.items.types import FieldProblem, FieldSpec, FieldType, Precision, SectionSpec

TEXT_LIMIT: Final = 200
TYPED_LIMIT: Final = 5_000
"""Characters of one answer that are kept although they are wrong."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DATE: Final = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?")
_YES: Final = frozenset({"true", "on", "1", "是", "yes"})
_NO: Final = frozenset({"false", "off", "0", "否", "no"})


class Wrong(Exception):
    """What is wrong with one text, as the message to show; never leaves the rules."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def read_answers(
    section: SectionSpec, raw: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Json], tuple[FieldProblem, ...]]:
    """Read one step of a form.

    Args:
        section: The step; file fields are left to the papers, and what need not be asked is not read.
        raw: Typed texts by field name; names the step does not have are ignored.

    Returns:
        Values of the fields that are right (None for an optional one left empty), and the problems of the others.
    """
    values: dict[str, Json] = {}
    problems: list[FieldProblem] = []
    for spec in section.fields:
        if spec.type is FieldType.FILE or not spec.asked:
            continue
        try:
            values[spec.name] = read_field(spec, raw.get(spec.name, ()))
        except Wrong as wrong:
            problems.append(FieldProblem(spec.name, spec.label, wrong.message))
    return values, tuple(problems)


def read_field(spec: FieldSpec, typed: Sequence[str]) -> Json:
    """Read one answer; None for an optional field left empty.

    Raises:
        Wrong: With the message to show.
    """
    texts = [text for text in (_tidy(t) for t in typed) if text]
    if not texts:
        if spec.required:
            raise Wrong(_missing(spec))
        return None
    if any(len(text) > TYPED_LIMIT for text in texts):
        raise Wrong(said("{label}填得太长，最多 {text_limit} 个字", label=spec.label, text_limit=TEXT_LIMIT))
    if spec.type is FieldType.MULTICHOICE:
        return _read_many(spec, texts)
    return _READERS[spec.type](spec, texts[-1])


def describe_value(value: Json) -> tuple[str, ...]:
    """Return a value as it would be typed: what a form shows again; empty for none."""
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str | int | float):
        return (str(value),)
    return tuple(str(part) for part in value)


def _tidy(text: str) -> str:
    return _CONTROL.sub("", text).replace("\u3000", " ").replace("\u00a0", " ").strip()


def _halfwidth(text: str) -> str:
    """Return full-width digits, points and letters as half-width, without any space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _bare(label: str) -> str:
    """Return a label without its bracketed unit: '经营场所面积（平方米）' is read as '经营场所面积'."""
    return re.sub(r"（[^（）]*）$", "", label) or label


def _missing(spec: FieldSpec) -> str:
    name = _bare(spec.label)
    if spec.type in {FieldType.CHOICE, FieldType.DIVISION}:
        return said("请选择{name}，例如 {example}", name=name, example=_first_option(spec))
    if spec.type is FieldType.MULTICHOICE:
        return said("请选择{name}，至少选一项，例如 {example}", name=name, example=_first_option(spec))
    if spec.type is FieldType.BOOLEAN:
        return said("请选择“是”或“否”：{name}", name=name)
    example = _EXAMPLES.get(spec.type, "")
    if spec.type is FieldType.NUMBER:
        example = _number_example(spec.precision)
    return (
        said("请填写{name}，例如 {example}", name=name, example=example) if example else said("请填写{name}", name=name)
    )


def _first_option(spec: FieldSpec) -> str:
    if spec.options:
        return spec.options[0].label
    return spec.choices[0] if spec.choices else ""


_EXAMPLES: Final[Mapping[FieldType, str]] = {
    FieldType.DATE: "2026-11-24",
    FieldType.ID_NUMBER: "11010519491231002X",
    FieldType.USCC: "91350100M000100Y43",
    FieldType.MOBILE: "13800001234",
    FieldType.ADDRESS: "人民路 8 号 2 幢 103 室",
}


def _read_text(spec: FieldSpec, text: str) -> Json:
    if len(text) > TEXT_LIMIT:
        raise Wrong(
            said(
                "{name}最多 {text_limit} 个字，现在有 {length} 个字",
                name=_bare(spec.label),
                text_limit=TEXT_LIMIT,
                length=len(text),
            )
        )
    return text


def _read_address(spec: FieldSpec, text: str) -> Json:
    name = _bare(spec.label)
    if len(text) > TEXT_LIMIT:
        raise Wrong(
            said(
                "{name}最多 {text_limit} 个字，现在有 {length} 个字", name=name, text_limit=TEXT_LIMIT, length=len(text)
            )
        )
    if len(text) < 4:
        raise Wrong(said("{name}要写到门牌号或村组，例如 {example}", name=name, example=_EXAMPLES[FieldType.ADDRESS]))
    return text


def _number_example(precision: Precision | None) -> str:
    return "12.5" if precision is None or precision.decimals else "12"


def _read_number(spec: FieldSpec, text: str) -> Json:
    name, example = _bare(spec.label), _number_example(spec.precision)
    plain = _halfwidth(text)
    if spec.unit:
        plain = plain.removesuffix(_halfwidth(spec.unit))
    if not _NUMBER.fullmatch(plain):
        raise Wrong(said("{name}要填数字，例如 {example}", name=name, example=example))
    if plain.startswith("-") and plain.strip("-0.,"):
        raise Wrong(said("{name}不能小于 0，例如 {example}", name=name, example=example))
    whole, _, fraction = plain.lstrip("+-").replace(",", "").partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    precision = spec.precision or Precision(18, 6)
    if precision.decimals == 0 and fraction:
        raise Wrong(said("{name}要填整数，例如 {example}", name=name, example=example))
    if len(fraction) > precision.decimals:
        raise Wrong(
            said(
                "{name}最多写到小数点后 {decimals} 位，例如 {example}",
                name=name,
                decimals=precision.decimals,
                example=example,
            )
        )
    if len(whole) > precision.digits - precision.decimals:
        raise Wrong(
            said(
                "{name}太大，整数部分最多 {limit} 位，例如 {example}",
                name=name,
                limit=precision.digits - precision.decimals,
                example=example,
            )
        )
    return f"{whole}.{fraction}" if fraction else whole


def _read_date(spec: FieldSpec, text: str) -> Json:
    name = _bare(spec.label)
    plain = _halfwidth(text)
    found = _DATE.fullmatch(plain) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain)
    if found is None:
        raise Wrong(said("{name}要填年月日，例如 2026-11-24", name=name))
    year, month, day = (int(part) for part in found.groups())
    try:
        read = date(year, month, day)
    except ValueError:
        raise Wrong(said("{name}没有这一天，请核对月份和日期，例如 2026-11-24", name=name)) from None
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise Wrong(
            said(
                "{name}的年份要在 {first_year} 至 {last_year} 之间，例如 2026-11-24",
                name=name,
                first_year=FIRST_YEAR,
                last_year=LAST_YEAR,
            )
        )
    return read.isoformat()


def _read_choice(spec: FieldSpec, text: str) -> Json:
    if text not in spec.choices:
        raise Wrong(
            said("{name}请从列出的选项里选一个，例如 {example}", name=_bare(spec.label), example=_first_option(spec))
        )
    return text


def _read_many(spec: FieldSpec, texts: Sequence[str]) -> Json:
    if any(text not in spec.choices for text in texts):
        raise Wrong(
            said("{name}请从列出的选项里选，例如 {example}", name=_bare(spec.label), example=_first_option(spec))
        )
    return [choice for choice in spec.choices if choice in texts]


def _read_code(check: Callable[[str], str]) -> Callable[[FieldSpec, str], Json]:
    def read(spec: FieldSpec, text: str) -> Json:
        try:
            return check(text)
        except Invalid as refusal:
            message, hint = said(refusal.text, **refusal.facts), said(refusal.hint, **refusal.facts)
            name = _bare(spec.label)
            raise Wrong(said("{name}不对：{message}。{hint}", name=name, message=message, hint=hint)) from None

    return read


def _read_division(spec: FieldSpec, text: str) -> Json:
    for option in spec.options:
        if text in (option.value, option.label):
            return option.value
    if spec.options:
        raise Wrong(
            said("{name}请从列出的区划里选一个，例如 {example}", name=_bare(spec.label), example=_first_option(spec))
        )
    return _read_code(check_division_code)(spec, text)


def _read_boolean(spec: FieldSpec, text: str) -> Json:
    plain = _halfwidth(text).casefold()
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise Wrong(said("请选择“是”或“否”：{name}", name=_bare(spec.label)))


_READERS: Final[Mapping[FieldType, Callable[[FieldSpec, str], Json]]] = {
    FieldType.TEXT: _read_text,
    FieldType.ADDRESS: _read_address,
    FieldType.NUMBER: _read_number,
    FieldType.DATE: _read_date,
    FieldType.CHOICE: _read_choice,
    FieldType.ID_NUMBER: _read_code(check_citizen_id),
    FieldType.USCC: _read_code(check_uscc),
    FieldType.MOBILE: _read_code(check_mobile),
    FieldType.DIVISION: _read_division,
    FieldType.BOOLEAN: _read_boolean,
}
