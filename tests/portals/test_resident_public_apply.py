"""From choosing a unit to the receipt."""

import re
from io import BytesIO
from uuid import uuid4

from django.test import Client

from shuzheng.engines.cases.models import Case
from shuzheng.services.items.models import Draft
from tests.portals.browsing import (
    PDF,
    PERMIT,
    act_for_firm,
    command_of,
    fields,
    fill,
    page,
    sign_in,
    start,
    text,
    words,
)


def upload(name: str, content: bytes = PDF) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def ready(client: Client) -> str:
    """A draft with nothing missing."""
    draft = start(client)
    fill(client, draft)
    wanted = re.findall(r'name="(paper-\d+)"', page(client, f"{draft}papers/"))[:2]
    response = client.post(f"{draft}papers/", {**{name: upload("图.pdf") for name in wanted}, "go": "next"})
    assert response["Location"] == f"{draft}check/"
    return draft


def test_the_nearest_unit_is_chosen_already(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    act_for_firm(visitor)
    html = page(visitor, f"/items/{PERMIT}/apply/")
    assert re.search(r"checked>.{0,120}墨溪区市场监管局", html)
    assert "离您最近" in html


def test_no_unit_chosen_is_said_at_the_field(visitor: Client) -> None:
    sign_in(visitor, "xiaoguan")
    act_for_firm(visitor)
    response = visitor.post(f"/items/{PERMIT}/apply/", {})
    assert response.status_code == 422
    assert 'href="#unit"' in text(response)
    assert not Draft.objects.exists()


def test_an_open_draft_is_offered_again(visitor: Client) -> None:
    draft = start(visitor)
    assert f'href="{draft}"' in page(visitor, f"/items/{PERMIT}/apply/")
    assert visitor.get(draft)["Location"] == f"{draft}1/"


def test_a_draft_goes_on_where_something_is_missing(visitor: Client) -> None:
    draft = start(visitor)
    fill(visitor, draft)
    assert visitor.get(draft)["Location"] == f"{draft}papers/"


def test_prefilled_answers_name_their_source(visitor: Client) -> None:
    draft = start(visitor)
    html = page(visitor, f"{draft}1/")
    assert 'value="墨溪区松风小馆（个体工商户）"' in html
    assert "来自企业登记" in html


def test_a_wrong_answer_is_kept_and_explained_with_an_example(visitor: Client) -> None:
    draft = start(visitor)
    sent = {**fields(page(visitor, f"{draft}2/")), "place_address": "石桥路 8 号", "area": "八十六", "go": "next"}
    response = visitor.post(f"{draft}2/", sent)
    assert response.status_code == 422
    html = text(response)
    assert 'href="#area"' in html
    assert "经营场所面积要填数字，例如 12.5" in html
    assert 'value="八十六"' in html
    assert "<title>错误：" in html
    assert 'value="石桥路 8 号"' in page(visitor, f"{draft}2/")


def test_saving_as_a_draft_asks_nothing_and_says_when(visitor: Client) -> None:
    draft = start(visitor)
    response = visitor.post(f"{draft}2/", {"place_address": "石桥路 8 号", "go": "draft"})
    assert response.status_code == 200
    assert "已保存，" in text(response)
    assert "govuk-error-summary" not in text(response)


def test_two_tabs_do_not_overwrite_each_other(visitor: Client) -> None:
    draft = start(visitor)
    old = fields(page(visitor, f"{draft}2/"))
    visitor.post(f"{draft}2/", {**old, "place_address": "石桥路 8 号", "go": "draft"})
    response = visitor.post(f"{draft}2/", {**old, "place_address": "石桥路 9 号", "go": "next"})
    assert response.status_code == 409
    html = text(response)
    assert "石桥路 8 号" in html
    assert 'value="石桥路 9 号"' in html
    again = fields(html)
    visitor.post(f"{draft}2/", {**again, "go": "draft"})
    assert 'value="石桥路 9 号"' in page(visitor, f"{draft}2/")


def test_a_step_that_does_not_exist_is_not_found(visitor: Client) -> None:
    draft = start(visitor)
    assert visitor.get(f"{draft}9/").status_code == 404
    assert visitor.get(f"{draft}4/").status_code == 404, "papers have their own address"


def test_a_script_named_pdf_is_refused_and_the_good_file_is_kept(visitor: Client) -> None:
    draft = start(visitor)
    first, second = re.findall(r'name="(paper-\d+)"', page(visitor, f"{draft}papers/"))[:2]
    sent = {first: upload("图.pdf"), second: upload("坏.pdf", b"#!/bin/sh\necho hi\n"), "go": "next"}
    response = visitor.post(f"{draft}papers/", sent)
    assert response.status_code == 422
    assert f'href="#{second}"' in text(response)
    assert "只收 PDF、JPG、PNG 文件" in text(response)
    assert "图.pdf" in page(visitor, f"{draft}papers/")


def test_a_given_paper_can_be_looked_at_and_taken_back(visitor: Client) -> None:
    draft = start(visitor)
    first = re.findall(r'name="paper-(\d+)"', page(visitor, f"{draft}papers/"))[0]
    visitor.post(f"{draft}papers/", {f"paper-{first}": upload("图.pdf"), "go": "stay"})
    response = visitor.get(f"{draft}papers/{first}/")
    assert response["Content-Type"] == "application/pdf"
    assert response.content == PDF
    visitor.post(f"{draft}papers/", {"remove": first})
    assert visitor.get(f"{draft}papers/{first}/").status_code == 404


def test_papers_asked_for_keep_one_from_going_on(visitor: Client) -> None:
    draft = start(visitor)
    response = visitor.post(f"{draft}papers/", {"go": "next"})
    assert response.status_code == 422
    assert "请上传从业人员健康证明" in text(response)


def test_the_check_shows_everything_and_two_dates_that_explain_themselves(visitor: Client) -> None:
    said = words(visitor.get(f"{ready(visitor)}check/"))
    assert "石桥路 8 号" in said
    assert "热食类食品制售、自制饮品制售" in said
    assert "来自企业登记" in said
    assert said.count("为什么是这一天") == 2
    assert "收到申请后 5 个工作日内决定是否受理" in said


def test_what_is_missing_links_to_its_place(visitor: Client) -> None:
    draft = start(visitor)
    html = page(visitor, f"{draft}check/")
    assert f'href="{draft}2/?problems=1#area"' in html
    assert "请填写经营场所面积" in page(visitor, f"{draft}2/?problems=1")
    response = visitor.post(f"{draft}check/", {"command_id": str(uuid4())})
    assert response.status_code == 422
    assert not Case.objects.exists()


def test_submitting_gives_a_number_and_both_dates(visitor: Client) -> None:
    draft = ready(visitor)
    response = visitor.post(f"{draft}check/", {"command_id": command_of(page(visitor, f"{draft}check/"))})
    assert re.fullmatch(r"/done/990102\d{8}\d{4}/", response["Location"])
    said = words(visitor.get(response["Location"]))
    assert "申请已提交" in said
    assert response["Location"].split("/")[2] in said
    assert said.count("为什么是这一天") == 2


def test_a_double_click_opens_one_case(visitor: Client) -> None:
    draft = ready(visitor)
    command = command_of(page(visitor, f"{draft}check/"))
    first = visitor.post(f"{draft}check/", {"command_id": command})
    second = visitor.post(f"{draft}check/", {"command_id": command})
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_an_old_page_of_a_submitted_draft_leads_to_the_case(visitor: Client) -> None:
    draft = ready(visitor)
    done = visitor.post(f"{draft}check/", {"command_id": command_of(page(visitor, f"{draft}check/"))})
    number = done["Location"].split("/")[2]
    for path in ("1/", "papers/", "check/"):
        assert visitor.get(f"{draft}{path}")["Location"] == f"/my/cases/{number}/"
    assert visitor.post(f"{draft}check/", {"command_id": str(uuid4())})["Location"] == f"/my/cases/{number}/"
    assert Case.objects.count() == 1


def test_the_receipt_is_the_applicants_alone(visitor: Client) -> None:
    draft = ready(visitor)
    done = visitor.post(f"{draft}check/", {"command_id": command_of(page(visitor, f"{draft}check/"))})["Location"]
    other = Client()
    sign_in(other, "zhuli")
    assert other.get(done).status_code == 404


def test_a_discarded_draft_is_gone(visitor: Client) -> None:
    draft = start(visitor)
    assert visitor.get(f"{draft}discard/").status_code == 405
    visitor.post(f"{draft}discard/")
    assert visitor.get(f"{draft}1/").status_code == 404
