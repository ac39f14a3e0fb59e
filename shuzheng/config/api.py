"""The JSON API under `/api/`: each room's router, mounted once; the edge answers errors as RFC 9457 problems."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

import shuzheng
from shuzheng.base.notices.api import router as notices_router
from shuzheng.engines.lake.api import router as lake_router
from shuzheng.services.benefits.api import router as benefits_router
from shuzheng.services.items.api import router as items_router
from shuzheng.services.rulebook.api import router as rules_router

api = NinjaAPI(
    title="数政 Shuzheng",
    version=shuzheng.__version__,
    description="政务服务事项、办件、惠企利民政策、数据湖。错误按 RFC 9457 回答，编码见 errors.md。",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", items_router)
api.add_router("", rules_router)
api.add_router("", notices_router)
api.add_router("", benefits_router)
api.add_router("", lake_router)


@api.exception_handler(ValidationError)
def tell_unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001 - ninja's argument
    """Answer input of the wrong shape as a problem that names every field."""
    problems = [{"field": _field(tuple(fault["loc"])), "message": str(fault["msg"])} for fault in error.errors]
    body = {
        "type": "urn:shuzheng:problem:shuzheng.invalid",
        "title": "请求不合要求",
        "status": 422,
        "detail": f"{problems[0]['field']}：{problems[0]['message']}",
        "code": "shuzheng.invalid",
        "hint": "请按接口说明改正后再试",
        "field": problems[0]["field"],
        "problems": problems,
    }
    return JsonResponse(
        body, status=422, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def _field(place: tuple[str | int, ...]) -> str:
    """Return the name of a field without where it came from and without the name of our argument."""
    return ".".join(map(str, place[2:] if len(place) > 2 else place[1:]))
