"""The JSON API under `/api/`: each room's router, mounted once; the edge answers errors as RFC 9457 problems."""

from ninja import NinjaAPI

import shuzheng
from shuzheng.base.notices.api import router as notices_router
from shuzheng.services.items.api import router as items_router

api = NinjaAPI(
    title="数政 Shuzheng",
    version=shuzheng.__version__,
    description="政务服务事项、办件。错误按 RFC 9457 回答，编码见 errors.md。",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", items_router)
api.add_router("", notices_router)
