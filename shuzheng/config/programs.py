"""What the commands `machine` and `oidc-client` share: arguments, the secret shown once, the list."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from shuzheng.base.directory.actions import rotate_secret
from shuzheng.base.directory.queries import list_clients
from shuzheng.base.directory.types import ClientKind, NewSecret
from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.types import SYSTEM


class Out(Protocol):
    """Where a command writes lines."""

    def write(self, msg: str = "", /) -> object:
        """Write one line."""


def add_common(verbs: Any) -> ArgumentParser:
    """Add the verbs every program has; return the one that adds, for what differs."""
    add: ArgumentParser = verbs.add_parser("add", help="make one; its secret is shown once")
    add.add_argument("name", help="id it signs in with: small letters, digits, dots, hyphens")
    add.add_argument("--title", required=True, help="what people read, such as 办公系统")
    add.add_argument("--organization", required=True, help="18-character code of the organization it belongs to")
    rotate_parser = verbs.add_parser("rotate", help="make the next secret; the old one holds a while longer")
    rotate_parser.add_argument("name")
    rotate_parser.add_argument("--keep-hours", type=int, default=168, help="how long the old one holds; 0: not at all")
    verbs.add_parser("close", help="close it for good").add_argument("name")
    verbs.add_parser("list", help="all of them, with their last use").add_argument(
        "--json", action="store_true", dest="as_json"
    )
    return add


def rotate(out: Out, kind: ClientKind, options: Mapping[str, Any]) -> None:
    """Make the next secret and show it."""
    keep = timedelta(hours=max(0, options["keep_hours"]))
    show_secret(out, rotate_secret(options["name"], kind=kind, keep=keep, actor=SYSTEM, at=now()))


def show_secret(out: Out, made: NewSecret) -> None:
    """Show a secret; it is stored as a hash only."""
    out.write(f"标识 {made.client.name}（{made.client.title}，{made.client.organization_name}）")
    out.write(f"密钥 {made.secret}")
    out.write("密钥只显示这一次，请现在存到对方系统里。")
    if made.old_until is not None:
        out.write(f"旧密钥到 {_say(made.old_until)} 失效。")


def list_programs(out: Out, kind: ClientKind, *, as_json: bool) -> None:
    """List every program of a kind."""
    listed = list_clients(kind, at=now())
    if as_json:
        out.write(json.dumps([asdict(view) for view in listed], default=_plain, ensure_ascii=False))
        return
    for view in listed:
        state = "停用" if view.closed_at else f"{view.secrets} 个有效密钥"
        used = _say(view.last_used_at) if view.last_used_at else "没有用过"
        out.write(f"{view.name:24}{view.title}　{view.organization_name}　{state}　最近使用 {used}")


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _say(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(settings.SHUZHENG.zone)).strftime("%Y-%m-%d %H:%M")
