"""Groups in the small world of `world`: who is in one and since when, how processes hear of it, and a client of groups."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from chat import rights
from tests.model import reading
from tests.model.devices import Held, Page, message_of
from tests.model.ledger import Mark, Talk
from tests.model.link import Link
from tests.model.world import Process, World


class Stay:
    """A time that somebody was a member: (rev, seq) before they came, and the rev that ended it."""

    def __init__(self, rev: int, seq: int) -> None:
        self.rev, self.seq = rev, seq
        self.left: int | None = None


class Club(Talk):
    """A group. `came`: of its members, the (rev, seq) before; `stays`: of everybody, all times that they were members."""

    def __init__(self) -> None:
        super().__init__(None, {})
        self.came: dict[int, tuple[int, int]] = {}
        self.stays: dict[int, list[Stay]] = {}

    def may_see(self, user: int, rev: int, seq: int) -> bool:
        """Whether this change was ever for this person; what was pushed before a removal bit is told apart by `left`."""
        return any(stay.rev < rev and stay.seq < seq for stay in self.stays.get(user, ()))

    def was_due(self, user: int, rev: int, seq: int) -> bool:
        """Whether it must have been told to a device that was listening all the time."""
        stays = self.stays.get(user, ())
        return any(stay.rev < rev and stay.seq < seq and (stay.left is None or rev < stay.left) for stay in stays)


class Clubs:
    """What the acts on members do, in a world: the ledger, the log of rights, and what is published."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.log: list[Any] = []
        self.read: dict[Process, int] = {}
        self.count = 0

    def open(self, key: int, people: tuple[int, ...]) -> None:
        club = self.world.ledger.talks[key] = Club()
        for user in people:
            self._enter(club, user)

    def _enter(self, club: Club, user: int) -> Stay:
        stay = Stay(len(club.changes), len(club.log))
        club.stays.setdefault(user, []).append(stay)
        club.came[user] = (stay.rev, stay.seq)
        club.marks[user] = Mark(stay.seq, stay.seq)
        return stay

    def come(self, process: Process, key: int, user: int, *, told: bool) -> None:
        """Somebody becomes a member. `told`: it is published; else the process died just before."""
        club = self._club(key)
        stay = self._enter(club, user)
        said = self._say(key, user, "joined")
        self._note("joined", user, key, 0)
        if told:
            admitted = rights.admitted(conversation_id=key, user_ids=[user], joined_rev=stay.rev, joined_seq=stay.seq)
            process.call(process.hub._publish, [*admitted, said])

    def go(self, process: Process, key: int, user: int, *, told: bool) -> None:
        """Somebody ceases to be a member."""
        club = self._club(key)
        said = self._say(key, user, "left")
        rev = len(club.changes)
        club.stays[user][-1].left = rev
        del club.marks[user], club.came[user]
        self._note("left", user, key, rev)
        if told:
            dismissed = rights.dismissed(conversation_id=key, user_ids=[user], rev=rev)
            process.call(process.hub._publish, [*dismissed, said])

    def _club(self, key: int) -> Club:
        club = self.world.ledger.talks[key]
        assert isinstance(club, Club)
        return club

    def _say(self, key: int, user: int, text: str) -> Any:
        self.count += 1
        msg_id = UUID(int=(8 << 100) + self.count)
        self.world.ledger.send(user, key, msg_id, text, self.world.now)
        change = reading.change_of(self.world.ledger, self.world.ledger.messages[msg_id], new=True)
        return reading.change_message([f"stream.{key}"], change)

    def _note(self, kind: str, user: int, key: int, rev: int) -> None:
        self.log.append(SimpleNamespace(kind=kind, user_id=user, detail=f"{key} {rev}", at=1))

    def follow(self, process: Process) -> None:
        """A process reads the log of rights to its end; a new one begins with what comes after its birth."""

        async def work() -> None:
            for change in self.log[self.read.get(process, 0) :]:
                await rights.on_access_change(change)

        count = len(self.log)
        self.world.loop.run_until_complete(process.start(work()))
        self.read[process] = count

    def edit(self, process: Process, key: int, seq: int) -> None:
        """A message of a group changes: published once."""
        entry = self.world.ledger.talks[key].log[seq - 1]
        self.world.ledger.edit(entry.msg_id, f"{entry.content}'")
        change = reading.change_of(self.world.ledger, entry, new=False)
        process.call(process.hub._publish, [reading.change_message([f"stream.{key}"], change)])


def standing(user_id: int, key: int) -> tuple[int, tuple[int, int] | None]:
    """In place of `rights._standing`."""
    club = reading.ledger().talks[key]
    assert isinstance(club, Club)
    return len(club.changes), club.came.get(user_id)


