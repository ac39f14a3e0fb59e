"""Run in a process of its own: gather a large file under a limit of memory. `python -m tests.lake.bounded WORD NUMBER`.

`prepare ROWS` makes database, definitions and the file. `gather MB` gathers it; `whole MB` does too, but reads the file
as one block, as a design would that holds whole files; `take MB` asks for one piece of memory larger than the limit.
The limit is RLIMIT_DATA, set before anything is imported: memory of the process's own that it may write to, stacks of
threads and what allocators hold back counted, so that it is stricter than a limit of what is touched.
"""

import os
import resource
import sys

MB = 1 << 20


def limit(megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * MB, megabytes * MB))


if __name__ == "__main__" and sys.argv[1] != "prepare":
    limit(int(sys.argv[2]))

import django  # noqa: E402

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

import duckdb  # noqa: E402
from django.core.management import call_command  # noqa: E402

from shuzheng.base.kernel.errors import ShuzhengError  # noqa: E402
from shuzheng.base.kernel.types import SYSTEM  # noqa: E402
from shuzheng.engines.lake.actions.gathering import gather  # noqa: E402
from shuzheng.engines.lake.backends.sources.delimited import DelimitedReader  # noqa: E402
from shuzheng.engines.lake.queries.gathering import inbox  # noqa: E402
from tests.lake.making import define  # noqa: E402
from tests.lake.times import AT  # noqa: E402

MADE = """
    SELECT '3415' || lpad(i::VARCHAR, 14, '0') AS 证件号, '姓名' || (hash(i, 1) % 100000) AS 姓名,
        (DATE '1950-01-01' + (hash(i, 2) % 25000)::INT)::VARCHAR AS 出生日期,
        ((hash(i, 5) % 1000000) / 100)::DECIMAL(12, 2) AS 工资, hash(i, 6) % 1000 AS 次数,
        repeat('某省某市某区人民路', 3) || (hash(i, 3) % 1000) || '号' AS 住址
    FROM range({rows}) t(i)
"""


def prepare(rows: int) -> None:
    call_command("migrate", verbosity=0)
    define()
    inbox().mkdir(parents=True)
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({MADE.format(rows=rows)}) TO '{inbox() / 'people.csv'}' (HEADER)")


def take(megabytes: int) -> None:
    """Gather, and say what landed and how much memory was touched; a refusal is said on standard error."""
    try:
        [done] = gather("people", actor=SYSTEM, at=AT)
    except ShuzhengError as refused:
        sys.exit(f"{refused.code} under {megabytes} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // MB
    sys.stdout.write(f"{done.read} {done.landed} {done.quarantined} {peak}")


def main(word: str, number: int) -> None:
    match word:
        case "prepare":
            prepare(number)
            sys.stdout.write(str((inbox() / "people.csv").stat().st_size))
        case "take":
            bytearray((number + 1) * MB)
        case "whole":
            DelimitedReader.__init__.__kwdefaults__ = {"block": 1 << 40}
            take(number)
        case "gather":
            take(number)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
