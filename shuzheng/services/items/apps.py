"""Django registration."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.services.items"
    label = "items"
    default_auto_field = "django.db.models.BigAutoField"
