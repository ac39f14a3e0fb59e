"""A pack folder of one's own to spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import shuzheng

HOME = Path(shuzheng.__file__).parents[1]
TEMPLATE = HOME / "packs" / "template"
LUAN = HOME / "packs" / "luan"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the template pack."""
    return Path(shutil.copytree(TEMPLATE, tmp_path / "template"))


@pytest.fixture
def spoil(pack: Path) -> Callable[[str, str, str], None]:
    """Replace text in a file of the copy; it must be there exactly once or more."""

    def replace(file: str, old: str, new: str) -> None:
        text = (pack / file).read_text("utf-8")
        assert old in text
        (pack / file).write_text(text.replace(old, new, 1), "utf-8")

    return replace