class ClubLink(Link):
    """Watches what a connection is told of groups besides: nothing that is not for its person, nothing after `removed`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.floor: dict[int, int] = {}  # conversation → what came after `removed` has a higher rev

    def _watch(self, frame: dict[str, Any]) -> None:
        data = frame["data"]
        if frame["type"] == "removed":
            key = data["conversationId"]
            at = max(self.position.get(key) or 0, self.floor.get(key, 0) + 1)
            stays = self._club(key).stays.get(self.device.user, [])
            ends = [stay.left for stay in stays if stay.left is not None]
            assert ends, "removed, but never left"
            self.floor[key] = min((left for left in ends if left >= at), default=self.floor.get(key, 0))
            self.position.pop(key, None)
        elif frame["type"] == "heads":
            for item in data["items"]:
                key = item["conversationId"]
                stays = self._club(key).stays[self.device.user]
                assert any(stay.rev >= self.floor.get(key, 0) for stay in stays), "a head came after `removed`"
        elif frame["type"] in ("chat", "update"):
            key, rev, seq = data["conversationId"], data["rev"], data["seq"]
            assert self._club(key).may_see(self.device.user, rev, seq), "hidden history was told"
            assert rev > self.floor.get(key, 0), "something came after `removed`"
        super()._watch(frame)

    def _club(self, key: int) -> Club:
        club = self.process.world.ledger.talks[key]
        assert isinstance(club, Club)
        return club

    def _missing(self, key: int, after: int, before: int) -> list[int]:
        club, user = self._club(key), self.device.user
        began = max((stay.rev for stay in club.stays.get(user, ()) if stay.rev < before), default=0)
        missing = super()._missing(key, max(after, began), before)
        return [rev for rev in missing if club.was_due(user, rev, club.changes[rev - 1].seq)]


class Guest(Page):
    """A client that holds groups: drops one when it is removed, and loads one that it hears of."""

    links = ClubLink

    def __init__(self, world: World, user: int) -> None:
        super().__init__(world, user)
        self.dropped: dict[int, int] = {}  # how often a conversation was, so that what was being loaded is not kept

    def on_removed(self, data: dict[str, Any], id: str | None = None) -> None:
        self.drop(data["conversationId"])

    def drop(self, key: int) -> None:
        self.dropped[key] = self.dropped.get(key, 0) + 1
        for known in (self.held, self.last, self.heads):
            known.pop(key, None)  # type: ignore[attr-defined]
        self.loading.discard(key)

    def on_error(self, data: dict[str, Any], id: str | None = None) -> None:
        if data.get("msgId"):
            self.outbox.pop(data["msgId"], None)  # not a member any more
        else:
            super().on_error(data, id)

    def on_chat(self, data: dict[str, Any], id: str | None = None) -> None:
        super().on_chat(data, id)
        if data["conversationId"] not in self.held:
            self.load(data["conversationId"])

    on_update = on_chat

    async def _load(self, key: int) -> None:
        club, before = self.world.ledger.talks[key], self.dropped.get(key, 0)
        assert isinstance(club, Club)
        await self.world.pause()
        came = club.came.get(self.user)
        rows = [message_of(entry) for entry in club.log if came is not None and entry.seq > came[1]]
        rev = len(club.changes)
        await self.world.pause()
        if self.dropped.get(key, 0) != before:
            return
        self.loading.discard(key)
        if came is None:
            return
        held = self.held[key] = Held()
        for row in rows:
            held.messages[row["msgId"]] = row
        held.rev = rev
        if rev < self.last.get(key, 0):
            self.sync()

    # ---- what must hold -----------------------------------------------------------------------------------------------

    def _due(self, key: int) -> list[Any]:
        club = self.world.ledger.talks[key]
        assert isinstance(club, Club)
        return [entry for entry in club.log if entry.seq > club.came[self.user][1]] if self.user in club.came else []

    def check(self) -> None:
        """Below its cursor nothing is missing, as far as it knows which membership it has."""
        for key, held in self.held.items():
            club = self.world.ledger.talks[key]
            assert isinstance(club, Club)
            if self.user not in club.came or held.rev <= club.came[self.user][0]:
                continue
            for entry in self._due(key):
                if entry.rev <= held.rev:
                    found = held.messages.get(str(entry.msg_id))
                    assert found is not None, f"rev {entry.rev} is missing below the cursor {held.rev}"
                    assert (found["rev"], found["content"]) == (entry.rev, entry.content)

    def check_equal(self) -> None:
        """It is as the database: of its groups what is for its person, of others nothing."""
        assert self.outbox == {}
        mine = {key for key, talk in self.world.ledger.talks.items() if self.user in talk.marks}
        assert set(self.held) == mine
        for key in mine:
            messages = sorted(self.held[key].messages.values(), key=lambda message: message["seq"])
            found = [(message["seq"], message["rev"], message["content"]) for message in messages]
            assert found == [(entry.seq, entry.rev, entry.content) for entry in self._due(key)]
        if self.link is not None:
            self.link.check_end()
