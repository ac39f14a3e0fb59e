"""A wheel built from the repository contains what it needs to run, and runs."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (HOME / "static_build" / "city.css").exists():
        pytest.skip("static_build/ is missing: make setup")
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(HOME)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_holds_packs_pages_words_and_migrations(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "shuzheng/_shipped/packs/luan/items.csv",
        "shuzheng/_shipped/packs/template/pack.toml",
        "shuzheng/_shipped/static_build/city.css",
        "shuzheng/portals/shell/templates/base/public.html",
        "shuzheng/portals/shell/locale/en/LC_MESSAGES/django.po",
        "shuzheng/base/ledger/migrations/0001_initial.py",
    ):
        assert needed in names
    assert not [n for n in names if n.startswith(("tests/", "web/", "shuzheng/_shipped/static_build/node_modules"))]


def test_the_wheel_sets_up_a_city_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SHUZHENG_", "DJANGO_", "DATABASE_URL", "PYTHON"))}
    env |= {"PYTHONPATH": str(tmp_path / "site"), "SHUZHENG_VAR": str(tmp_path / "var")}
    ask = (
        "import django; django.setup(); from django.test import Client; import shuzheng; "
        "answer = Client().get('/', headers={'host': 'localhost'}); "
        "print(shuzheng.__file__, answer.status_code, '样例市' in answer.content.decode())"
    )
    command = [sys.executable, "-P", "-m", "shuzheng.config.command", "setup", "--pack", "template"]
    made = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    env["DJANGO_SETTINGS_MODULE"] = "shuzheng.config.settings"
    command = [sys.executable, "-P", "-c", ask]
    seen = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert seen.stdout.split() == [str(tmp_path / "site" / "shuzheng" / "__init__.py"), "200", "True"], seen.stderr
