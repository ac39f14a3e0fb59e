"""Django registration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.base.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
