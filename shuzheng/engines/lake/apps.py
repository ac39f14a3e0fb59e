"""Django registration."""

from django.apps import AppConfig


class LakeConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.engines.lake"
    label = "lake"
    default_auto_field = "django.db.models.BigAutoField"
