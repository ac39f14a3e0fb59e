"""Django registration."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Registers the room with Django."""

    name = "shuzheng.services.feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"
