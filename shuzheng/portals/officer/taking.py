"""Real facts to try a rule on: of a case, of a person or firm; the purpose stands in the reader log first.

Facts graded above what an officer sees are not taken: they stay unknown, and the page says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuzheng.base.access.actions import record_reading
from shuzheng.base.directory.queries import (
    find_firm_by_uscc,
    find_organization,
    find_person_by_id_no,
    get_identity,
)
from shuzheng.base.kernel.codes import check_citizen_id, check_uscc, tidy
from shuzheng.base.kernel.errors import Invalid, NotFound, Refused, ShuzhengError
from shuzheng.base.kernel.types import Party, PartyKind
from shuzheng.engines.rules.rules.explaining import TODAY
from shuzheng.engines.rules.types import Value
from shuzheng.portals.officer.ruling import used_facts
from shuzheng.portals.shell.failures import say
from shuzheng.portals.shell.guards import actor_of
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.benefits import queries as benefits
from shuzheng.services.items import queries as items
from shuzheng.services.rulebook.rules.permitting import check_may_take_facts, grade_seen
from shuzheng.services.rulebook.types import RuleView

PURPOSE_MAX = 60
NUMBER_MAX = 24
_COUNTY_DIGITS = 6
_Facts = tuple[Mapping[str, Value], Mapping[str, str]]


@dataclass(slots=True)
class Taken:
    """What was asked for and what came of it.

    Attributes:
        typed: The inputs, to be shown again.
        facts: What is known, by name.
        tellers: By fact, who told it.
        problems: Input and sentence.
        name: Of the person or firm, '' where none was asked for.
        held_back: Labels of facts that are too sensitive to be taken.
    """

    typed: dict[str, str] = field(default_factory=dict)
    facts: Mapping[str, Value] = field(default_factory=dict)
    tellers: Mapping[str, str] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    name: str = ""
    held_back: tuple[str, ...] = ()


def offers_subjects(rule: RuleView) -> bool:
    """Tell whether a rule asks about a person or firm: that of a form or a policy does, a decision table does not."""
    return rule.book in {"form", "policy"}


def take(request: CityRequest, rule: RuleView, posted: QueryDict | None, *, on: date) -> Taken:
    """Return the real facts a form asked for, by the button that was pressed; none without one."""
    taken = Taken()
    if posted is None:
        return taken
    most = {"case": NUMBER_MAX, "purpose": PURPOSE_MAX, "subject": NUMBER_MAX, "subject_purpose": PURPOSE_MAX}
    taken.typed = {name: posted.get(name, "").strip()[:length] for name, length in most.items()}
    if posted.get("go") == "case":
        _take_case(taken, request)
    elif posted.get("go") == "subject" and offers_subjects(rule):
        _take_subject(taken, request, rule, on)
    return taken


def _take_case(taken: Taken, request: CityRequest) -> None:
    number, purpose = taken.typed["case"], taken.typed["purpose"]
    if not number:
        taken.problems.append(("case", _("请填办件编号")))
    elif not purpose:
        taken.problems.append(("purpose", _("请写明用来做什么，例如：核对新的面积要求影响哪些办件")))
    else:
        try:
            found = items.facts_of_case(number, purpose=purpose, actor=actor_of(request), at=request.at)
        except (NotFound, Refused, Invalid) as refused:
            taken.problems.append(("case", _said(refused)))
        else:
            taken.facts, taken.tellers = found


def _take_subject(taken: Taken, request: CityRequest, rule: RuleView, on: date) -> None:
    number, purpose, actor = taken.typed["subject"], taken.typed["subject_purpose"], actor_of(request)
    if not number:
        taken.problems.append(("subject", _("请填身份证号或统一社会信用代码")))
    if not purpose:
        taken.problems.append(("subject_purpose", _("请写明用来做什么，例如：核对新的标准会影响哪些人")))
    if taken.problems:
        return
    office = None if actor.org is None else find_organization(actor.org)
    try:
        check_may_take_facts(actor.roles, office, department=rule.department, division=None)
        party, division = _find(number)
        check_may_take_facts(actor.roles, office, department=rule.department, division=division)
    except (_NotThere, Refused) as refused:
        taken.problems.append(("subject", str(refused) if isinstance(refused, _NotThere) else _said(refused)))
        return
    resource = f"urn:shuzheng:rule:{rule.code}"
    record_reading(actor, subject=party, resource=resource, what="试规则用到的事实", purpose=purpose, at=request.at)
    found = _known(party, rule, on)
    if found is None:
        taken.problems.append(("subject", _wrong_kind(party)))
        return
    seen = grade_seen(actor, party, for_purpose=True)
    used = [fact for fact in used_facts(rule) if fact.name != TODAY]
    taken.name, taken.tellers = party.name, found[1]
    taken.facts = {fact.name: found[0].get(fact.name) for fact in used if fact.sensitivity <= seen}
    taken.held_back = tuple(fact.label for fact in used if fact.sensitivity > seen)


class _NotThere(Exception):
    """No person and no firm has this number; the text is for the reader."""


def _find(number: str) -> tuple[Party, str]:
    """Return the person or firm with a number, and the county they are registered in."""
    text = tidy(number)
    if _is(check_citizen_id, text) and (person := find_person_by_id_no(text)) is not None:
        division = get_identity(person.id).division or ""
        return Party(PartyKind.PERSON, person.id, person.name), division[:_COUNTY_DIGITS]
    if _is(check_uscc, text) and (firm := find_firm_by_uscc(text)) is not None:
        return Party(PartyKind.FIRM, firm.id, firm.name), firm.division[:_COUNTY_DIGITS]
    if _is(check_citizen_id, text) or _is(check_uscc, text):
        raise _NotThere(_("没有登记这个号码的人或企业，请再核对"))
    raise _NotThere(_("号码不对，请核对：身份证号和统一社会信用代码都是 18 位"))


def _is(check: Callable[[str], str], text: str) -> bool:
    try:
        check(text)
    except Invalid:
        return False
    return True


def _known(party: Party, rule: RuleView, on: date) -> _Facts | None:
    if rule.book == "policy":
        return benefits.facts_of_subject(party, rule.owner, on=on)
    return items.facts_of_subject(party, rule.owner, rule.schema, on=on)


def _wrong_kind(party: Party) -> str:
    return str(
        _("这条规则问的是企业，不是个人") if party.kind is PartyKind.PERSON else _("这条规则问的是个人，不是企业")
    )


def _said(refused: ShuzhengError) -> str:
    return "。".join(filter(None, say(refused)))
