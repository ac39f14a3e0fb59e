"""The pack of the city as it is shipped: it loads whole, in time, and what its home page promises is there."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.db import transaction

from shuzheng.base.directory.models import Division, Organization
from shuzheng.base.directory.queries import forget_depths, forget_working_days
from shuzheng.base.kernel.pack import Changes
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.engines.credentials.models import LicenceType
from shuzheng.packs.actions import load_pack
from shuzheng.packs.queries import get_pack_info, read_pack
from shuzheng.services.items.models import Benchmark, Composite, Item, Unit
from shuzheng.services.items.queries import get_form, list_composites, search_items
from shuzheng.services.items.types import Level
from tests.packs.conftest import HOME, LUAN

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
LIMIT_S = 60
"""Seconds a load of everything may take on two cores."""
LIMIT_CPU_S = 30
"""Seconds of processor time it may take; this holds on a busy machine too."""


@dataclass(frozen=True)
class Loaded:
    """What loading did, how long it took, and whether others wanted the cores meanwhile."""

    done: dict[str, Changes]
    seconds: float
    cpu_seconds: float
    crowded: bool


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Loaded]:
    """The whole city, loaded once for this file and undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        forget_depths()
        forget_working_days()
        began, worked = time.monotonic(), time.process_time()
        done = load_pack(LUAN, actor=SYSTEM, at=AT)
        seconds, cpu_seconds = time.monotonic() - began, time.process_time() - worked
        yield Loaded(done, seconds, cpu_seconds, crowded=os.getloadavg()[0] > (os.cpu_count() or 1))
        transaction.set_rollback(True)


@pytest.mark.slow
class TestTheWholeCity:
    def test_it_loads_in_time(self, city: Loaded) -> None:
        assert city.cpu_seconds < LIMIT_CPU_S
        assert city.crowded or city.seconds < LIMIT_S

    def test_every_number_of_its_readme_is_in_the_database(self, city: Loaded) -> None:
        counts = {
            "organizations": Organization.objects.count(),
            "divisions": Division.objects.count(),
            "levels of divisions": Division.objects.values("level").distinct().count(),
            "items": Item.objects.filter(current=True).count(),
            "implementing items": Unit.objects.filter(current=True).count(),
            "materials": sum(len(row) for row in Item.objects.values_list("materials", flat=True)),
            "licence types": LicenceType.objects.count(),
            "composite services": Composite.objects.filter(current=True).count(),
            "benchmarks": Benchmark.objects.count(),
            "forms": Item.objects.filter(current=True, has_form=True).count(),
            "guides": Item.objects.exclude(guide={}).count(),
        }
        assert counts == {
            "organizations": 4_558,
            "divisions": 2_125,
            "levels of divisions": 5,
            "items": 1_525,
            "implementing items": 62_331,
            "materials": 6_956,
            "licence types": 518,
            "composite services": 42,
            "benchmarks": 2_238,
            "forms": 30,
            "guides": 30,
        }

    def test_the_implementing_items_are_as_many_at_each_level_as_the_rule_says(self, city: Loaded) -> None:
        levels = {level: Unit.objects.filter(level=level).count() for level in Level}
        assert levels == {
            "province": 0, "city": 1_028, "county": 1_213 * 7, "town": 92 * 146, "village": 20 * 1_969,
        }  # fmt: skip

    def test_the_second_load_changes_nothing(self, city: Loaded) -> None:
        again = load_pack(LUAN, actor=SYSTEM, at=AT)
        assert all(changes.nothing_changed for changes in again.values())
        assert {part: c.unchanged for part, c in again.items()} == {part: c.added for part, c in city.done.items()}

    def test_every_entry_of_the_home_page_leads_somewhere(self, city: Loaded) -> None:
        info = get_pack_info()
        words = [event.search for event in info.life_events] + list(info.popular_searches)
        assert not [word for word in words if not search_items(word).rows]

    def test_every_form_can_be_read(self, city: Loaded) -> None:
        forms = [row.text("basic_code") for row in read_pack(LUAN).of("forms.toml")]
        assert all(get_form(code).sections for code in forms)

    def test_the_overridden_units_differ_and_the_others_do_not(self, city: Loaded) -> None:
        overrides = {row.text("unit"): row for row in read_pack(LUAN).of("implementing_overrides.csv")}
        assert overrides
        for code, row in overrides.items():
            unit = Unit.objects.get(code=code)
            assert (unit.phone, unit.address) == (row.text("phone"), row.text("address"))
        assert not Unit.objects.exclude(phone="", address="").exclude(code__in=list(overrides)).exists()

    def test_the_composite_services_name_312_items(self, city: Loaded) -> None:
        composites = list_composites()
        assert sum(len(composite.items) for composite in composites) == 312
        first = composites[0]
        assert (first.name, len(first.questions), first.items[0].when) == ("企业连锁变更一件事", 2, "")


def test_the_icons_of_the_home_page_are_in_the_sheet() -> None:
    sheet = (HOME / "web" / "static" / "icons.svg").read_text("utf-8")
    icons = [row.text("icon") for row in read_pack(LUAN).of("pack.toml") if row.table == "life_event"]
    assert icons
    assert not [icon for icon in icons if f'id="{icon}"' not in sheet]


def test_the_printed_accounts_can_do_what_is_said() -> None:
    pack = read_pack(LUAN)
    forms = {row.text("basic_code") for row in pack.of("forms.toml")}
    posts = {(row.text("person_id_no"), row.text("organization")) for row in pack.of("posts.csv")}
    for row in pack.of("demo_accounts.csv"):
        given = {code for code in row.text("items").split(";") if code}
        if row.text("side") == "staff":
            assert (row.text("person_id_no"), row.text("acting_for")) in posts, row.text("sign_in_name")
        else:
            assert given or "惠企利民" in row.text("what_to_try_zh"), row.text("sign_in_name")
        assert given <= forms, row.text("sign_in_name")
