"""The conditions of the forms go into the rule book: `form/<item>/<seq>` over the sheet `form/<item>`.

They are checked with the forms (`checks.py`). A condition whose text changed gets a successor from the day of the load.
"""

from datetime import datetime

from shuzheng.base.kernel.pack import Changes, Fault, PackRows, Row
from shuzheng.base.kernel.types import Actor, ItemCode, JsonObject
from shuzheng.services.items.pack.reading import rows_of, to_json
from shuzheng.services.items.rules.conditions import rules_of, sheet_of
from shuzheng.services.rulebook.actions import load_rules

FILES: tuple[str, ...] = ()
BOOK = "form"


def check(pack: PackRows) -> list[Fault]:  # noqa: ARG001 - the shape of every part
    """Return nothing: what is wrong in a form is found where forms are read."""
    return []


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Load the book inside the caller's transaction; applying twice changes nothing."""
    forms = {ItemCode(row.text("basic_code")): _form(row) for row in rows_of(pack, "forms.toml", "form")}
    loaded = load_rules(
        [sheet_of(item, form) for item, form in forms.items()],
        [rule for item, form in forms.items() for rule in rules_of(item, form)],
        book=BOOK,
        actor=actor,
        at=at,
    )
    return Changes(
        added=loaded.added,
        changed=loaded.changed,
        unchanged=loaded.unchanged,
        retired=loaded.retired,
        notes=list(loaded.notes),
    )


def _form(row: Row) -> JsonObject:
    return {key: to_json(value) for key, value in row.values.items()}
