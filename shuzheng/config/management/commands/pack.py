"""`shuzheng pack check|load|diff DIR`."""

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.config.configuration import build_dir
from shuzheng.config.management.commands.setup import described
from shuzheng.packs.actions import load_pack, pack_diff
from shuzheng.packs.queries import check_pack, find_pack_dir


class Command(BaseCommand):
    """Check, compare or load a city pack."""

    help = "Check, compare or load a city pack. Example: shuzheng pack check packs/luan"

    @override
    def add_arguments(self, parser: Any) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb, what in (
            ("check", "every fault at once, with file, line and remedy"),
            ("diff", "what loading would change; writes nothing"),
            ("load", "load it; a second time changes nothing"),
        ):
            sub = verbs.add_parser(verb, help=what)
            sub.add_argument("folder", help="folder of the pack, or the name of one that is shipped")
            sub.add_argument("--json", action="store_true", dest="as_json")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        folder = find_pack_dir(options["folder"], build_dir("packs"))
        if options["verb"] == "check":
            self.check_folder(folder, as_json=options["as_json"])
            return
        at = now()
        if options["verb"] == "diff":
            done = pack_diff(folder, actor=SYSTEM, at=at)
        else:
            done = load_pack(folder, actor=SYSTEM, at=at, progress=self.stdout.write)
        if options["as_json"]:
            self.stdout.write(json.dumps({part: dataclasses.asdict(c) for part, c in done.items()}, ensure_ascii=False))
            return
        for part, changes in done.items():
            self.stdout.write(f"{part}: {described(changes)}")

    def check_folder(self, folder: Path, *, as_json: bool) -> None:
        """Print every fault; exit code 6 when there is one."""
        faults = check_pack(folder)
        if as_json:
            self.stdout.write(json.dumps([dataclasses.asdict(f) for f in faults], ensure_ascii=False))
        else:
            for fault in faults:
                self.stdout.write(f"{fault.file}:{fault.line}: {fault.what}　{fault.remedy}")
            self.stdout.write(f"{len(faults)} 处要改" if faults else "没有发现问题")
        if faults:
            sys.exit(6)
