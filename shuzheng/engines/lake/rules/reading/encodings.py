"""Which encoding a file has, and how its lines become UTF-8 without a bad one spoiling others.

GB18030 leaves `"`, `,`, CR and LF to ASCII: no byte of a longer character has these values, so lines are found before
they are decoded. What cannot be decoded is left as bytes that are not UTF-8, and is found there.
Source: GB 18030-2022.
"""

import re
from typing import Final

UTF_8: Final = "utf-8"
GB18030: Final = "gb18030"
AUTO: Final = "auto"
ENCODINGS: Final = (AUTO, UTF_8, GB18030)
BOM: Final = b"\xef\xbb\xbf"
WIDE_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
STRAY: Final = b"\xff"
"""Stands in no UTF-8 text: marks a line that is in another encoding than the rest of its file."""
_HAN: Final = re.compile("[\u4e00-\u9fff]")


def choose_encoding(sample: bytes) -> str:
    """Return the encoding of some whole lines: `auto` when they are ASCII throughout and nothing can be told.

    Lines decide by majority, so that a few in another encoding are found to be just that.
    """
    if sample.isascii():
        return AUTO
    if _decodes(sample, UTF_8):
        return UTF_8
    if _decodes(sample, GB18030) and not any(map(is_utf_8, sample.splitlines())):
        return GB18030
    lines = [line for line in sample.splitlines() if not line.isascii()]
    unicode = sum(_decodes(line, UTF_8) for line in lines)
    return UTF_8 if 2 * unicode >= len(lines) else GB18030


def to_utf_8(lines: bytes, encoding: str) -> bytes:
    """Return whole lines as UTF-8; bytes that mean nothing in their encoding stay, and are not UTF-8."""
    if encoding != GB18030 or lines.isascii():
        return lines
    found = lines.splitlines(keepends=True)
    strays = list(map(is_utf_8, found))
    if not any(strays):
        return _decoded(lines)
    return b"".join(STRAY + line if stray else _decoded(line) for line, stray in zip(found, strays, strict=True))


def _decoded(lines: bytes) -> bytes:
    return lines.decode(GB18030, "surrogateescape").encode(UTF_8, "surrogateescape")


def is_utf_8(line: bytes) -> bool:
    """Tell whether a line is UTF-8 with Chinese in it, which hardly any line in GB18030 looks like."""
    if line.isascii():
        return False
    try:
        return _HAN.search(line.decode(UTF_8)) is not None
    except UnicodeDecodeError:
        return False


def show(text: bytes) -> str:
    """Return bytes of a bad record for a person to read; what cannot be decoded stands as its code."""
    text = text.removeprefix(STRAY)
    for encoding in (UTF_8, GB18030):
        if _decodes(text, encoding):
            return text.decode(encoding)
    return text.decode(UTF_8, "backslashreplace")


def _decodes(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
