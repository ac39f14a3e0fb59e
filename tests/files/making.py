"""Small whole files of each kind, made here."""

import io
import zlib

from PIL import Image


def make_png(width: int = 40, height: int = 30) -> bytes:
    return _picture("PNG", width, height)


def make_jpeg(width: int = 40, height: int = 30, **over: object) -> bytes:
    return _picture("JPEG", width, height, **over)


def _picture(kind: str, width: int, height: int, **over: object) -> bytes:
    out = io.BytesIO()
    Image.effect_mandelbrot((width, height), (-2, -1.5, 1, 1.5), 20).convert("RGB").save(out, kind, **over)
    return out.getvalue()


def make_pdf(catalog: bytes = b"", *, more: bytes = b"", trailer: bytes = b"") -> bytes:
    """One page with a line of text; `catalog`, `more` objects and `trailer` entries are put in as given."""
    drawing = b"BT /F1 24 Tf 40 140 Td (Hello) Tj ET"
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R" + catalog + b">>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>\nendobj\n"
        b"4 0 obj\n<</Length "
        + str(len(drawing)).encode()
        + b">>\nstream\n"
        + drawing
        + b"\nendstream\nendobj\n"
        + more
        + b"trailer\n<</Root 1 0 R/Size 9"
        + trailer
        + b">>\nstartxref\n0\n%%EOF\n"
    )


def make_object_stream(inside: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(inside)
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode" + extra + b"/Length " + str(len(packed)).encode() + b">>"
    return b"8 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
