"""Clients, written after the protocol alone: one that keeps a cursor and resumes, and one that lives on the backlog."""

from typing import Any
from uuid import UUID

from chat import history
from chat.frames import to_builtins
from tests.model.link import Link
from tests.model.readers import look, look_of
from tests.model.reading import record_of
from tests.model.world import Process, World


class Held:
    """A conversation that a device holds. `rev`: every change up to it has been seen; `ahead`: single later ones."""

    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.rev = 0
        self.ahead: set[int] = set()

    def take(self, message: dict[str, Any]) -> None:
        known = self.messages.get(message["msgId"])
        if known is None or known["rev"] < message["rev"]:
            self.messages[message["msgId"]] = message
        self.ahead.add(message["rev"])
        self.reach(self.rev)

    def reach(self, rev: int) -> None:
        self.rev = max(self.rev, rev)
        while self.rev + 1 in self.ahead:
            self.rev += 1
        self.ahead = {ahead for ahead in self.ahead if ahead > self.rev}


class Device:
    """What all have in common: a user, and at most one connection."""

    resumes = True
    backlog: int | None = 0

    def __init__(self, world: World, user: int) -> None:
        self.world, self.user = world, user
        self.link: Link | None = None
        self.held: dict[int, Held] = {}

    def connect(self, process: Process, *, slow: bool) -> None:
        self.disconnect()
        self.link = Link(self, process, slow=slow)

    def disconnect(self) -> None:
        if self.link is not None:
            self.link.hang_up()
            self.lost(self.link)

    def lost(self, link: Link) -> None:
        if self.link is link:
            self.link = None

    def heard(self, link: Link, frame: dict[str, Any]) -> None:
        if self.link is link:
            handle = getattr(self, f"on_{frame['type']}", None)
            if handle is not None:
                handle(frame["data"], frame.get("id"))

    def on_chat(self, data: dict[str, Any], id: str | None = None) -> None:
        raise NotImplementedError


