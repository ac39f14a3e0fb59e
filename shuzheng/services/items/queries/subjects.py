"""What is known of a person or firm before they apply, as the rules of a form ask about it."""

from collections.abc import Mapping
from datetime import date

from shuzheng.base.kernel.types import Party
from shuzheng.engines.rules.types import Schema, Value
from shuzheng.services.items.models import Item
from shuzheng.services.items.queries.catalogue import find_form
from shuzheng.services.items.queries.known import known_by, prefill_rules
from shuzheng.services.items.rules.conditions import facts_known, facts_of_answers, fitting, register_keys, schema_of
from shuzheng.services.items.rules.prefill import prefill


def facts_of_subject(
    party: Party, item: str, asked: Schema, *, on: date
) -> tuple[Mapping[str, Value], Mapping[str, str]]:
    """Return what registers and licences tell: answers a form would be prefilled with, facts; and by fact who told it.

    What they do not tell is not known. The caller has written the reader log.

    Args:
        party: Whom it is about.
        item: Whose form; without one nothing is known.
        asked: The facts of the rule; one that the form has with another type now is left out.
        on: The day the rule is tried for.
    """
    row = Item.objects.filter(code=item, current=True).first()
    form = None if row is None else find_form(row)
    if row is None or form is None:
        return {}, {}
    rules = prefill_rules()
    keys = [*(spec.prefill for spec in form.fields()), *register_keys(row.form).values()]
    known = known_by([rules[key] for key in keys if key in rules], party, on=on)
    answers = prefill(form, rules, known)
    facts = facts_of_answers(row.form, answers, today=on)
    told, tellers = facts_known(row.form, rules, known, facts)
    sources = {f"form.{name}": answer.source.label for name, answer in answers.items() if answer.source is not None}
    return fitting({**facts, **told}, schema_of(row.form), asked), {**sources, **tellers}
