"""Django registration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.engines.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
