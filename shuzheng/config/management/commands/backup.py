"""`shuzheng backup FILE`: database, files, keys and lake in one consistent archive."""

import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from typing_extensions import override

KEPT = ("files", "keys", "lake", "inbox", "shuzheng.toml")


class Command(BaseCommand):
    """Write a backup while the city goes on running."""

    help = (
        "Write database, files, keys and lake into one archive while the city goes on running; the archive holds the "
        "keys, so keep it as safe as they are. Example: shuzheng backup /mnt/backup/city.tar.gz"
    )

    @override
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"]
        draft = target.with_name(f".{target.name}.part")
        with tempfile.TemporaryDirectory() as scratch:
            dump = dump_database(Path(scratch))
            # The database first: a file stored after it is an orphan, never a row without its file.
            with draft.open("wb") as out, tarfile.open(fileobj=out, mode="w:gz") as archive:
                archive.add(dump, dump.name)
                for name in KEPT:
                    if (settings.SHUZHENG.var_dir / name).exists():
                        archive.add(settings.SHUZHENG.var_dir / name, name, filter=_lasting)
        draft.chmod(0o600)
        draft.replace(target)
        self.stdout.write(f"已备份到 {target}（{target.stat().st_size / 1e6:.1f} MB）")


def _lasting(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out what gathering has staged: the batch is done again, once."""
    return None if "/_work/" in f"/{member.name}/" else member


def dump_database(folder: Path) -> Path:
    """Write a consistent copy of the database into a folder; return the file.

    Raises:
        CommandError: pg_dump is not on this machine, or refused.
    """
    if connection.vendor == "sqlite":
        copy = folder / "shuzheng.sqlite3"
        source = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
        with sqlite3.connect(copy) as target:
            source.backup(target)
        source.close()
        target.close()
        return copy
    copy = folder / "shuzheng.pgdump"
    try:
        done = subprocess.run(  # noqa: S603
            ["pg_dump", "--format=custom", "--no-owner", f"--file={copy}", settings.OPTIONS.database_url],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise CommandError("没有 pg_dump：请安装 PostgreSQL 客户端（Debian: apt install postgresql-client）") from error
    if done.returncode:
        raise CommandError(done.stderr.strip())
    return copy
