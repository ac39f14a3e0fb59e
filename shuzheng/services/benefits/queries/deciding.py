"""Whether policies fit one person or firm, from what registers told about it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from shuzheng.base.kernel.types import JsonObject, Party, PartyKind
from shuzheng.engines.rules.errors import RuleTextInvalid
from shuzheng.engines.rules.rules.explaining import TODAY
from shuzheng.engines.rules.types import Value
from shuzheng.services.benefits.models import SubjectFacts
from shuzheng.services.benefits.queries.policies import get_families, get_family, list_published
from shuzheng.services.benefits.queries.sheets import sheet_of
from shuzheng.services.benefits.rules.deciding import Terms, decide, fits, make_terms
from shuzheng.services.benefits.rules.expansion import day_of, policy_facts
from shuzheng.services.benefits.rules.sheets import Sheet, facts_for
from shuzheng.services.benefits.types import Decision, PolicyCode, PolicyView, Published, Target

TARGETS = {PartyKind.FIRM: Target.FIRM, PartyKind.PERSON: Target.PERSON}


def find_for(party: Party, policy: PolicyView, *, today: date) -> Decision | None:
    """Return whether a policy fits a person or firm; None when it is for the other kind of subject.

    A subject of whom nothing was gathered has nothing but open conditions.
    """
    if TARGETS[party.kind] is not policy.target:
        return None
    sheet = sheet_of(policy.target)
    terms = make_terms(get_family(policy.published.family, on=day_of(policy.published, today)), sheet)
    facts = _facts_of(party)
    known = {} if facts is None else facts_for(sheet, facts, policy.published)
    return decide(terms, policy.published, known, today=today)


def fits_for(
    party: Party, policies: Iterable[PolicyView], *, today: date
) -> dict[PolicyCode, tuple[bool | None, int | None]]:
    """Return for each policy of the party's kind whether it fits, and the fen it pays."""
    asked = [policy for policy in policies if policy.target is TARGETS[party.kind]]
    sheet, stored = sheet_of(TARGETS[party.kind]), _facts_of(party)
    found: dict[PolicyCode, tuple[bool | None, int | None]] = {}
    if stored is None:
        return {policy.code: (None, None) for policy in asked}
    by_year = {policy.published.year: facts_for(sheet, stored, policy.published) for policy in asked}
    for day in sorted({day_of(policy.published, today) for policy in asked}):
        group = [policy for policy in asked if day_of(policy.published, today) == day]
        terms = _terms({policy.published.family for policy in group}, sheet, day)
        for policy in group:
            known = terms.get(policy.published.family)
            if known is not None:
                found[policy.code] = fits(known, policy.published, by_year[policy.published.year], today=today)
    return found


def _terms(families: set[str], sheet: Sheet, day: date) -> dict[str, Terms]:
    found: dict[str, Terms] = {}
    for code, family in get_families(families, on=day).items():
        try:
            found[code] = make_terms(family, sheet)
        except RuleTextInvalid:
            continue
    return found


def facts_of_subject(party: Party, family: str, *, on: date) -> tuple[Mapping[str, Value], Mapping[str, str]] | None:
    """Return what is known of a person or firm as a family's rules ask about it, and by fact who told it.

    The facts of the policy are those of the one published for the subject's county, else for the city, in the year of
    the day or the last before it. The caller has written the reader log.

    Args:
        party: Whom it is about.
        family: Code of the family.
        on: The day the rules are tried for.

    Returns:
        None when the family is for the other kind of subject, or is not published.
    """
    published = [one for one in list_published(family) if one.target is TARGETS[party.kind]]
    if not published:
        return None
    policy = _nearest([one.published for one in published], home_of(party), on)
    sheet, stored = sheet_of(TARGETS[party.kind]), _facts_of(party)
    known = {} if stored is None else facts_for(sheet, stored, policy)
    tellers = {name: spec.dataset for name, spec in sheet.by_name.items()}
    of_policy = {name: value for name, value in policy_facts(policy, today=on).items() if name != TODAY}
    return {**known, **of_policy}, {**tellers, **dict.fromkeys(of_policy, policy.code)}


def _nearest(published: Sequence[Published], home: str, on: date) -> Published:
    """Return the policy of a home and a day: its county's, else the first place's; its year, else the last before."""
    here = [one for one in published if one.division == home] or [
        one for one in published if one.division == published[0].division
    ]
    past = [one for one in here if one.year <= on.year]
    return max(past, key=lambda one: one.year) if past else min(here, key=lambda one: one.year)


def home_of(party: Party) -> str:
    """Return the county a party is registered in, as the facts tell it; '' when they do not."""
    facts = _facts_of(party)
    return "" if facts is None else str(facts.get("division_code") or "")


def _facts_of(party: Party) -> JsonObject | None:
    return SubjectFacts.objects.filter(subject_id=party.id).values_list("facts", flat=True).first()
