"""kill -9 in the middle of steps: no acknowledged step is lost, none is done twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_killed_process_loses_no_acknowledged_step_and_doubles_none(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.cases.crash", str(tmp_path / "var"), "20"]
    ran = subprocess.run(command, cwd=HOME, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    result = json.loads(ran.stdout)
    assert result["violations"] == []
    assert (result["kills"], result["cases"] > 0) == (20, True)
