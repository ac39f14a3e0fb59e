"""Small pictures of the files of a case."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shuzheng.base.files.actions import draw_preview
from shuzheng.engines.cases.queries import get_case
from shuzheng.portals.shell.guards import actor_of, officers
from shuzheng.portals.shell.sending import send_preview
from shuzheng.portals.shell.types import CityRequest
from shuzheng.services.items.queries import get_application_file


@officers
@require_safe
def case_preview(request: CityRequest, number: str, file_id: UUID) -> HttpResponse:
    """Send a picture of a file that was given with the case; reading it is logged like the file itself."""
    actor = actor_of(request)
    found = get_application_file(get_case(number, actor=actor).id, file_id, actor=actor, at=request.at)
    return send_preview(draw_preview(found.id))
