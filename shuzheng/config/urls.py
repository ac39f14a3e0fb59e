"""All addresses of the city."""

from django.urls import URLPattern, URLResolver, include, path

from shuzheng.config import health
from shuzheng.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/", api.urls),
    path("", include("shuzheng.portals.shell.urls")),
    path("", include("shuzheng.portals.resident.urls")),
    path("desk/", include("shuzheng.portals.officer.urls")),
]

handler400 = "shuzheng.portals.shell.views.unreadable"
handler404 = "shuzheng.portals.shell.views.not_found"
handler500 = "shuzheng.portals.shell.views.breakdown"
