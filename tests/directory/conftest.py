"""Each test forgets what the process remembered of another test's city."""

from collections.abc import Iterator

import pytest

from shuzheng.base.directory.queries import forget_depths, forget_working_days
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import PersonId
from tests.directory.builders import AT


@pytest.fixture(autouse=True)
def _fresh_memory() -> Iterator[None]:
    forget_depths()
    forget_working_days()
    yield
    forget_depths()
    forget_working_days()


@pytest.fixture
def person_id() -> PersonId:
    return PersonId(new_id(AT))
