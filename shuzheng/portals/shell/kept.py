"""What was kept of a form as it was typed is forgotten once the form went through."""

from typing import Final

from django.http.response import HttpResponseBase

from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items import actions as items

SENT: Final = "kept"
"""Name of the field a form carries once a text of it is kept."""


def forget_sent(request: CityRequest, response: HttpResponseBase) -> None:
    """Forget what was kept of a form that has now been sent: it went through, so the page sends on."""
    person = request.actor.person if request.actor else None
    if person is not None and response.status_code in {302, 303} and SENT in request.POST:
        items.drop_kept(request.path, person=person)
