"""What an officer typed as a rule's successor: read, checked, every problem at once with its place; pure."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Final

from shuzheng.base.kernel.said import said
from shuzheng.engines.rules.errors import RuleTextInvalid, TableInvalid
from shuzheng.engines.rules.rules.saying import say_condition, say_term
from shuzheng.engines.rules.rules.tables.checking import check_table
from shuzheng.engines.rules.rules.tables.findings import findings_of
from shuzheng.engines.rules.types import Kind, Schema
from shuzheng.engines.rules.types.tables import Severity
from shuzheng.services.rulebook.rules.checking import facts_used, read_rule
from shuzheng.services.rulebook.rules.permitting import problem_of_day
from shuzheng.services.rulebook.rules.tables import load_table
from shuzheng.services.rulebook.rules.testing import run_rule_tests
from shuzheng.services.rulebook.types import NewRule, RuleKind, RuleView
from shuzheng.services.rulebook.types.proposing import Draft, ProposalProblem

MOST: Final = {
    "label": 240,
    "text": 400_000,
    "tests": 200_000,
    "failure": 1000,
    "source": 500,
    "source_url": 500,
    "reason": 1000,
}
"""Characters kept of a field; a text is long where it is a table."""
_NAMES: Final = {
    "label": said("名称"),
    "text": said("规则文本"),
    "failure": said("不符合时的说明"),
    "source": said("依据"),
    "source_url": said("依据的网址"),
    "reason": said("为什么改"),
}
_WANTED: Final = {
    "label": said("请写名称，例如：经营场所不少于10平方米"),
    "text": said("请写规则文本"),
    "source": said("请写依据，例如：《食品经营许可和备案管理办法》第十二条"),
    "reason": said("请写为什么改，审核的人会看到"),
}


def draft_of(rule: RuleView) -> Draft:
    """Return the texts the editor begins with: those in force, to take effect on a day still to be typed."""
    return Draft(
        label=rule.label,
        text=rule.text,
        failure=rule.failure,
        source=rule.source,
        source_url=rule.source_url,
        tests=rule.tests,
    )


def tidy(draft: Draft) -> Draft:
    """Return a draft with plain line ends, cut to what can be kept."""
    texts = {name: str(value).replace("\r\n", "\n").strip() for name, value in asdict(draft).items()}
    return Draft(**{name: text[: MOST.get(name, 20_000)] for name, text in texts.items()})


def read_day(text: str) -> date | None:
    """Return a typed day, None when it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def problems_of(draft: Draft, base: RuleView, *, today: date) -> tuple[ProposalProblem, ...]:
    """Return everything that keeps a draft from being submitted, in the order of the editor."""
    return tuple(_problems(draft, base, today))


def _problems(draft: Draft, base: RuleView, today: date) -> Iterator[ProposalProblem]:
    for field in ("label", "text"):
        yield from _empty(draft, field)
    yield from text_problems(draft.text, base.kind, base.schema)
    if base.kind is RuleKind.CONDITION and not draft.failure:
        yield ProposalProblem("failure", said("请写不符合时告诉申请人什么，例如：经营场所面积过小，请调整后再申请"))
    yield from _empty(draft, "source")
    if draft.source_url and not draft.source_url.startswith(("https://", "http://")):
        yield ProposalProblem("source_url", said("网址要以 https:// 开头"))
    yield from _day_problems(draft, today)
    yield from test_problems(draft, base)
    yield from _empty(draft, "reason")
    if replace(draft, valid_from="", reason="") == draft_of(base):
        yield ProposalProblem("text", said("还没有改动：和现在的规则完全一样"))


def _empty(draft: Draft, field: str) -> Iterator[ProposalProblem]:
    if not getattr(draft, field):
        yield ProposalProblem(field, _WANTED[field])


def text_problems(text: str, kind: RuleKind, schema: Schema) -> Iterator[ProposalProblem]:
    """Yield what is wrong in a rule's text, with line and column; nothing for an empty one."""
    if not text:
        return
    if kind is RuleKind.TABLE:
        yield from _table_problems(text, schema)
        return
    try:
        facts_used(text, kind, schema)
    except RuleTextInvalid as fault:
        line, column = int(str(fault.facts["line"])), int(str(fault.facts["column"]))
        message = said(
            "第 {line} 行第 {column} 列：{problem}", line=line, column=column, problem=fault.facts["problem"]
        )
        yield ProposalProblem("text", message, line, column)


def _table_problems(text: str, schema: Schema) -> Iterator[ProposalProblem]:
    """Yield every fault of a table, each at its cell, and what may not be published: rows that hold together."""
    try:
        table = check_table(load_table(text), schema)
    except RuleTextInvalid as fault:
        yield ProposalProblem("text", fault.message)
    except TableInvalid as refused:
        for one in refused.faults:
            field = f"r-{one.row}-{max(one.column, 1)}" if one.row else f"c-{max(one.column, 1)}-expression"
            message = said("{place}：{problem}", place=one.place, problem=one.problem)
            yield ProposalProblem(field, message, one.row, one.column)
    else:
        for finding in findings_of(table):
            if finding.severity is Severity.ERROR:
                row = finding.rows[0] if finding.rows else 1
                yield ProposalProblem(f"r-{row}-1", finding.words, row)


def _day_problems(draft: Draft, today: date) -> Iterator[ProposalProblem]:
    day = read_day(draft.valid_from)
    if day is None:
        yield ProposalProblem("valid_from", said("请填生效日期，写成 {day} 这样", day=today.isoformat()))
        return
    problem = problem_of_day(day, today=today)
    if problem:
        yield ProposalProblem("valid_from", problem)


def test_problems(draft: Draft, base: RuleView) -> Iterator[ProposalProblem]:
    """Yield the tests that do not come out as they should."""
    results = run_rule_tests(draft.text, base.kind, base.schema, draft.tests, label=draft.label, failure=draft.failure)
    for result in results:
        if not result.passed and result.name:
            yield ProposalProblem("tests", said("测试“{name}”没有通过：{said}", name=result.name, said=result.said))
        elif not result.passed:
            yield ProposalProblem("tests", result.said)


def say_rule(text: str, kind: RuleKind, schema: Schema) -> str:
    """Return a condition or a value in Chinese; '' when it cannot be read or is a table."""
    if kind is RuleKind.TABLE:
        return ""
    try:
        root = read_rule(text, kind, schema).root
    except RuleTextInvalid:
        return ""
    return say_condition(root, schema) if root.type.kind is Kind.BOOL else say_term(root, schema)


def new_rule_of(draft: Draft, base: RuleView, begins: date) -> NewRule:
    """Return the successor a draft asks for; what the editor does not show stays as it is."""
    still = base.valid_to is not None and base.valid_to > begins
    return NewRule(
        code=base.code,
        kind=base.kind,
        sheet=base.sheet,
        label=draft.label,
        text=draft.text,
        failure=draft.failure,
        source=draft.source,
        source_url=draft.source_url,
        valid_from=begins,
        valid_to=base.valid_to if still else None,
        tests=draft.tests,
        position=base.position,
        department=base.department,
    )
