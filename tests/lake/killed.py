"""Run in a process of its own: gather once, and die at a point given. `python -m tests.lake.killed PREPARE|POINT`."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.core.management import call_command  # noqa: E402

from shuzheng.base.kernel.types import SYSTEM  # noqa: E402
from shuzheng.engines.lake.actions import gathering  # noqa: E402
from shuzheng.engines.lake.backends import staging  # noqa: E402
from shuzheng.engines.lake.backends.sources import delimited  # noqa: E402
from tests.lake.making import define, put, quarantine, rows  # noqa: E402
from tests.lake.times import AT  # noqa: E402

ROWS = 3000


def content() -> str:
    lines = [f"{n},人{n},1990-01-{n % 40:02},{n}.5,{n}" for n in range(1, ROWS)]
    return "证件号,姓名,出生日期,工资,次数\n" + "\n".join([*lines, "1,又一人,,,", '9,"坏,,,', ""])


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def after(owner: Any, name: str, times: int = 1) -> None:
    """Die when a function has returned so often."""
    inner: Callable[..., Any] = getattr(owner, name)
    left = [times]

    def wrapped(*given: Any, **named: Any) -> Any:
        found = inner(*given, **named)
        left[0] -= 1
        if not left[0]:
            die()
        return found

    setattr(owner, name, wrapped)


def before(owner: Any, name: str) -> None:
    setattr(owner, name, die)


POINTS: dict[str, Callable[[], None]] = {
    "begun": lambda: after(gathering, "begin_batch"),
    "first_chunk": lambda: after(staging.Stage, "take"),
    "third_chunk": lambda: after(staging.Stage, "take", 3),
    "settled": lambda: after(staging.Stage, "settle"),
    "before_manifest": lambda: before(staging, "sync"),
    "manifest": lambda: after(staging.Stage, "seal"),
    "moved": lambda: before(__import__("deltalake").DeltaTable, "create_write_transaction"),
    "committed": lambda: after(gathering, "land_staged"),
    "noting": lambda: after(gathering, "note_quarantine"),
    "closing": lambda: after(gathering, "close_batch"),
    "closed": lambda: before(gathering, "clear_stage"),
    "never": lambda: None,
}


def main(point: str) -> None:
    setattr(delimited.DelimitedReader.__init__, "__kwdefaults__", {"block": 1 << 14})  # noqa: B010
    if point == "prepare":
        call_command("migrate", verbosity=0)
        define(mode="append")
        put(content())
    elif point == "show":
        from shuzheng.engines.lake.models import Batch  # noqa: PLC0415

        done = list(Batch.objects.filter(state="done").values_list("read", "landed", "quarantined"))
        found = rows("id_no, name, born, wage, visits, _row")
        sys.stdout.write(repr((done, found, quarantine(), Batch.objects.filter(state="running").count())))
    else:
        POINTS[point]()
        gathering.gather("people", actor=SYSTEM, at=AT)


if __name__ == "__main__":
    main(sys.argv[1])
