"""Kinds by content, and safe names."""

import io
import unicodedata
import zipfile

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.files.errors import FileEmpty, FileKindRefused, FileTooLarge
from shuzheng.base.files.rules import LIMIT_BYTES, NAME_MOST, check_size, decide_kind, safe_name
from shuzheng.base.files.types import ENDINGS, MediaType

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)


def make_zip(name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(("content", "kind"), [(PDF, MediaType.PDF), (JPEG, MediaType.JPEG), (PNG, MediaType.PNG)])
def test_the_kinds_taken_are_known_by_their_first_bytes(content: bytes, kind: MediaType) -> None:
    assert decide_kind(content) is kind


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"#!/bin/sh\nrm -rf /\n", "脚本"),
        (b"<?php system($_GET['c']);", "脚本"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>", "网页（HTML）"),
        (b"<script>alert(1)</script>", "网页（HTML）"),
        (b"<svg xmlns='x' onload='alert(1)'/>", "SVG"),
        (b"<?xml version='1.0'?>\n<!-- x --><svg/>", "SVG"),
        (b"<?xml version='1.0'?><a/>", "XML 文档"),
        (make_zip(), "压缩包（ZIP）或 Office 文档"),
        (b"MZ\x90\x00", "Windows 程序"),
        (b"\x7fELF\x02", "程序"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "旧版 Office 文档"),
        (b"GIF89a", "GIF 图片"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP 图片"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC 照片或视频"),
        ("只是文字，没有别的".encode(), "纯文本"),
        ("只是文字，没有别的".encode("gb18030"), "纯文本"),
        (b"echo hi", "纯文本"),
        (b"junk before " + PDF, "夹带其他内容的 PDF"),
        (b"\x00\x01\x02\x03\x04", "无法识别的数据"),
        (b"\xff\xd8", "不完整的图片或 PDF"),
    ],
)
def test_what_is_refused_is_named(content: bytes, found: str) -> None:
    with pytest.raises(FileKindRefused) as refusal:
        decide_kind(content)
    assert found in refusal.value.message


@pytest.mark.parametrize("cover", [PDF, JPEG, PNG])
def test_a_picture_or_pdf_that_is_also_an_archive_is_refused(cover: bytes) -> None:
    with pytest.raises(FileKindRefused) as refusal:
        decide_kind(cover + make_zip())
    assert "藏着压缩包" in refusal.value.message


def test_bytes_of_an_archive_inside_a_pdf_are_no_archive() -> None:
    assert decide_kind(PDF + make_zip() + b"\nendstream\nendobj\n%%EOF\n") is MediaType.PDF


@given(st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused_with_a_name(content: bytes) -> None:
    if content.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        assert decide_kind(content) in MediaType
        return
    with pytest.raises(FileKindRefused) as refusal:
        decide_kind(content)
    assert refusal.value.facts["found"]


def test_sizes() -> None:
    check_size(1)
    check_size(LIMIT_BYTES)
    with pytest.raises(FileEmpty):
        check_size(0)
    with pytest.raises(FileTooLarge) as refusal:
        check_size(LIMIT_BYTES + 1)
    assert refusal.value.message == "文件超过 10 MB，没有上传"
    assert refusal.value.status == 413


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\合同.PDF", "合同.pdf"),
        ("合同.exe", "合同.exe.pdf"),
        ("合同\u202efdp.exe", "合同fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("  两   个空格 .pdf", "两 个空格.pdf"),
        ("<script>.pdf", "script.pdf"),
        ("...", "文件.pdf"),
        ("", "文件.pdf"),
        (".pdf", "文件.pdf"),
        ("\ud800坏.pdf", "坏.pdf"),
        ("长" * 300 + ".pdf", "长" * (NAME_MOST - 4) + ".pdf"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, MediaType.PDF) == safe


@given(st.text(max_size=300), st.sampled_from(list(MediaType)))
def test_a_safe_name_is_short_visible_and_ends_right(name: str, kind: MediaType) -> None:
    safe = safe_name(name, kind)
    assert 0 < len(safe) <= NAME_MOST
    assert safe.lower().endswith(ENDINGS[kind])
    assert not any(unicodedata.category(c)[0] == "C" or c in '/\\:*?"<>|' for c in safe)
    assert not safe.startswith(".")
    assert safe_name(safe, kind) == safe
