"""Django registration."""

from django.apps import AppConfig


class ResidentConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.portals.resident"
    label = "resident"
    default_auto_field = "django.db.models.BigAutoField"
