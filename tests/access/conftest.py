"""Each test forgets what the process remembered of another test's city."""

from collections.abc import Iterator

import pytest

from shuzheng.base.directory.queries import forget_depths


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    forget_depths()
    yield
    forget_depths()
