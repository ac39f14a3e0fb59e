import base64
import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI

from shuzheng.base.kernel.errors import ShuzhengError
from shuzheng.base.kernel.pack import PackRows
from shuzheng.base.kernel.types import Actor
from shuzheng.config import settings as settings_of_the_city
from shuzheng.services.items.api import router
from shuzheng.services.items.models import Application
from tests.items.city import AT, COUNTY_UNIT, OTHER_FIRM, OTHER_OWNER, PDF, PERMIT, RIGHT, for_firm

api = NinjaAPI(urls_namespace="items-test")
api.add_router("", router)


@api.exception_handler(ShuzhengError)
def tell(request: HttpRequest, error: ShuzhengError) -> HttpResponse:
    return api.create_response(request, {"code": error.code, "detail": error.message}, status=error.status)


urlpatterns: list[URLPattern | URLResolver] = [path("api/", api.urls)]


class Acting:
    """What the middleware of the portals does: puts the actor on the request."""

    actor: Actor | None = None

    def __init__(self, get_response: object) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = Acting.actor  # type: ignore[attr-defined]
        request.at = AT  # type: ignore[attr-defined]
        assert callable(self.get_response)
        response = self.get_response(request)
        assert isinstance(response, HttpResponse)
        return response


@pytest.fixture(autouse=True)
def _door() -> Iterator[None]:
    Acting.actor = None
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=["tests.items.test_api.Acting"]):
        yield


@pytest.fixture
def client() -> Client:
    client = Client()
    client.cookies["sessionid"] = "any"
    return client


def application(**over: object) -> dict[str, object]:
    papers = [{"seq": seq, "name": "材料.pdf", "content": base64.b64encode(PDF).decode()} for seq in (4, 6)]
    answers = {name: texts if len(texts) > 1 else texts[0] for step in RIGHT for name, texts in step.items()}
    return {"command_id": str(uuid4()), "unit": COUNTY_UNIT, "answers": answers, "papers": papers, **over}


def post(client: Client, body: object, **extra: str) -> HttpResponse:
    response = client.post(
        f"/api/items/{PERMIT}/applications", json.dumps(body), content_type="application/json", headers=extra
    )
    assert isinstance(response, HttpResponse)
    return response


def test_anyone_searches_and_reads_a_guide_and_a_form(city: PackRows, client: Client) -> None:
    found = client.get("/api/items", {"q": "小餐饮"}).json()
    assert [item["code"] for item in found["items"]] == [PERMIT]
    guide = client.get(f"/api/items/{PERMIT}").json()
    assert (len(guide["materials"]), guide["unit_count"]) == (8, 3)
    form = client.get(f"/api/items/{PERMIT}/form").json()
    assert form["sections"][1]["fields"][3]["name"] == "area"
    assert client.get("/api/items/999999999999").status_code == 404


def test_a_search_gives_the_choices_of_each_facet_with_their_numbers(city: PackRows, client: Client) -> None:
    found = client.get("/api/items").json()
    facets = {facet["name"]: {one["value"]: one["count"] for one in facet["values"]} for facet in found["facets"]}
    assert set(facets) == {"applicant", "channel", "county", "level", "theme", "department", "unit"}
    assert found["total"] == 3
    assert facets["unit"] == {}, "no county chosen yet"
    for name, counts in facets.items():
        for value, count in counts.items():
            assert client.get("/api/items", {name: value}).json()["total"] == count, (name, value)
    there = client.get("/api/items", {"county": "990122"}).json()
    units = next(facet for facet in there["facets"] if facet["name"] == "unit")["values"]
    assert units
    for unit in units:
        chosen = client.get("/api/items", {"county": "990122", "unit": unit["value"]}).json()
        assert chosen["total"] == unit["count"]
        assert [one for facet in chosen["facets"] for one in facet["values"] if one["chosen"]]


def test_values_of_one_facet_are_alternatives(city: PackRows, client: Client) -> None:
    themes = [str(one["value"]) for one in facet_of(client.get("/api/items").json(), "theme")]
    totals = [client.get("/api/items", {"theme": theme}).json()["total"] for theme in themes]
    assert client.get("/api/items", {"theme": themes}).json()["total"] == sum(totals) == 3


def facet_of(found: dict[str, list[dict[str, object]]], name: str) -> list[dict[str, object]]:
    values = next(facet for facet in found["facets"] if facet["name"] == name)["values"]
    assert isinstance(values, list)
    return values


