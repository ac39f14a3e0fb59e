"""Django registration."""

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.services.benefits"
    label = "benefits"
    default_auto_field = "django.db.models.BigAutoField"
