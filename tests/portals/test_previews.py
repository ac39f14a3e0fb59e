"""Previews on the pages: drawn pictures, kept by the reader's browser only, and only for who may see the file."""

import io
import re

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from shuzheng.base.access.queries import list_readings
from shuzheng.base.files.models import StoredFile
from tests.files.making import make_jpeg, make_pdf
from tests.portals.browsing import page, start
from tests.portals.walking import at_desk, for_firm, make_case


def files_of(number: str, client: Client) -> list[str]:
    html = page(client, f"/desk/cases/{number}/")
    return re.findall(rf'src="(/desk/cases/{number}/files/[0-9a-f-]{{36}}/preview/)"', html)


def test_an_applicant_sees_a_thumbnail_of_what_was_given(visitor: Client) -> None:
    draft = start(visitor)
    html = page(visitor, f"{draft}papers/")
    seq = re.search(r'name="paper-(\d+)"', html)
    assert seq is not None
    photo = SimpleUploadedFile("照片.jpg", make_jpeg(900, 600), content_type="image/jpeg")
    assert visitor.post(f"{draft}papers/", {f"paper-{seq[1]}": photo}).status_code == 302
    address = f"{draft}papers/{seq[1]}/preview/"
    assert f'src="{address}"' in page(visitor, f"{draft}papers/")
    answer = visitor.get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, max-age=300")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.content)).size == (900, 600)
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    ("body", "said"),
    [(make_jpeg()[:200], "不完整"), (make_pdf(b"/OpenAction<</S/JavaScript/JS(x)>>"), "脚本")],
)
def test_a_broken_or_acting_file_is_explained_at_its_paper(visitor: Client, body: bytes, said: str) -> None:
    draft = start(visitor)
    seq = re.search(r'name="paper-(\d+)"', page(visitor, f"{draft}papers/"))
    assert seq is not None
    answer = visitor.post(f"{draft}papers/", {f"paper-{seq[1]}": SimpleUploadedFile("a.pdf", body), "go": ""})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_an_officer_sees_a_picture_of_the_paper_and_the_reading_is_logged(
    city: None, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.portals.walking.PDF", make_pdf())
    case = make_case()
    client = at_desk("shouli")
    (address,) = files_of(case.number, client)
    answer = client.get(address)
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).format == "PNG"
    assert list_readings(case.applicant).rows
    assert at_desk("weijian").get(address).status_code == 403
    assert for_firm().get(address).status_code in {403, 404}


def test_a_file_without_pages_has_no_preview_and_no_breakdown(city: None) -> None:
    case = make_case()
    client = at_desk("shouli")
    (address,) = files_of(case.number, client)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("change", "said"), [({"scan": "pending"}, "正在检查病毒"), ({"purged": True}, "已过保存期")])
def test_a_file_that_cannot_be_opened_says_why(city: None, change: dict[str, object], said: str) -> None:
    case = make_case()
    if change.pop("purged", False):
        change = {"purged_at": case.opened_at}
    StoredFile.objects.update(**change)
    client = at_desk("shouli")
    html = page(client, f"/desk/cases/{case.number}/")
    assert said in html
    assert not files_of(case.number, client)
