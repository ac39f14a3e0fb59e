"""Results of checks as inputs: one row a fact, drawn by its type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shuzheng.engines.rules.types import Kind
from shuzheng.portals.shell.templatetags.wording import moment
from shuzheng.services.items.types import FactToCheck

PREFIX = "check:"
"""Before the fact's name in a field's name."""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One fact to find out.

    Attributes:
        kind: `radios`, `select`, `date` or `text`.
        known: Who found out what and how, '' while nobody did.
    """

    name: str
    label: str
    kind: str
    hint: str
    value: str
    chosen: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    mode: str
    error: str
    known: str


def check_rows(
    facts: Sequence[FactToCheck], *, typed: Mapping[str, str] | None = None, problems: Mapping[str, str] | None = None
) -> tuple[CheckRow, ...]:
    """Return the facts as inputs; what was typed and is wrong stays, with its message."""
    typed, problems = typed or {}, problems or {}
    return tuple(_row(one, typed.get(one.fact.name, ""), problems.get(one.fact.name, "")) for one in facts)


def _row(one: FactToCheck, typed: str, error: str) -> CheckRow:
    fact, options = one.fact, _options(one)
    text = {Kind.DATE: "date"}.get(fact.type.kind, "text")
    kind = text if not options else "radios" if len(options) <= 3 else "select"
    unit = f"（{fact.unit}）" if fact.unit and fact.unit not in fact.label else ""
    return CheckRow(
        name=f"{PREFIX}{fact.name}",
        label=f"{fact.label}{unit}",
        kind=kind,
        hint=one.teller,
        value=typed,
        chosen=(typed,),
        options=(("", _("请选择")), *options) if kind == "select" else options,
        mode="decimal" if fact.type.kind is Kind.NUMBER else "",
        error=error,
        known=_known(one, dict(options)),
    )


def _options(one: FactToCheck) -> tuple[tuple[str, str], ...]:
    if one.fact.type.kind is Kind.BOOL:
        return (("true", _("是")), ("false", _("否")))
    return tuple((choice, choice) for choice in one.fact.choices)


def _known(one: FactToCheck, words: Mapping[str, str]) -> str:
    if one.known is None:
        return ""
    known = one.known
    said = {"value": words.get(known.value, known.value), "basis": known.basis, "by": known.by, "at": moment(known.at)}
    return str(_("%(value)s：%(basis)s（%(by)s，%(at)s）") % said)
