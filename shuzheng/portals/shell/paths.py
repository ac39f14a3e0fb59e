"""Where a form or link may send the reader back to: paths of this site only."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_path(wanted: str | None, *, otherwise: str = "/") -> str:
    """Return `wanted` when it is a path of this site, else `otherwise`.

    A path with a scheme, a host, a backslash or a control character is not ours.
    """
    if wanted and wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return otherwise


def came_from(request: HttpRequest) -> str:
    """Return the path of the page the reader was on, '' when it is not ours or unknown."""
    origin = f"{request.scheme}://{request.get_host()}"
    referer = request.headers.get("Referer", "")
    if not referer.startswith(f"{origin}/"):
        return ""
    return own_path(referer.removeprefix(origin).split("#")[0], otherwise="")
