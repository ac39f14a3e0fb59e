"""A lake of its own for each test."""

import shutil
from collections.abc import Iterator

import pytest

from shuzheng.engines.lake.queries.gathering import inbox
from shuzheng.engines.lake.queries.tables import store


@pytest.fixture
def lake(db: None) -> Iterator[None]:
    """Empty the lake and the inbox before and after."""
    for folder in (store().root, inbox()):
        shutil.rmtree(folder, ignore_errors=True)
    yield
    for folder in (store().root, inbox()):
        shutil.rmtree(folder, ignore_errors=True)
