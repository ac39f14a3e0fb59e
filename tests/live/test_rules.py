import asyncio

import pytest
from hypothesis import given, strategies as st

from shuzheng.portals.live import wire
from shuzheng.portals.live.following import Tail
from shuzheng.portals.live.stream import TITLES, Stream
from shuzheng.portals.live.types import Fresh, Position
from tests.live.making import ANNA, BERT, BUREAU, CITY, WINDOW, make_arrival, make_listener, make_movement, make_post


@pytest.mark.parametrize("text", ["12-7", "0-0", "999999999999999999-1"])
def test_a_position_is_said_and_read_back(text: str) -> None:
    assert str(Position.read(text)) == text


@pytest.mark.parametrize("text", ["", "12", "-1-2", "1-2 ", "1-2-3", "a-b", "9" * 19 + "-1"])
def test_what_is_no_position_is_none(text: str) -> None:
    assert Position.read(text) is None


def test_rows_are_taken_once_in_the_order_they_come() -> None:
    tail = Tail(10, settle=0)
    assert tail.take([11, 12], now=0) == {11, 12}
    assert (tail.settled, tail.newest, tail.known) == (12, 12, 0)
    assert tail.take([], now=1) == frozenset()


def test_a_key_that_commits_late_is_still_taken() -> None:
    tail = Tail(10, settle=3)
    assert tail.take([11, 13], now=0) == {11, 13}
    assert tail.settled == 10
    assert tail.take([11, 12, 13], now=1) == {12}
    assert tail.take([11, 12, 13], now=3) == frozenset()
    assert tail.settled == 13


@given(st.permutations(range(1, 12)), st.lists(st.integers(0, 3), min_size=11, max_size=11))
def test_whatever_the_order_of_commits_each_row_is_taken_exactly_once(order: list[int], waits: list[int]) -> None:
    """As long as no key comes later than the settling time after a greater one was seen."""
    tail, visible, taken, now = Tail(0, settle=40), set[int](), list[int](), 0.0
    for key, wait in zip(order, waits, strict=True):
        visible.add(key)
        now += wait
        taken += tail.take({one for one in visible if one > tail.settled}, now=now)
    assert sorted(taken) == list(range(1, 12))


@pytest.mark.parametrize(
    ("post", "concerned"),
    [
        (make_post(BUREAU, "service_window"), True),
        (make_post(BUREAU, "approval"), False),
        (make_post(WINDOW, "service_window"), False),
        (make_post(BUREAU, "director"), True),
        (make_post(CITY, "director", level=1), True),
        (make_post(CITY, "service_window", level=1), False),
        (make_post(WINDOW, "director", level=2), False),
    ],
    ids=["own task", "another duty", "another unit", "supervises the unit", "supervises above", "above", "beside"],
)  # fmt: skip
def test_a_movement_concerns_whose_inbox_it_touched(post: object, concerned: bool) -> None:
    assert make_listener(ANNA, post).concerns(make_movement(1)) is concerned  # type: ignore[arg-type]


def test_nobody_without_a_post_hears_of_inboxes() -> None:
    assert not make_listener(ANNA).concerns(make_movement(1))
    assert not make_listener(ANNA, make_post()).concerns(make_movement(1, "", ""))


def fresh(n: int) -> Fresh:
    arrival = make_arrival(n, BERT, f"第 {n} 条")
    return Fresh(arrival.id, arrival.title)


def test_what_is_told_twice_before_it_is_sent_is_sent_once() -> None:
    async def listen() -> bytes | None:
        stream = Stream(make_listener())
        for n in range(1, 9):
            stream.tell_notices(n, [fresh(n)], Position(n, 0))
            stream.tell_inbox(Position(n, n))
        return await stream.next(1)

    said = asyncio.run(listen())
    assert said is not None
    text = said.decode()
    assert text.count("event: notices") == text.count("event: inbox") == 1
    assert '"unread": 8' in text
    assert text.count("第 ") == TITLES
    assert text.count("id: 8-8\n\n") == 2


def test_what_was_missed_does_not_hide_what_came_meanwhile() -> None:
    async def listen() -> bytes | None:
        stream = Stream(make_listener())
        stream.tell_notices(4, [fresh(4)], Position(4, 0))
        stream.tell_missed(3, [fresh(3)], Position(3, 0), inbox=False)
        return await stream.next(1)

    said = asyncio.run(listen())
    assert said is not None
    assert '"unread": 4' in said.decode()
    assert said.index("第 3 条".encode()) < said.index("第 4 条".encode())
    assert b"id: 4-0\n" in said


def test_silence_is_filled_with_a_comment_and_the_end_is_said() -> None:
    async def listen() -> list[bytes | None]:
        stream = Stream(make_listener())
        first = await stream.next(0.01)
        stream.end(bye=True)
        return [first, await stream.next(1), await stream.next(1)]

    assert asyncio.run(listen()) == [wire.HEARTBEAT, wire.BYE, None]


def test_a_stream_that_stops_for_a_restart_says_nothing_so_that_the_browser_comes_back() -> None:
    async def listen() -> bytes | None:
        stream = Stream(make_listener())
        stream.end(bye=False)
        return await stream.next(1)

    assert asyncio.run(listen()) is None
