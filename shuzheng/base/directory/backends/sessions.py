"""Django's session engine over our own table: each session knows its account, device and beginning.

Named by `settings.SESSION_ENGINE`. Django documents this extension under 'Extending database-backed session engines'.
"""

from datetime import datetime
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from typing_extensions import override

from shuzheng.base.directory.models import Session

DEVICE: Final = "device"
METHOD: Final = "method"
OPENED_AT: Final = "opened_at"


class SessionStore(DatabaseStore):
    """Sessions in `directory.Session`."""

    @classmethod
    @override
    def get_model_class(cls) -> type[Session]:
        return Session

    @override
    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        if not isinstance(row, Session):
            raise TypeError(f"not a session of ours: {type(row).__name__}")
        account = data.get(SESSION_KEY)
        row.account_id = None if account is None else int(account)
        row.device = str(data.get(DEVICE, ""))
        row.method = str(data.get(METHOD, ""))
        opened = data.get(OPENED_AT)
        row.opened_at = None if opened is None else datetime.fromisoformat(opened)
        return row
