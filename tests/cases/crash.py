"""Driver of `test_crash`: works through cases in a child process, kills it with SIGKILL, audits the file afterwards.

    python -m tests.cases.crash FOLDER KILLS

Every child sends all commands of its case from the beginning again, with the same ids; what was applied must answer as
before. Prints one JSON object.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from uuid import UUID, uuid5

os.environ["SHUZHENG_TEST_VAR"] = sys.argv[1]
os.environ.pop("DATABASE_URL", None)
os.environ.pop("SHUZHENG_DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from shuzheng.base.directory import pack as directory_pack  # noqa: E402
from shuzheng.base.kernel import events  # noqa: E402
from shuzheng.base.kernel.types import SYSTEM, Actor, FirmId, Party, PartyKind, PersonId, PostId  # noqa: E402
from shuzheng.engines.cases import actions  # noqa: E402
from shuzheng.engines.cases.types import ACTIONS, StepContext  # noqa: E402
from shuzheng.packs.queries import read_pack  # noqa: E402
from tests.cases.making import AT, BUREAU, PACK, REASONS, drawing, make_new_case  # noqa: E402

NAMES = UUID("6f1c2f4e-0000-4000-8000-0000000000aa")
FIRM = Party(PartyKind.FIRM, FirmId(uuid5(NAMES, "firm")), "松风小馆")
OWNER = Actor("林知墨", person=PersonId(uuid5(NAMES, "owner")), on_behalf_of=FIRM)
CLERK = Actor(
    "王小梅", PersonId(uuid5(NAMES, "c")), PostId(uuid5(NAMES, "cp")), BUREAU, "", frozenset({"service_window"})
)
CHIEF = Actor("程朱砂", PersonId(uuid5(NAMES, "d")), PostId(uuid5(NAMES, "dp")), BUREAU, "", frozenset({"approval"}))
STEPS = (
    ("supplement", CLERK, 1),
    ("submit", OWNER, 3),
    ("accept", CLERK, 5),
    ("grant", CHIEF, 7),
)
ORDER = ["start", "review", "supplement", "review", "approve"]


def issue(context: StepContext) -> None:
    """The effect of a service action: one row, in the step's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("insert into crash_effect values (%s)", [context.case.number])


def set_up() -> None:
    for app in ("jobs", "ledger", "directory", "cases"):
        call_command("migrate", app, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("create table crash_effect (number text)")
    directory_pack.apply(read_pack(PACK), actor=SYSTEM, at=AT)
    ACTIONS.register("crash.issue", issue)
    xml = drawing("promised").replace("tests.issue_result", "crash.issue")
    xml = xml.replace("form.promise = FALSE", "instance.promised_days &gt; 900")  # applications are not set up here
    actions.publish_process("promised", xml, actor=SYSTEM, at=AT)
    connection.close()


def work(first: int, acknowledge: int) -> None:
    """Work through cases for ever; one byte for each command acknowledged, a line end for each case."""
    number = first
    while True:
        case = actions.open_case(make_new_case(OWNER), command_id=uuid5(NAMES, f"{number}/open"), actor=OWNER, at=AT)
        os.write(acknowledge, b".")
        for outcome, actor, n in STEPS:
            given = REASONS if outcome == "supplement" else type(REASONS)()
            command = uuid5(NAMES, f"{number}/{outcome}")
            actions.complete_task(case.id, n, outcome, given=given, command_id=command, actor=actor, at=AT)
            os.write(acknowledge, b".")
        os.write(acknowledge, b"\n")
        number += 1


def run_child(first: int, seconds: float | None) -> tuple[int, int]:
    """Let a child work, kill it; returns cases finished and commands acknowledged of the one under way."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        work(first, writing)
    os.close(writing)
    written = b""
    if seconds is None:
        while b"\n" not in written:
            written += os.read(reading, 100)
    else:
        time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise SystemExit("the child ended by itself")
    while more := os.read(reading, 65536):
        written += more
    os.close(reading)
    return written.count(b"\n"), len(written.rpartition(b"\n")[2])


def audit(finished: int, acknowledged: dict[int, int]) -> list[str]:
    """Return every violation found in the file."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("select id, number, rev, state from cases_case order by id")
        cases = cursor.fetchall()
        if len(cases) < finished or len(cases) > finished + 1:
            found.append(f"{len(cases)} cases for {finished} finished")
        for place, (pk, number, rev, state) in enumerate(cases):
            cursor.execute("select seq, node from cases_history where case_id = %s order by seq", [pk])
            history = cursor.fetchall()
            if [seq for seq, _ in history] != list(range(1, rev + 1)) or [node for _, node in history] != ORDER[:rev]:
                found.append(f"{number}: history {history} at revision {rev}")
            if rev < acknowledged.get(place, len(ORDER) if place < finished else 0):
                found.append(f"{number}: an acknowledged step was lost")
            cursor.execute("select count(*) from crash_effect where number = %s", [number])
            (effects,) = cursor.fetchone()
            cursor.execute("select count(*) from cases_token where case_id = %s and state = 'o'", [pk])
            (live,) = cursor.fetchone()
            if (effects, live == 0) != ((1, True) if state == "done" else (0, False)):
                found.append(f"{number}: {effects} effects, {live} open tokens, {state}")
        cursor.execute("select count(*) from cases_history")
        (commands,) = cursor.fetchone()
        cursor.execute(
            "select count(*) from ledger_entry where act like 'cases.%' and act <> 'cases.process_published'"
        )
        (entries,) = cursor.fetchone()
        if commands != entries:
            found.append(f"{commands} commands, {entries} ledger entries")
    return found


def main() -> None:
    events._handlers.clear()
    set_up()
    choice, finished, started = random.Random(1), 0, time.monotonic()
    acknowledged: dict[int, int] = {}
    kills = int(sys.argv[2])
    for _ in range(kills):
        done, under_way = run_child(finished, choice.uniform(0.03, 0.2))
        finished += done
        acknowledged[finished] = max(under_way, 0 if done else acknowledged.get(finished, 0))
    done, _ = run_child(finished, None)
    finished += done
    found = audit(finished, acknowledged)
    seconds = round(time.monotonic() - started, 1)
    result = {"kills": kills, "cases": finished, "seconds": seconds, "violations": found}
    sys.stdout.write(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(exist_ok=True)
    main()
