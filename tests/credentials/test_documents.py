"""The sheet as PDF. With `static_build/fonts` the tests use only the font that set-up brought, never the system's."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings

from shuzheng.engines.credentials import queries
from shuzheng.engines.credentials.errors import FontMissing, LicenceNotFound
from shuzheng.engines.credentials.queries.documents import render_sheet
from shuzheng.engines.credentials.types import LicenceState
from tests.credentials.builders import AT, FIELDS, for_firm, make_licence, make_view, stranger

BUILT = Path(__file__).parents[2] / "static_build" / "fonts"
CJK = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Change single settings of the installation for one test."""

    def change(**over: Any) -> None:
        monkeypatch.setattr(settings, "SHUZHENG", replace(settings.SHUZHENG, **over))

    return change


@pytest.fixture
def fonts(configure: Any) -> None:
    """Only the built font; without it the system's, without either a skip that says what is missing."""
    if BUILT.is_dir() and any(BUILT.glob("*.ttf")):
        configure(font_dirs=(BUILT,))
    elif CJK.exists():
        configure(font_dirs=(CJK.parent,))
    else:
        pytest.skip(f"no Chinese font: neither {BUILT} (run `make setup`) nor {CJK} (fonts-noto-cjk)")


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def plain(text: str) -> str:
    return "".join(text.split())


def font_names(pdf: bytes) -> set[str]:
    return {found.decode() for found in re.findall(rb"/BaseFont\s*/([A-Za-z0-9+-]+)", pdf)}


@pytest.mark.usefixtures("fonts")
def test_the_sheet_holds_everything_in_an_embedded_chinese_font() -> None:
    licence = make_view()
    pdf = render_sheet(licence, at=AT)
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) < 300_000
    assert any("NotoS" in name and "+" in name for name in font_names(pdf))
    assert b"/FontFile" in pdf
    said = plain(text_of(pdf))
    for value in (
        licence.type_name,
        licence.number,
        licence.issuer_name,
        licence.identifier,
        "2026年11月27日",
        *FIELDS.values(),
    ):
        assert plain(value) in said
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1


@pytest.mark.usefixtures("fonts")
def test_no_value_becomes_markup() -> None:
    value = '#image("/etc/passwd") $x^2$ *粗* _斜_ \\ "引号" `代码` <标签> @引用 [框] // 注 #sys.inputs = 标题'
    licence = make_view(
        fields={"经营项目": value, "#panic()": "#panic()"}, type_name="#panic(*x*)", issuer_name="$机关$ #x"
    )
    said = plain(text_of(render_sheet(licence, at=AT)))
    assert plain(value) in said
    assert said.count("#panic()") == 2
    assert "#panic(*x*)" in said
    assert "$机关$#x" in said


@pytest.mark.usefixtures("fonts")
def test_a_demonstration_says_so_on_sheet_and_seal(configure: Any) -> None:
    configure(demo=True)
    said = plain(text_of(render_sheet(make_view(), at=AT)))
    assert "演示数据，不作办事依据" in said
    assert "非真实印章" in said
    configure(demo=False)
    said = plain(text_of(render_sheet(make_view(), at=AT)))
    assert "演示" not in said
    assert "电子证照专用章" in said


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize(
    ("state", "mark"),
    [(LicenceState.REVOKED, "已作废"), (LicenceState.SUSPENDED, "暂停使用"), (LicenceState.EXPIRED, "已过期")],
)
def test_what_is_not_valid_is_marked(state: LicenceState, mark: str) -> None:
    assert mark in plain(text_of(render_sheet(make_view(state=state), at=AT)))
    assert mark not in plain(text_of(render_sheet(make_view(), at=AT)))


@pytest.mark.usefixtures("fonts")
def test_a_long_sheet_goes_on_and_loses_nothing() -> None:
    fields = {f"事项{n}": "许可项目和一般项目：餐饮及相关服务，" * 12 + f"末{n}。" for n in range(20)}
    pdf = render_sheet(
        make_view(fields=fields, issuer_name="很长的机关名称" * 5, type_name="很长的证照名称" * 4), at=AT
    )
    said = plain(text_of(pdf))
    assert all(f"末{n}。" in said for n in range(20))
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) > 1


@pytest.mark.usefixtures("fonts")
def test_the_same_licence_at_the_same_moment_gives_the_same_bytes() -> None:
    assert render_sheet(make_view(), at=AT) == render_sheet(make_view(), at=AT)
    assert render_sheet(make_view(), at=AT) != render_sheet(make_view(), at=datetime(2027, 1, 1, tzinfo=UTC))


def test_without_a_chinese_font_the_error_says_what_to_do(configure: Any, tmp_path: Path) -> None:
    configure(font_dirs=(tmp_path, tmp_path / "absent"))
    with pytest.raises(FontMissing) as caught:
        render_sheet(make_view(), at=AT)
    assert "中文字体" in caught.value.message
    assert "make setup" in caught.value.hint


@pytest.mark.usefixtures("fonts", "city")
def test_who_may_read_may_print() -> None:
    licence = make_licence()
    assert queries.licence_sheet(licence.id, actor=for_firm(), at=AT).startswith(b"%PDF-")
    with pytest.raises(LicenceNotFound):
        queries.licence_sheet(licence.id, actor=stranger(), at=AT)
