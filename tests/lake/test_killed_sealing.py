"""Killed at any moment, sealing leaves one state or the other; run again, it is done, once, and nothing is in clear."""

import shutil
import signal
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import pytest

from tests.lake.killed_sealing import POINTS
from tests.lake.test_killed import HOME, environment

pytestmark = pytest.mark.slow


def run(var: Path, point: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.lake.killed_sealing", point]
    return subprocess.run(command, cwd=HOME, env=environment(var), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("sealing") / "var"
    var.mkdir()
    done = run(var, "prepare")
    assert done.returncode == 0, done.stderr
    return var


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point(point: str, prepared: Path, tmp_path: Path) -> None:
    var = shutil.copytree(prepared, tmp_path / "var")
    first = run(var, point)
    assert first.returncode == (0 if point == "never" else -signal.SIGKILL), first.stderr
    done = run(var, "finish")
    assert done.returncode == 0, done.stderr
    between, whole, clear, waiting, acts, grade = literal_eval(done.stdout)
    assert between, "what was left by the one that was killed"
    assert whole
    assert (clear, waiting, grade) == ([], 0, "L4")
    assert acts == ["lake.grade_confirmed", "lake.sealed"], "each once"
