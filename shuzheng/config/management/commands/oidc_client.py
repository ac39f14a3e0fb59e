"""`shuzheng oidc-client add|rotate|close|list`: systems whose people sign in through us."""

from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.directory.actions import add_system, close_client
from shuzheng.base.directory.types import ClientKind
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.types import SYSTEM, OrgId
from shuzheng.config.programs import add_common, list_programs, rotate, show_secret


class Command(BaseCommand):
    """Manage the systems that may sign people in through us."""

    help = (
        "Systems that sign people in through this platform (OpenID Connect). Example: shuzheng oidc-client add oa-main "
        "--title 办公系统 --organization 11341500MBYJ09UA7E --redirect-uri https://oa.example.gov.cn/callback"
    )

    @override
    def add_arguments(self, parser: Any) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        add = add_common(verbs)
        add.add_argument(
            "--redirect-uri", action="append", default=[], dest="uris", help="where codes may be sent; repeatable"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        kind = ClientKind.SYSTEM
        match options["verb"]:
            case "add":
                made = add_system(
                    options["name"],
                    title=options["title"],
                    organization=OrgId(options["organization"]),
                    redirect_uris=options["uris"],
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
