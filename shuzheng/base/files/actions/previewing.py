"""Draw a small picture of a file: made anew from its pixels, so nothing else of the file reaches the reader.

Drawing reads what strangers uploaded, so it happens in a process of its own with little memory, little time and no
files (`backends/rendering.py`). The result is kept sealed and is made again when the key was changed.
"""

import subprocess
import sys
import threading
from typing import Final

from django.conf import settings

from shuzheng.base.files.actions.storing import write_whole
from shuzheng.base.files.backends import rendering
from shuzheng.base.files.errors import PreviewUnavailable
from shuzheng.base.files.queries.stored import get_file, open_file, preview_path_of
from shuzheng.base.files.types import MediaType, Preview
from shuzheng.base.kernel.seal import SealBroken, seal, unseal
from shuzheng.base.kernel.types import FileId

TIMEOUT_SECONDS: Final = 30
_AT_ONCE: Final = threading.BoundedSemaphore(2)
"""Drawing is work for the processor; more at once would only make everybody wait."""


def draw_preview(file_id: FileId) -> Preview:
    """Return the preview of a file: a picture as JPEG, the first page of a PDF as PNG, at most 1,200 pixels wide.

    Raises:
        NoSuchFile, FileGone, FileNotScanned, FileDamaged: See `queries.open_file`.
        PreviewUnavailable: Nothing could be drawn.
    """
    kind = MediaType(get_file(file_id).media_type)
    media_type = MediaType.PNG if kind is MediaType.PDF else MediaType.JPEG
    original = open_file(file_id)
    known = _kept(file_id)
    if known is not None:
        return Preview(known, media_type)
    drawn = _draw(original.read(), kind)
    path = preview_path_of(file_id)
    path.unlink(missing_ok=True)
    write_whole(path, seal(settings.SHUZHENG.read_key("seal"), drawn, _context(file_id)))
    return Preview(drawn, media_type)


def _kept(file_id: FileId) -> bytes | None:
    try:
        return unseal(settings.SHUZHENG.read_key("seal"), preview_path_of(file_id).read_bytes(), _context(file_id))
    except (FileNotFoundError, SealBroken):
        return None


def _draw(body: bytes, kind: MediaType) -> bytes:
    command = [sys.executable, "-B", str(rendering.__file__), kind.value]
    with _AT_ONCE:
        try:
            done = subprocess.run(  # noqa: S603 - our own file, no shell
                command, input=body, capture_output=True, timeout=TIMEOUT_SECONDS, check=False, env={"LANG": "C.UTF-8"}
            )
        except subprocess.TimeoutExpired:
            raise PreviewUnavailable from None
    if done.returncode != 0 or not done.stdout:
        raise PreviewUnavailable
    return done.stdout


def _context(file_id: FileId) -> str:
    return f"files.preview:{file_id}"
