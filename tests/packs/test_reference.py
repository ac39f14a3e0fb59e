"""The reference says what the code checks."""

from shuzheng.packs.format import FORMAT
from shuzheng.packs.reference import pack_format_page
from tests.packs.conftest import HOME


def test_the_page_is_the_one_the_code_makes() -> None:
    page = HOME / "docs" / "reference" / "pack-format.md"
    assert page.read_text("utf-8") == pack_format_page(), "run `shuzheng reference`"


def test_every_file_and_column_is_on_it() -> None:
    page = pack_format_page()
    for file in FORMAT:
        assert f"### `{file.name}`" in page
        assert all(f"| `{column.name}` |" in page for column in file.columns)
