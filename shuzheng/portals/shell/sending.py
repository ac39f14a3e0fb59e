"""Send a stored file to a browser: shown in place when it is a PDF or picture, else saved; never sniffed."""

from typing import BinaryIO

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

SHOWN_IN_PLACE = frozenset({"application/pdf", "image/jpeg", "image/png"})
"""Media types a browser may show itself; every other file is saved, never opened on our origin."""


def send_file(content: BinaryIO, *, name: str, media_type: str, size_bytes: int) -> FileResponse:
    """Answer with a file's bytes.

    Args:
        content: Open stream; Django closes it after sending.
        name: File name as its owner knows it.
        media_type: Found by content when the file was stored.
        size_bytes: Length, announced to the browser.
    """
    shown = media_type in SHOWN_IN_PLACE
    response = FileResponse(content, content_type=media_type if shown else "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=not shown, filename=name) or "attachment"
    response["Content-Length"] = str(size_bytes)
    _guard(response)
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
