"""`shuzheng restore FILE`: bring a backup into an empty var folder."""

import subprocess
import tarfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override


class Command(BaseCommand):
    """Unpack a backup; refuses to write over a city that is there."""

    help = (
        "Bring a backup into an empty var folder, then run `shuzheng setup` and `shuzheng ledger verify`. "
        "Example: SHUZHENG_VAR=/srv/city shuzheng restore city.tar.gz"
    )
    requires_system_checks = []

    @override
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        var: Path = settings.SHUZHENG.var_dir
        there = [name for name in ("shuzheng.sqlite3", "files", "keys") if (var / name).exists()]
        if there:
            raise CommandError(f"{var} 里已有 {'、'.join(there)}。请换一个空目录（SHUZHENG_VAR=…），不会覆盖现有数据")
        var.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tarfile.open(options["file"], "r:gz") as archive:
            archive.extractall(var, filter="data")
        dump = var / "shuzheng.pgdump"
        if dump.exists():
            command = [
                "pg_restore",
                "--no-owner",
                "--exit-on-error",
                f"--dbname={settings.OPTIONS.database_url}",
                str(dump),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            if done.returncode:
                raise CommandError(done.stderr.strip())
            dump.unlink()
        self.stdout.write(f"已恢复到 {var}。接着运行：shuzheng setup；shuzheng ledger verify")
