"""The generated docs are what the code says today."""

from pathlib import Path

import pytest

from shuzheng.config import reference

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", ["settings.md", "commands.md", "errors.md", "openapi.json"])
def test_a_reference_page_is_current(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == reference.pages()[name], "run: shuzheng reference"
