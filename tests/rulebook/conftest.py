import pytest

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.directory.queries import forget_depths, forget_working_days
from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.kernel.types import SYSTEM
from tests.items.city import AT, load_city
from tests.items.reviewing import with_reviewers


@pytest.fixture
def city(db: None) -> PackRows:
    """The template city with an approver at the leading bureau and three data authorities."""
    forget_depths()
    forget_working_days()
    rows = with_reviewers(load_city())
    directory_pack.apply(rows, actor=SYSTEM, at=AT)
    return rows
