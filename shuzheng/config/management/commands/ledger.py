"""`shuzheng ledger verify`: prove that no recorded act was changed."""

import dataclasses
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.ledger.queries import verify_ledger


class Command(BaseCommand):
    """Verify the ledger; exit code 5 when something does not fit."""

    help = "Prove the ledger whole, or name the entry that was changed. Example: shuzheng ledger verify --json"

    @override
    def add_arguments(self, parser: Any) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="recompute every leaf, the tree and the checkpoints")
        verify.add_argument("--json", action="store_true", dest="as_json")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_ledger()
        if options["as_json"]:
            self.stdout.write(json.dumps(dataclasses.asdict(report), default=str, ensure_ascii=False))
        elif report.ok:
            self.stdout.write(f"台账完整：{report.size} 条已编号，{report.pending} 条待编号，根 {report.root_hash}")
        else:
            for problem in report.problems:
                self.stdout.write(f"✗ 第 {problem.position} 条 {problem.entry}：{problem.what}")
        if not report.ok:
            sys.exit(5)
