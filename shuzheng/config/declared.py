"""Everything that is sealed, gathered from the rooms for `rotate-keys`."""

from shuzheng.base.directory.queries import sealed as directory
from shuzheng.base.files.actions import STORE
from shuzheng.base.kernel.sealed import SEALED
from shuzheng.base.notices.queries import sealed as notices
from shuzheng.engines.credentials.queries import sealed as credentials
from shuzheng.engines.lake.actions.resealing import STORE as LAKE
from shuzheng.engines.lake.queries import sealed as lake
from shuzheng.services.items.queries import sealed as items


def register_sealed() -> None:
    """Fill the registry of sealed places."""
    for column in (*directory.COLUMNS, *notices.COLUMNS, *credentials.COLUMNS, *lake.COLUMNS, *items.COLUMNS):
        SEALED.register(column.name, column)
    SEALED.register(STORE.name, STORE)
    SEALED.register(LAKE.name, LAKE)
