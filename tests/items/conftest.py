import pytest

from shuzheng.base.directory.queries import forget_depths, forget_working_days
from shuzheng.base.kernel.pack import PackRows
from tests.items.city import load_city


@pytest.fixture
def city(db: None) -> PackRows:
    """The template city, loaded."""
    forget_depths()
    forget_working_days()
    return load_city()
