"""The fan-out of one process: every connection in its groups, one channel of the layer for them all.

This module is the only code that touches a channel layer. Two private kinds of message travel on it: a `frame` (finished
text for the connections of one group, unordered) and a `change` (of an ordered stream; see `realtime.streams`)."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from realtime import closing
from realtime.closing import Close
from realtime.connection import Connection
from realtime.layers.local import LocalLayer
from realtime.limits import Bucket
from realtime.streams import Change, Gate, Stream, Streams
from realtime.supervision import spawn

logger = logging.getLogger(__name__)

PATIENCE = 0.05  # seconds that a change may come later than one that follows it

Message = tuple[tuple[str, ...], dict[str, Any]]


def user_group(user_id: int) -> str:
    """The group of all connections of a user."""
    return f"user.{user_id}"


def stream_group(key: int) -> str:
    """The group of a shared stream: every process where somebody listens to it."""
    return f"stream.{key}"


def frame(group: str, text: str, *, origin: str | None = None, wanted: str | None = None) -> Message:
    """A message that brings `text` to every connection of `group` except `origin`; where `wanted` is given, to those only
    that were opened with this option."""
    return (group,), {"type": "frame", "group": group, "text": text, "origin": origin, "wanted": wanted}


def change(groups: Iterable[str], of: Change) -> Message:
    """A message that brings a change of a stream to the connections of `groups`."""
    names = tuple(groups)
    return names, {"type": "change", "groups": names, "change": tuple(of)}


def admission(group: str, key: int, rev: int, seq: int, text: str) -> Message:
    """A message that lets a group listen to a shared stream: to what comes after `rev`, to messages after `seq`. `text` is the
    last that its connections get of what they have heard of the stream in an earlier time, if they are still in that."""
    return (group,), {"type": "admit", "group": group, "position": (key, rev, seq, text)}


def dismissal(group: str, key: int, rev: int, text: str) -> Message:
    """A message that ends a group's listening to a stream, at `rev`. `text` is the last that its connections get of it."""
    return (group,), {"type": "dismiss", "group": group, "key": key, "rev": rev, "text": text}


def aside(key: int, text: str, *, besides: str) -> Message:
    """A message that brings `text`, which is no change, to whoever listens to a shared stream, except the group `besides`."""
    return (stream_group(key),), {"type": "aside", "key": key, "text": text, "besides": besides}


class Group:
    """The connections of one group in this process, the streams they hear, and the limits they share.

    `hidden`: by stream, the seq up to which its messages are not for this group. `departed`: streams that it may no longer
    hear, whatever somebody read of it before, and since which rev; `admitted`: those that it was let into, likewise."""

    __slots__ = ("admitted", "buckets", "connections", "departed", "hidden", "name", "streams")

    def __init__(self, name: str) -> None:
        self.name = name
        self.connections: set[Connection] = set()
        self.streams: dict[Stream, None] = {}
        self.buckets: dict[str, Bucket] = {}
        self.hidden: dict[int, int] = {}
        self.departed: dict[int, int] = {}
        self.admitted: dict[int, int] = {}

    def is_of_now(self, key: int, seq: int) -> bool:
        """Whether what was read of a stream is still for this group: it may hear it, and its messages after `seq`."""
        return key not in self.departed and self.hidden.get(key, 0) <= seq


