"""Decide a file's kind by its bytes, and make its name safe. No name is ever trusted."""

import struct
import unicodedata
from typing import Final

import puremagic

from shuzheng.base.files.errors import FileEmpty, FileKindRefused, FileTooLarge
from shuzheng.base.files.types import ENDINGS, MediaType
from shuzheng.base.kernel.said import said

LIMIT_BYTES: Final = 10 * 1024 * 1024
NAME_MOST: Final = 80
_HEAD: Final = 4096
_ZIP_END: Final = struct.Struct("<4s4H2LH")

_LEADING: Final = (
    (b"%PDF-", MediaType.PDF),
    (b"\xff\xd8\xff", MediaType.JPEG),
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
)
_KNOWN: Final = (
    (b"PK\x03\x04", "压缩包（ZIP）或 Office 文档"),
    (b"PK\x05\x06", "压缩包（ZIP）"),
    (b"Rar!", "压缩包（RAR）"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包（7z）"),
    (b"\x1f\x8b", "压缩包（GZIP）"),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文档"),
    (b"MZ", "Windows 程序"),
    (b"\x7fELF", "程序"),
    (b"GIF8", "GIF 图片"),
    (b"BM", "BMP 图片"),
    (b"II*\x00", "TIFF 图片"),
    (b"MM\x00*", "TIFF 图片"),
    (b"#!", "脚本"),
)
_HTML: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")
_CHARACTERS_OF_PATHS: Final = frozenset('/\\:*?"<>|')


def check_size(size_bytes: int, *, limit_bytes: int = LIMIT_BYTES) -> None:
    """Check the size of an upload.

    Raises:
        FileEmpty: No bytes.
        FileTooLarge: More than the limit.
    """
    if size_bytes == 0:
        raise FileEmpty
    if size_bytes > limit_bytes:
        raise FileTooLarge(limit_mb=limit_bytes // (1024 * 1024))


def decide_kind(content: bytes) -> MediaType:
    """Return the kind of a file by its bytes.

    The first bytes must be those of the kind: readers that search further in are what polyglot files live on. A file
    that is also a whole ZIP archive is refused for the same reason.

    Raises:
        FileKindRefused: None of the kinds taken; the refusal names what was found.
    """
    for leading, kind in _LEADING:
        if content.startswith(leading):
            if _is_zip_too(content):
                raise FileKindRefused(found=said("图片或 PDF 后面藏着压缩包"))
            return kind
    raise FileKindRefused(found=name_found(content))


def _is_zip_too(content: bytes) -> bool:
    """Tell whether a ZIP directory ends exactly at the end of the file. Source: APPNOTE 4.3.16."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if at < 0 or at + _ZIP_END.size > len(content):
        return False
    comment: int = _ZIP_END.unpack_from(content, at)[-1]
    return at + _ZIP_END.size + comment == len(content)


def name_found(content: bytes) -> str:
    """Return, in Chinese, what a refused file is by its bytes."""
    head = content[:_HEAD]
    for leading, name in _KNOWN:
        if head.startswith(leading):
            return name
    if head[4:8] == b"ftyp":
        return "HEIC 照片或视频"
    if head[:4] == b"RIFF":
        return "WebP 图片" if head[8:12] == b"WEBP" else "音视频"
    return _name_markup(head) or _name_text(head) or _name_by_magic(head)


def _name_markup(head: bytes) -> str:
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if opening.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg")) and b"<svg" in opening:
        return "SVG 图形（可以夹带脚本）"
    if opening.startswith(_HTML) or (opening.startswith(b"<!--") and b"<html" in opening):
        return "网页（HTML）"
    if opening.startswith(b"<?php"):
        return "脚本"
    return "XML 文档" if opening.startswith(b"<?xml") else ""


def _name_text(head: bytes) -> str:
    if b"\x00" in head or b"%PDF-" in head:
        return "夹带其他内容的 PDF" if b"%PDF-" in head else ""
    try:
        head[: _HEAD - 4].decode("utf-8" if head.isascii() or _is_utf8(head) else "gb18030")
    except UnicodeDecodeError:
        return ""
    return "纯文本"


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as fault:
        return fault.start >= len(head) - 4
    return True


def _name_by_magic(head: bytes) -> str:
    try:
        ending = puremagic.magic_string(head)[0].extension
    except (puremagic.PureError, ValueError, IndexError):
        return "无法识别的数据"
    if ending in (".jpe", ".jfif", *(one for endings in ENDINGS.values() for one in endings)):
        return "不完整的图片或 PDF"
    return f"其他格式（{ending}）" if ending else "无法识别的数据"


def safe_name(name: str, kind: MediaType) -> str:
    r"""Return a name that is safe to show, to store and to offer for download.

    Path parts, control, bidirectional and other invisible characters are removed; Chinese stays. The ending is made
    to fit the kind, so that `合同.exe` with the bytes of a PDF becomes `合同.exe.pdf`.

    Example:
        >>> safe_name("..\\..\\身份证\u202egnp.exe", MediaType.PNG)
        '身份证gnp.exe.png'
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in text if unicodedata.category(c)[0] != "C" and c not in _CHARACTERS_OF_PATHS)
    stem = " ".join(kept.split()).rstrip(". ")
    ending = next((e for e in ENDINGS[kind] if stem.lower().endswith(e)), "")
    stem = (stem[: len(stem) - len(ending)] if ending else stem).strip(". ")
    ending = ending or ENDINGS[kind][0]
    return (stem[: NAME_MOST - len(ending)].rstrip(". ") or "文件") + ending
