"""The pack of the city as it is shipped: it loads whole, and what its home page promises is there."""

import time
from datetime import UTC, datetime

import pytest

from shuzheng.base.kernel.types import SYSTEM
from shuzheng.packs.actions import load_pack
from shuzheng.packs.queries import get_pack_info, read_pack
from shuzheng.services.items.queries import get_form, search_items
from tests.packs.conftest import HOME, LUAN

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_pack_loads_in_time_and_its_entries_lead_somewhere() -> None:
    began = time.monotonic()
    done = load_pack(LUAN, actor=SYSTEM, at=AT)
    assert time.monotonic() - began < 20
    assert sum(changes.added for changes in done.values()) > 20_000
    assert all(changes.nothing_changed for changes in load_pack(LUAN, actor=SYSTEM, at=AT).values())
    info = get_pack_info()
    words = [event.search for event in info.life_events] + list(info.popular_searches)
    assert not [word for word in words if not search_items(word).rows]
    for row in read_pack(LUAN).of("items.csv"):
        assert get_form(row.text("basic_code")).sections


def test_the_icons_of_the_home_page_are_in_the_sheet() -> None:
    sheet = (HOME / "web" / "static" / "icons.svg").read_text("utf-8")
    icons = [row.text("icon") for row in read_pack(LUAN).of("pack.toml") if row.table == "life_event"]
    assert icons
    assert not [icon for icon in icons if f'id="{icon}"' not in sheet]


def test_the_printed_accounts_can_do_what_is_said() -> None:
    pack = read_pack(LUAN)
    items = {row.text("basic_code") for row in pack.of("items.csv")}
    posts = {(row.text("person_id_no"), row.text("organization")) for row in pack.of("posts.csv")}
    for row in pack.of("demo_accounts.csv"):
        given = {code for code in row.text("items").split(";") if code}
        if row.text("side") == "staff":
            assert (row.text("person_id_no"), row.text("acting_for")) in posts, row.text("sign_in_name")
        else:
            assert given, row.text("sign_in_name")
        assert given <= items, row.text("sign_in_name")
