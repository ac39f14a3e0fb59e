"""Django registration."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.services.rulebook"
    label = "rulebook"
    default_auto_field = "django.db.models.BigAutoField"
