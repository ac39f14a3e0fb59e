"""Check that a file is whole and does nothing when it is opened.

A reader mends much of what is broken, so only what loses content is refused: a picture without its end, a PDF without
its trailer. A PDF is refused when it holds a script, starts a program or sends something out, or is locked so that
nobody can tell. Sources: ISO 15948 (PNG) 5.3, ISO 10918-1 (JPEG) B.1, ISO 32000-2 (PDF) 7.3.5, 7.5.7, 12.6.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from shuzheng.base.files.errors import FileActive, FileLocked, FileTruncated, PictureTooLarge
from shuzheng.base.files.types import MediaType

PIXELS_MOST: Final = 100_000_000
"""A picture of more would fill the memory of whoever opens it."""
_INFLATE_MOST: Final = 32 * 1024 * 1024
_TAIL: Final = 2048
_JPEG_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_END_OF_NAME: Final = rb"(?=[\s()<>\[\]{}/%\x00]|$)"
_ACTIVE: Final = (
    (re.compile(rb"/JavaScript" + _END_OF_NAME), "脚本"),
    (re.compile(rb"/Launch" + _END_OF_NAME), "启动程序的动作"),
    (re.compile(rb"/(?:SubmitForm|ImportData)" + _END_OF_NAME), "向外提交数据的动作"),
    (re.compile(rb"/(?:RichMedia|Movie|3D)" + _END_OF_NAME + rb"[^>]{0,400}?/(?:Rect|Annot)"), "嵌入的音视频"),
)
_LOCKED: Final = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM: Final = re.compile(rb"\bstream\r?\n")
_PREDICTED: Final = re.compile(rb"/Predictor\s+(?:[2-9]|1\d)")


def check_content(kind: MediaType, body: bytes) -> None:
    """Check a file that is of a kind by its first bytes.

    Raises:
        FileTruncated: Its end is missing, or bytes in it were changed.
        PictureTooLarge: More than a hundred million pixels.
        FileLocked: A PDF with a password or restrictions.
        FileActive: A PDF that does something when it is opened.
    """
    if kind is MediaType.PNG:
        _check_png(body)
    elif kind is MediaType.JPEG:
        _check_jpeg(body)
    else:
        _check_pdf(body)


def _check_png(body: bytes) -> None:
    """Walk the chunks: each whole, with its checksum, to the last one."""
    at = 8
    while at + 12 <= len(body):
        length = int.from_bytes(body[at : at + 4])
        end = at + 12 + length
        name = body[at + 4 : at + 8]
        if end > len(body) or zlib.crc32(body[at + 4 : end - 4]) != int.from_bytes(body[end - 4 : end]):
            raise FileTruncated
        if at == 8:
            if name != b"IHDR" or length < 8:
                raise FileTruncated
            _check_pixels(int.from_bytes(body[16:20]), int.from_bytes(body[20:24]))
        if name == b"IEND":
            return
        at = end
    raise FileTruncated


def _check_jpeg(body: bytes) -> None:
    """Walk the segments to the picture itself; its end marker must follow. A thumbnail's end lies before."""
    at = 2
    while at + 4 <= len(body):
        marker = body[at + 1]
        if body[at] != 0xFF:
            raise FileTruncated
        if marker == 0xFF or marker in _JPEG_STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(body[at + 2 : at + 4])
        if length < 2:
            raise FileTruncated
        if marker in _JPEG_FRAMES and at + 9 <= len(body):
            _check_pixels(int.from_bytes(body[at + 7 : at + 9]), int.from_bytes(body[at + 5 : at + 7]))
        at += 2 + length
        if marker == 0xDA:
            if body.find(b"\xff\xd9", at) < 0:
                raise FileTruncated
            return
    raise FileTruncated


def _check_pixels(width: int, height: int) -> None:
    if width * height > PIXELS_MOST:
        raise PictureTooLarge(width=width, height=height)


def _check_pdf(body: bytes) -> None:
    if body.rfind(b"%%EOF", max(0, len(body) - _TAIL)) < 0:
        raise FileTruncated
    for part in _readable_parts(body):
        if _LOCKED.search(part):
            raise FileLocked
        for pattern, what in _ACTIVE:
            if pattern.search(part):
                raise FileActive(what=what)


def _readable_parts(body: bytes) -> Iterator[bytes]:
    """Yield the file as it stands, then what its object streams hold; names with their escapes resolved.

    Page contents stay compressed: they draw and cannot act.

    Raises:
        FileLocked: An object stream is packed in a way we do not unpack.
    """
    yield _plain(body)
    left = _INFLATE_MOST
    for found in _STREAM.finditer(body):
        opening = body.rfind(b" obj", max(0, found.start() - 65_536), found.start())
        dictionary = _plain(body[max(opening, 0) : found.start()])
        if b"/ObjStm" not in dictionary or b"/Filter" not in dictionary:
            continue
        if _PREDICTED.search(dictionary) or left <= 0:
            raise FileLocked
        try:
            inside = zlib.decompressobj().decompress(body[found.end() :], left)
        except zlib.error:
            raise FileLocked from None
        left -= len(inside)
        yield _plain(inside)


def _plain(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda escape: bytes([int(escape[1], 16)]), part) if b"#" in part else part
