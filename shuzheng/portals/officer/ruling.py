"""Rules as the desk's pages show them: a text in colours with line numbers, facts, inputs to try."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuzheng.engines.rules.errors import FactInvalid, RuleTextInvalid
from shuzheng.engines.rules.rules.explaining import TODAY, explain
from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.rules.reading import KEYWORDS
from shuzheng.engines.rules.types import (
    KIND_LABELS,
    Change,
    Explanation,
    Fact,
    Facts,
    Kind,
    Schema,
    Value,
)
from shuzheng.portals.officer.presenting import Tag
from shuzheng.portals.shell.templatetags.wording import full_day, tr
from shuzheng.services.rulebook.rules.checking import facts_used, read_rule
from shuzheng.services.rulebook.types import RULE_STATE_LABELS, RuleKind, RuleState, RuleView
from shuzheng.services.rulebook.types.proposing import PROPOSAL_STATE_LABELS, ProposalState

STATE_TAGS: Final[Mapping[RuleState, tuple[str, str]]] = {
    RuleState.IN_FORCE: ("ok", "check"),
    RuleState.COMING: ("b", "calendar"),
    RuleState.ENDED: ("", "x"),
    RuleState.HELD: ("warn", "alert"),
}
PROPOSAL_TAGS: Final[Mapping[ProposalState, tuple[str, str]]] = {
    ProposalState.DRAFT: ("", "edit"),
    ProposalState.REVIEW: ("warn", "clock"),
    ProposalState.RETURNED: ("bad", "undo"),
    ProposalState.PUBLISHED: ("ok", "check"),
    ProposalState.REFUSED: ("bad", "x"),
    ProposalState.DROPPED: ("", "x"),
}
_PIECE: Final = re.compile(
    r"(?P<text>'(?:[^']|'')*'?)|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z_\u4e00-\u9fff][\w.\u4e00-\u9fff]*)"
    r"|(?P<sign><>|<=|>=|[=<>+\-*/(),])|(?P<space>\s+|.)",
    re.DOTALL,
)


def state_tag(state: RuleState) -> Tag:
    """Return the tag of an edition on a day."""
    kind, icon = STATE_TAGS[state]
    return Tag(tr(RULE_STATE_LABELS[state]), kind, icon)


def proposal_tag(state: ProposalState) -> Tag:
    """Return the tag of a proposal."""
    kind, icon = PROPOSAL_TAGS[state]
    return Tag(tr(PROPOSAL_STATE_LABELS[state]), kind, icon)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a rule's text: its class, and what a fact is called."""

    css: str
    text: str
    title: str = ""


def lines_of(text: str, schema: Schema) -> list[list[Word]]:
    """Return a rule's text by lines, each in words with their colours; wrong texts too."""
    lines: list[list[Word]] = [[]]
    for match in _PIECE.finditer(text):
        kind, word = match.lastgroup or "", match.group()
        for n, part in enumerate(word.split("\n")):
            if n:
                lines.append([])
            if part:
                lines[-1].append(_word(kind, part, schema))
    return lines


def _word(kind: str, word: str, schema: Schema) -> Word:
    if kind != "name":
        return Word({"text": "w-text", "number": "w-num", "sign": "w-sign"}.get(kind, ""), word)
    if word.upper() in KEYWORDS:
        return Word("w-key", word)
    fact = schema.get(word)
    return Word("w-call" if fact is None else "w-fact", word, "" if fact is None else fact.label)


def say_type(fact: Fact) -> str:
    """Return what kind of value a fact has, in the reader's language."""
    if fact.type.kind is not Kind.NUMBER:
        return tr(KIND_LABELS[fact.type.kind])
    if not fact.type.scale:
        return str(_("整数"))
    return str(_("数，最多 %(n)s 位小数") % {"n": fact.type.scale})


def used_facts(rule: RuleView) -> tuple[Fact, ...]:
    """Return the facts a rule asks about, in the order of its sheet; all of the sheet where it cannot be told."""
    try:
        used = facts_used(rule.text, rule.kind, rule.schema)
    except RuleTextInvalid:
        return tuple(rule.schema.values())
    return tuple(fact for name, fact in rule.schema.items() if name in used)


