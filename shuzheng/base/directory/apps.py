"""Django registration."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.base.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"
