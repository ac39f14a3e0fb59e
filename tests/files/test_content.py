"""A file is whole and harmless, or it is refused with a reason."""

import contextlib
import zlib

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.files.errors import FileActive, FileLocked, FileTruncated, PictureTooLarge
from shuzheng.base.files.rules import check_content
from shuzheng.base.files.types import MediaType
from shuzheng.base.kernel.errors import Invalid
from tests.files.making import make_jpeg, make_object_stream, make_pdf, make_png

PNG, JPEG, PDF = make_png(), make_jpeg(), make_pdf()
WHOLE = [(MediaType.PNG, PNG), (MediaType.JPEG, JPEG), (MediaType.PDF, PDF)]


@pytest.mark.parametrize(("kind", "body"), WHOLE)
def test_a_whole_file_passes(kind: MediaType, body: bytes) -> None:
    check_content(kind, body)


@pytest.mark.parametrize("options", [{"progressive": True}, {"exif": b"Exif\x00\x00" + b"x" * 300}, {"comment": "照"}])
def test_a_picture_of_any_camera_passes(options: dict[str, object]) -> None:
    check_content(MediaType.JPEG, make_jpeg(**options))  # type: ignore[arg-type]
    check_content(MediaType.JPEG, JPEG + bytes(200) + b"SEFT")


@pytest.mark.parametrize(("kind", "body"), WHOLE)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_file_cut_short_is_refused(kind: MediaType, body: bytes, part: float) -> None:
    with pytest.raises(FileTruncated) as refusal:
        check_content(kind, body[: int(len(body) * part)])
    assert "不完整" in refusal.value.message
    assert refusal.value.hint


@given(st.integers(8, len(PNG) - 1), st.integers(1, 255))
def test_a_picture_with_a_changed_byte_is_refused(at: int, change: int) -> None:
    changed = bytearray(PNG)
    changed[at] ^= change
    with pytest.raises(Invalid):
        check_content(MediaType.PNG, bytes(changed))


@given(st.sampled_from(WHOLE), st.binary(max_size=400))
def test_whatever_follows_the_first_bytes_the_answer_is_yes_or_a_refusal(
    whole: tuple[MediaType, bytes], tail: bytes
) -> None:
    kind, body = whole
    with contextlib.suppress(Invalid):
        check_content(kind, body[:8] + tail)


def test_a_picture_that_fills_memory_is_refused() -> None:
    head = (20_000).to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    bomb = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + b"IHDR" + head + zlib.crc32(b"IHDR" + head).to_bytes(4)
    with pytest.raises(PictureTooLarge) as refusal:
        check_content(MediaType.PNG, bomb)
    assert "20000×20000" in refusal.value.message


ACTS = [
    (b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>", "脚本"),
    (b"/OpenAction<</S /J#61vaScript/JS(x)>>", "脚本"),
    (b"/Names<</JavaScript 9 0 R>>", "脚本"),
    (b"/OpenAction<</S/Launch/F(cmd.exe)>>", "启动程序"),
    (b"/OpenAction<</S/SubmitForm/F(http://x/)>>", "向外提交"),
    (b"/OpenAction<</S/ImportData>>", "向外提交"),
]


@pytest.mark.parametrize(("entry", "what"), ACTS)
def test_a_pdf_that_acts_is_refused_and_told_what_it_does(entry: bytes, what: str) -> None:
    with pytest.raises(FileActive) as refusal:
        check_content(MediaType.PDF, make_pdf(entry))
    assert what in refusal.value.message


@pytest.mark.parametrize(("entry", "what"), ACTS)
def test_what_acts_is_found_in_an_object_stream_too(entry: bytes, what: str) -> None:
    with pytest.raises(FileActive):
        check_content(MediaType.PDF, make_pdf(more=make_object_stream(b"7 0 <<" + entry + b">>")))


def test_hiding_behind_a_string_that_looks_like_a_stream_does_not_help() -> None:
    hidden = b"6 0 obj\n(>>\nstream\n)\nendobj\n7 0 obj\n<</S/JavaScript/JS(x)>>\nendobj\n%endstream\n"
    with pytest.raises(FileActive):
        check_content(MediaType.PDF, make_pdf(more=hidden))


@pytest.mark.parametrize(
    "entry", [b"/Lang(zh)/Title(About JavaScript)", b"/Names<</EmbeddedFiles 9 0 R>>", b"/OpenAction[3 0 R/Fit]"]
)
def test_what_only_looks_like_acting_passes(entry: bytes) -> None:
    check_content(MediaType.PDF, make_pdf(entry))
    check_content(MediaType.PDF, make_pdf(more=make_object_stream(b"7 0 <<" + entry + b">>")))


@pytest.mark.parametrize(
    "body",
    [
        make_pdf(trailer=b"/Encrypt 8 0 R"),
        make_pdf(trailer=b"/Encrypt<</Filter/Standard>>"),
        make_pdf(more=make_object_stream(b"7 0 <<>>", b"/DecodeParms<</Predictor 12>>")),
        make_pdf(more=make_object_stream(b"7 0 <<>>").replace(b"\x78\x9c", b"\x00\x00", 1)),
    ],
)
def test_what_nobody_can_read_is_refused(body: bytes) -> None:
    with pytest.raises(FileLocked):
        check_content(MediaType.PDF, body)


def test_a_packed_bomb_is_not_unpacked_without_end() -> None:
    bomb = make_object_stream(bytes(64 * 1024 * 1024))
    with pytest.raises(FileLocked):
        check_content(MediaType.PDF, make_pdf(more=bomb + bomb))
