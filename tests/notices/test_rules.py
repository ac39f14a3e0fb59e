"""What a notice must be."""

import pytest

from shuzheng.base.notices.errors import NoticeUnfit
from shuzheng.base.notices.rules import check_notice, is_local_path


@pytest.mark.parametrize("link", ["/my/cases/1/", "/desk/?q=%E4%B8%AD"])
def test_a_path_of_this_site_is_a_link(link: str) -> None:
    assert is_local_path(link)


@pytest.mark.parametrize(
    "link",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere", "my", "/a b", "/a\nb", "/" + "a" * 240],
)
def test_a_link_that_leaves_the_site_is_refused(link: str) -> None:
    with pytest.raises(NoticeUnfit):
        check_notice(title="受理了", link=link, key="k")


@pytest.mark.parametrize(
    ("title", "key"), [("", "k"), (" ", "k"), ("长" * 121, "k"), ("受理了", ""), ("受理了", "k" * 161)]
)
def test_a_notice_needs_a_title_and_a_key(title: str, key: str) -> None:
    with pytest.raises(NoticeUnfit):
        check_notice(title=title, link="", key=key)
