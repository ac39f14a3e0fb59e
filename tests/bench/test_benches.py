"""Every bench runs once at a tiny scale, so that none rots. Figures must exist; their size is not judged here."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.frame import Outcome, Pairs, quantile, time_pairs
from shuzheng.config.management.commands.bench import list_benches

HOME = Path(__file__).parents[2]
SCALE = "0.01"
LATER = {"credentials": {"gate_cpu_ms", "import_1m_seconds"}}
"""Figures whose subject is not built yet; each is named in the bench's notes."""


def wanted(name: str) -> set[str]:
    """Return the figures a bench promises, read from its file without running it."""
    tree = ast.parse((HOME / "bench" / f"{name}.py").read_text("utf-8"))
    [keys] = [
        line.value
        for line in tree.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.target.id == "KEYS"
    ]
    assert keys is not None
    return set(ast.literal_eval(keys))


def left_out(name: str, notes: list[str]) -> set[str]:
    """Return the figures that may be missing: of what is not built yet, and of peers that are not installed."""
    absent = " ".join(note for note in notes if "is not installed" in note)
    return LATER.get(name, set()) | {key for key in wanted(name) if key in absent}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shuzheng.config.command", "bench", *arguments],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
        env={**{k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}, "SHUZHENG_VAR": "/nonexistent"},
    )


@pytest.mark.parametrize("name", sorted(list_benches()))
def test_a_bench_gives_its_figures(name: str) -> None:
    done = bench(name, "--json", "--scale", SCALE)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == {"bench", "machine", "versions", "work", "figures", "notes"}
    assert found["bench"] == name
    assert found["work"]["scale"] == float(SCALE)
    assert found["machine"]["cores"] >= 1
    assert found["versions"]["database"]
    missing = wanted(name) - set(found["figures"])
    assert missing == left_out(name, found["notes"])
    assert all(any(key in note for note in found["notes"]) for key in missing)
    assert all(isinstance(value, int | float) and value >= 0 for value in found["figures"].values())


def test_every_bench_says_what_it_measures() -> None:
    assert list_benches()
    assert all(text.endswith(".") for text in list_benches().values())


def test_a_person_reads_lines_and_a_wrong_name_is_told_the_right_ones() -> None:
    assert "verify_ms" in bench("credentials", "--scale", SCALE).stdout
    wrong = bench("nothing")
    assert wrong.returncode
    assert "items" in wrong.stderr


def test_the_quoted_ratio_is_the_median_of_pairs_as_rates() -> None:
    pairs = Pairs(ours=(1.0, 1.0, 2.0), peer=(2.0, 3.0, 2.0))
    assert pairs.figures("r") == {"r": 2.0, "r_least": 1.0, "r_most": 3.0}


def test_pairs_take_turns_after_a_warm_up() -> None:
    calls: list[str] = []
    time_pairs(lambda: calls.append("A"), lambda: calls.append("B"), pairs=3)
    assert "".join(calls) == "AB" + "AB" + "BA" + "AB"


@pytest.mark.django_db  # the outcome names the server's version
def test_quantiles_of_few_values() -> None:
    assert quantile([7.0], 95) == 7.0
    assert quantile([1.0, 2.0, 3.0], 50) == 2.0
    assert Outcome(figures={"a": 1.23456789}).as_json("x")["figures"] == {"a": 1.2346}
