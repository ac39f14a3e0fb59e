"""How a log line is written: masked, whoever wrote it and whatever was in it, tracebacks included."""

import logging
import sys
from typing import TextIO

from typing_extensions import override

from shuzheng.base.kernel.scrub import mask_numbers


class MaskingFormatter(logging.Formatter):
    """Masks identity and mobile numbers in the finished line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return mask_numbers(super().format(record))


class QuietHandler(logging.StreamHandler[TextIO]):
    """Writes to standard error. A line that cannot be written is named by its place; Python would print it raw."""

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        kind = sys.exc_info()[0]
        sys.stderr.write(f"a log line of {record.name}:{record.lineno} was not written: {kind and kind.__name__}\n")
