"""The rules of the house, as tests: they fail with the place and say what to do."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

import shuzheng
from shuzheng.base.kernel.errors import ShuzhengError

HOME = Path(shuzheng.__file__).parents[1]
PACKAGE = HOME / "shuzheng"
FILES = [p for p in sorted(PACKAGE.rglob("*.py")) if "migrations" not in p.parts and "_shipped" not in p.parts]
ROOMS = [
    *(f"base/{room}" for room in ("jobs", "files", "ledger", "directory", "access", "notices")),
    *(f"engines/{room}" for room in ("cases", "lake", "credentials")),
    *(f"services/{room}" for room in ("rulebook", "items", "feedback", "benefits")),
]
FURNITURE = {
    "__init__", "apps", "types", "errors", "events", "rules", "models", "queries", "actions", "pack", "api",
    "backends", "migrations", "locale",
}  # fmt: skip
BANNED_NAMES = {"utils", "helpers", "common", "managers", "misc"}


def id_of(path: Path) -> str:
    return str(path.relative_to(HOME))


@pytest.mark.parametrize("path", FILES, ids=id_of)
def test_a_file_fits_a_head(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 600, "split it by subject"


@pytest.mark.parametrize("path", FILES, ids=id_of)
def test_a_function_fits_a_screen(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is too long"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_only_known_furniture(room: str) -> None:
    found = {p.stem for p in (PACKAGE / room).iterdir() if p.suffix == ".py" or p.is_dir()} - {"__pycache__"}
    assert found <= FURNITURE


@pytest.mark.parametrize("path", FILES, ids=id_of)
def test_no_file_is_named_after_nothing(path: Path) -> None:
    assert path.stem not in BANNED_NAMES


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_tells_its_purpose_and_its_chinese_name(room: str) -> None:
    text = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text("utf-8"))) or ""
    assert len(text.splitlines()) > 1, "purpose, standard followed, main flow, public actions"
    assert re.search(r"[\u4e00-\u9fff]", text), "the room's Chinese name is missing"


def test_no_foreign_key_leaves_its_room() -> None:
    for model in apps.get_models():
        if not model.__module__.startswith("shuzheng"):
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if target and not isinstance(target, str):
                assert target._meta.app_label == model._meta.app_label, f"{model.__name__}.{field.name}"


def error_family(cls: type[ShuzhengError]) -> list[type[ShuzhengError]]:
    return [cls, *(found for below in cls.__subclasses__() for found in error_family(below))]


def test_error_codes_are_unique_and_name_their_room() -> None:
    family = [cls for cls in error_family(ShuzhengError) if cls.__module__.startswith("shuzheng")]
    codes = [cls.code for cls in family]
    assert len(codes) == len(set(codes)), sorted(code for code in codes if codes.count(code) > 1)
    for cls in family:
        parts = cls.__module__.split(".")
        room = parts[1] if parts[1] in {"packs", "config"} else parts[2]
        if cls.__module__ == "shuzheng.base.kernel.errors":
            room = "shuzheng"
        assert cls.code.startswith(f"{room}."), f"{cls.__qualname__}: {cls.code}"


def test_every_error_says_what_to_do_next() -> None:
    own = [c for c in error_family(ShuzhengError) if c.__module__ != "shuzheng.base.kernel.errors"]
    silent = [c.__qualname__ for c in own if c.__module__.startswith("shuzheng") and not (c.text and c.hint)]
    assert not silent


@pytest.mark.django_db
def test_models_match_migrations() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_dependency_says_why_it_is_there() -> None:
    bare = []
    inside = False
    for line in (HOME / "pyproject.toml").read_text("utf-8").splitlines():
        if re.match(r"(dependencies|dev|requires) = \[", line):
            inside = "]" not in line.split("#")[0]
        elif line.startswith("]"):
            inside = False
        elif inside and "#" not in line:
            bare.append(line)
    assert not bare


def test_lock_files_pin_by_hash_and_name_no_registry() -> None:
    for lock in HOME.glob("requirements*.lock"):
        text = lock.read_text("utf-8")
        assert "://" not in text, lock.name
        pins = re.findall(r"^[a-zA-Z0-9_.-]+(?:\[.*\])?==", text, re.MULTILINE)
        assert len(pins) <= text.count("--hash=sha256:"), lock.name
    assert '"resolved"' not in (HOME / "web" / "package-lock.json").read_text("utf-8")


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))

    def missing(wanted: list[str], lock: str) -> list[str]:
        pinned = set(re.findall(r"^([a-z0-9_.-]+)==", (HOME / lock).read_text("utf-8"), re.MULTILINE))
        names = [re.split(r"[\[<>=~! ]", line)[0].lower() for line in wanted]
        return [name for name in names if name not in pinned]

    assert not missing(project["project"]["dependencies"], "requirements.lock"), "run scripts/lock.sh"
    assert not missing(project["dependency-groups"]["dev"], "requirements-dev.lock"), "run scripts/lock.sh"


def test_what_the_package_imports_is_declared() -> None:
    """A package that merely comes along with another, or with the tools of tests, is missing on somebody's machine."""
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    declared = {re.split(r"[\[<>=~! ]", line)[0].lower() for line in project["project"]["dependencies"]}
    brought_by = packages_distributions()
    strays = {
        f"{name} in {file.relative_to(HOME)}"
        for file in (HOME / "shuzheng").rglob("*.py")
        for name in imported(ast.parse(file.read_text("utf-8")))
        if name not in sys.stdlib_module_names | {"shuzheng"}
        and not {one.lower().replace("_", "-") for one in brought_by.get(name, [name])} & declared
    }
    assert not sorted(strays)


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def tracked_texts() -> list[Path]:
    endings = {".py", ".toml", ".md", ".sh", ".mjs", ".js", ".json", ".yml", ".html", ".css", ".scss", ""}
    skipped = {".git", ".venv", "node_modules", "static_build", "var", "__pycache__", "_shipped", ".hypothesis"}
    return [
        p
        for p in HOME.rglob("*")
        if p.is_file()
        and p.suffix in endings
        and not (set(p.relative_to(HOME).parts) & skipped)
        and p.name != "LICENSE"
    ]


def test_no_file_names_a_registry_or_a_path_of_somebodys_machine() -> None:
    bad = re.compile(
        "|".join(
            [
                "py" + r"pi\.org",
                "files" + r"\.pythonhosted",
                "registry" + r"\.npmjs",
                r"(?<!\w)/" + "work/",
                r"(?<!\w)/ro" + "ot/",
                r"(?<!\w)/ho" + "me/",
            ]
        )
    )
    named = []
    for path in tracked_texts():
        if ".cache" in str(path) or "_cache" in str(path):
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="ignore").splitlines(), 1):
            if bad.search(line):
                named.append(f"{id_of(path)}:{number}")
    assert not named


def test_the_template_of_every_page_keeps_the_content_policy() -> None:
    broken = []
    for path in PACKAGE.rglob("templates/**/*.html"):
        text = path.read_text("utf-8")
        if re.search(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*src=)|javascript:", text):
            broken.append(id_of(path))
    assert not broken


def test_every_posting_form_carries_a_token() -> None:
    bare = []
    for path in PACKAGE.rglob("templates/**/*.html"):
        for form in re.findall(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", path.read_text("utf-8"), re.S | re.I):
            if "csrf_token" not in form:
                bare.append(id_of(path))
    assert not bare


def test_the_version_is_said_once() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == shuzheng.__version__
    assert f"## {shuzheng.__version__}" in (HOME / "CHANGELOG.md").read_text("utf-8")
