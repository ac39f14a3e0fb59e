"""Back to the list one came from, with a line that says what was done to how many."""

from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from shuzheng.portals.shell.paths import own_path
from shuzheng.portals.shell.types import CityRequest

SAID: Final = ("claimed", "handed", "missed", "unfit")


def back_to(request: CityRequest, **said: int) -> HttpResponseRedirect:
    """Send the reader back to the page of the form's `back`, else to the inbox, with what is to be said there."""
    parts = urlsplit(own_path(request.POST.get("back"), otherwise=reverse("officer:inbox")))
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in SAID]
    return HttpResponseRedirect(f"{parts.path}?{urlencode([*kept, *said.items()])}")


def say_several(request: CityRequest) -> dict[str, str] | None:
    """Return the line for what was claimed or handed on, None when nothing was."""
    numbers = {name: int(text) for name in SAID if (text := request.GET.get(name, "")).isdecimal()}
    if not numbers:
        return None
    if "unfit" in numbers:
        return {"kind": "warn", "icon": "info", "text": _("没有改派：请勾选办件，选一位同事，并写明原因。")}
    text = ""
    if "claimed" in numbers:
        n = numbers["claimed"]
        text = ngettext("已认领 %(n)s 件。", "已认领 %(n)s 件。", n) % {"n": n}
        missed = _("有 %(n)s 件同事先认领了，或已经办完。")
    else:
        n = numbers.get("handed", 0)
        text = ngettext("已改派 %(n)s 件，同事会收到消息。", "已改派 %(n)s 件，同事会收到消息。", n) % {"n": n}
        missed = _("有 %(n)s 件没有改派：已经在这位同事手里、已经办完，或这位同事没有办这一步的职责。")
    if numbers.get("missed"):
        return {"kind": "warn", "icon": "info", "text": text + missed % {"n": numbers["missed"]}}
    return {"kind": "ok", "icon": "check", "text": text}
