"""The licence sheet as PDF, set on demand by typst with a Chinese font from the configured folders."""

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import typst
from django.conf import settings

from shuzheng.base.kernel.types import Actor
from shuzheng.engines.credentials.errors import FontMissing
from shuzheng.engines.credentials.queries.codes import code_url, sheet_code
from shuzheng.engines.credentials.queries.licences import get_licence
from shuzheng.engines.credentials.rules.codes import make_qr
from shuzheng.engines.credentials.rules.sheets import choose_fonts, sheet_content
from shuzheng.engines.credentials.types import LicenceView

LAYOUT: Final = Path(__file__).with_name("sheet.typ")


def licence_sheet(licence_id: UUID, *, actor: Actor, at: datetime) -> bytes:
    """Return the sheet of a licence as PDF; whoever may read the licence may print it.

    Args:
        licence_id: Public id.
        actor: Holder or officer of the issuer; an officer's look is logged.
        at: Moment of printing; the state of that day is marked on it.

    Raises:
        LicenceNotFound, OtherUnit: See `get_licence`.
        FontMissing: No Chinese font in `settings.SHUZHENG.font_dirs`.
    """
    licence = get_licence(licence_id, actor=actor, at=at, purpose="打印证照")
    return render_sheet(licence, at=at)


def render_sheet(licence: LicenceView, *, at: datetime, output: Literal["pdf", "png"] = "pdf") -> bytes:
    """Return the sheet of a licence that was read with permission.

    Raises:
        FontMissing: No Chinese font in `settings.SHUZHENG.font_dirs`.
    """
    fonts = _fonts(settings.SHUZHENG.font_dirs)
    chosen = choose_fonts(set(fonts.families()))
    if chosen is None:
        raise FontMissing
    qr = make_qr(code_url(sheet_code(licence.id))).svg_inline(omitsize=True, border=0)
    content = sheet_content(
        licence,
        qr=qr.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
        verify_at=f"{settings.SHUZHENG.public_url}/verify/",
        demo=settings.SHUZHENG.demo,
        fonts=chosen,
    )
    compiler = typst.Compiler(LAYOUT, font_paths=fonts)
    made = compiler.compile(
        format=output, sys_inputs={"sheet": json.dumps(content, ensure_ascii=False)}, timestamp=int(at.timestamp())
    )
    if not isinstance(made, bytes):
        raise TypeError("a sheet is one document")
    return made


@lru_cache(maxsize=4)
def _fonts(folders: tuple[Path, ...]) -> typst.Fonts:
    """Return the fonts in those folders, read once; the first folder with a family wins."""
    found = [str(folder) for folder in folders if folder.is_dir()]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=found)
