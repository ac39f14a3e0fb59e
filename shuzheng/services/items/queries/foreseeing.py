"""What a draft still has to ask and what will not do, from its answers and what the directory tells; for this room."""

from collections.abc import Mapping, Sequence
from datetime import date

from shuzheng.base.files.types import FileView
from shuzheng.engines.rules.types import Value
from shuzheng.services.items.models import Draft
from shuzheng.services.items.queries.catalogue import find_form, materials_of_row
from shuzheng.services.items.queries.known import held_licences, known_by, prefill_rules
from shuzheng.services.items.rules.asking import ask, kept_fields
from shuzheng.services.items.rules.conditions import (
    conditions_to_decide,
    facts_known,
    facts_of_answers,
    judge_each,
    register_keys,
)
from shuzheng.services.items.rules.papers import decide_papers
from shuzheng.services.items.types import Answer, Foreseen, FormSpec, PaperState, PaperView
from shuzheng.services.rulebook.queries import rules_in_force

_OPEN = frozenset({PaperState.TO_GIVE, PaperState.REJECTED, PaperState.NOT_NEEDED})


def foresee_row(
    row: Draft, answers: Mapping[str, Answer], files: Mapping[int, FileView], *, on: date
) -> tuple[Foreseen, tuple[PaperView, ...]]:
    """Return what a draft comes to as it stands, and its papers; conditions are those in force on the day.

    Args:
        row: The draft, with its item.
        answers: Its answers, opened.
        files: What was uploaded, by material.
        on: Today.
    """
    plain, materials = find_form(row.item), materials_of_row(row.item)
    types = {material.licence_type for material in materials if material.licence_type}
    held = held_licences(row.party, types, on=on)
    papers = decide_papers(materials, plain, files, held)
    if plain is None:
        return Foreseen(None), papers
    rules = rules_in_force(prefix=f"form/{row.item.code}", on=on)
    conditions = conditions_to_decide(row.item.form, rules)
    facts, tellers = _facts(row, answers, papers, on)
    answered = _answered(plain, answers, papers)
    kept = kept_fields(row.item.form, row.item.licence_fields)
    asking = ask(row.item.form, plain.fields(), conditions, facts, answered, kept)
    form = asking.apply(plain)
    fail = (one for one in conditions if one.view.seq in asking.failing)
    failing = judge_each(fail, row.item.form, facts, tellers)
    return Foreseen(form, asking.skipped, failing), decide_papers(materials, form, files, held)


def _facts(
    row: Draft, answers: Mapping[str, Answer], papers: Sequence[PaperView], on: date
) -> tuple[dict[str, Value], Mapping[str, str]]:
    form, rules = row.item.form, prefill_rules()
    facts = facts_of_answers(form, answers, papers, today=on)
    wanted = (rule for key in register_keys(form).values() if (rule := rules.get(key)) is not None)
    told, tellers = facts_known(form, rules, known_by(wanted, row.party, on=on), facts)
    return facts | told, tellers


def _answered(form: FormSpec, answers: Mapping[str, Answer], papers: Sequence[PaperView]) -> frozenset[str]:
    """Return the fields that say something: a right answer, one left empty, a paper that is there."""
    given = {paper.seq for paper in papers if paper.state not in _OPEN}
    right = {name for name, answer in answers.items() if answer.value is not None or not any(answer.typed)}
    return frozenset(right | {spec.name for spec in form.fields() if spec.material_seq in given})
