"""A file is gathered within a limit of memory that the kernel holds the process to, whatever the file's size.

The whole gigabyte under 1 GiB takes over a minute: `SHUZHENG_TEST_GIGABYTE=1 pytest tests/lake/test_bounded.py`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lake.test_killed import HOME, environment

MB = 1 << 20
ROWS, LIMIT = 1_100_000, 832
"""156 MB. Libraries, stacks of threads and blocks under way take some 700 MB whatever the file's size."""
GIGABYTE_ROWS, GIGABYTE_LIMIT = 7_700_000, 1024
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA counts mappings on Linux alone"),
]


def run(var: Path, word: str, number: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.lake.bounded", word, str(number)]
    return subprocess.run(command, cwd=HOME, env=environment(var), capture_output=True, text=True, check=False)


def prepare(var: Path, rows: int) -> int:
    """Return how many bytes the file has."""
    var.mkdir()
    done = run(var, "prepare", rows)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def gathered(var: Path, limit: int) -> list[int]:
    """Return rows read, landed, in quarantine, and megabytes touched."""
    done = run(var, "gather", limit)
    assert done.returncode == 0, done.stderr
    return list(map(int, done.stdout.split()))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("bounded") / "var"
    assert prepare(var, ROWS) > 150 * MB * 0.95
    return var


def test_the_limit_bites(prepared: Path) -> None:
    done = run(prepared, "take", LIMIT)
    assert done.returncode == 1
    assert done.stderr.rstrip().endswith("MemoryError")


def test_a_large_file_is_gathered_within_the_limit(prepared: Path, tmp_path: Path) -> None:
    var = shutil.copytree(prepared, tmp_path / "var")
    assert gathered(var, LIMIT)[:3] == [ROWS, ROWS, 0]


def test_a_reader_of_whole_files_is_not_and_says_so_clearly(prepared: Path, tmp_path: Path) -> None:
    var = shutil.copytree(prepared, tmp_path / "var")
    done = run(var, "whole", LIMIT)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(f"lake.memory_short under {LIMIT} MB\n")
    assert not list((var / "lake").rglob("*.parquet"))
    assert gathered(var, LIMIT)[:3] == [ROWS, ROWS, 0]


@pytest.mark.skipif(not os.environ.get("SHUZHENG_TEST_GIGABYTE"), reason="SHUZHENG_TEST_GIGABYTE is not set")
def test_a_gigabyte_is_gathered_within_a_gigabyte(tmp_path: Path) -> None:
    var = tmp_path / "var"
    assert prepare(var, GIGABYTE_ROWS) > 1 << 30
    assert gathered(var, GIGABYTE_LIMIT)[:3] == [GIGABYTE_ROWS, GIGABYTE_ROWS, 0]
