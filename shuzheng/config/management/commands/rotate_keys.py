"""`shuzheng rotate-keys`: change the keys personal data is sealed and indexed with, while the city goes on running."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.base.kernel.clock import now
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.ledger.actions import record
from shuzheng.config import resealing
from shuzheng.config.rings import RINGS, RingState, activate_key, add_key, drop_keys, newest_of, state_of

STEPS = ("add", "activate", "reseal", "drop")
WAIT_HOURS = 24
"""An old key stays this long: for what was under way, and for what lives a day and cannot be sealed again."""


class Command(BaseCommand):
    """Add a key, make it active, seal everything again, and drop the old key when nothing uses it."""

    help = (
        "Change the keys personal data is sealed with (--index: the key of its blind index) while the city goes on "
        "running; repeatable and safe to interrupt. The old key is dropped by a run a day later, when nothing uses it. "
        "Several machines: --step add, copy the ring to all, --step activate, --step reseal, a day later --step drop. "
        "Example: shuzheng rotate-keys"
    )

    @override
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--index", action="store_true", help="the key of the blind index, not the sealing key")
        parser.add_argument("--step", choices=STEPS, help="one step alone")
        parser.add_argument("--wait-hours", type=int, default=WAIT_HOURS, help="how long an old key stays at least")
        parser.add_argument("--json", action="store_true", dest="as_json", help="the result for a program")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        self.name = RINGS[1] if options["index"] else RINGS[0]
        self.folder = settings.SHUZHENG.var_dir / "keys"
        self.quiet = options["as_json"]
        self.old = 0
        for step in (options["step"],) if options["step"] else self.due_steps():
            self.run(step, wait=timedelta(hours=options["wait_hours"]))
        if self.quiet:
            state = self.state
            said = {"ring": self.name, "active": state.active, "others": list(state.others), "still_old": self.old}
            self.stdout.write(json.dumps(said))

    @property
    def state(self) -> RingState:
        """What the ring holds now."""
        return state_of(self.folder, self.name)

    def due_steps(self) -> tuple[str, ...]:
        """Return all steps, or without `add` and `activate` when a change was begun and not finished."""
        state = self.state
        if not state.others:
            return STEPS
        return STEPS[2:] if newest_of(state) == state.active else STEPS[1:]

    def run(self, step: str, *, wait: timedelta) -> None:
        """Take one step and say what it did."""
        if step == "add":
            key = add_key(self.folder, self.name)
            self.tell(f"✓ 新密钥 {key} 已加入密钥环 {self.name}，还没有启用")
        elif step == "activate":
            key = newest_of(self.state)
            activate_key(self.folder, self.name, key, at=now())
            self.note("keys.activated", key)
            self.tell(f"✓ 密钥 {key} 已启用，新内容用它；旧密钥仍可打开旧内容")
        elif step == "reseal":
            self.reseal()
        else:
            self.drop(wait)

    def reseal(self) -> None:
        """Seal or index everything again."""
        self.old = 0
        for total in resealing.reindex_all() if self.name == "blind" else resealing.reseal_all():
            self.old += total.old
            rest = f"，{total.old} 项要等它自己过期（最长{total.life}）" if total.old else ""
            self.tell(f"  {total.name}：共 {total.seen}，更换 {total.changed}{rest}")

    def drop(self, wait: timedelta) -> None:
        """Drop the old keys when they are old enough and a last pass finds nothing that needs them."""
        state = self.state
        if not state.others:
            self.tell("✓ 没有旧密钥")
            return
        if newest_of(state) != state.active:
            self.tell("… 新密钥还没有启用：先运行 shuzheng rotate-keys --step activate")
            return
        since = state.active_since
        if since is not None and now() - since < wait:
            until = (since + wait).astimezone().strftime("%Y-%m-%d %H:%M")
            self.tell(f"… 旧密钥 {'、'.join(state.others)} 保留到 {until}；之后再运行一次 shuzheng rotate-keys")
            return
        self.reseal()
        if self.old:
            self.tell(f"… 还有 {self.old} 项用旧密钥，暂不删除；过一天再运行一次 shuzheng rotate-keys")
            return
        gone = drop_keys(self.folder, self.name)
        self.note("keys.dropped", *gone)
        self.tell(f"✓ 旧密钥 {'、'.join(gone)} 已删除。更早的备份仍带着当时的密钥，请按备份制度处理")

    def note(self, act: str, *keys: str) -> None:
        """Record the act in the ledger: ids of keys, never keys."""
        record(act, f"urn:shuzheng:keys:{self.name}", actor=SYSTEM, at=now(), content={"keys": list(keys)})

    def tell(self, text: str) -> None:
        """Show progress, unless a program reads the result."""
        if not self.quiet:
            self.stdout.write(text)
            self.stdout.flush()
