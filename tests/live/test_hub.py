"""The hub with ears that a test fills; no database."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from shuzheng.portals.live import hub as hub_module, wire
from shuzheng.portals.live.hub import SESSION_MOST, Hub, HubFull
from shuzheng.portals.live.stream import Stream
from shuzheng.portals.live.types import Position
from tests.live.making import ANNA, BERT, FakeEars, make_arrival, make_listener, make_movement, make_post

pytestmark = pytest.mark.filterwarnings("error")


def play(scene: Callable[[Hub, FakeEars], Awaitable[None]], *, most: int = 100, settle: float = 0.0) -> None:
    """Run a scene with a hub that reads its ears every hundredth of a second."""

    async def run() -> None:
        ears = FakeEars()
        hub = Hub(ears, most=most, settle=settle, poll=0.01)
        try:
            await scene(hub, ears)
        finally:
            hub.close()
            await asyncio.sleep(0.02)

    asyncio.run(run())


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "like_a_request", lambda read: read())


async def hear(stream: Stream) -> list[tuple[str, Any, str]]:
    """Return the next events: name, content, id."""
    said = await stream.next(2)
    assert said is not None
    events = []
    for block in said.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in lines:
            events.append((lines["event"], json.loads(lines["data"]), lines.get("id", "")))
    return events


def test_a_newcomer_is_told_how_many_are_unread_and_then_what_comes() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        ears.sent = [make_arrival(7, title="旧的")]
        stream = await hub.join(ears.open_session(make_listener()), None)
        assert await hear(stream) == [("notices", {"unread": 1, "new": []}, "7-0")]
        ears.sent.append(make_arrival(8, title="受理了"))
        ((_name, told, position),) = await hear(stream)
        assert (told["unread"], [one["title"] for one in told["new"]], position) == (2, ["受理了"], "8-0")

    play(scene)


def test_a_notice_is_told_to_its_recipient_alone_on_every_page_open() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        anna = ears.open_session(make_listener(ANNA, session="a"))
        bert = ears.open_session(make_listener(BERT, session="b"))
        phone, desk, other = [await hub.join(one, None) for one in (anna, anna, bert)]
        for stream in (phone, desk, other):
            await hear(stream)
        ears.sent.append(make_arrival(1, ANNA))
        assert (await hear(phone))[0][1]["unread"] == (await hear(desk))[0][1]["unread"] == 1
        assert await other.next(0.1) == wire.HEARTBEAT

    play(scene)


def test_an_inbox_event_says_no_more_than_that_something_changed() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        clerk = await hub.join(ears.open_session(make_listener(ANNA, make_post(), session="a")), None)
        citizen = await hub.join(ears.open_session(make_listener(BERT, session="b")), None)
        await hear(clerk)
        await hear(citizen)
        ears.moved.append(make_movement(3))
        assert await hear(clerk) == [("inbox", {}, "0-3")]
        assert await citizen.next(0.1) == wire.HEARTBEAT

    play(scene)


def test_after_a_break_what_was_missed_comes_first() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        ears.sent = [make_arrival(n, title=f"第 {n} 条") for n in (1, 2, 3)]
        ears.moved = [make_movement(5)]
        listener = ears.open_session(make_listener(ANNA, make_post()))
        missed = await hub.join(listener, Position(1, 4))
        notices, inbox = await hear(missed)
        assert [one["title"] for one in notices[1]["new"]] == ["第 2 条", "第 3 条"]
        assert inbox == ("inbox", {}, "3-5")
        nothing = await hub.join(listener, Position(3, 5))
        assert [name for name, *_ in await hear(nothing)] == ["notices"]

    play(scene)


def test_a_page_from_before_a_restore_starts_anew() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        stream = await hub.join(ears.open_session(make_listener(ANNA, make_post())), Position(900, 900))
        assert [(name, position) for name, _told, position in await hear(stream)] == [
            ("notices", "0-0"),
            ("inbox", "0-0"),
        ]

    play(scene)


def test_a_stream_ends_with_its_session_and_nothing_more_is_told() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        stream = await hub.join(ears.open_session(make_listener()), None)
        await hear(stream)
        del ears.sessions["s1"]
        ears.sent.append(make_arrival(1, title="不该说的"))
        assert await stream.next(2) == wire.BYE
        assert await stream.next(1) is None
        assert stream not in hub.streams

    play(scene)


def test_a_stream_follows_a_change_of_post(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "LOOK_SECONDS", 0.02)

    async def scene(hub: Hub, ears: FakeEars) -> None:
        clerk = make_listener(ANNA, make_post())
        stream = await hub.join(ears.open_session(clerk), None)
        await hear(stream)
        ears.open_session(replace(clerk, posts=(make_post(clerk.posts[0].org, "approval"),), mark="changed"))
        await asyncio.sleep(0.1)
        ears.moved.append(make_movement(1))
        assert await stream.next(0.1) == wire.HEARTBEAT
        ears.moved.append(make_movement(2, role="approval"))
        assert [name for name, *_ in await hear(stream)] == ["inbox"]

    play(scene)


def test_an_unchanged_session_is_not_asked_again_at_every_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "LOOK_SECONDS", 0.0)

    async def scene(hub: Hub, ears: FakeEars) -> None:
        await hub.join(ears.open_session(make_listener()), None)
        await asyncio.sleep(0.1)
        assert ears.admissions == 0

    play(scene)


def test_account_and_post_are_asked_again_after_a_while_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "LOOK_SECONDS", 0.0)

    async def scene(hub: Hub, ears: FakeEars) -> None:
        listeners = [ears.open_session(make_listener(session=f"s{n}")) for n in range(20)]
        streams = [await hub.join(one, None) for one in listeners]
        monkeypatch.setattr(hub_module, "STALE", timedelta(seconds=0.05))
        await asyncio.sleep(0.12)
        assert ears.admissions > 0
        ears.sessions = {key: listener for key, listener in ears.sessions.items() if key != "s7"}
        await asyncio.sleep(0.2)
        assert [stream.is_over for stream in streams].count(True) == 1

    play(scene)


def test_no_more_streams_than_there_is_room_for() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        listeners = [ears.open_session(make_listener(session=f"s{n}")) for n in range(3)]
        first, _second = [await hub.join(one, None) for one in listeners[:2]]
        with pytest.raises(HubFull):
            await hub.join(listeners[2], None)
        hub.leave(first)
        assert await hub.join(listeners[2], None) in hub.streams

    play(scene, most=2)


def test_of_a_session_that_opens_too_many_the_oldest_gives_way() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        listener = ears.open_session(make_listener())
        streams = [await hub.join(listener, None) for _ in range(SESSION_MOST + 1)]
        assert len(hub.streams) == SESSION_MOST
        assert await streams[0].next(1) == wire.BYE

    play(scene)


def test_streams_outlive_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "AFTER_FAULT_SECONDS", 0.01)

    async def scene(hub: Hub, ears: FakeEars) -> None:
        stream = await hub.join(ears.open_session(make_listener()), None)
        await hear(stream)
        ears.broken = OperationalError("gone")
        await asyncio.sleep(0.05)
        ears.sent.append(make_arrival(1))
        assert (await hear(stream))[0][1]["unread"] == 1

    play(scene)


def test_more_than_one_batch_at_once_is_told_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "BATCH", 3)

    async def scene(hub: Hub, ears: FakeEars) -> None:
        stream = await hub.join(ears.open_session(make_listener()), None)
        await hear(stream)
        ears.sent += [make_arrival(n) for n in range(1, 21)]
        await asyncio.sleep(0.3)
        ((_name, told, position),) = await hear(stream)
        assert (told["unread"], position) == (20, "0-0")

    play(scene, settle=30)


def test_the_watcher_rests_while_nobody_listens_and_begins_again() -> None:
    async def scene(hub: Hub, ears: FakeEars) -> None:
        listener = ears.open_session(make_listener())
        hub.leave(await hub.join(listener, None))
        await asyncio.sleep(0.05)
        ears.sent.append(make_arrival(1))
        stream = await hub.join(listener, None)
        assert (await hear(stream))[0][2] == "1-0"
        ears.sent.append(make_arrival(2))
        assert (await hear(stream))[0][1]["unread"] == 2

    play(scene)
