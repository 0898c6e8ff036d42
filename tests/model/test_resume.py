"""Every device ends as the database, whatever happens to connections, processes and the layer (protocol §1.2, §3.1, §4)."""

from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from chat import delivery, history, resume, sweep
from realtime.connection import Connection
from realtime.streams import Change, Span, Stream, Streams
from tests.model import reading, world
from tests.model.devices import Page
from tests.model.profile import budget, must_find
from tests.model.resume_machine import Resume


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> type[Resume]:
    world.install(monkeypatch)
    return Resume


def test_every_device_ends_as_the_database(machine: type[Resume]) -> None:
    run_state_machine_as_test(machine, settings=budget(**machine.budget))


real_offer, real_open, real_read = Streams.offer, Streams.open, reading.read_changes


def hands_everything_on(self: Streams, change: Change, groups: Any) -> None:
    stream = self.get(change.key)
    if stream is not None:
        self._hand_on(stream, change)
    else:
        real_offer(self, change, groups)


def repairs_nothing(self: Streams, stream: Stream) -> None:
    return None


def jumps_over_the_gap(self: Streams, stream: Stream) -> None:
    for rev in sorted(stream.pending or ()):
        self._hand_on(stream, (stream.pending or {})[rev])
    stream.pending = None


async def forgets_the_floor(self: Streams, connection: Connection, key: int) -> None:
    await real_open(self, connection, key)
    connection.floors = None


async def opens_without_a_last_look(self: Streams, connection: Connection, key: int) -> None:
    assert connection.gate is not None
    connection.gate.open.add(key)


def reads_one_too_few(key: int, after: int, cursor: int | None = None) -> Span:
    span = real_read(key, after, cursor)
    return span._replace(changes=span.changes[:-1]) if len(span.changes) > 1 else span


async def finds_nothing() -> None:
    return None


async def answers_before_it_listens(connection: Connection, key: int, rev: int, overview: Any) -> None:
    assert connection.gate is not None
    connection.gate.open.add(key)


def has_pushed_everything(connection: Connection, key: int) -> int:
    return 10**6


class BelievesItsAck(Page):
    """A client that takes the rev of its own ack for its cursor, though earlier changes may still be on their way."""

    def on_ack(self, data: dict[str, Any], id: str | None = None) -> None:
        super().on_ack(data, id)
        held = self.held.get(data["conversationId"])
        if held is not None:
            held.reach(data["rev"])


class BelievesItsAnswer(Page):
    """The same of the answer to an edit of its own."""

    def on_update(self, data: dict[str, Any], id: str | None = None) -> None:
        super().on_update(data, id)
        held = self.held.get(data["conversationId"])
        if held is not None and id is not None:
            held.reach(data["rev"])


@pytest.mark.parametrize(
    ("where", "name", "planted"),
    [
        (Streams, "offer", hands_everything_on),
        (Streams, "repair", repairs_nothing),
        (Streams, "repair", jumps_over_the_gap),
        (Streams, "open", forgets_the_floor),
        (Streams, "open", opens_without_a_last_look),
        (history, "read_changes", reads_one_too_few),
        (sweep, "run", finds_nothing),
        (resume, "_bring_up_to_date", answers_before_it_listens),
        (delivery, "pushed", has_pushed_everything),
        (Resume, "page", BelievesItsAck),
        (Resume, "page", BelievesItsAnswer),
    ],
)
def test_a_planted_bug_is_found(
    machine: type[Resume], monkeypatch: pytest.MonkeyPatch, where: Any, name: str, planted: Any
) -> None:
    monkeypatch.setattr(where, name, planted)
    must_find(machine, **machine.budget)
