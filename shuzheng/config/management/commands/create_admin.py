"""`shuzheng create-admin`: the first account of a new city."""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.directory.actions import create_admin
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.types import SYSTEM, OrgId


class Command(BaseCommand):
    """Create an administrator's account."""

    help = (
        "Create an administrator's account; the password is read from the terminal or the first line of standard "
        "input. Example: shuzheng create-admin --sign-in-name zhang --name 张三 --organization 11341500MBYJ09UA7E"
    )

    @override
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--sign-in-name", required=True)
        parser.add_argument("--name", required=True, help="the person's name")
        parser.add_argument("--organization", required=True, help="18-character code of the organization")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        password = getpass.getpass("密码: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        create_admin(
            options["sign_in_name"],
            password=password,
            name=options["name"],
            organization=OrgId(options["organization"]),
            actor=SYSTEM,
            at=now(),
        )
        self.stdout.write(f"账号 {options['sign_in_name']} 已建立")
