"""The `shuzheng` command.

Each command is a file in `management/commands/`; Django finds and runs it. This file does what must come before
Django reads its settings (folders, keys, options), and turns our errors into a message and an exit code by class:

    0 done · 1 unexpected · 2 wrong usage · 3 not found · 4 refused · 5 conflict · 6 invalid
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.management import ManagementUtility
from pydantic import ValidationError

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound, Refused, ShuzhengError
from shuzheng.config.configuration import read_options, var_dir
from shuzheng.config.keys import ensure_keys
from shuzheng.config.scratch import use_scratch_city

COMMANDS = {
    "setup": "database, keys, pack, demo data; repeatable",
    "serve": "web and background worker in one command",
    "work": "the background worker alone",
    "create-admin": "an account that may do everything in one organization",
    "machine": "add | rotate | close | list machine accounts of the API",
    "oidc-client": "add | rotate | close | list systems that sign people in through us",
    "backup": "database, files and keys into one file, consistent",
    "restore": "bring a backup into an empty var folder",
    "pack": "check | load | diff a city pack",
    "lake": "gather | query | quality | discover | lineage | compact … the tables of the lake",
    "ledger": "verify the ledger",
    "rotate-keys": "change the keys personal data is sealed with, while the city goes on running",
    "bench": "headline figures against peers, on a scratch city",
    "doctor": "what is configured, reachable, stale or broken, and what to do",
    "reference": "write the generated reference docs",
}
EXIT_CODES: tuple[tuple[type[ShuzhengError], int], ...] = ((NotFound, 3), (Refused, 4), (Conflict, 5), (Invalid, 6))


def prepare(verb: str, arguments: Sequence[str]) -> None:
    """Make what Django's settings read: the var folder, keys, and the demo switch."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuzheng.config.settings")
    if verb == "bench":
        use_scratch_city()
        return
    var = var_dir()
    if verb != "setup":
        return
    var.mkdir(parents=True, exist_ok=True, mode=0o700)
    ensure_keys(var / "keys")
    if "--demo" in arguments and not read_options(var).demo:
        with (var / "shuzheng.toml").open("a", encoding="utf-8") as options:
            options.write("demo = true\n")


def usage() -> str:
    """Return the overview printed by `shuzheng` and `shuzheng help`."""
    lines = [f"  {name:14}{what}" for name, what in COMMANDS.items()]
    return "\n".join(
        [
            "数政 Shuzheng: a city's digital government",
            "",
            *lines,
            "",
            "shuzheng COMMAND --help shows an example of each.",
        ]
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in {"help", "--help", "-h"}:
        sys.stdout.write(usage() + "\n")
        return 0
    verb = arguments[0]
    try:
        prepare(verb, arguments)
        ManagementUtility(["shuzheng", verb.replace("-", "_"), *arguments[1:]]).execute()
    except ShuzhengError as error:
        sys.stderr.write(f"✗ {error.message}\n{error.hint}\n")
        return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)
    except ValidationError as error:
        sys.stderr.write(f"✗ a setting is wrong in the environment or {Path(var_dir()) / 'shuzheng.toml'}:\n{error}\n")
        return 6
    return 0


if __name__ == "__main__":
    sys.exit(main())
