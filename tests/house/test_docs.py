"""What the documents point at is there, and every document and room can be found from the first page."""

import re
from pathlib import Path

import pytest

import shuzheng

HOME = Path(shuzheng.__file__).parents[1]
DOCS = HOME / "docs"
PAGES = [*sorted(HOME.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def links_of(text: str) -> list[str]:
    """Return where a page points to inside the house."""
    return [link for link in LINK.findall(CODE.sub("", text)) if not re.match(r"[a-z]+:", link)]


def anchors_of(text: str) -> set[str]:
    """Return the anchors of a page's headings."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead_links(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    dead = []
    for link in links_of(page.read_text("utf-8")):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target.read_text("utf-8"))):
            dead.append(link)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOME)))
def test_no_link_is_dead(page: Path) -> None:
    assert not dead_links(page)


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "# One title\n[a](a.md#one-title) [b](b.md) ![c](c.png) [d](a.md#two) [e](https://example.org)", "utf-8"
    )
    assert dead_links(page) == ["b.md", "c.png", "a.md#two"]


def test_every_document_is_in_the_index() -> None:
    index = {(DOCS / link.partition("#")[0]).resolve() for link in links_of((DOCS / "README.md").read_text("utf-8"))}
    kept = [*DOCS.rglob("*.md"), *DOCS.glob("reference/*")]
    missing = {path for path in kept if path.name != "README.md" and path.resolve() not in index}
    assert not sorted(str(path.relative_to(DOCS)) for path in missing), "add it to docs/README.md"


@pytest.mark.parametrize("page", ["README.md", "docs/explanation/house.md"])
def test_the_map_shows_every_room(page: str) -> None:
    text = (HOME / page).read_text("utf-8")
    rooms = [
        room.parent.name
        for floor in ("base", "engines", "services", "portals")
        for room in (HOME / "shuzheng" / floor).glob("*/__init__.py")
    ]
    maps = " ".join(re.findall(r"```(.*?)```", text, re.DOTALL))
    assert not sorted(room for room in rooms if not re.search(rf"\b{room}\b", maps))
