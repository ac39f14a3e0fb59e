"""The generated half of the docs: settings, commands, errors, OpenAPI; compared with the files in a test."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.urls import get_resolver
from django.utils.translation import gettext as _, override

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.config.api import api
from shuzheng.config.command import COMMANDS, EXIT_CODES
from shuzheng.config.configuration import Options
from shuzheng.packs.reference import pack_format_page

MADE = "<!-- Made by `shuzheng reference`; do not edit. -->\n\n"


def settings_page() -> str:
    """Return the page of settings."""
    rows = [
        f"| `{name}` | `SHUZHENG_{name.upper()}` | `{field.default!r}` | {field.description} |"
        for name, field in Options.model_fields.items()
    ]
    head = (
        "# Settings\n\nEach is a key of `var/shuzheng.toml` or an environment variable, which wins.\n"
        "`SHUZHENG_VAR` moves `var/`; `DATABASE_URL` is read too.\n\n"
    )
    return head + MADE + "| key | environment | default | what |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def commands_page() -> str:
    """Return the page of commands and exit codes."""
    rows = [f"| `shuzheng {name}` | {what} |" for name, what in COMMANDS.items()]
    codes = [f"| {code} | {kind.__name__} |" for kind, code in EXIT_CODES]
    return (
        "# Commands\n\n"
        + MADE
        + "| command | does |\n|---|---|\n"
        + "\n".join(rows)
        + "\n\n| exit code | when |\n|---|---|\n| 0 | done |\n| 1 | unexpected |\n| 2 | wrong usage |\n"
        + "\n".join(codes)
        + "\n"
    )


def errors_page() -> str:
    """Return the page of error codes: what an API client may meet, in both languages."""
    own = [cls for cls in family(ShuzhengError) if cls.__module__.startswith("shuzheng.")]
    with override("en"):
        rows = [
            f"| `{cls.code}` | {cls.status} | {cls.text}<br>{_(cls.text)} | {_both(cls.hint)} |"
            for cls in sorted(own, key=lambda c: c.code)
        ]
    head = (
        "# Errors\n\nAn API answers `application/problem+json` (RFC 9457) in the language of `Accept-Language`.\n\n"
        f"{MADE}| code | status | text | hint |\n|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def _both(text: str) -> str:
    return f"{text}<br>{_(text)}" if text else ""


def family(cls: type[ShuzhengError]) -> Iterator[type[ShuzhengError]]:
    """Yield a class of errors and all below it."""
    yield cls
    for below in cls.__subclasses__():
        yield from family(below)


def openapi_document() -> str:
    """Return the OpenAPI document, keys sorted."""
    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def pages() -> dict[str, str]:
    """Return every generated file by its name in docs/reference/."""
    get_resolver().url_patterns  # noqa: B018 - loads every room, so that no error is missing
    return {
        "settings.md": settings_page(),
        "commands.md": commands_page(),
        "errors.md": errors_page(),
        "pack-format.md": pack_format_page(),
        "openapi.json": openapi_document(),
    }


def write(folder: Path) -> list[str]:
    """Write the files that differ; return their names."""
    changed = []
    for name, text in pages().items():
        target = folder / name
        if not target.exists() or target.read_text("utf-8") != text:
            target.write_text(text, "utf-8")
            changed.append(name)
    return changed