class Page(Device):
    """Holds everything of its conversations, and resumes from its cursors."""

    def __init__(self, world: World, user: int) -> None:
        super().__init__(world, user)
        self.last: dict[int, int] = {}  # conversation → the highest rev heard of
        self.heads: dict[int, int] = {}
        self.outbox: dict[str, tuple[int, str]] = {}
        self.loading: set[int] = set()
        self.number = 0
        self.syncing = self.again = False

    # ---- the resume ---------------------------------------------------------------------------------------------------

    def lost(self, link: Link) -> None:
        super().lost(link)
        self.syncing = self.again = False

    def on_connected(self, data: dict[str, Any], id: str | None = None) -> None:
        self.syncing = False
        self.sync()

    def sync(self) -> None:
        if self.link is None or self.syncing:
            self.again = True
            return
        self.number += 1
        self.syncing, self.again, self.heads = True, False, {}
        self.link.sync(f"{self.number:06}", {key: held.rev for key, held in self.held.items()})

    def on_error(self, data: dict[str, Any], id: str | None = None) -> None:
        """A sync came too early, or while another is being answered: ask again in a while."""
        if data["code"] in ("too_late", "forbidden"):
            return  # the message was taken back meanwhile, or is not mine
        assert data["code"] == "too_many"
        assert self.link is not None
        del self.link.asked[id or ""]
        if id == f"{self.number:06}":
            self.world.client(self._ask_later(self.number))

    async def _ask_later(self, number: int) -> None:
        await self.world.pause()
        if number == self.number and self.link is not None:
            self.syncing = False
            self.sync()

    def on_heads(self, data: dict[str, Any], id: str | None = None) -> None:
        for item in data["items"]:
            key = item["conversationId"]
            self.heads[key] = item["lastRev"]
            self.last[key] = max(self.last.get(key, 0), item["lastRev"])

    def on_reset(self, data: dict[str, Any], id: str | None = None) -> None:
        self.held.pop(data["conversationId"], None)

    def on_synced(self, data: dict[str, Any], id: str | None = None) -> None:
        assert self.link is not None
        asked = self.link.asked.pop(id or "")
        self.syncing = self.number != int(id or 0)
        for key, rev in self.heads.items():
            if asked.get(key) and key in self.held:
                self.held[key].reach(rev)
            else:
                self.load(key)
        for msg_id, (key, content) in self.outbox.items():
            self._transmit(msg_id, key, content)
        if self.again or any(held.rev < self.last.get(key, 0) for key, held in self.held.items()):
            self.sync()

    def load(self, key: int) -> None:
        """By REST: the newest messages take the place of what is held. `rev` is read before the rows."""
        if key not in self.loading:
            self.loading.add(key)
            self.world.client(self._load(key))

    async def _load(self, key: int) -> None:
        talk = self.world.ledger.talks[key]
        await self.world.pause()
        rev = len(talk.changes)
        await self.world.pause()
        rows = [to_builtins(history.message_of(record_of(self.world.ledger, entry))) for entry in talk.log]
        await self.world.pause()
        held = self.held[key] = Held()
        for row in rows:
            held.messages[row["msgId"]] = row
        held.rev = rev
        self.loading.discard(key)
        if rev < self.last.get(key, 0):
            self.sync()

    # ---- messages -----------------------------------------------------------------------------------------------------

    def write(self, key: int, msg_id: UUID, content: str) -> None:
        self.outbox[str(msg_id)] = (key, content)
        if self.link is not None and not self.syncing:
            self._transmit(str(msg_id), key, content)

    def _transmit(self, msg_id: str, key: int, content: str) -> None:
        assert self.link is not None
        self.link.send("chat", {"conversationId": key, "content": content, "msgId": msg_id})

    def change(self, type: str, data: dict[str, Any]) -> None:
        """Ask for a change of a message. It comes to me as to everybody, and here as the answer too."""
        if self.link is not None and not self.syncing:
            self.link.send(type, data, f"act {len(self.last)}")

    def on_ack(self, data: dict[str, Any], id: str | None = None) -> None:
        key, content = self.outbox.pop(data["msgId"], (0, ""))
        if key:
            self.on_chat({**data, "content": content})

    def on_chat(self, data: dict[str, Any], id: str | None = None) -> None:
        key = data["conversationId"]
        self.last[key] = max(self.last.get(key, 0), data["rev"])
        if key in self.held:
            self.held[key].take(data)

    on_update = on_chat

    # ---- what must hold -----------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Whatever it says that it holds, it holds: each change up to its cursor, unless it was overtaken."""
        for key, held in self.held.items():
            talk = self.world.ledger.talks[key]
            assert held.rev <= len(talk.changes)
            for entry in talk.log:
                if entry.rev <= held.rev:
                    found = held.messages.get(str(entry.msg_id))
                    assert found is not None, f"rev {entry.rev} is missing below the cursor {held.rev}"
                    assert (found["rev"], found["seq"], look(found)) == (entry.rev, entry.seq, look_of(entry))

    def check_equal(self) -> None:
        """It is as the database: each message once, in order, in its latest version."""
        assert self.outbox == {}
        for key, talk in self.world.ledger.talks.items():
            if self.user not in talk.marks:
                continue
            assert key in self.held
            messages = sorted(self.held[key].messages.values(), key=lambda message: message["seq"])
            found = [(message["seq"], message["msgId"], message["rev"], look(message)) for message in messages]
            assert found == [(entry.seq, str(entry.msg_id), entry.rev, look_of(entry)) for entry in talk.log]
        if self.link is not None:
            self.link.check_end()


class Bot(Device):
    """Lives on the backlog: whatever it has not called read is pushed again when it connects. It asks for nothing."""

    resumes = False
    backlog = None

    def __init__(self, world: World, user: int) -> None:
        super().__init__(world, user)
        self.got: dict[str, int] = {}  # message → its latest rev
        self.here: set[tuple[str, int]] = set()  # what came on this connection

    def connect(self, process: Process, *, slow: bool) -> None:
        self.here = set()
        super().connect(process, slow=False)  # what is pushed it has: `read` without a name means all of that

    def read(self, key: int) -> None:
        if self.link is not None:
            self.link.send("read", {"conversationId": key})

    def on_chat(self, data: dict[str, Any], id: str | None = None) -> None:
        one = (data["msgId"], data["rev"])
        assert one not in self.here, "a message came twice on one connection"
        self.here.add(one)
        self.got[data["msgId"]] = max(data["rev"], self.got.get(data["msgId"], 0))

    on_update = on_chat

    def check_complete(self) -> None:
        """No message of anybody else was missed, whatever it called read."""
        for talk in self.world.ledger.talks.values():
            if self.user in talk.marks:
                missing = [e.seq for e in talk.log if e.sender != self.user and str(e.msg_id) not in self.got]
                assert missing == [], "a message never came, and counts as read"
