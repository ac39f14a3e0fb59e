"""Django registration; connects the rooms once every app is loaded."""

from django.apps import AppConfig
from typing_extensions import override

from shuzheng.config import wiring


class ConfigConfig(AppConfig):
    """The composition root as an app: its `ready` is where ports are filled."""

    name = "shuzheng.config"
    label = "config"

    @override
    def ready(self) -> None:
        wiring.connect()
