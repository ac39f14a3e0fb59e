"""Previews: drawn anew from pixels, without metadata, kept sealed; what cannot be drawn has none."""

import io
import os
import resource
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from PIL import Image

from shuzheng.base.files.actions import draw_preview, previewing, store_upload
from shuzheng.base.files.backends import rendering
from shuzheng.base.files.errors import PreviewUnavailable
from shuzheng.base.files.queries.stored import preview_path_of
from shuzheng.base.files.types import MediaType
from shuzheng.base.kernel.configuration import Configuration
from shuzheng.base.kernel.types import SYSTEM, FileId, Party, PartyKind
from tests.files.making import make_jpeg, make_pdf, make_png

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
OWNER = Party(PartyKind.PERSON, UUID(int=1), "甲")


@pytest.fixture(autouse=True)
def folder(db: None, tmp_path: Path, settings: LazySettings) -> Path:
    whole: Configuration = settings.SHUZHENG
    values = {name: getattr(whole, name) for name in Configuration.__slots__}
    settings.SHUZHENG = Configuration(**(values | {"files_dir": tmp_path / "files"}))
    return tmp_path / "files"


def store(body: bytes) -> FileId:
    return store_upload(io.BytesIO(body), name="a", owner=OWNER, actor=SYSTEM, at=AT).id


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_picture_becomes_a_small_jpeg_without_what_the_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6
    preview = draw_preview(store(make_jpeg(3000, 2000, exif=exif)))
    drawn = opened(preview.content)
    assert (preview.media_type, drawn.format, drawn.size) == (MediaType.JPEG, "JPEG", (1200, 1800))
    assert b"SecretCamera" not in preview.content
    assert not drawn.getexif()


def test_transparent_parts_become_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(draw_preview(store(out.getvalue())).content).getpixel((5, 5)) == (255, 255, 255)


def test_the_first_page_of_a_pdf_becomes_a_png() -> None:
    preview = draw_preview(store(make_pdf()))
    drawn = opened(preview.content)
    assert (preview.media_type, drawn.format, drawn.size) == (MediaType.PNG, "PNG", (800, 800))
    colours = {colour for _, colour in drawn.convert("L").getcolors() or []}
    assert min(colour for colour in colours if isinstance(colour, int)) < 50, "the text is drawn"


def test_a_preview_is_drawn_once_and_kept_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    file = store(make_png())
    first = draw_preview(file)
    monkeypatch.setattr(previewing, "_draw", lambda *_: pytest.fail("drawn again"))
    assert draw_preview(file) == first
    assert b"JFIF" not in preview_path_of(file).read_bytes()


def test_a_preview_of_another_file_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    file, other = store(make_png()), store(make_png(50, 50))
    draw_preview(file)
    draw_preview(other)
    shutil.copy(preview_path_of(other), preview_path_of(file))
    assert opened(draw_preview(file).content).size == (40, 30)


def test_what_cannot_be_drawn_has_no_preview() -> None:
    empty = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    file = store(empty + b"trailer<</Root 1 0 R>>\n%%EOF\n")
    with pytest.raises(PreviewUnavailable):
        draw_preview(file)
    assert not preview_path_of(file).exists()


def test_drawing_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previewing, "TIMEOUT_SECONDS", 0.001)
    with pytest.raises(PreviewUnavailable):
        draw_preview(store(make_png()))


def test_the_drawing_process_gives_up_files_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", lambda what, most: given.update({what: most}))
    rendering.limit_this_process()
    assert given[resource.RLIMIT_FSIZE] == (0, 0)
    assert given[resource.RLIMIT_AS][0] <= 2 << 30
    assert given[resource.RLIMIT_CPU][0] <= 20


def test_nothing_of_the_city_is_known_to_the_drawing_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUZHENG_SECRET", "x")
    seen: dict[str, object] = {}
    real = subprocess.run

    def look(command: list[str], **options: object) -> object:
        seen.update(options)
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", look)
    draw_preview(store(make_png()))
    assert seen["env"] == {"LANG": "C.UTF-8"}
    assert "SHUZHENG_SECRET" in os.environ
