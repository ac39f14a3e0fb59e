"""This room's part of a pack: decision tables, their facts and their tests, for the book `table`.

`rules/tables/<code>.toml` is a table, `rules/tests/table-<code>.yaml` its tests. A table with faults, with rows that
may not hold together but do, or with a test that fails is refused with file, line and remedy; loading twice changes
nothing. `column_grades.csv` grades the columns that facts are read from; every room with facts reads it (`grades.py`).
The conditions of forms and of policies come from the rooms that have them.
"""

from datetime import datetime

from shuzheng.base.kernel.pack import Changes, PackRows
from shuzheng.base.kernel.types import Actor
from shuzheng.services.rulebook.actions import load_rules
from shuzheng.services.rulebook.pack.checks import check
from shuzheng.services.rulebook.pack.grades import GRADES
from shuzheng.services.rulebook.pack.reading import TABLES, TESTS, read_tables
from shuzheng.services.rulebook.rules.tables import dump_table
from shuzheng.services.rulebook.types import FactSheet, NewRule, RuleCode, RuleKind, SheetCode

__all__ = ["BOOK", "FILES", "apply", "check"]

FILES: tuple[str, ...] = (GRADES, TABLES, TESTS)
BOOK = "table"


def apply(pack: PackRows, *, actor: Actor, at: datetime) -> Changes:
    """Load the book inside the caller's transaction; applying twice changes nothing."""
    tables = read_tables(pack)
    loaded = load_rules(
        [FactSheet(SheetCode(f"{BOOK}/{one.code}"), one.label, one.schema) for one in tables],
        [
            NewRule(
                code=RuleCode(f"{BOOK}/{one.code}"),
                kind=RuleKind.TABLE,
                sheet=SheetCode(f"{BOOK}/{one.code}"),
                label=one.label,
                text=dump_table(one.definition),
                source=one.source,
                source_url=one.source_url,
                valid_from=one.valid_from,
                tests=one.tests.strip(),
                department=one.department,
            )
            for one in tables
        ],
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
