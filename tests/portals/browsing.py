"""What a person does in a browser, over Django's test client."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.test import Client

from tests.portals.conftest import PASSWORD

PERMIT = "000199001001"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
RIGHT: tuple[Mapping[str, object], ...] = (
    {"contact_mobile": "13800001234"},
    {"place_address": "石桥路 8 号", "division": "990102", "area": "86.5", "open_on": "2026-12-24"},
    {"format": "餐饮服务经营者", "projects": ["热食类食品制售", "自制饮品制售"], "online": "false", "staff": "6"},
)


def sign_in(client: Client, name: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post("/sign-in/", {"name": name, "password": password, **extra})


def act_for_firm(client: Client) -> None:
    found = re.search(r'name="who" value="([0-9a-f-]{36})"', page(client, "/acting/"))
    assert found is not None
    client.post("/acting/", {"who": found[1]})


def page(client: Client, path: str) -> str:
    return text(client.get(path))


def text(response: Any) -> str:
    return str(response.content.decode())


def words(response: Any) -> str:
    """The page as it is read: no tags, single spaces."""
    body = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>", " ", text(response))
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def fields(html: str) -> dict[str, list[str]]:
    """What a browser would send back from the form of a step, unchanged."""
    form = html[html.index('<form class="card"') :]
    form = form[: form.index("</form>")]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = _attribute(tag, "name"), _attribute(tag, "type")
        if kind not in {"radio", "checkbox", "file"} or " checked" in tag:
            found.setdefault(name, []).append(_attribute(tag, "value"))
    return {name: values for name, values in found.items() if name and name != "csrfmiddlewaretoken"}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def start(client: Client) -> str:
    """Sign in for the firm, choose the nearest unit, start a draft; return the draft's address."""
    sign_in(client, "xiaoguan")
    act_for_firm(client)
    chosen = re.search(r'name="unit"[^>]*value="([^"]+)" checked', page(client, f"/items/{PERMIT}/apply/"))
    assert chosen is not None
    response = client.post(f"/items/{PERMIT}/apply/", {"unit": chosen[1]})
    assert response.status_code == 302
    return response["Location"].removesuffix("1/")


def fill(client: Client, draft: str) -> None:
    """Answer every step rightly."""
    for n, typed in enumerate(RIGHT, start=1):
        sent = {**fields(page(client, f"{draft}{n}/")), **typed, "go": "next"}
        assert client.post(f"{draft}{n}/", sent).status_code == 302


def command_of(html: str) -> str:
    found = re.search(r'name="command_id" value="([^"]+)"', html)
    assert found is not None
    return found[1]
