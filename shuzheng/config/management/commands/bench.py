"""`shuzheng bench`: headline figures against peers."""

import ast
import importlib
import json
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from shuzheng.config.configuration import HOME

BENCHES = HOME / "bench"


def list_benches() -> dict[str, str]:
    """Return the benches by name with the first line of what they say of themselves: files that promise `KEYS`."""
    files = {path.stem: ast.parse(path.read_text("utf-8")) for path in sorted(BENCHES.glob("*.py"))}
    return {name: (ast.get_docstring(tree) or "").partition("\n")[0] for name, tree in files.items() if _promises(tree)}


def _promises(tree: ast.Module) -> bool:
    return any(
        isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.target.id == "KEYS"
        for line in tree.body
    )


class Command(BaseCommand):
    """Run one bench, or all of them one after another."""

    help = "Headline figures against peers, on a scratch city. Example: shuzheng bench items --json"

    @override
    def add_arguments(self, parser: Any) -> None:
        names = ", ".join(list_benches()) or "none: benches come with the source, not with the wheel"
        parser.add_argument("name", nargs="?", default="", help=f"one of: {names}; none runs all")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one object a bench")
        parser.add_argument("--scale", type=float, default=1.0, help="share of the full work, such as 0.01")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        benches = list_benches()
        name = options["name"]
        if not benches:
            raise CommandError("没有基准测试：它们随源码提供，不在安装包里。请在源码目录里运行")
        if name and name not in benches:
            raise CommandError(f"没有叫 {name} 的基准测试。可选：{'、'.join(benches)}")
        if not name:
            self._run_all(list(benches), options)
            return
        sys.path.insert(0, str(HOME))
        bench = importlib.import_module(f"bench.{name}")
        frame = importlib.import_module("bench.frame")
        outcome = bench.run(options["scale"], frame.progress)
        if options["as_json"]:
            self.stdout.write(json.dumps(outcome.as_json(name), ensure_ascii=False))
        else:
            for line in frame.show(name, outcome, bench.KEYS):
                self.stdout.write(line)

    def _run_all(self, names: list[str], options: dict[str, Any]) -> None:
        """Run each in a process of its own: every bench begins with an empty city."""
        failed = []
        for name in names:
            command = [sys.executable, "-m", "shuzheng.config.command", "bench", name, f"--scale={options['scale']}"]
            done = subprocess.run([*command, *(["--json"] if options["as_json"] else [])], cwd=HOME, check=False)  # noqa: S603 - ourselves
            if done.returncode:
                failed.append(name)
        if failed:
            raise CommandError(f"没有跑完：{'、'.join(failed)}")
