"""What a notice must be."""

from shuzheng.base.notices.errors import NoticeUnfit, PositionInvalid

TITLE_MOST = 120
KEY_MOST = 160
LINK_MOST = 240


def check_notice(*, title: str, link: str, key: str) -> None:
    """Check a notice before it is sent.

    Raises:
        NoticeUnfit: No title or key, too long, or a link that leaves the site.
    """
    if not title.strip() or len(title) > TITLE_MOST:
        raise NoticeUnfit(what=f"标题要有 1 至 {TITLE_MOST} 个字")
    if not key or len(key) > KEY_MOST:
        raise NoticeUnfit(what=f"去重键要有 1 至 {KEY_MOST} 个字符")
    if link and not is_local_path(link):
        raise NoticeUnfit(what="链接只能指向本站页面")


def is_local_path(link: str) -> bool:
    r"""Tell whether a link stays on this site: `//host` and `/\host` would leave it."""
    inside = link.startswith("/") and link[1:2] not in ("/", "\\") and len(link) <= LINK_MOST
    return inside and link.isprintable() and " " not in link


def parse_position(after: str | int) -> int:
    """Return the position a page continues from.

    Raises:
        PositionInvalid: Not a position.
    """
    text = str(after)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise PositionInvalid
    return int(text)
