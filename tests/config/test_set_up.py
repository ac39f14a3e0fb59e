"""Set-up from a checkout: keys, options, database, backup; each command as an operator runs it."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shuzheng.config.keys import ensure_keys

HOME = Path(__file__).parents[2]


def shuzheng(var: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SHUZHENG_", "DJANGO_", "DATABASE_URL"))}
    return subprocess.run(
        [sys.executable, "-m", "shuzheng.config.command", *arguments],
        cwd=HOME,
        env=env | {"SHUZHENG_VAR": str(var)} | more,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("var")
    done = shuzheng(var, "setup", "--pack", "template", "--demo")
    assert done.returncode == 0, done.stdout + done.stderr
    return var


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = ensure_keys(tmp_path / "keys")
    before = {f.name: f.read_bytes() for f in (tmp_path / "keys").iterdir()}
    assert first
    assert ensure_keys(tmp_path / "keys") == []
    assert {f.name: f.read_bytes() for f in (tmp_path / "keys").iterdir()} == before
    assert all(stat.S_IMODE(f.stat().st_mode) == 0o600 for f in (tmp_path / "keys").iterdir())


def test_a_second_set_up_changes_nothing(city: Path) -> None:
    with sqlite3.connect(city / "shuzheng.sqlite3") as database:
        before = database.execute("select count(*) from ledger_entry").fetchone()
    done = shuzheng(city, "setup", "--pack", "template", "--demo")
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(city / "shuzheng.sqlite3") as database:
        assert database.execute("select count(*) from ledger_entry").fetchone() == before


def test_the_doctor_finds_the_city_well(city: Path) -> None:
    findings = json.loads(shuzheng(city, "doctor", "--json").stdout)
    ill = [f for f in findings if not f["well"] and f["what"] not in {"页面资源", "公文字体"}]
    assert not ill


def test_the_doctor_names_the_remedy_of_an_empty_city(tmp_path: Path) -> None:
    done = shuzheng(tmp_path, "doctor")
    assert done.returncode == 1
    assert "shuzheng setup" in done.stdout


def test_a_backup_comes_back_whole(city: Path, tmp_path: Path) -> None:
    archive = tmp_path / "city.tar.gz"
    assert shuzheng(city, "backup", str(archive)).returncode == 0
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    back = tmp_path / "back"
    assert shuzheng(back, "restore", str(archive)).returncode == 0
    report = json.loads(shuzheng(back, "ledger", "verify", "--json").stdout)
    assert report["ok"]
    assert report["size"] == json.loads(shuzheng(city, "ledger", "verify", "--json").stdout)["size"] > 0


def test_restore_refuses_to_write_over_a_city(city: Path, tmp_path: Path) -> None:
    archive = tmp_path / "city.tar.gz"
    shuzheng(city, "backup", str(archive))
    done = shuzheng(city, "restore", str(archive))
    assert done.returncode == 1
    assert "不会覆盖" in done.stderr


def test_a_changed_byte_in_the_ledger_is_named(city: Path, tmp_path: Path) -> None:
    archive, back = tmp_path / "city.tar.gz", tmp_path / "back"
    shuzheng(city, "backup", str(archive))
    shuzheng(back, "restore", str(archive))
    with sqlite3.connect(back / "shuzheng.sqlite3") as database:
        entry, act = database.execute("select public_id, act from ledger_entry order by public_id limit 1").fetchone()
        database.execute("update ledger_entry set act = ? where public_id = ?", (act[:-1] + "x", entry))
    done = shuzheng(back, "ledger", "verify", "--json")
    assert done.returncode == 5
    problems = json.loads(done.stdout)["problems"]
    assert [p["entry"].replace("-", "") for p in problems] == [entry.replace("-", "")]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["pack", "check", "no-such-city"], 3, "no-such-city"),
    ],
)
def test_a_wrong_call_says_what_to_do(city: Path, arguments: list[str], code: int, says: str) -> None:
    done = shuzheng(city, *arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stderr


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "shuzheng.toml").write_text("prot = 8001\n", "utf-8")
    done = shuzheng(tmp_path, "doctor")
    assert done.returncode == 6
    assert "prot" in done.stderr


def test_the_overview_names_every_command() -> None:
    folder = HOME / "shuzheng" / "config" / "management" / "commands"
    command = [sys.executable, "-m", "shuzheng.config.command"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True)
    for file in folder.glob("[a-z]*.py"):
        assert file.stem.replace("_", "-") in done.stdout
