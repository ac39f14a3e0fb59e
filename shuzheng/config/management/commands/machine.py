"""`shuzheng machine add|rotate|close|list`: machine accounts of the JSON API."""

from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.directory.actions import add_machine, close_client
from shuzheng.base.directory.types import ClientKind
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.types import SYSTEM, OrgId
from shuzheng.config.programs import add_common, list_programs, rotate, show_secret


class Command(BaseCommand):
    """Manage machine accounts."""

    help = (
        "Machine accounts for the API. Example: shuzheng machine add oa-sync --title 办公系统同步 "
        "--organization 11341500MBYJ09UA7E --role service_window"
    )

    @override
    def add_arguments(self, parser: Any) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = add_common(verbs)
        add.add_argument("--role", action="append", default=[], dest="roles", help="duty it has there; repeatable")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        kind = ClientKind.MACHINE
        match options["verb"]:
            case "add":
                made = add_machine(
                    options["name"],
                    title=options["title"],
                    organization=OrgId(options["organization"]),
                    roles=options["roles"],
                    actor=SYSTEM,
                    at=now(),
                )
                show_secret(self.stdout, made)
            case "rotate":
                rotate(self.stdout, kind, options)
            case "close":
                close_client(options["name"], kind=kind, actor=SYSTEM, at=now())
                self.stdout.write(f"{options['name']} 已停用")
            case _:
                list_programs(self.stdout, kind, as_json=options["as_json"])
