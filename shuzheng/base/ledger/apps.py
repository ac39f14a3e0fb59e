"""Django registration."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.base.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
