"""Django registration."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.base.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
