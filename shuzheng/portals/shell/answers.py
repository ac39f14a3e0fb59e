"""A submitted form as people read it: labels, values in words, and where each value came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shuzheng.base.kernel.mask import mask_address, mask_id_no, mask_mobile
from shuzheng.base.kernel.scrub import mask_numbers
from shuzheng.portals.shell.templatetags.wording import full_day, tr
from shuzheng.services.items.types import Answer, FieldSpec, FieldType, FormSpec


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question with its answer.

    Attributes:
        source: '企业登记' when the value was taken from there and left as it was; '' when the applicant typed it.
        was: The value it was prefilled with, when the applicant changed it; `was_from` says where that came from.
    """

    label: str
    value: str
    source: str = ""
    was: str = ""
    was_from: str = ""


@dataclass(frozen=True, slots=True)
class SectionRows:
    """One step of the form."""

    title: str
    rows: tuple[AnswerRow, ...]


PEOPLE = "directory.person"
"""Source of what the register of people said; an address from there is somebody's home."""


def read_answers(
    form: FormSpec, answers: Mapping[str, Answer], *, masked: bool, homes: bool = False
) -> tuple[SectionRows, ...]:
    """Return the sections with their answers; uploaded files are left to the paper list.

    Args:
        form: The form in the version that was filled; what it does not ask is left out.
        answers: By field name.
        masked: Hide the middle of identity and mobile numbers, and the house of a home address.
        homes: Every address is somebody's home, as in an application for oneself.
    """
    sections = []
    for section in form.sections:
        rows = tuple(
            _row(spec, answers.get(spec.name), masked=masked, homes=homes)
            for spec in section.fields
            if spec.type is not FieldType.FILE and spec.asked
        )
        if rows:
            sections.append(SectionRows(section.title, rows))
    return tuple(sections)


def _row(spec: FieldSpec, answer: Answer | None, *, masked: bool, homes: bool) -> AnswerRow:
    if answer is None:
        return AnswerRow(spec.label, "")
    if masked and spec.type is FieldType.ADDRESS and (homes or _from_people(answer)):
        return _hidden_home(spec, answer)
    value = say_value(spec, answer.value, masked=masked)
    if answer.original is None:
        return AnswerRow(spec.label, value, tr(answer.source.label) if answer.source else "")
    was = say_value(spec, answer.original.value, masked=masked)
    return AnswerRow(spec.label, value, "", was, tr(answer.original.source.label))


def _from_people(answer: Answer) -> bool:
    sources = (answer.source, answer.original.source if answer.original else None)
    return any(source is not None and source.source == PEOPLE for source in sources)


def _hidden_home(spec: FieldSpec, answer: Answer) -> AnswerRow:
    value = mask_address(str(answer.value or ""))
    if answer.original is None:
        return AnswerRow(spec.label, value, tr(answer.source.label) if answer.source else "")
    was = mask_address(str(answer.original.value or ""))
    return AnswerRow(spec.label, value, "", was, tr(answer.original.source.label))


def say_value(spec: FieldSpec, value: object, *, masked: bool) -> str:
    """Return a stored value in words; '' for none."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    labels = {option.value: option.label for option in spec.options}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "、".join(labels.get(str(one), str(one)) for one in value)
    return _say_text(spec, labels.get(str(value), str(value)), masked=masked)


def _say_text(spec: FieldSpec, text: str, *, masked: bool) -> str:
    if masked and spec.type is FieldType.ID_NUMBER:
        return mask_id_no(text)
    if masked and spec.type is FieldType.MOBILE:
        return mask_mobile(text)
    if spec.type is FieldType.DATE:
        return _say_date(text)
    if masked:
        text = mask_numbers(text)
    # A label often names its unit already: 经营场所面积（平方米）.
    return f"{text} {spec.unit}" if spec.unit and spec.unit not in spec.label else text


def _say_date(text: str) -> str:
    try:
        return full_day(date.fromisoformat(text))
    except ValueError:
        return text
