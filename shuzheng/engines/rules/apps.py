"""Django registration."""

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """Registers the room with Django, for its English catalogue; the room has no tables yet."""

    name = "shuzheng.engines.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"