def test_a_search_is_read_page_by_page_without_a_gap_or_a_double(city: PackRows, client: Client) -> None:
    seen: list[str] = []
    asked: dict[str, str | int] = {"limit": 1}
    while True:
        page = client.get("/api/items", asked).json()
        seen += [item["code"] for item in page["items"]]
        if page["next"] is None:
            break
        asked["after"] = page["next"]
    assert len(seen) == len(set(seen)) == 3


def test_composite_services_come_beside_items(city: PackRows, client: Client) -> None:
    found = client.get("/api/items", {"q": "开小餐馆"}).json()
    assert [(one["code"], one["name"], one["items"]) for one in found["composites"]] == [("OT901", "开小餐馆一件事", 2)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("applicant", "dog"),
        ("channel", "fax"),
        ("county", "123456"),
        ("county", "'"),
        ("level", "moon"),
        ("theme", "没有的主题"),
        ("department", "没有的部门"),
        ("unit", "11990102MBY000096X"),
    ],
)
def test_an_unknown_choice_is_refused_by_the_name_of_its_field(
    city: PackRows, client: Client, field: str, value: str
) -> None:
    with override_settings(ROOT_URLCONF="shuzheng.config.urls", MIDDLEWARE=settings_of_the_city.MIDDLEWARE):
        refused = client.get("/api/items", {field: value})
    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert (problem["code"], problem["field"]) == ("items.unknown_facet_value", field)
    assert value in problem["detail"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"after": "somewhere"}, "after"),
        ({"q": "长" * 101}, "q"),
        ({"theme": ["a"] * 13}, "theme"),
    ],
)
def test_input_of_the_wrong_shape_is_a_problem_that_names_the_field(
    city: PackRows, client: Client, asked: dict[str, str | list[str]], field: str
) -> None:
    with override_settings(ROOT_URLCONF="shuzheng.config.urls", MIDDLEWARE=settings_of_the_city.MIDDLEWARE):
        refused = client.get("/api/items", asked)
    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["field"] == field


def test_a_case_is_opened_in_one_call_and_read_by_its_applicant_only(city: PackRows, client: Client) -> None:
    Acting.actor = for_firm()
    made = post(client, application())
    assert made.status_code == 201, made.content
    case = json.loads(made.content)
    assert (case["state_label"], case["title"]) == ("办理中", "小餐饮经营许可（新办）")
    assert client.get(f"/api/cases/{case['number']}").json()["number"] == case["number"]
    Acting.actor = for_firm(OTHER_OWNER, OTHER_FIRM)
    assert client.get(f"/api/cases/{case['number']}").status_code == 404


def test_the_same_command_again_is_the_same_case(city: PackRows, client: Client) -> None:
    Acting.actor = for_firm()
    body = application()
    numbers = {json.loads(post(client, body).content)["number"] for _ in range(2)}
    assert len(numbers) == Application.objects.count() == 1


@pytest.mark.parametrize(
    ("over", "status", "part"),
    [
        ({"answers": {}}, 422, "请填写经营场所面积，例如 12.5"),
        ({"papers": [{"seq": 4, "name": "x.pdf", "content": "不是"}]}, 422, "不能解的 base64"),
        ({"papers": [{"seq": 4, "name": "x.pdf", "content": "IyEvYmluL3No"}]}, 422, "只收 PDF、JPG、PNG"),
        ({"unit": "短"}, 404, "没有找到办理这个事项的单位"),
        ({"strange": 1}, 422, "extra_forbidden"),
    ],
)
def test_what_is_not_right_is_refused_and_nothing_is_written(
    city: PackRows, client: Client, over: dict[str, object], status: int, part: str
) -> None:
    Acting.actor = for_firm()
    refused = post(client, application(**over))
    assert refused.status_code == status
    assert part in json.dumps(json.loads(refused.content), ensure_ascii=False)
    assert not Application.objects.exists()


def test_without_sign_in_nothing_is_applied_for(city: PackRows, client: Client) -> None:
    assert post(client, application()).status_code == 401
    assert client.get("/api/cases/1").status_code == 401


def test_a_foreign_page_cannot_apply_with_the_visitors_cookie(city: PackRows) -> None:
    Acting.actor = for_firm()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["sessionid"] = "any"
    assert post(strict, application()).status_code == 403
    assert not Application.objects.exists()
