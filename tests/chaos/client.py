"""A faithful client of the protocol, for one device of one person, that writes down everything it sees and says.

It keeps what is not acknowledged and sends it again with the same msgId, comes back after every close that allows it, asks for
what it missed, and confirms what it holds. Its log is the only thing the checker reads."""

import asyncio
import json
import random
import time
import urllib.request
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.chaos.events import Event, Kind
from tests.chaos.link import Address, Link
from tests.chaos.timeline import Timeline

ANSWER = 10.0  # seconds for an ack; then the message is sent again
AGAIN = 0.25  # seconds after which what was refused for now is sent again, where the server does not say
GATHER = 0.05  # seconds in which `received` is gathered
READS = 0.2  # the share of them that say `read` too


class Outgoing(NamedTuple):
    msg_id: str
    conversation: int
    text: str


class Client(Link):
    """One device. `log` is shared by all devices of a run; times are monotonic seconds."""

    def __init__(self, *, user: int, device: str, token: str, servers: Sequence[Address], log: list[Event]) -> None:
        super().__init__(query={"token": token, "device": device, "backlog": 0, "receipts": 1}, servers=servers)
        self.user, self.device, self.token = user, device, token
        self.log = log
        self.timelines: dict[int, Timeline] = {}
        self.outbox: dict[str, Outgoing] = {}
        self.written: dict[str, float] = {}
        self.acked: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self.errors: list[str] = []
        self._epoch: str | None = None
        self._heads: dict[int, int] = {}
        self._reset: set[int] = set()
        self._sent: dict[str, float] = {}  # msgId → when last, on any connection
        self._gathering: asyncio.TimerHandle | None = None
        self._loading: set[asyncio.Task[Any]] = set()

    # ---- what a person does ---------------------------------------------------------------------------------------------

    def say(self, conversation: int, text: str) -> str:
        """Write a message: sent at once or as soon as there is a connection; returns its msgId."""
        message = Outgoing(str(uuid.uuid4()), conversation, text)
        self.outbox[message.msg_id] = message
        self.written[message.msg_id] = time.monotonic()
        if self.ready.is_set():
            self._send_chat(message)
        return message.msg_id

    @property
    def settled(self) -> bool:
        """Connected, up to date, and nothing of its own is unanswered."""
        return self.ready.is_set() and not self.outbox and not self._loading

    async def leave(self) -> None:
        await super().leave()
        await asyncio.gather(*self._loading, return_exceptions=True)

    # ---- connections ----------------------------------------------------------------------------------------------------

    def _note(self, kind: Kind, **fields: Any) -> None:
        self.log.append(Event(time.monotonic(), self.user, self.device, self.connection, kind, **fields))

    def opening(self) -> None:
        self._heads, self._reset = {}, set()

    def closed(self, code: int | None, *, final: bool) -> None:
        self._note(Kind.CLOSE, code=code)
        if final:
            self._note(Kind.STOP, code=code)

    def idle(self) -> None:
        """Send again what got no answer."""
        now = time.monotonic()
        for message in tuple(self.outbox.values()):
            if now - self._sent.get(message.msg_id, now) > ANSWER:
                self._send_chat(message)

    # ---- out ------------------------------------------------------------------------------------------------------------

    def _send_chat(self, message: Outgoing) -> None:
        if message.msg_id not in self.outbox or not self.ready.is_set():
            return  # answered meanwhile, or sent with the next connection
        first = message.msg_id not in self._sent
        self._sent[message.msg_id] = time.monotonic()
        self._note(Kind.SEND, conversation=message.conversation, msg_id=message.msg_id, text=message.text, first=first)
        data = {"conversationId": message.conversation, "content": message.text, "msgId": message.msg_id}
        self.send("chat", data)

    def _confirm_soon(self, delay: float = GATHER) -> None:
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(delay, self._confirm)

    def _confirm(self) -> None:
        self._gathering = None
        if not self.ready.is_set():
            return
        for key, timeline in self.timelines.items():
            if timeline.held > timeline.said:
                timeline.said = timeline.held
                self._note(Kind.RECEIVED, conversation=key, seq=timeline.held)
                self.send("received", {"conversationId": key, "seq": timeline.held})
                if random.random() < READS:
                    timeline.read = timeline.held
                    self._note(Kind.READ, conversation=key, seq=timeline.held)
                    self.send("read", {"conversationId": key, "seq": timeline.held})

    # ---- in -------------------------------------------------------------------------------------------------------------

    def handle(self, type: str, data: Any, server: Address) -> None:
        if type == "connected":
            self._begin(data)
        elif type in ("chat", "update"):
            self._show(Kind(type), data)
        elif type == "ack":
            self._acknowledged(data)
        elif type == "heads":
            for head in data["items"]:
                key, rev = head["conversationId"], head["lastRev"]
                self._heads[key] = rev
                self.timelines.setdefault(key, Timeline())
                self._note(Kind.HEAD, conversation=key, rev=rev, seq=head["lastSeq"])
        elif type == "reset":
            key = data["conversationId"]
            self._note(Kind.RESET, conversation=key, status=data["reason"])
            self._reset |= {key} if key is not None else set(self.timelines)
        elif type == "synced":
            self._synced(data, server)
        elif type == "error":
            self._refused(data)

    def _begin(self, data: Any) -> None:
        self._note(Kind.OPEN)
        self._epoch = self._epoch or data["epoch"]
        cursors = {str(key): timeline.rev for key, timeline in self.timelines.items()}
        for key, timeline in self.timelines.items():
            self._note(Kind.SYNC, conversation=key, rev=timeline.rev)
        if not cursors:
            self._note(Kind.SYNC)
        self.send("sync", {"cursors": cursors, "epoch": self._epoch})

    def _show(self, kind: Kind, data: Any) -> None:
        key, seq, rev, msg_id = data["conversationId"], data["seq"], data["rev"], data["msgId"]
        self._note(
            kind, conversation=key, seq=seq, rev=rev, msg_id=msg_id, sender=data["fromUserId"], text=data["content"],
            stamp=data["createdAt"],
        )  # fmt: skip
        self.seen.setdefault(msg_id, time.monotonic())
        self.timelines.setdefault(key, Timeline()).place(seq, msg_id, rev)
        self._confirm_soon()

    def _acknowledged(self, data: Any) -> None:
        key, seq, msg_id, status = data["conversationId"], data["seq"], data["msgId"], data["status"]
        rev = data.get("rev")
        self._note(Kind.ACK, conversation=key, seq=seq, rev=rev, msg_id=msg_id, status=status, stamp=data["timestamp"])
        if status == "sent":
            self.outbox.pop(msg_id, None)
            self.acked.setdefault(msg_id, time.monotonic())
            self.timelines.setdefault(key, Timeline()).place(seq, msg_id, rev)

    def _refused(self, data: Any) -> None:
        code, msg_id = data["code"], data.get("msgId")
        self.errors.append(code)
        self._note(Kind.ERROR, status=code, msg_id=msg_id)
        delay = max(AGAIN, data.get("retryAfterMs", 0) / 1000)
        if msg_id is None:  # a receipt, perhaps: say all of them again
            self._forget_said()
            self._confirm_soon(delay)
        elif msg_id in self.outbox:
            asyncio.get_running_loop().call_later(delay, self._send_chat, self.outbox[msg_id])

    def _forget_said(self) -> None:
        for timeline in self.timelines.values():
            timeline.said = 0

    def _synced(self, data: Any, server: Address) -> None:
        self._note(Kind.SYNCED)
        self._epoch = data["epoch"]
        for key, rev in self._heads.items():
            timeline = self.timelines[key]
            if key in self._reset or (timeline.rev == 0 and rev > 0):
                task = asyncio.create_task(self._reload(key, server))
                self._loading.add(task)
                task.add_done_callback(self._loading.discard)
            else:
                timeline.reach(rev)
        self.ready.set()
        self._forget_said()  # what was said last may not have arrived
        self._confirm_soon()
        for message in tuple(self.outbox.values()):
            self._send_chat(message)

    # ---- reloading ------------------------------------------------------------------------------------------------------

    async def _reload(self, key: int, server: Address) -> None:
        """Load a conversation anew over REST, page by page; the rev of the first page is the new cursor (protocol §4)."""
        connection, before, cursor = self.connection, None, None
        while before is None or before > 1:
            try:
                page = await asyncio.to_thread(self._page, server, key, before)
            except (OSError, ValueError):  # the server is gone or busy: the next sync asks for it again
                await asyncio.sleep(AGAIN)
                if self.connection != connection or self.stopped:
                    return
                continue
            cursor = page["rev"] if cursor is None else cursor
            for message in page["results"]:
                self._show(Kind.LOADED, message)
            if not page["results"]:
                break
            before = page["results"][0]["seq"]
        self.timelines[key].reach(cursor or 0)

    def _page(self, server: Address, key: int, before: int | None) -> Any:
        query = urlencode({"limit": 100, **({"before": before} if before else {})})
        request = urllib.request.Request(f"{server.url}/api/v1/conversations/{key}/messages?{query}")
        request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.loads(answer.read())
