"""One connection as its client sees it: the real session and connection on the server's side, and a watch over what it is
promised (protocol §4): revs in order, none twice, none missing that was not overtaken."""

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from realtime.connection import Connection
from realtime.consumer import Session
from realtime.streams import Change, Gate
from tests.model.world import Process, routes

if TYPE_CHECKING:
    from tests.model.devices import Device


class ResumeGate(Gate):
    """The gate of a resume, which is known from others by its kind."""

    __slots__ = ()


class Watched(Connection):
    """The real connection, whose client looks at everything that is pushed."""

    link: "Link"

    def push(self, text: str, change: Change | None = None) -> None:
        if self.closing is None and not self.finished:
            self.link.pushed(text)
        super().push(text, change)


class Link:
    """A connection of a device to a process. `slow`: its socket takes a frame only after a while."""

    def __init__(self, device: "Device", process: Process, *, slow: bool) -> None:
        self.device, self.process, self.slow = device, process, slow
        self.open = True
        self.connection: Connection | None = None
        self.asked: dict[str, dict[int, int]] = {}  # id of a sync → its cursors, until it is answered
        self.answering = ""
        self.welcomed = False
        self.position: dict[int, int | None] = {}  # conversation → the rev up to which this connection was given everything
        self.gate: Gate | None = None
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        world = process.world
        world.connections += 1
        self.id = f"connection-{world.connections}"
        process.start(self._serve())

    async def _serve(self) -> None:
        connection = self.connection = Watched(id=self.id, user_id=self.device.user, send=self._take)
        connection.link = self
        connection.backlog = self.device.backlog
        await Session(connection, routes()).serve(self.inbox.get)

    async def _take(self, event: dict[str, Any]) -> None:
        """The server writes: the client has it at once, or when its socket is ready."""
        if self.slow:
            await self.process.world.pause()
        if not self.open or not self.process.alive:
            raise ConnectionError("The client is gone.")
        if event["type"] == "websocket.close":
            self.open = False
            self.device.lost(self)
            return
        frame = json.loads(event["text"])
        self._noting(self.device.heard, self, frame)

    def pushed(self, text: str) -> None:
        """The server says something, which a slow socket may take later: what it promises it promises here."""
        self._noting(self._watch, json.loads(text))

    def _noting(self, function: Callable[..., None], *args: Any) -> None:
        """What is found wrong is kept: to the connection it would be a socket that is gone."""
        try:
            function(*args)
        except Exception as error:
            self.process.world.failures.append(error)

    def send(self, type: str, data: dict[str, Any], id: str | None = None) -> None:
        self.inbox.put_nowait({"type": "websocket.receive", "text": json.dumps({"type": type, "data": data, "id": id})})

    def sync(self, id: str, cursors: dict[int, int]) -> None:
        self.asked[id] = cursors
        self.send("sync", {"cursors": {str(key): rev for key, rev in cursors.items()}}, id)

    def hang_up(self) -> None:
        self.open = False
        self.inbox.put_nowait({"type": "websocket.disconnect"})

    # ---- what the server promises -------------------------------------------------------------------------------------

    def _watch(self, frame: dict[str, Any]) -> None:
        connection, data = self.connection, frame["data"]
        assert connection is not None
        if not self.device.resumes:
            return
        if not self.welcomed:
            assert frame["type"] in ("connected", "error", "ack", "removed") or "id" in frame, (
                "something of a conversation came before a sync"
            )
            self.gate, self.welcomed = connection.gate, frame["type"] == "connected"
        if connection.gate is not self.gate and isinstance(connection.gate, ResumeGate):
            self.gate = connection.gate
            self.answering = next(id for id in self.asked if id > self.answering)
            self.position = {key: rev or None for key, rev in self.asked[self.answering].items()}
        if frame["type"] == "heads":
            for item in data["items"]:
                key = item["conversationId"]
                if self.position.get(key) is None:
                    self.position[key] = item["lastRev"]  # nothing was asked for it: live from here
        elif frame["type"] == "reset":
            self.position[data["conversationId"]] = None
        elif frame["type"] in ("chat", "update") and "id" not in frame:  # an answer keeps no order
            self._check_order(data["conversationId"], data["rev"])

    def _check_order(self, key: int, rev: int) -> None:
        at = self.position.get(key, 0)
        assert at is not None, "a live frame came before the answer reached its conversation"
        assert rev > at, "a change came twice, or after a later one"
        missing = self._missing(key, at, rev)
        assert not missing, f"revs {missing} were left out"
        self.position[key] = rev

    def _missing(self, key: int, after: int, before: int) -> list[int]:
        """Revs in between that this connection should have been given: not overtaken, and not of its own sends."""
        changes = self.process.world.ledger.talks[key].changes
        revs = range(after + 1, before)
        return [rev for rev in revs if changes[rev - 1].rev == rev and self.process.world.origins.get((key, rev)) != self.id]

    def check_end(self) -> None:
        """At rest nothing may be missing at the end either."""
        for key, talk in self.process.world.ledger.talks.items():
            if self.device.user in talk.marks and self.device.resumes:
                at = self.position.get(key, 0)
                assert at is not None
                assert self._missing(key, at, len(talk.changes) + 1) == [], "the last change never came"
