"""Django registration."""

from django.apps import AppConfig


class OfficerConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.portals.officer"
    label = "officer"
    default_auto_field = "django.db.models.BigAutoField"
