"""What officers found out for a case (核查结果): what is on record, and what its conditions still wait for."""

import json
from collections.abc import Mapping, Sequence

from shuzheng.engines.rules.errors import FactInvalid
from shuzheng.engines.rules.rules.facts import read_value
from shuzheng.engines.rules.types import Fact, Value
from shuzheng.services.items.models import Application, CheckedFact
from shuzheng.services.items.queries.sealing import open_bytes
from shuzheng.services.items.rules.conditions import checkable, schema_of
from shuzheng.services.items.types import ApplicationView, Checked, FactToCheck, Judged


def checked_of(application: ApplicationView) -> tuple[Checked, ...]:
    """Return the newest result of each fact, by the time it was written down."""
    rows = CheckedFact.objects.filter(application__public_id=application.id).order_by("at", "pk")
    newest = {row.name: row for row in rows}
    return tuple(_view(row) for row in newest.values())


def _view(row: CheckedFact) -> Checked:
    content = json.loads(open_bytes("checked", row.public_id, row.content))
    return Checked(row.name, content["value"], content["basis"], row.by, row.at)


def values_of(checked: Sequence[Checked], schema: Mapping[str, Fact]) -> dict[str, Value]:
    """Return the results typed; one that the form's present edition cannot read tells nothing."""
    found: dict[str, Value] = {}
    for one in checked:
        try:
            found[one.name] = read_value(schema[one.name], one.value)
        except (FactInvalid, KeyError):
            continue
    return found


def list_to_check(application: ApplicationView, judged: Sequence[Judged]) -> tuple[FactToCheck, ...]:
    """Return what officers can find out for a case: what conditions wait for, and what was found out before.

    Who holds the view has passed the check of `get_application`.
    """
    form = Application.objects.values_list("item__form", flat=True).get(public_id=application.id)
    schema, may = schema_of(form), checkable(form)
    known = {one.name: one for one in checked_of(application)}
    waiting = dict.fromkeys(name for one in judged for name in waiting_for(one))
    names = [name for name in schema if name in may and (name in waiting or name in known)]
    return tuple(FactToCheck(schema[name], may[name], known.get(name)) for name in names)


def waiting_for(judged: Judged) -> tuple[str, ...]:
    """Return the facts a condition waits for."""
    if judged.explanation is None or judged.holds is not None:
        return ()
    return tuple(name for part in judged.explanation.findings if part.holds is None for name in part.missing)
