"""Ids, ports, events, errors and pack rows."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel import clock, errors, events, ids
from shuzheng.base.kernel.pack import Changes, PackRows, Row
from shuzheng.base.kernel.registry import Registry
from shuzheng.base.kernel.types import SYSTEM, Actor, FirmId, Party, PartyKind, PersonId, PostId

AT = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_public_ids_are_version_seven_and_sort_by_time(at: datetime) -> None:
    first, later = ids.new_id(at), ids.new_id(at + timedelta(milliseconds=1))
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first < later
    assert first != ids.new_id(at)


def test_the_local_day_is_that_of_the_city() -> None:
    assert clock.local_date(AT, "Asia/Shanghai") == date(2026, 11, 25)
    assert clock.now().tzinfo is UTC


def test_a_port_holds_one_entry_a_name() -> None:
    port: Registry[object] = Registry("greeting")
    entry = object()
    port.register("b", entry)
    port.register("b", entry)
    port.register("a", entry)
    with pytest.raises(ValueError, match="twice"):
        port.register("b", object())
    with pytest.raises(KeyError, match="known"):
        port["c"]
    assert (list(port), "b" in port, "c" in port) == (["a", "b"], True, False)


@dataclass(frozen=True, slots=True)
class Rang(events.Event):
    """A bell rang."""

    times: int


@dataclass(frozen=True, slots=True)
class RangLoud(Rang):
    """Another event, though a subclass."""


def test_an_event_reaches_each_handler_once_and_only_of_its_kind() -> None:
    heard: list[Rang] = []
    events.subscribe(Rang, heard.append)
    handler = heard.append

    def count(event: Rang) -> None:
        handler(event)

    events.subscribe(Rang, count)
    events.subscribe(Rang, count)
    events.publish(Rang(1))
    events.publish(RangLoud(2))
    assert [event.times for event in heard] == [1, 1]


def test_an_error_fills_its_facts_into_its_text() -> None:
    class TooBig(errors.TooLarge):
        code = "t.too_big"
        text = "文件有 {size_mb} MB"

    error = TooBig(size_mb=12)
    assert (error.message, str(error), error.status) == ("文件有 12 MB", "文件有 12 MB", 413)


def test_an_actor_acts_for_a_firm_for_themselves_or_for_nobody() -> None:
    person, firm = PersonId(uuid4()), Party(PartyKind.FIRM, FirmId(uuid4()), "青禾")
    alone = Actor("李小华", person)
    assert alone.party == Party(PartyKind.PERSON, person, "李小华")
    assert Actor("李小华", person, on_behalf_of=firm).party == firm
    assert (SYSTEM.party, SYSTEM.urn, alone.urn) == (None, "urn:shuzheng:system", f"urn:shuzheng:person:{person}")
    assert Actor("李小华", person, PostId(uuid4())).is_officer
    assert not alone.is_officer


def test_pack_rows_are_found_by_file_and_by_pattern() -> None:
    row = Row("items.csv", 2, {"code": "1", "none": None})
    pack = PackRows({"items.csv": [row], "processes/b.bpmn": [], "processes/a.bpmn": []})
    assert pack.of("items.csv") == [row]
    assert pack.of("other.csv") == ()
    assert pack.matching("processes/", ".bpmn") == ("processes/a.bpmn", "processes/b.bpmn")
    assert (row.text("code"), row.text("none"), row.text("absent")) == ("1", "", "")
    assert Changes(unchanged=3).nothing_changed
    assert not Changes(retired=1).nothing_changed