@dataclass(frozen=True, slots=True)
class TryInput:
    """An input of the page where a rule is tried.

    Attributes:
        kind: `bool`, `choice`, `choices`, `num`, `date` or `text`.
        typed: What was typed, to be shown again.
        told: Who told the value, '' when it was typed.
    """

    fact: Fact
    name: str
    kind: str
    label: str
    hint: str
    options: tuple[tuple[str, str], ...]
    typed: tuple[str, ...]
    error: str = ""
    told: str = ""

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the options that were chosen; the blank one where none was."""
        return self.typed or ("",)

    @property
    def value(self) -> str:
        """Return the one text typed."""
        return "\n".join(self.typed)


@dataclass(slots=True)
class Tried:
    """What came of trying a rule."""

    inputs: list[TryInput] = field(default_factory=list)
    facts: dict[str, Value] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_tried(
    rule: RuleView, posted: QueryDict | None, told: Mapping[str, str], tellers: Mapping[str, str], *, on: date
) -> Tried:
    """Return the inputs of a rule with what was typed, and the facts that could be read from them.

    Args:
        rule: To be tried.
        posted: The form, None before anything was typed.
        told: Texts a case tells, by fact; what was typed stands over them.
        tellers: Who told, by fact.
        on: The day it is tried for: the fact `today`.
    """
    tried = Tried(facts={TODAY: on})
    for fact in used_facts(rule):
        if fact.name == TODAY:
            continue
        _read_one(tried, fact, posted, told, tellers)
    return tried


def _read_one(
    tried: Tried, fact: Fact, posted: QueryDict | None, told: Mapping[str, str], tellers: Mapping[str, str]
) -> None:
    name = f"f-{fact.name}"
    typed = [] if posted is None else [text for text in posted.getlist(name) if text]
    if not typed and fact.name in told:
        typed = told[fact.name].split("\n") if fact.type.kind is Kind.LIST else [told[fact.name]]
    teller = tellers.get(fact.name, "") if fact.name in told and typed == told[fact.name].split("\n") else ""
    kind = _input_kind(fact)
    error = ""
    given: object = [line.strip() for text in typed for line in text.splitlines()] if typed else None
    try:
        tried.facts[fact.name] = read_value(fact, given if fact.type.kind is Kind.LIST else "".join(typed))
    except FactInvalid:
        error = str(_("“%(label)s”应为%(kind)s") % {"label": fact.label, "kind": say_type(fact)})
        tried.problems.append((name, error))
    tried.inputs.append(
        TryInput(fact, name, kind, _label(fact), _hint(fact), _options(fact, kind), tuple(typed), error, tr(teller))
    )


def _input_kind(fact: Fact) -> str:
    if fact.type.kind is Kind.LIST:
        return "choices" if fact.choices else "lines"
    if fact.choices and fact.type.kind is Kind.TEXT:
        return "choice"
    return {Kind.BOOL: "bool", Kind.NUMBER: "num", Kind.DATE: "date"}.get(fact.type.kind, "text")


def _label(fact: Fact) -> str:
    bare = not fact.unit or fact.unit in fact.label
    return fact.label if bare else f"{fact.label}（{fact.unit}）"


def _hint(fact: Fact) -> str:
    if fact.type.kind is Kind.DATE:
        return str(_("例如 2026-01-31"))
    if fact.type.kind is Kind.LIST and not fact.choices:
        return str(_("一行写一个"))
    return str(_("最多 %(n)s 位小数") % {"n": fact.type.scale}) if fact.type.scale else ""


def _options(fact: Fact, kind: str) -> tuple[tuple[str, str], ...]:
    if kind == "bool":
        return (("", str(_("不知道"))), ("true", str(_("是"))), ("false", str(_("否"))))
    if kind == "choice":
        return (("", str(_("不知道"))), *((choice, choice) for choice in fact.choices))
    return tuple((choice, choice) for choice in fact.choices)


@dataclass(frozen=True, slots=True)
class WayStep:
    """One thing that would have to be otherwise, and how far it is."""

    words: str
    more: str
    possible: bool


def ways_of(explanation: Explanation) -> list[list[WayStep]]:
    """Return the ways in which a rule would hold, in words."""
    return [[_way_step(change) for change in way] for way in explanation.ways]


def _way_step(change: Change) -> WayStep:
    more = ""
    if change.missing:
        more = str(_("还不知道"))
    elif change.from_on is not None:
        more = str(_("从%(day)s起") % {"day": full_day(change.from_on)})
    elif change.gap is not None:
        more = str(_("还差 %(gap)s") % {"gap": change.gap_words})
    elif not change.possible:
        more = str(_("不能改变"))
    return WayStep(change.words, more, change.possible)


def explain_rule(rule: RuleView, facts: Facts) -> Explanation | None:
    """Return why a condition gives what it gives; None for what is no condition."""
    if rule.kind is not RuleKind.CONDITION:
        return None
    try:
        return explain(read_rule(rule.text, rule.kind, rule.schema), facts)
    except RuleTextInvalid:
        return None


def texts_of(facts: Mapping[str, Value]) -> dict[str, str]:
    """Return known facts as an input shows them."""
    return {name: _text(value) for name, value in facts.items() if value is not None and value != []}


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def marked_lines(text: str, line: int, column: int) -> tuple[str, str, str]:
    """Return the line a fault stands in: before the place, the word there, and after it."""
    lines = text.split("\n")
    if not 0 < line <= len(lines):
        return "", "", ""
    here = lines[line - 1]
    match = re.compile(r"[\w.]+|.").match(here, max(column - 1, 0))
    end = match.end() if match else len(here)
    return here[: column - 1], here[column - 1 : end], here[end:]


def rows_of(rules: Iterable[RuleView], today: date) -> list[tuple[RuleView, Tag]]:
    """Return the lines of a list of rules."""
    return [(rule, state_tag(rule.state_on(today))) for rule in rules]
