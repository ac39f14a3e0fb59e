"""A program of its own: reads a file on standard input, writes a small picture of it on standard output.

    python rendering.py application/pdf < file > preview.png

It reads what strangers uploaded, in a library written in C (PDFium, and Pillow's decoders). So it gives up, before it
reads anything: files (none can be written), memory beyond two gigabytes, and processor time beyond twenty seconds.
Imports nothing of ours: a start costs a fifth of a second.
"""

import io
import resource
import sys
from typing import Final

import pypdfium2
from PIL import Image, ImageOps

WIDTH_MOST: Final = 1200
HEIGHT_MOST: Final = 3600
_MEMORY_MOST: Final = 2 << 30
_CPU_SECONDS: Final = 20
_PIXELS_MOST: Final = 100_000_000
_POINTS_MOST: Final = 14_400
"""The largest page a PDF may have. Source: ISO 32000-2, annex C."""


def limit_this_process() -> None:
    """Give up what drawing does not need."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MOST, _MEMORY_MOST))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def draw_picture(body: bytes) -> bytes:
    """Return a picture as a small JPEG: turned as the camera was held, transparent parts white, no metadata."""
    Image.MAX_IMAGE_PIXELS = _PIXELS_MOST
    with Image.open(io.BytesIO(body), formats=("JPEG", "PNG")) as found:
        found.draft("RGB", (WIDTH_MOST, HEIGHT_MOST))
        turned = ImageOps.exif_transpose(found)
        turned.thumbnail((WIDTH_MOST, HEIGHT_MOST))
        layer = turned.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def draw_page(body: bytes) -> bytes:
    """Return the first page of a PDF as PNG."""
    document = pypdfium2.PdfDocument(body)
    page = document[0]
    width, height = page.get_size()
    if not (0 < width <= _POINTS_MOST and 0 < height <= _POINTS_MOST):
        raise ValueError("no page of a size a PDF may have")
    drawn = page.render(scale=min(WIDTH_MOST / width, HEIGHT_MOST / height, 4), may_draw_forms=False).to_pil()
    out = io.BytesIO()
    drawn.convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    """Draw; exit code 1 when nothing could be drawn. Says nothing about the file."""
    limit_this_process()
    body = sys.stdin.buffer.read()
    try:
        drawn = draw_page(body) if sys.argv[1] == "application/pdf" else draw_picture(body)
    except (OSError, ValueError, MemoryError, SyntaxError, pypdfium2.PdfiumError, Image.DecompressionBombError):
        return 1
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main())