class Hub:
    """Registers the connections of this process and hands on what arrives for them."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.connections: dict[str, Connection] = {}
        self.streams = Streams(self._stream_begun, self._stream_ended, PATIENCE)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._channel = ""
        self._layer: Any = None

    # ---- life ---------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Hand on what arrives, until cancelled."""
        self._layer = get_channel_layer()
        self._channel = await self._layer.new_channel()
        self.loop = asyncio.get_running_loop()
        receive, channel = self._layer.receive, self._channel
        try:
            while True:
                message = await receive(channel)
                try:
                    self._arrived(message)
                except Exception:
                    logger.exception("A message of the channel layer could not be handed on.")
        finally:
            self.loop = None
            self.groups.clear()
            self.connections.clear()
            await self._layer.flush()

    @property
    def running(self) -> bool:
        return self.loop is not None

    # ---- who is here --------------------------------------------------------------------------------------------------

    async def join(self, connection: Connection) -> Group:
        """Register a connection under its user's group. Returns when frames published from now on reach it."""
        name = user_group(connection.user_id)
        group = self.groups.get(name)
        new = group is None
        if group is None:
            group = self.groups[name] = Group(name)
        group.connections.add(connection)
        connection.buckets = group.buckets
        self.connections[connection.id] = connection
        if new:
            await self._layer.group_add(name, self._channel)
        return group

    def leave(self, connection: Connection) -> None:
        """Forget a connection; with the last one of a user, the user's group and its streams."""
        self.connections.pop(connection.id, None)
        name = user_group(connection.user_id)
        group = self.groups.get(name)
        if group is None:
            return
        group.connections.discard(connection)
        if not group.connections:
            del self.groups[name]
            self.streams.leave(group)
            spawn(self._discard(name), "leaving a group")

    async def _discard(self, name: str) -> None:
        if name not in self.groups:  # it may have been joined again meanwhile
            await self._layer.group_discard(name, self._channel)

    def _stream_begun(self, stream: Stream) -> None:
        spawn(self._tune_in(stream), "joining a stream")

    async def _tune_in(self, stream: Stream) -> None:
        await self._layer.group_add(stream_group(stream.key), self._channel)
        if stream.groups:
            self.streams.repair(stream)  # what was published while we joined went by unheard

    def _stream_ended(self, stream: Stream) -> None:
        spawn(self._tune_out(stream.key), "leaving a stream")

    async def _tune_out(self, key: int) -> None:
        if self.streams.get(key) is None:  # somebody may have come back meanwhile
            await self._layer.group_discard(stream_group(key), self._channel)

    def of_user(self, user_id: int) -> list[Connection]:
        """The user's connections in this process."""
        group = self.groups.get(user_group(user_id))
        return list(group.connections) if group else []

    def close(self, connections: Iterable[Connection], close: Close) -> None:
        for connection in connections:
            connection.close(close)

    # ---- what travels -------------------------------------------------------------------------------------------------

    def publish(self, messages: list[Message]) -> None:
        """Send to groups, wherever their connections are. Never waits; call it after the commit, never before.

        Works from the event loop, from any thread of a server process, and from a command that runs beside them."""
        if not messages:
            return
        if self.loop is None:
            if not isinstance(get_channel_layer(), LocalLayer):
                async_to_sync(_publish_from_outside)(messages)
        elif asyncio._get_running_loop() is self.loop:
            self._publish(messages)
        else:
            self.loop.call_soon_threadsafe(self._publish, messages)

    def _publish(self, messages: list[Message]) -> None:
        put = self._layer.put
        for groups, message in messages:
            for group in groups:
                put(group, message)

    def _arrived(self, message: dict[str, Any]) -> None:
        if message["type"] == "change":
            groups = [group for name in message["groups"] if (group := self.groups.get(name)) is not None]
            self.streams.offer(Change(*message["change"]), groups)
            return
        if message["type"] == "aside":
            self.streams.tell(message["key"], message["text"], besides=message["besides"])
            return
        group = self.groups.get(message["group"])
        if group is None:
            return
        if message["type"] == "admit":
            self.admit(group, *message["position"])
        elif message["type"] == "dismiss":
            self.dismiss(group, message["key"], message["rev"], message["text"])
        else:
            text, origin, wanted = message["text"], message["origin"], message.get("wanted")
            for connection in tuple(group.connections):
                if connection.id != origin and (wanted is None or wanted in connection.options):
                    connection.push(text)

    # ---- who may listen to a shared stream --------------------------------------------------------------------------

    def admit(self, group: Group, key: int, rev: int, seq: int, text: str) -> None:
        """`group` may listen to a shared stream, to what comes after (rev, seq): what has come since is read for it first.

        Changes of older messages it gets with a resume, where it may see them. What happened before a later dismissal, and is
        only heard of now, changes nothing."""
        if group.departed.get(key, -1) > rev:
            return
        if self.streams.listens(group, key):
            if group.hidden.get(key, 0) >= seq:
                group.admitted[key] = rev
                return
            self._cut(group, key, text)  # that they had to leave in between was not heard of here
        group.departed.pop(key, None)
        group.admitted[key] = rev
        known = {stream.key for stream in group.streams}
        self.streams.register(group, [(key, rev, seq)], {key}, {key: seq})
        for connection in group.connections:
            if connection.gate is None:
                gate = connection.gate = Gate()
                gate.open = set(known)
                gate.cursors[key] = rev
                connection.spawn(self._catch_up(connection, group))
            else:
                connection.gate.cursors[key] = rev
                connection.gate.open.discard(key)

    async def _catch_up(self, connection: Connection, group: Group) -> None:
        try:
            await self.streams.open_all(connection, group)
        except Exception:
            # It would stay deaf to what it was just let in to: it comes back and asks for everything.
            logger.exception("A connection could not be let in to a stream.")
            connection.close(closing.TRY_LATER)

    def dismiss(self, group: Group, key: int, rev: int, text: str) -> None:
        """`group` may no longer listen to a stream: nothing of it follows `text`. It may have been let in again since `rev`."""
        if group.admitted.get(key, -1) >= rev:
            return
        known = group.departed.get(key)
        group.departed[key] = max(rev, known or 0)
        group.admitted.pop(key, None)
        if known is None:
            self._cut(group, key, text)

    def _cut(self, group: Group, key: int, text: str) -> None:
        stream = self.streams.get(key)
        if stream is not None:
            self.streams.remove(group, stream)
        for connection in tuple(group.connections):
            connection.push(text)


async def _publish_from_outside(messages: list[Message]) -> None:
    layer: Any = get_channel_layer()
    for groups, message in messages:
        for group in groups:
            layer.put(group, message)
    await layer.drain()
    await layer.flush()


hub = Hub()
