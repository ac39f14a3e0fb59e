"""Personal data: masked until a reason is given, each reveal in the reader log, never in a log line or an address.

A whole walk is made over HTTP; then everything that was written on the way is searched for every number of the city.
"""

import logging
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from typing_extensions import override

from shuzheng.base.access.queries import list_readings
from shuzheng.base.directory.models import Person
from shuzheng.base.directory.queries import get_identity
from shuzheng.base.kernel.scrub import find_numbers
from shuzheng.base.kernel.types import Party, PartyKind, PersonId
from shuzheng.engines.credentials.models import Licence
from shuzheng.engines.credentials.types import LicenceState
from tests.portals.browsing import fill, page, start, text
from tests.portals.walking import at_desk, for_firm, make_granted, officer

TYPED = ("13800001234", "13900005678")
"""Mobiles typed in tests: by a visitor in the form, and in a search that finds nothing."""


def secrets_of_the_city() -> set[str]:
    """Every identity number, mobile and home address in the register, and what was typed."""
    known: set[str] = set(TYPED)
    for row in Person.objects.all():
        identity = get_identity(PersonId(row.public_id))
        known |= {identity.id_no, identity.mobile, identity.address}
    return known - {""}


class Watched(Client):
    """A browser whose addresses are remembered: asked for, and sent on to."""

    seen: list[str]

    @override
    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        address = f"{request.get('PATH_INFO', '')}?{request.get('QUERY_STRING', '')}"
        type(self).seen += [address, response.headers.get("Location", "")]
        return response


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    Watched.seen = []
    for module in ("tests.portals.walking", "tests.portals.test_privacy"):
        monkeypatch.setattr(f"{module}.Client", Watched)
    return Watched.seen


def walk() -> None:
    """Apply, look as an officer, reveal, search, decide, look at the licence, check it, settings, readers."""
    firm = Client()
    draft = start(firm)
    fill(firm, draft)
    page(firm, f"{draft}papers/")
    page(firm, f"{draft}check/")
    case = make_granted()
    desk = at_desk("shouli")
    page(desk, "/desk/")
    page(desk, f"/desk/cases/{case.number}/")
    desk.post(f"/desk/cases/{case.number}/reveal/", {"purpose": "电话核对"})
    desk.post("/desk/find/", {"q": "13900005678"})
    mine = for_firm()
    for address in ("/my/", "/my/cases/", f"/my/cases/{case.number}/", "/my/licences/", "/my/notices/", "/my/readers/"):
        page(mine, address)
    mine.post("/my/notices/settings/", {"do": "mail", "mail": "a@example.com"})
    mine.get("/items/", {"q": "开饭店"})
    Client().post("/sign-in/", {"name": "13900005678", "password": "wrong"})
    licence = Licence.objects.filter(case_id=case.id).get()
    page(at_desk("shenpi"), f"/desk/licences/{licence.public_id}/")


@pytest.mark.slow
def test_a_walk_leaves_no_number_in_logs_or_addresses(
    city: None, addresses: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    walk()
    known = secrets_of_the_city()
    assert len(addresses) > 60
    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert not [one for one in known if one in said]
    assert not [one for one in known if any(one in address for address in addresses)]
    assert not [address for address in addresses if find_numbers(address)]


@pytest.mark.slow
def test_a_walk_leaves_no_number_in_clear_in_the_database(city: None) -> None:
    """Everything but the two public registers of names: no table holds a number or a home address as text."""
    walk()
    known = secrets_of_the_city()
    found: set[str] = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, str | dict | list) and any(one in str(value) for one in known):
                        found.add(f"{table}.{column}")
    assert not found


def test_pages_of_officers_are_masked_until_a_reason_is_given(city: None) -> None:
    case = make_granted()
    known = secrets_of_the_city()
    desk = at_desk("shouli")
    for address in ("/desk/", f"/desk/cases/{case.number}/", "/desk/notices/"):
        html = page(desk, address)
        assert not [one for one in known if one in html], address
    shown = text(desk.post(f"/desk/cases/{case.number}/reveal/", {"purpose": "电话核对"}))
    assert "13800001234" in shown


@pytest.fixture
def identity_card(city: None) -> Licence:
    """An identity card whose issuer is the approver's office."""
    card = Licence.objects.filter(holder_kind="person", number="").first()
    assert card is not None
    Licence.objects.filter(pk=card.pk).update(issuer=officer("shenpi").org, state=LicenceState.VALID)
    return card


def test_a_licence_is_masked_until_a_reason_is_given_and_the_holder_sees_it(identity_card: Licence) -> None:
    holder = get_identity(PersonId(identity_card.holder_id))
    desk = at_desk("shenpi")
    address = f"/desk/licences/{identity_card.public_id}/"
    html = page(desk, address)
    assert holder.id_no not in html
    assert holder.address not in html
    assert re.search(r"\d{4}\*{10}", html)
    refused = desk.post(f"{address}reveal/", {"purpose": " "})
    assert refused.status_code == 422
    assert holder.id_no not in text(refused)
    assert holder.id_no in text(desk.post(f"{address}reveal/", {"purpose": "核对本人"}))
    assert desk.get(f"{address}reveal/").status_code == 302
    holder_party = Party(PartyKind.PERSON, identity_card.holder_id, identity_card.holder_name)
    readings = list_readings(holder_party).rows
    assert ("核对本人", "完整的证件号码、电话和住址") in [(row.purpose, row.what) for row in readings]


def test_another_unit_reveals_nothing(identity_card: Licence) -> None:
    client = at_desk("weijian")
    answer = client.post(f"/desk/licences/{identity_card.public_id}/reveal/", {"purpose": "好奇"})
    assert answer.status_code == 403
