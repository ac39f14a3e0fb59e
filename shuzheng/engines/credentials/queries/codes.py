"""QR symbols and the code of a sheet."""

from html import escape

from django.conf import settings

from shuzheng.base.kernel.types import LicenceId
from shuzheng.engines.credentials.queries.sealing import signing_key
from shuzheng.engines.credentials.rules.codes import PREFIX, make_qr, sheet_claims, verify_url, write_code


def code_url(code: str) -> str:
    """Return the address a QR code holds for a code."""
    return verify_url(settings.SHUZHENG.public_url, code)


def sheet_code(licence_id: LicenceId) -> str:
    """Return the long-lived code of a sheet. It says only which licence; what that is worth is looked up."""
    return write_code(sheet_claims(licence_id), signing_key())


def licence_qr_svg(text: str, *, label: str = "核验二维码") -> str:
    """Return a QR symbol as inline SVG that scales with its box; no style attribute, so a strict CSP holds.

    Args:
        text: A code (`SZ1:…`), whose address is then put before it, or any other text.
        label: Name for those who cannot see it, Chinese.
    """
    content = code_url(text) if text.startswith(PREFIX) else text
    drawing = make_qr(content).svg_inline(omitsize=True, border=4, light="#fff", svgclass=None, lineclass=None)
    return drawing.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
