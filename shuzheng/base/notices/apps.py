"""Django registration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.base.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
