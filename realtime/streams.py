"""Ordered streams over a channel layer that may lose, double and reorder (protocol §4).

A stream has a position, `rev`, that grows by one with every change. The hub hands the next change on, drops what it has
handed on, and when one is missing reads the gap from the database first. What a stream is about, it does not know."""

import asyncio
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from realtime.supervision import spawn

if TYPE_CHECKING:
    from realtime.connection import Connection
    from realtime.hub import Group


PENDING = 1000  # changes kept while a gap is read; what does not fit is read from the database too


class Change(NamedTuple):
    """One change of a stream as it goes over the layer: the finished frame and what the engine needs to place it.

    `head` is the seq of the newest message that the stream had with this change; `seq`, `sender_id` and `msg_id` (hex) name
    the message that it delivers; `created` tells a new message from a later change of one. `origin` is the connection that
    made the change and has its own answer."""

    key: int
    rev: int
    text: str
    seq: int
    sender_id: int
    msg_id: str
    created: bool
    origin: str | None = None


class Gate:
    """Holds the streams of one connection back while it catches up. `cursors`: what it holds of each; open ones are live."""

    __slots__ = ("cursors", "open")

    def __init__(self) -> None:
        self.cursors: dict[int, int] = {}
        self.open: set[int] = set()


class Stream:
    """One stream that somebody here listens to. `rev` and `seq`: the last that was handed on.

    `shared`: its changes are published once, to a group of its own, instead of to each of its many listeners."""

    __slots__ = ("groups", "key", "pending", "repairing", "rev", "seq", "shared", "waiting")

    def __init__(self, key: int, rev: int, seq: int, shared: bool = False) -> None:
        self.key = key
        self.rev = rev
        self.seq = seq
        self.shared = shared
        self.groups: dict[Group, None] = {}
        self.pending: dict[int, Change] | None = None
        self.repairing = False
        self.waiting: asyncio.TimerHandle | None = None


class Span(NamedTuple):
    """Changes of a stream after some rev, in rev order. They lead to `rev`, where the newest message is
    `seq`; `more`: others follow."""

    changes: list[Change]
    rev: int
    seq: int
    more: bool


ReadChanges = Callable[[int, int], Awaitable[Span]]


