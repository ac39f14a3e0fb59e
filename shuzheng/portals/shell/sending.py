"""Send a stored file to a browser: shown in place when it is a PDF or picture, else saved; never sniffed."""

from typing import BinaryIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from shuzheng.base.files.types import Preview

SHOWN_IN_PLACE = frozenset({"application/pdf", "image/jpeg", "image/png"})
"""Media types a browser may show itself; every other file is saved, never opened on our origin."""


def send_file(content: BinaryIO, *, name: str, media_type: str, size_bytes: int) -> HttpResponse:
    """Answer with a stored file's bytes; they are in memory already, opened and proven unchanged.

    Args:
        content: The bytes.
        name: File name as its owner knows it.
        media_type: Found by content when the file was stored.
        size_bytes: Length as stored.
    """
    shown = media_type in SHOWN_IN_PLACE
    response = HttpResponse(content.read(), content_type=media_type if shown else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=not shown, filename=name) or "attachment"
    response["Content-Length"] = str(size_bytes)
    _guard(response)
    return response


def send_preview(preview: Preview) -> HttpResponse:
    """Answer with a picture drawn from a file; the reader's own browser may keep it five minutes, nobody else."""
    response = HttpResponse(preview.content, content_type=preview.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    return response


def send_bytes(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """Answer with a document made on the spot, saved under `name`."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    _guard(response)
    return response


def _guard(response: HttpResponse) -> None:
    """Forbid sniffing and keeping copies on the way."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
