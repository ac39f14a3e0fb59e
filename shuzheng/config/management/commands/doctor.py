"""`shuzheng doctor`: what is configured, reachable, stale or broken, and what to do."""

import dataclasses
import json
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from typing_extensions import override

from shuzheng.base.jobs.queries import count_dead
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.notices.queries import get_backlog
from shuzheng.config.rings import RINGS, state_of
from shuzheng.engines.lake.queries.engines import can_answer
from shuzheng.packs.queries import get_pack_info

LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what to do when it is not."""

    what: str
    well: bool
    seen: str
    remedy: str = ""


def look_at_keys() -> Finding:
    """Keys exist and only their owner reads them."""
    folder = settings.SHUZHENG.var_dir / "keys"
    loose = [f.name for f in folder.glob("*") if stat.S_IMODE(f.stat().st_mode) & 0o077]
    return Finding("密钥", folder.exists() and not loose, "、".join(loose) or str(folder), f"chmod 600 {folder}/*")


def look_at_database() -> Finding:
    """The database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return Finding("数据库", well=False, seen=type(error).__name__, remedy="检查 DATABASE_URL 或 var/ 的权限")
    return Finding("数据库", not waiting, f"{connection.vendor}，待迁移 {len(waiting)}", "shuzheng setup")


def look_at_pack() -> Finding:
    """A pack was loaded."""
    try:
        return Finding("城市包", well=True, seen=get_pack_info().city)
    except (ShuzhengError, DatabaseError):
        return Finding("城市包", well=False, seen="没有加载", remedy="shuzheng setup --pack DIR")


def look_at_pages() -> Finding:
    """Styles and scripts were built and collected."""
    there = (settings.STATIC_ROOT / "staticfiles.json").exists()
    return Finding("页面资源", there, str(settings.STATIC_ROOT), "make setup，再 shuzheng setup")


def look_at_fonts() -> Finding:
    """A Chinese font for documents is there."""
    found = [f for folder in settings.SHUZHENG.font_dirs if folder.exists() for f in folder.rglob("Noto*")]
    return Finding("公文字体", bool(found), f"{len(found)} 个", "make setup（从 npm 包取得 OFL 字体）")


def look_at_jobs() -> Finding:
    """No job has given up."""
    try:
        dead = count_dead()
    except DatabaseError:
        return Finding("后台任务", well=False, seen="数据库不可用", remedy="shuzheng setup")
    return Finding("后台任务", not dead, f"放弃的任务 {dead}", "看日志里的原因，改好后重新排队")


def look_at_messages() -> Finding:
    """Text messages and mail leave, and none was given up."""
    at = now()
    try:
        backlog = get_backlog(at=at)
    except DatabaseError:
        return Finding("短信和邮件", well=False, seen="数据库不可用", remedy="shuzheng setup")
    late = backlog.oldest_due_at is not None and at - backlog.oldest_due_at > LATE
    seen = f"等待 {backlog.waiting}，没有发出 {backlog.failed}" + ("，有的等了一刻钟以上" if late else "")
    return Finding("短信和邮件", not backlog.failed and not late, seen, "看日志里的通道错误，核对 sms、mail 各项设置")


def look_at_rings() -> Finding:
    """No change of keys was left unfinished."""
    folder = settings.SHUZHENG.var_dir / "keys"
    try:
        open_ones = [name for name in RINGS if state_of(folder, name).others]
    except (OSError, ValueError, KeyError):
        return Finding("密钥环", well=False, seen="读不出来", remedy="从备份恢复 var/keys")
    return Finding("密钥环", not open_ones, "、".join(open_ones) or "没有旧密钥", "满一天后再运行 shuzheng rotate-keys")


def look_at_engine() -> Finding:
    """The engine of the lake's large jobs answers."""
    url = settings.SHUZHENG.spark_url
    if not url:
        return Finding("计算引擎", well=True, seen="进程内（DuckDB）")
    return Finding("计算引擎", can_answer(url), url, "启动 Spark Connect 服务，或去掉设置 spark_url")


def look_at_disk() -> Finding:
    """There is space to write."""
    free_gb = shutil.disk_usage(settings.SHUZHENG.var_dir).free / 1e9
    return Finding("磁盘", free_gb > 1, f"剩 {free_gb:.1f} GB", "清理磁盘，或把 SHUZHENG_VAR 移到更大的盘")


LOOKS: tuple[Callable[[], Finding], ...] = (
    look_at_keys,
    look_at_database,
    look_at_pack,
    look_at_pages,
    look_at_fonts,
    look_at_jobs,
    look_at_messages,
    look_at_rings,
    look_at_engine,
    look_at_disk,
)


class Command(BaseCommand):
    """Look at everything; exit code 1 when something is not well."""

    help = "Say what is configured, reachable, stale or broken, and what to do. Example: shuzheng doctor --json"
    requires_system_checks = []

    @override
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        findings = [look() for look in LOOKS]
        if options["as_json"]:
            self.stdout.write(json.dumps([dataclasses.asdict(f) for f in findings], ensure_ascii=False))
        else:
            for found in findings:
                mark = "✓" if found.well else "✗"
                self.stdout.write(f"{mark} {found.what}：{found.seen}" + ("" if found.well else f" → {found.remedy}"))
        if not all(f.well for f in findings):
            sys.exit(1)