class Streams:
    """The streams of this process. `read_changes(key, after)`, given by their owner, reads a span of one. `begun` and
    `ended` are told of shared ones that somebody here begins to listen to, or nobody any more.

    `patience`: seconds that a missing change may be late before the database is asked. Two processes that write to the same
    stream overtake each other all the time, by what a message through Redis takes."""

    read_changes: ReadChanges

    def __init__(
        self,
        begun: Callable[[Stream], None] = lambda stream: None,
        ended: Callable[[Stream], None] = lambda stream: None,
        patience: float = 0.0,
    ) -> None:
        self.patience = patience
        self.begun = begun
        self.ended = ended
        self._streams: dict[int, Stream] = {}
        self.repaired = 0

    def get(self, key: int) -> Stream | None:
        return self._streams.get(key)

    def __len__(self) -> int:
        return len(self._streams)

    # ---- who listens --------------------------------------------------------------------------------------------------

    def register(
        self, group: "Group", heads: Iterable[tuple[int, int, int]], shared: Container[int] = (),
        hidden: Mapping[int, int] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """`group` listens to these (key, rev, seq): the positions that its newest connection has read. `shared` names those
        among them that have a group of their own, `hidden` the seqs up to which messages are not for this group."""
        for key, rev, seq in heads:
            if key in group.departed:
                continue  # it was read before the group had to leave
            if hidden.get(key):
                group.hidden[key] = max(hidden[key], group.hidden.get(key, 0))
            stream = self._streams.get(key)
            if stream is None:
                stream = self._streams[key] = Stream(key, rev, seq, key in shared)
                if stream.shared:
                    self.begun(stream)
            self._listen(group, stream)

    @staticmethod
    def _listen(group: "Group", stream: Stream) -> None:
        stream.groups[group] = None
        group.streams[stream] = None

    def leave(self, group: "Group") -> None:
        """Nobody of `group` is here any more."""
        for stream in group.streams:
            self.remove(group, stream, listed=True)
        group.streams.clear()
        group.hidden.clear()

    def remove(self, group: "Group", stream: Stream, *, listed: bool = False) -> None:
        """`group` no longer listens to `stream`. `listed`: the caller clears the group's own list."""
        stream.groups.pop(group, None)
        if not listed:
            group.streams.pop(stream, None)
            group.hidden.pop(stream.key, None)
        if not stream.groups and self._streams.pop(stream.key, None) is not None and stream.shared:
            self.ended(stream)

    # ---- what arrives -------------------------------------------------------------------------------------------------

    def offer(self, change: Change, groups: list["Group"]) -> None:
        """A change arrived for `groups`: hand it on, drop it, or read what is missing before it."""
        stream = self._streams.get(change.key)
        if stream is None:
            if not groups:
                return
            # New to everybody here: to those who are up to date it began after they came, so its first change is the
            # first they may see. Those who are still catching up have a cursor of their own.
            settled = any(connection.gate is None for group in groups for connection in group.connections)
            stream = self._streams[change.key] = Stream(change.key, 0 if settled else change.rev - 1, 0)
        for group in groups:
            self._listen(group, stream)
        if change.rev == stream.rev + 1 and not stream.repairing:
            self._hand_on(stream, change)
            if stream.pending:
                self._drain_pending(stream)
        elif change.rev > stream.rev:
            self._keep(stream, change)

    def _keep(self, stream: Stream, change: Change) -> None:
        """A change came before one that it follows: wait for that a moment, then read it."""
        if stream.pending is None:
            stream.pending = {}
        if len(stream.pending) < PENDING:
            stream.pending[change.rev] = change
        if not self.patience or len(stream.pending) >= PENDING:
            self.repair(stream)
        elif stream.waiting is None and not stream.repairing:
            stream.waiting = asyncio.get_running_loop().call_later(self.patience, self._overdue, stream)

    def _overdue(self, stream: Stream) -> None:
        stream.waiting = None
        if any(rev > stream.rev for rev in stream.pending or ()):
            self.repair(stream)

    def repair(self, stream: Stream) -> None:
        """Read what is missing after the stream's position, and hand it on in order."""
        if not stream.repairing:
            stream.repairing = True
            spawn(self._repair(stream), f"repair of stream {stream.key}")

    async def _repair(self, stream: Stream) -> None:
        try:
            while stream.groups:
                before = stream.rev
                span = await self.read_changes(stream.key, before)
                for change in span.changes:
                    if change.rev > stream.rev:
                        self._hand_on(stream, self._as_sent(stream, change))
                        self.repaired += 1
                stream.rev = max(stream.rev, span.rev)
                if not span.more:  # until then, the newest message is further than what has been handed on
                    stream.seq = max(stream.seq, span.seq)
                torn = self._drain_pending(stream)
                if stream.rev == before or not (torn or span.more):
                    break
        finally:
            stream.repairing = False
            stream.pending = None

    @staticmethod
    def _as_sent(stream: Stream, change: Change) -> Change:
        """The pushed form of a change where it arrived meanwhile: it knows its origin, which has its answer already."""
        pushed = stream.pending.pop(change.rev, None) if stream.pending else None
        return pushed or change

    def _drain_pending(self, stream: Stream) -> bool:
        """Hand on what has become next. True: something is left behind another gap."""
        pending = stream.pending or {}
        while (change := pending.pop(stream.rev + 1, None)) is not None:
            self._hand_on(stream, change)
        return any(rev > stream.rev for rev in pending)

    def _hand_on(self, stream: Stream, change: Change) -> None:
        stream.rev = change.rev
        if change.created and change.seq > stream.seq:
            stream.seq = change.seq
        key, rev, text, origin = stream.key, change.rev, change.text, change.origin
        for group in tuple(stream.groups):
            if group.hidden and group.hidden.get(key, 0) >= change.seq:
                continue
            for connection in tuple(group.connections):
                if connection.id == origin:
                    continue
                gate = connection.gate
                if gate is not None and key not in gate.open:
                    continue
                floors = connection.floors
                if floors is not None and floors.get(key, 0) >= rev:
                    continue
                connection.push(text, change)

    def tell(self, key: int, text: str, *, besides: str) -> None:
        """Hand on what is no change of a stream, to everybody who is up to date with it, except the group `besides`."""
        stream = self._streams.get(key)
        for group in tuple(stream.groups) if stream is not None else ():
            if group.name != besides:
                for connection in tuple(group.connections):
                    if connection.gate is None or key in connection.gate.open:
                        connection.push(text)

    # ---- catching up --------------------------------------------------------------------------------------------------

    def listens(self, group: "Group", key: int) -> bool:
        """Whether a group listens to a stream."""
        return self._streams.get(key) in group.streams

    def hears(self, group: "Group", change: Change) -> bool:
        """Whether a change that was read is for a group: it listens to the stream, and the message is not hidden from it."""
        stream = self._streams.get(change.key)
        return stream is not None and stream in group.streams and group.hidden.get(change.key, 0) < change.seq

    async def open(self, connection: "Connection", group: "Group", key: int) -> None:
        """Bring one gated stream of a connection to the live position, and let it through from there.

        The last look and the opening happen without a pause between them, so nothing can fall between. A gate that was put
        in place of this one meanwhile, by a resume, brings everything itself."""
        gate = connection.gate
        assert gate is not None
        while True:
            stream, cursor = self._streams.get(key), gate.cursors.get(key, 0)
            if stream is None or stream.rev <= cursor:
                break
            span = await self.read_changes(key, cursor)
            for change in span.changes:
                if connection.gate is gate and self.hears(group, change):
                    await connection.deliver(change.text, change)
            if connection.gate is not gate:
                return
            gate.cursors[key] = max(span.rev, cursor + 1)
        if stream is not None and stream.rev < cursor:
            # It has read further than the hub has handed on: what is still on its way is not for this connection.
            connection.floors = {**(connection.floors or {}), key: cursor}
        gate.open.add(key)

    async def open_all(self, connection: "Connection", group: "Group") -> None:
        """Open every gated stream of `group` for this connection, those that began meanwhile included, and drop the gate."""
        gate = connection.gate
        assert gate is not None
        while waiting := [stream.key for stream in group.streams if stream.key not in gate.open]:
            for key in waiting:
                await self.open(connection, group, key)
                if connection.gate is not gate:
                    return
        connection.gate = None
