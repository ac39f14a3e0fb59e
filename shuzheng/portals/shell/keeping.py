"""Where a form is saved as it is typed: the page sends what stands in it now, and takes it back when opened again.

A form marked `data-keep` does so (`kept.js`); the text is the person's own, sealed, and forgotten once the form is
sent. Files, passwords and hidden fields are never among it.
"""

from typing import Final

from django.http import HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST
from pydantic import TypeAdapter, ValidationError

from shuzheng.base.kernel.types import PersonId
from shuzheng.portals.shell.errors import PageNotFound
from shuzheng.portals.shell.guards import actor_of, residents
from shuzheng.portals.shell.held import NEVER_KEPT
from shuzheng.portals.shell.templatetags.wording import hour, moment
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items import actions as items

MOST_FORMS: Final = 20
_TYPED: Final = TypeAdapter(dict[str, list[str]])


@residents
@require_POST
def keep_form(request: CityRequest) -> HttpResponse:
    """Keep, give back or drop what was typed: `act` is `save`, `read` or `drop`; `path` says of which form."""
    person = actor_of(request).person
    paths = [path for path in request.POST.getlist("path")[:MOST_FORMS] if _is_page(path)]
    act = request.POST.get("act", "")
    if person is None or not paths or act not in _ACTS:
        raise PageNotFound
    return _ACTS[act](request, person, paths)


def _read(request: CityRequest, person: PersonId, paths: list[str]) -> HttpResponse:
    found = items.read_kept(paths, person=person, at=request.at)
    return JsonResponse(
        {path: {"rev": kept.rev, "at": moment(kept.saved_at), "typed": kept.typed} for path, kept in found.items()}
    )


def _drop(_request: CityRequest, person: PersonId, paths: list[str]) -> HttpResponse:
    items.drop_kept(paths[0], person=person)
    return JsonResponse({"rev": 0})


def _save(request: CityRequest, person: PersonId, paths: list[str]) -> HttpResponse:
    rev = request.POST.get("rev", "")
    kept = items.keep_input(
        paths[0],
        _typed(request.POST.get("typed", "")),
        rev=int(rev) if rev.isdecimal() and len(rev) < 10 else 0,
        person=person,
        at=request.at,
    )
    return JsonResponse({"rev": kept.rev, "at": hour(kept.saved_at)})


_ACTS: Final = {"read": _read, "drop": _drop, "save": _save}


def _is_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _typed(text: str) -> dict[str, list[str]]:
    try:
        typed = _TYPED.validate_json(text)
    except ValidationError as wrong:
        raise PageNotFound from wrong
    return {name: values for name, values in typed.items() if name not in NEVER_KEPT}
