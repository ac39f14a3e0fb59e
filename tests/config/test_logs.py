"""No number reaches a log line, not even by accident."""

import io
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from shuzheng.config.logs import QuietHandler

NUMBERS = ("110105194912310026", "13800006621")
LOGGING: dict[str, Any] = settings.LOGGING
FORMATTERS = LOGGING["formatters"]


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own with the handler and formatter of the settings, and where it writes."""
    made = logging.config.DictConfigurator(LOGGING).configure_formatter(dict(FORMATTERS["line"]))
    written = io.StringIO()
    handler = QuietHandler(written)
    handler.setFormatter(made)
    logger = logging.getLogger("shuzheng.test.logs")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger, written
    logger.removeHandler(handler)


def test_the_message_its_arguments_and_its_traceback_are_masked(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.warning("from %s of %s", *NUMBERS)
    try:
        raise ValueError(f"number {NUMBERS[0]}")
    except ValueError:
        logger.exception("failed for 13800006621")
    said = written.getvalue()
    assert "1101**********0026" in said
    assert "138****6621" in said
    assert "ValueError" in said
    assert not [number for number in NUMBERS if number in said]


def test_a_line_that_cannot_be_written_is_not_printed_raw(
    log: tuple[logging.Logger, io.StringIO], capsys: pytest.CaptureFixture[str]
) -> None:
    logger, written = log
    written.close()
    logger.warning("for %s", NUMBERS[1])
    said = capsys.readouterr().err
    assert "shuzheng.test.logs" in said
    assert NUMBERS[1] not in said


def test_every_handler_writes_masked() -> None:
    for name, handler in LOGGING["handlers"].items():
        assert FORMATTERS[handler["formatter"]]["()"] == "shuzheng.config.logs.MaskingFormatter", name
        assert handler["class"] == "shuzheng.config.logs.QuietHandler", name
