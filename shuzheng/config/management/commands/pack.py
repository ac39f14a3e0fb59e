"""`shuzheng pack check|load|diff DIR` and `shuzheng pack import-items FILE --to DIR`."""

import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.config.configuration import build_dir
from shuzheng.config.management.commands.setup import described
from shuzheng.packs.actions import load_pack, pack_diff
from shuzheng.packs.foreign.importing import AUTO, SHAPES, import_items
from shuzheng.packs.foreign.types import ImportReport, Remark
from shuzheng.packs.queries import check_pack, find_pack_dir

SHOWN = 20
"""Changes or remarks said in words, for each part or kind."""


class Command(BaseCommand):
    """Check, compare or load a city pack; take over the items of another place."""

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
            self.add_outputs(sub)
        sub = verbs.add_parser(
            "import-items",
            help="take over a list of another place. Example: shuzheng pack import-items list.jsonl --to packs/new",
        )
        sub.add_argument("file", help="the list; department.txt and theme.txt beside it are its known words")
        sub.add_argument("--to", required=True, help="folder of the pack to write items, papers, guides and units into")
        sub.add_argument("--format", default=AUTO, choices=[AUTO, *(shape.NAME for shape in SHAPES)], dest="shape")
        sub.add_argument("--replace", action="store_true", help="replace files that are there; codes given are kept")
        self.add_outputs(sub)

    def add_outputs(self, parser: Any) -> None:
        """Add how to print."""
        parser.add_argument("--json", action="store_true", dest="as_json", help="everything, for a program")
        parser.add_argument("--most", type=int, default=SHOWN, help=f"changes or remarks in words; {SHOWN} if not said")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "import-items":
            self.take_over(options)
            return
        folder = find_pack_dir(options["folder"], build_dir("packs"))
        if options["verb"] == "check":
            self.check_folder(folder, as_json=options["as_json"])
            return
        at = now()
        if options["verb"] == "diff":
            done = pack_diff(folder, actor=SYSTEM, at=at)
        else:
            tell = (lambda _: None) if options["as_json"] else self.stdout.write
            done = load_pack(folder, actor=SYSTEM, at=at, progress=tell)
        if options["as_json"]:
            self.stdout.write(json.dumps({part: dataclasses.asdict(c) for part, c in done.items()}, ensure_ascii=False))
            return
        for part, changes in done.items():
            self.stdout.write(f"{part}: {described(changes)}")
            self.say_notes(changes, options["most"])

    def say_notes(self, changes: Changes, most: int) -> None:
        """Print the first changes in words."""
        for note in changes.notes[:most]:
            self.stdout.write(f"  {note}")
        left = max(len(changes.notes) - most, 0) + changes.more
        if left:
            self.stdout.write(f"  … 还有 {left} 处")

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

    def take_over(self, options: Any) -> None:
        """Import a foreign list and print the report; exit code 6 when a row was not understood."""
        report = import_items(
            Path(options["file"]), Path(options["to"]), shape=options["shape"], replace=options["replace"]
        )
        if options["as_json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self.say_report(report, options["most"])
        if report.not_understood:
            sys.exit(6)

    def say_report(self, report: ImportReport, most: int) -> None:
        """Print the report in words; rows that were not understood are all listed."""
        refused = len(report.not_understood)
        self.stdout.write(
            f"{report.file}（{report.format}）：读到 {report.read} 行 = 转入 {report.imported} + 没看懂 {refused}"
        )
        for file, count in report.written.items():
            self.stdout.write(f"  {file}：{count} 条")
        if report.codes_given:
            self.stdout.write(f"  {report.codes_given} 行的编码不是 12 位数字，另给了编码，原编码在 source_code 列")
        self.say_remarks("没看懂", report.not_understood, refused)
        self.say_remarks("转入了，但请留意", report.remarks, most)
        for title, columns in (("不认识的列", report.unknown_columns), ("没有用到的列", report.unused_columns)):
            if columns:
                self.stdout.write(f"{title}：{'、'.join(columns)}")
        self.stdout.write("清单没有、由我们填上的：")
        for column, what in report.defaults.items():
            self.stdout.write(f"  {column}：{what}")
        self.stdout.write(
            f"办理机构 {len(report.bodies)} 个，装入前要在 organizations.csv 和 implementers.csv 里写明："
        )
        for name, code, rows in report.bodies[:most]:
            self.stdout.write(f"  {name}（{code}）{rows} 项")
        if len(report.bodies) > most:
            self.stdout.write(f"  … 还有 {len(report.bodies) - most} 个，--json 列出全部")

    def say_remarks(self, title: str, remarks: Sequence[Remark], most: int) -> None:
        """Print remarks with their lines."""
        if not remarks:
            return
        self.stdout.write(f"{title}（{len(remarks)}）：")
        for remark in remarks[:most]:
            self.stdout.write(f"  第 {remark.line} 行 {remark.code}：{remark.what}")
        if len(remarks) > most:
            self.stdout.write(f"  … 还有 {len(remarks) - most} 处，--json 列出全部")
