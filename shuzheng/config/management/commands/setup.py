"""`shuzheng setup`: database, keys, pack and demo data; repeatable."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.directory.actions import apply_demo_accounts
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.actions import sequence_pending
from shuzheng.config.configuration import build_dir
from shuzheng.config.lake_demo import fill_lake
from shuzheng.config.words import compile_catalogues
from shuzheng.packs.actions import load_pack
from shuzheng.packs.queries import find_pack_dir, read_pack


class Command(BaseCommand):
    """Make the city ready to serve."""

    help = "Make database, keys and pack ready. Example: shuzheng setup --pack packs/luan --demo"

    @override
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--pack", default="luan", help="folder of a city pack, or the name of one that is shipped")
        parser.add_argument("--demo", action="store_true", help="load demonstration people's sign-ins")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        folder = find_pack_dir(options["pack"], build_dir("packs"))
        with self.step("数据库"):
            call_command("migrate", verbosity=0, interactive=False)
        with self.step("词条"):
            compile_catalogues()
        with self.step("页面资源"):
            if settings.STATICFILES_DIRS:
                call_command("collectstatic", verbosity=0, interactive=False)
        with self.step(f"城市包 {folder.name}"):
            for part, changes in load_pack(folder, actor=SYSTEM, at=now(), progress=self.tell).items():
                self.stdout.write(f"      {part}: {described(changes)}")
        if options["demo"]:
            with self.step("演示账号"):
                password = demo_password(settings.SHUZHENG.var_dir)
                apply_demo_accounts(read_pack(folder), password=password, actor=SYSTEM, at=now())
            with self.step("数据湖"):
                fill_lake(folder, self.tell)
        with self.step("台账"):
            while sequence_pending(at=now()):
                pass

    def tell(self, text: str) -> None:
        """Show one line of progress."""
        self.stdout.write(f"      {text}")
        self.stdout.flush()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a step and how long it took."""
        self.stdout.write(f"    … {title}")
        self.stdout.flush()
        began = time.monotonic()
        yield
        self.stdout.write(f"    ✓ {title}（{time.monotonic() - began:.1f} 秒）")
        self.stdout.flush()


def described(changes: Changes) -> str:
    """Return what a part's load did, in words."""
    if changes.nothing_changed:
        return f"没有变化（{changes.unchanged} 条）"
    return f"新增 {changes.added}，变更 {changes.changed}，停用 {changes.retired}，不变 {changes.unchanged}"


def demo_password(var: Path) -> str:
    """Return this installation's demo password, made once: there is no default password to guess."""
    file = var / "keys" / "demo-password"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"demo-{secrets.randbelow(900000) + 100000}", "ascii")
    return file.read_text("ascii").strip()
