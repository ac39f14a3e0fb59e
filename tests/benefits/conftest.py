import pytest

from shuzheng.base.directory.queries import forget_depths, forget_working_days
from shuzheng.base.kernel.pack import PackRows
from tests.benefits.city import load_policies
from tests.items.city import load_city
from tests.packs.conftest import pack

__all__ = ["city", "pack"]


@pytest.fixture
def city(db: None) -> PackRows:
    """The template city with its policies."""
    forget_depths()
    forget_working_days()
    rows = load_city()
    load_policies(rows)
    return rows
