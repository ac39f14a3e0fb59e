"""JSON door: the public rules. What an item or a policy asks is public information; other books are for officers.

Reading needs no sign-in. An officer of the session sees every book, as at the desk.
"""

from datetime import date
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from shuzheng.base.kernel.clock import local_date, now
from shuzheng.base.kernel.types import Actor
from shuzheng.services.rulebook import queries
from shuzheng.services.rulebook.rules.checking import used_in
from shuzheng.services.rulebook.rules.drafting import say_rule
from shuzheng.services.rulebook.rules.permitting import check_may_read
from shuzheng.services.rulebook.rules.sheets import dump_type
from shuzheng.services.rulebook.types import RuleFilter, RuleKind, RuleState, RuleView

router = Router(tags=["规则"])


class RulesIn(Schema):
    """Narrowing a list of rules."""

    q: str = Field("", max_length=80, description="名称、文本、依据里的字，代码或事实的名称；每个词都要有")
    book: Literal["", "form", "policy", "table"] = Field("", description="form 办事条件，policy 政策条件，table 决策表")
    owner: str = Field("", max_length=60, description="事项基本编码，或政策编号")
    kind: RuleKind | None = Field(None, description="condition 条件，value 计算，table 决策表")
    on: date | None = Field(None, description="哪一天有效的规则；不写是今天")
    after: str = Field("", max_length=160, description="上一页回答里的 next")
    limit: int = Field(30, ge=1, le=100)


class DayIn(Schema):
    """Which edition of a rule."""

    on: date | None = Field(None, description="哪一天有效的版本；不写是今天")


class FactOut(Schema):
    """A fact a rule asks about."""

    name: str
    label: str
    type: str
    unit: str
    null_means: str
    dataset: str
    column: str
    choices: list[str]


class RuleOut(Schema):
    """A rule in the edition of a day."""

    code: str
    edition: int
    book: str
    owner: str
    owner_label: str
    kind: RuleKind
    label: str
    text: str
    in_words: str
    failure: str
    source: str
    source_url: str
    valid_from: date
    valid_to: date | None


class RulesOut(Schema):
    """A page of rules."""

    on: date
    rules: list[RuleOut]
    next: str | None


class EditionOut(Schema):
    """An edition in a rule's history."""

    edition: int
    label: str
    text: str
    source: str
    valid_from: date
    valid_to: date | None


class WholeRuleOut(RuleOut):
    """A rule with the facts it asks about and its history."""

    facts: list[FactOut]
    editions: list[EditionOut]


def _actor(request: HttpRequest) -> Actor | None:
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) else None


def _day(request: HttpRequest, on: date | None) -> date:
    return on or local_date(getattr(request, "at", None) or now(), settings.SHUZHENG.zone)


@router.get("/rules", response=RulesOut, summary="规则列表")
def list_rules(request: HttpRequest, asked: Query[RulesIn]) -> RulesOut:
    """List the rules in force on a day, by book, item or policy, and position."""
    on = _day(request, asked.on)
    filters = RuleFilter(asked.q, asked.book, asked.kind, asked.owner, RuleState.IN_FORCE)
    page = queries.list_rules(filters, on=on, actor=_actor(request), after=asked.after or None, limit=asked.limit)
    return RulesOut(on=on, rules=[RuleOut.model_validate(_rule(rule)) for rule in page.rows], next=page.next)


@router.get("/rules/{path:code}", response=WholeRuleOut, summary="一条规则")
def read_rule(request: HttpRequest, code: str, asked: Query[DayIn]) -> WholeRuleOut:
    """Read a rule as it is in force on a day, with its facts and its history."""
    check_may_read(code.split("/", 1)[0], _actor(request))
    rule = queries.get_rule(code, _day(request, asked.on))
    editions = [
        EditionOut(
            edition=one.edition,
            label=one.label,
            text=one.text,
            source=one.source,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
        )
        for one in queries.history_of(code)
        if not one.held
    ]
    facts = [_fact(rule, name) for name in used_in(rule)]
    return WholeRuleOut.model_validate({**_rule(rule), "facts": facts, "editions": editions})


def _rule(rule: RuleView) -> dict[str, object]:
    return {
        "code": rule.code,
        "edition": rule.edition,
        "book": rule.book,
        "owner": rule.owner,
        "owner_label": rule.sheet_label,
        "kind": rule.kind,
        "label": rule.label,
        "text": rule.text,
        "in_words": say_rule(rule.text, rule.kind, rule.schema),
        "failure": rule.failure,
        "source": rule.source,
        "source_url": rule.source_url,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
    }


def _fact(rule: RuleView, name: str) -> FactOut:
    fact = rule.schema[name]
    return FactOut(
        name=name,
        label=fact.label,
        type=dump_type(fact.type),
        unit=fact.unit,
        null_means=fact.null_means,
        dataset=fact.register,
        column=fact.column,
        choices=list(fact.choices),
    )
