"""Light pages, no inline script or style, nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from tests.portals.browsing import page

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "static_build"
TEMPLATES = sorted((ROOT / "shuzheng" / "portals").rglob("*.html"))
MOST_BYTES = 60 * 1024
PUBLIC_CSS_BYTES = 40 * 1024
DESK_CSS_BYTES = 12 * 1024
DESK = "officer.css"
DESK_ROOMS = ("rules.css", "lake.css")
"""Loaded by the pages of one part of the desk alone."""
ROOM_CSS_BYTES = 8 * 1024


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.skipif(not BUILT.exists(), reason="web assets are not built")
def test_the_first_page_weighs_at_most_sixty_kilobytes(visitor: Client) -> None:
    html = page(visitor, "/")
    files = set(re.findall(r'(?:href|src)="/static/([^"#]+)', html))
    assert {"city.css", "app.js", "icons.svg"} <= files
    total = packed(html.encode()) + sum(packed((BUILT / name).read_bytes()) for name in files)
    assert total <= MOST_BYTES, f"{total / 1024:.1f} KB"


def minified(source: str) -> str:
    """Roughly what the bundler leaves of a style sheet."""
    bare = re.sub(r"(?s)/\*.*?\*/", "", source)
    return re.sub(r"\s*([{}:;,>])\s*", r"\1", re.sub(r"\s+", " ", bare))


def test_our_own_style_of_a_public_page_stays_under_forty_kilobytes_and_the_desk_adds_twelve_at_most() -> None:
    sizes = {f.name: len(minified(f.read_text("utf-8")).encode()) for f in (ROOT / "web" / "css").glob("*.css")}
    assert sum(size for name, size in sizes.items() if name not in (DESK, *DESK_ROOMS)) < PUBLIC_CSS_BYTES
    assert sizes[DESK] < DESK_CSS_BYTES
    assert all(sizes[name] < ROOM_CSS_BYTES for name in DESK_ROOMS)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_templates_have_no_inline_script_or_style(template: Path) -> None:
    source = template.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"\sstyle\s*=", source)
    assert "<style" not in source
    assert not re.search(r"\son[a-z]+\s*=", source)
    assert "|safe" not in source or template.name in {"_code.html", "code.html"}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_every_form_that_posts_carries_a_token(template: Path) -> None:
    source = template.read_text("utf-8")
    for form in re.findall(r'<form[^>]*method="post".*?</form>', source, re.DOTALL):
        assert "{% csrf_token %}" in form


@pytest.mark.skipif(not BUILT.exists(), reason="web assets are not built")
def test_built_assets_ask_nothing_of_another_site() -> None:
    for file in [*BUILT.glob("*.css"), *BUILT.glob("*.js")]:
        source = file.read_text("utf-8")
        assert not re.search(r"url\(\s*[\"']?https?:", source), file.name
        assert not re.search(r"\bimport\s*\(?\s*[\"']https?:", source), file.name


@pytest.mark.skipif(not BUILT.exists(), reason="web assets are not built")
def test_the_document_font_comes_with_its_licence() -> None:
    assert (BUILT / "fonts" / "NotoSansSC_400Regular.ttf").read_bytes()[:4] == b"\x00\x01\x00\x00"
    assert "Open Font License" in (BUILT / "fonts" / "OFL.txt").read_text("utf-8")


def test_every_icon_a_page_names_is_in_the_sheet() -> None:
    sheet = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "web" / "static" / "icons.svg").read_text("utf-8")))
    sources = [file.read_text("utf-8") for file in TEMPLATES]
    used = {name for source in sources for name in re.findall(r'(?:<c-icon name|\bicon)="([a-z]+)"', source)}
    assert len(used) > 15
    assert used - sheet == set()
