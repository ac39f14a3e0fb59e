"""Killed at any moment and run again, gathering gives the same table, the same quarantine, the same counts."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lake.killed import POINTS

HOME = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def environment(var: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "SHUZHENG_DATABASE_URL"}
    }
    return kept | {"SHUZHENG_TEST_VAR": str(var), "PYTHONPATH": str(HOME)}


def run(var: Path, point: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.lake.killed", point]
    return subprocess.run(command, cwd=HOME, env=environment(var), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("prepared") / "var"
    var.mkdir()
    done = run(var, "prepare")
    assert done.returncode == 0, done.stderr
    return var


@pytest.fixture(scope="module")
def undisturbed(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    var = shutil.copytree(prepared, tmp_path_factory.mktemp("undisturbed") / "var")
    assert run(var, "never").returncode == 0
    shown = run(var, "show").stdout
    assert shown.startswith("([(3001, ")
    return shown


@pytest.mark.parametrize("point", sorted(set(POINTS) - {"never"}))
def test_killed_at_a_point(point: str, prepared: Path, undisturbed: str, tmp_path: Path) -> None:
    var = shutil.copytree(prepared, tmp_path / "var")
    assert run(var, point).returncode == -signal.SIGKILL
    done = run(var, "never")
    assert done.returncode == 0, done.stderr
    assert run(var, "show").stdout == undisturbed


def test_killed_at_random_times(prepared: Path, undisturbed: str, tmp_path: Path) -> None:
    var = shutil.copytree(prepared, tmp_path / "var")
    command = [sys.executable, "-W", "ignore", "-m", "tests.lake.killed", "never"]
    for _ in range(4):
        child = subprocess.Popen(command, cwd=HOME, env=environment(var), stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(1.0, 3.0))
        child.kill()
        child.wait()
    assert run(var, "never").returncode == 0
    assert run(var, "show").stdout == undisturbed
