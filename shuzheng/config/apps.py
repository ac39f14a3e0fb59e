"""Django registration; connects the rooms once every app is loaded."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from typing_extensions import override


class ConfigConfig(AppConfig):
    """The composition root as an app: its `ready` is where ports are filled."""

    name = "shuzheng.config"
    label = "config"

    @override
    def ready(self) -> None:
        # By name, because Django imports this file before any model may be loaded.
        import_string("shuzheng.config.wiring.connect")()
