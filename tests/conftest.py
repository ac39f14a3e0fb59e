"""What every test needs before it is collected."""

import pytest

from shuzheng.config.words import compile_catalogues


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues, once a run: a fresh clone has none, and an old one would speak last week's English."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()
