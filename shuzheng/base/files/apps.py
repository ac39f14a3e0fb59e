"""Django registration."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.base.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
