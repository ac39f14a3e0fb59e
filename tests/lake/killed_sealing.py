"""Run in a process of its own: grade a column L4 and seal it, and die at a point given.

`python -m tests.lake.killed_sealing prepare|POINT|finish`.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402

from shuzheng.base.kernel.types import SYSTEM  # noqa: E402
from shuzheng.base.ledger.models import Entry  # noqa: E402
from shuzheng.engines.lake.actions import confirm_proposal, discovery, gather, seal_table, sealing  # noqa: E402
from shuzheng.engines.lake.actions.tables import load_tables  # noqa: E402
from shuzheng.engines.lake.backends.delta import Store  # noqa: E402
from shuzheng.engines.lake.errors import ProposalDecided  # noqa: E402
from shuzheng.engines.lake.models import Proposal, Sealing  # noqa: E402
from shuzheng.engines.lake.queries import get_table  # noqa: E402
from shuzheng.engines.lake.types.tables import Grade  # noqa: E402
from tests.lake.killed import after, before  # noqa: E402
from tests.lake.making import define, put  # noqa: E402
from tests.lake.sealing_city import CLERK, CODE, LATER, OPENER, content, definition, in_clear, propose, seen_by  # noqa: E402
from tests.lake.times import AT  # noqa: E402

FILES = 3
ROWS = 40
"""Of each file."""

POINTS: dict[str, Callable[[], None]] = {
    "grading": lambda: after(discovery, "ask_sealing"),
    "asked": lambda: before(discovery, "_decide"),
    "confirmed": lambda: before(sealing, "seal_stored"),
    "writing": lambda: after(sealing, "seal_column"),
    "written": lambda: after(sealing, "_rewrite"),
    "written_down": lambda: after(Store, "checkpoint"),
    "waited": lambda: before(Store, "forget_clear"),
    "forgetting": lambda: after(Path, "unlink", 2),
    "forgetting_commits": lambda: after(Path, "unlink", FILES + 3),
    "forgotten": lambda: after(Store, "forget_clear"),
    "never": lambda: None,
}


def seal(at: datetime) -> None:
    setattr(discovery, "check_may_confirm", lambda *_, **__: None)  # noqa: B010
    with suppress(ProposalDecided):
        confirm_proposal(Proposal.objects.get().pk, actor=SYSTEM, at=at)
    seal_table(CODE, actor=SYSTEM, at=at, grace=timedelta())


def look() -> bool:
    """Tell whether a reader finds one state or the other: in clear and shown as before, or L4 and masked."""
    whole = [f"密{'甲乙丙'[n % 3]}某" for n in sorted(range(1, FILES * ROWS + 1), key=str)]
    opened, masked = seen_by(OPENER), seen_by(CLERK)
    sealed = get_table(CODE).by_name["name"].grade is Grade.L4
    return opened == whole and masked == ([None] * len(whole) if sealed else whole)


def main(point: str) -> None:
    if point == "prepare":
        call_command("migrate", verbosity=0)
        define(mode="append")
        load_tables([definition()], actor=SYSTEM, at=AT)
        for number in range(FILES):
            put(content(1 + number * ROWS, 1 + (number + 1) * ROWS))
            gather("people", actor=SYSTEM, at=AT)
        propose()
    elif point == "finish":
        between = look()
        seal(LATER)
        acts = Entry.objects.filter(act__in=["lake.sealed", "lake.grade_confirmed"]).values_list("act", flat=True)
        grade = str(get_table(CODE).by_name["name"].grade)
        sys.stdout.write(repr((between, look(), in_clear(), Sealing.objects.count(), sorted(acts), grade)))
    else:
        POINTS[point]()
        seal(AT)


if __name__ == "__main__":
    main(sys.argv[1])
