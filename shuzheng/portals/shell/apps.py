"""Django registration."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.portals.shell"
    label = "shell"
    default_auto_field = "django.db.models.BigAutoField"
