"""Turns a step of a form and its answers into rows a template can draw: one row a question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuzheng.portals.shell.templatetags.wording import tr
from shuzheng.portals.shell.types import TypedFields
from shuzheng.services.items.types import Answer, FieldProblem, FieldSpec, FieldType, FormSpec, SectionSpec

WIDE = frozenset({FieldType.ADDRESS, FieldType.MULTICHOICE, FieldType.CHOICE, FieldType.BOOLEAN})
"""Questions that take the whole width; the others stand two in a row."""
KEYBOARDS: Mapping[FieldType, str] = {
    FieldType.NUMBER: "decimal",
    FieldType.MOBILE: "tel",
    FieldType.DATE: "",
    FieldType.ID_NUMBER: "",
}
COMPLETIONS: Mapping[FieldType, str] = {FieldType.MOBILE: "tel", FieldType.ADDRESS: "street-address"}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MANY_OPTIONS = 7
"""A choice with more options is a list to open."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One question as it is drawn.

    Attributes:
        kind: `text`, `date`, `radios`, `checkboxes` or `select`.
        value: What a one-line field shows.
        chosen: Values chosen among `options`, pairs of value and label.
        source: Where the value was taken from, '' when the applicant typed it.
        was: '企业登记写的是：…' when the applicant changed a prefilled value.
        asked: False where what is known makes the question needless.
    """

    name: str
    label: str
    kind: str
    hint: str
    error: str
    value: str
    chosen: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    source: str
    was: str
    optional: bool
    wide: bool
    mode: str
    auto: str
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the application; `section` is None for papers and the check."""

    n: int
    title: str
    section: int | None
    state: str


def steps_of(form: FormSpec, *, now: int) -> tuple[Step, ...]:
    """Return every step in order: sections that ask something, papers, check; `now` is the step shown, from 1."""
    titles: list[tuple[str, int | None]] = [
        (section.title, index) for index, section in enumerate(form.sections) if asks(section)
    ]
    titles += [(_("材料"), None), (_("核对提交"), None)]
    return tuple(
        Step(n, title, section, "done" if n < now else "now" if n == now else "next")
        for n, (title, section) in enumerate(titles, start=1)
    )


def asks(section: SectionSpec) -> bool:
    """Tell whether a section has a question; files are given with the papers."""
    return any(spec.type is not FieldType.FILE for spec in section.fields)


def rows_of(
    section: SectionSpec,
    answers: Mapping[str, Answer],
    *,
    problems: Sequence[FieldProblem] = (),
    typed: TypedFields | None = None,
) -> tuple[FieldRow, ...]:
    """Return the questions of a section.

    Args:
        section: The step.
        answers: Saved answers by field.
        problems: What is wrong with them.
        typed: What was typed but not saved; takes the place of the saved answers.
    """
    messages = {problem.field: tr(problem.message) for problem in problems}
    return tuple(
        _row(spec, answers.get(spec.name), messages.get(spec.name, ""), typed)
        for spec in section.fields
        if spec.type is not FieldType.FILE
    )


def _row(spec: FieldSpec, answer: Answer | None, error: str, typed: TypedFields | None) -> FieldRow:
    texts = tuple(typed.get(spec.name, ())) if typed else answer.typed if answer else ()
    kept = answer is not None and texts == answer.typed
    source = tr(answer.source.label) if answer and answer.source and kept else ""
    kind = _kind(spec, texts)
    return FieldRow(
        name=spec.name,
        label=_label(spec),
        kind=kind,
        hint=_hint(spec, kind),
        error=error,
        value=texts[0] if texts else "",
        chosen=texts,
        options=_options(spec, kind),
        source=source,
        was=_was(spec, answer),
        optional=not spec.required,
        wide=spec.type in WIDE and kind != "select",
        mode=KEYBOARDS.get(spec.type, ""),
        auto=COMPLETIONS.get(spec.type, "off"),
        asked=spec.asked,
    )


def _label(spec: FieldSpec) -> str:
    return f"{spec.label}（{spec.unit}）" if spec.unit and spec.unit not in spec.label else spec.label


def _kind(spec: FieldSpec, texts: Sequence[str]) -> str:
    """Return how a question is drawn; a date typed in another way stays a text, or the browser would drop it."""
    if spec.type is FieldType.DATE and all(not text or _ISO_DATE.fullmatch(text) for text in texts):
        return "date"
    if spec.type is FieldType.MULTICHOICE:
        return "checkboxes"
    if spec.options:
        return "select" if len(spec.options) > MANY_OPTIONS else "radios"
    return "text"


def _hint(spec: FieldSpec, kind: str) -> str:
    if spec.hint:
        return spec.hint
    if spec.type is FieldType.DATE and kind == "text":
        return _("例如 2026-11-24")
    return _("可多选") if spec.type is FieldType.MULTICHOICE else ""


def _options(spec: FieldSpec, kind: str) -> tuple[tuple[str, str], ...]:
    listed = tuple((option.value, option.label) for option in spec.options) or tuple((c, c) for c in spec.choices)
    return (("", _("请选择")), *listed) if kind == "select" else listed


def _was(spec: FieldSpec, answer: Answer | None) -> str:
    if answer is None or answer.original is None:
        return ""
    labels = {option.value: option.label for option in spec.options}
    value = str(answer.original.value)
    return _("%(source)s写的是：%(value)s") % {
        "source": tr(answer.original.source.label),
        "value": labels.get(value, value),
    }
