"""Django registration of the packs room."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    """Remembers which pack was loaded."""

    name = "shuzheng.packs"
    label = "packs"
    default_auto_field = "django.db.models.BigAutoField"
