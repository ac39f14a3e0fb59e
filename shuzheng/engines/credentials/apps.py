"""Django registration."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.engines.credentials"
    label = "credentials"
    default_auto_field = "django.db.models.BigAutoField"
