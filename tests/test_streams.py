"""Ordered streams over a layer that loses, doubles and reorders: every listener gets every change once, in order."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from realtime.connection import Connection
from realtime.hub import Group
from realtime.streams import Change, Gate, Span, Streams


class Sink(Connection):
    """A connection whose socket is a list."""

    def __init__(self, name: str) -> None:
        self.got: list[Any] = []
        super().__init__(id=name, user_id=1, send=self.take)

    async def take(self, event: dict[str, Any]) -> None:
        self.got.append(event["text"])


def change(rev: int, origin: str | None = None) -> Change:
    return Change(7, rev, str(rev), rev, 1, f"{rev:032x}", True, origin)


class World:
    """A database with `stored` changes, the streams of one process, and a group with listeners."""

    def __init__(self, stored: int, page: int = 5) -> None:
        self.stored = stored
        self.page = page
        self.reads = 0
        self.streams = Streams()
        self.streams.read_changes = self.read
        self.group = Group("user.1")

    async def read(self, key: int, after: int) -> Span:
        self.reads += 1
        await asyncio.sleep(0)
        up_to = min(self.stored, after + self.page)
        return Span([change(rev) for rev in range(after + 1, up_to + 1)], up_to, self.stored, up_to < self.stored)

    def listen(self, name: str, rev: int) -> Sink:
        sink = Sink(name)
        self.group.connections.add(sink)
        self.streams.register(self.group, [(7, rev, rev)])
        return sink


async def settle() -> None:
    for _ in range(200):
        await asyncio.sleep(0)


async def test_changes_in_order_are_handed_on_without_a_query() -> None:
    world = World(stored=3)
    sink = world.listen("a", 0)
    for rev in (1, 2, 3):
        world.streams.offer(change(rev), [world.group])
    assert sink.got == ["1", "2", "3"]
    assert world.reads == 0


async def test_a_gap_is_read_from_the_database_first() -> None:
    world = World(stored=4)
    sink = world.listen("a", 0)
    world.streams.offer(change(1), [world.group])
    world.streams.offer(change(4), [world.group])
    await settle()
    assert sink.got == ["1", "2", "3", "4"]


async def test_a_long_repair_claims_no_message_before_it_is_handed_on() -> None:
    """`read` without a seq means everything pushed so far: it asks the stream."""
    world = World(stored=12)
    sink = world.listen("a", 0)
    seen: list[bool] = []
    read = world.streams.read_changes

    async def watched(key: int, after: int) -> Span:
        stream = world.streams.get(7)
        assert stream is not None
        seen.append(stream.seq <= len(sink.got))
        return await read(key, after)

    world.streams.read_changes = watched
    world.streams.offer(change(12), [world.group])
    await settle()
    assert len(sink.got) == 12
    assert len(seen) == 3
    assert all(seen)


async def test_a_change_that_was_overtaken_is_waited_for_and_not_read() -> None:
    """Two processes write to the same stream: what the other one wrote first comes through Redis a little later."""
    world = World(stored=5)
    world.streams.patience = 0.2
    sink = world.listen("a", 0)
    for rev in (2, 4, 1, 3, 5):
        world.streams.offer(change(rev), [world.group])
    assert sink.got == ["1", "2", "3", "4", "5"]
    await asyncio.sleep(0.3)
    assert world.reads == 0


async def test_a_change_that_does_not_come_is_read_after_a_moment() -> None:
    world = World(stored=3)
    world.streams.patience = 0.2
    sink = world.listen("a", 0)
    world.streams.offer(change(1), [world.group])
    world.streams.offer(change(3), [world.group])
    await asyncio.sleep(0)
    assert sink.got == ["1"]
    await asyncio.sleep(0.3)
    await settle()
    assert sink.got == ["1", "2", "3"]
    assert world.reads == 1


async def test_a_change_is_not_given_back_to_the_connection_that_made_it() -> None:
    world = World(stored=2)
    mine, other = world.listen("mine", 0), world.listen("other", 0)
    world.streams.offer(change(2, origin="mine"), [world.group])
    await settle()
    assert mine.got == ["1"]
    assert other.got == ["1", "2"]


async def test_a_listener_that_read_further_than_the_hub_gets_nothing_twice() -> None:
    world = World(stored=5)
    first = world.listen("first", 2)
    late = Sink("late")
    late.gate = Gate()
    late.gate.cursors = {7: 4}
    world.group.connections.add(late)
    world.streams.register(world.group, [(7, 4, 4)])
    await world.streams.open_all(late, world.group)
    for rev in (3, 4, 5):
        world.streams.offer(change(rev), [world.group])
    assert first.got == ["3", "4", "5"]
    assert late.got == ["5"]


async def test_a_stream_that_nobody_hears_is_forgotten() -> None:
    world = World(stored=1)
    world.listen("a", 0)
    assert len(world.streams) == 1
    world.streams.leave(world.group)
    assert len(world.streams) == 0
    world.streams.offer(change(1), [])
    assert len(world.streams) == 0


async def test_a_database_that_fails_is_asked_again() -> None:
    world = World(stored=3)
    sink = world.listen("a", 0)
    working = world.streams.read_changes

    async def broken(key: int, after: int) -> Span:
        raise ConnectionError("away")

    world.streams.read_changes = broken
    world.streams.offer(change(2), [world.group])
    await settle()
    assert sink.got == []
    world.streams.read_changes = working
    world.streams.offer(change(3), [world.group])
    await settle()
    assert sink.got == ["1", "2", "3"]


events = st.lists(
    st.one_of(st.tuples(st.just("push"), st.integers(1, 30)), st.tuples(st.just("wait"), st.integers(0, 30))), max_size=60
)


@settings(max_examples=150, deadline=None)
@given(events, st.integers(0, 10))
def test_whatever_the_layer_does_each_listener_hears_all_in_order(script: list[tuple[str, int]], start: int) -> None:
    """Pushes are lost, doubled and reordered at will; what was stored when the last push arrived has been handed on."""

    async def play() -> None:
        world = World(stored=0, page=3)
        sink = world.listen("a", start)
        world.stored = start
        highest = start
        for what, number in script:
            if what == "push":
                world.stored = max(world.stored, number)
                highest = max(highest, number)
                world.streams.offer(change(number), [world.group])
            else:
                for _ in range(number):
                    await asyncio.sleep(0)
        await settle()
        assert sink.got == [str(rev) for rev in range(start + 1, highest + 1)]

    asyncio.run(play())
