"""All addresses of the city."""

from django.urls import URLPattern, URLResolver, include, path

from shuzheng.base.directory import api as sign_in
from shuzheng.config import health
from shuzheng.config.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/", api.urls),
    path(".well-known/openid-configuration", sign_in.discovery),
    path("oidc/keys", sign_in.keys),
    path("oidc/token", sign_in.token),
    path("oidc/userinfo", sign_in.userinfo),
    path("live/", include("shuzheng.portals.live.urls")),
    path("", include("shuzheng.portals.shell.urls")),
    path("", include("shuzheng.portals.resident.urls")),
    path("desk/", include("shuzheng.portals.officer.urls")),
]

handler400 = "shuzheng.portals.shell.views.unreadable"
handler404 = "shuzheng.portals.shell.views.not_found"
handler500 = "shuzheng.portals.shell.views.breakdown"
