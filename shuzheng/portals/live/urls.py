"""The address as any WSGI server serves it: without a stream. The name is `live:stream`."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path


def no_stream(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer 204, which tells a browser not to ask again; `config.gateway` serves the stream before this is reached."""
    return HttpResponse(status=204)


app_name = "live"
urlpatterns: list[URLPattern] = [path("", no_stream, name="stream")]
