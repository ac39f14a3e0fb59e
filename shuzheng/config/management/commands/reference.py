"""`shuzheng reference`: write the generated docs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from shuzheng.config.reference import write
from shuzheng.config.words import compile_catalogues


class Command(BaseCommand):
    """Write docs/reference from the code."""

    help = "Write settings, commands, errors and OpenAPI into docs/reference. Example: shuzheng reference"

    @override
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--folder", type=Path, default=Path("docs/reference"))

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        compile_catalogues()  # the page of errors is in both languages
        changed = write(options["folder"])
        self.stdout.write("、".join(changed) or "没有变化")
