"""What the journal ought to know, told as simply as possible: one list of messages and one of changes per conversation.

Numbers are never kept here, they are counted: the seq of a message is its place in `log`, a rev is a place in `changes`."""

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID


@dataclass
class Entry:
    """A message. `changes`: the revs it has had; the first is the one it was born with."""

    msg_id: UUID
    conversation: int
    sender: int
    content: str
    at: int
    seq: int
    changes: list[int]
    recalled: bool = False
    reactions: dict[str, list[int]] = field(default_factory=dict)

    @property
    def rev(self) -> int:
        return self.changes[-1]


@dataclass
class Mark:
    """How far somebody has read a conversation and has been given it."""

    read: int = 0
    delivered: int = 0
    unread_from: int | None = None
    passed: bool = False


class Answer(NamedTuple):
    """What a sender hears: a refusal, or the place of the message."""

    code: str | None
    seq: int = 0
    rev: int = 0
    at: int = 0
    duplicate: bool = False


class Moved(NamedTuple):
    """What a watermark changed: (from, to) of both marks, and whether what was marked unread has been read."""

    delivered: tuple[int, int]
    read: tuple[int, int]
    passed: bool


@dataclass
class Talk:
    """A conversation: `pair` is None for a group; both the same for notes to self."""

    pair: tuple[int, int] | None
    marks: dict[int, Mark]
    log: list[Entry] = field(default_factory=list)
    changes: list[Entry] = field(default_factory=list)

    def other(self, user: int) -> int | None:
        if self.pair is None:
            return None
        return self.pair[1] if self.pair[0] == user else self.pair[0]

    def unread(self, user: int) -> int:
        return sum(entry.sender != user for entry in self.log[self.marks[user].read :])


class Ledger:
    """All conversations, and who may do what."""

    def __init__(self) -> None:
        self.talks: dict[int, Talk] = {}
        self.messages: dict[UUID, Entry] = {}
        self.blocks: set[tuple[int, int]] = set()  # (who blocks, whom)
        self.disabled: set[int] = set()

    def open(self, key: int, pair: tuple[int, int] | None, people: tuple[int, ...]) -> None:
        self.talks[key] = Talk(pair, {user: Mark() for user in people})

    def send(self, sender: int, key: int | None, msg_id: UUID, content: str, now: int, *, to_user: int | None = None) -> Answer:
        """Somebody sends a message to a conversation, which `to_user` has to be the other person of, where it is given."""
        known = self.messages.get(msg_id)
        if known is not None:
            if (known.sender, known.conversation) != (sender, key):
                return Answer("msg_id_conflict")
            return Answer(None, known.seq, known.changes[0], known.at, True)
        code = self._refusal(sender, key, to_user)
        if code is not None or key is None:
            return Answer(code or "not_found")
        talk = self.talks[key]
        at = max([now, *(entry.at for entry in talk.log)])
        entry = Entry(msg_id, key, sender, content, at, len(talk.log) + 1, [len(talk.changes) + 1])
        mark, before = talk.marks[sender], len(talk.log)
        mark.read = entry.seq if mark.read == before else mark.read
        mark.delivered = entry.seq if mark.delivered == before else mark.delivered
        talk.log.append(entry)
        talk.changes.append(entry)
        self.messages[msg_id] = entry
        return Answer(None, entry.seq, entry.rev, at)

    def _refusal(self, sender: int, key: int | None, to_user: int | None) -> str | None:
        talk = self.talks.get(key or 0)
        if talk is None or sender not in talk.marks:
            return "not_found"
        if to_user is not None and (talk.pair is None or sorted(talk.pair) != sorted((sender, to_user))):
            return "not_found"
        if sender in self.disabled:
            return "unauthorized"
        other = talk.other(sender)
        if other is None or other == sender:
            return None
        if (sender, other) in self.blocks:
            return "blocked"
        return "forbidden" if (other, sender) in self.blocks else None

    def act(self, kind: str, actor: int, msg_id: UUID, what: str) -> Answer:
        """A message changes: it takes the next rev, and its place stays. `duplicate`: it was so already. `what`: the new words,
        or the emoji, which is put there or, with a "-" before it, taken away."""
        entry = self.messages[msg_id]
        code = self._refusal(actor, entry.conversation, None)
        if code is None and kind != "react" and entry.sender != actor:
            code = "forbidden"
        if code is None and kind != "recall" and entry.recalled:
            code = "too_late"
        if code is not None:
            return Answer(code)
        before = self._look(entry)
        if kind == "edit":
            entry.content = what
        elif kind == "recall":
            entry.content, entry.recalled, entry.reactions = "", True, {}
        else:
            self._react(entry, actor, what)
        same = before == self._look(entry)
        if not same:
            talk = self.talks[entry.conversation]
            talk.changes.append(entry)
            entry.changes.append(len(talk.changes))
        return Answer(None, entry.seq, entry.rev, entry.at, same)

    @staticmethod
    def _look(entry: Entry) -> tuple[str, bool, str]:
        return entry.content, entry.recalled, str(entry.reactions)

    @staticmethod
    def _react(entry: Entry, actor: int, what: str) -> None:
        emoji = what.removeprefix("-")
        people = [user for user in entry.reactions.get(emoji, []) if user != actor or emoji == what]
        if emoji == what and actor not in people:
            people.append(actor)
        entry.reactions = {**entry.reactions, emoji: people}
        if not people:
            del entry.reactions[emoji]

    def mark(self, user: int, key: int, *, read: int = 0, delivered: int = 0) -> Moved | str | None:
        """Move somebody's watermarks: what moved, None for nothing, or the code of a refusal."""
        talk = self.talks.get(key)
        if talk is None or user not in talk.marks:
            return "not_found"
        mark, last = talk.marks[user], len(talk.log)
        before = (mark.delivered, mark.read)
        passed = mark.unread_from is not None and min(read, last) >= mark.unread_from
        mark.passed = mark.passed or passed
        mark.read = max(mark.read, min(read, last))
        mark.delivered = max(mark.delivered, mark.read, min(delivered, last))
        if before == (mark.delivered, mark.read) and not passed:
            return None
        return Moved((before[0], mark.delivered), (before[1], mark.read), passed)

    def settle(self) -> None:
        """A batch is complete: what was marked unread and has been read is no longer marked. Until then every reading that
        passes the mark says so, which repeats a `state` frame and nothing else."""
        for talk in self.talks.values():
            for mark in talk.marks.values():
                if mark.passed:
                    mark.unread_from, mark.passed = None, False

    def changes_after(self, key: int, rev: int) -> list[Entry]:
        """The messages that changed after a rev, in the order of their latest change."""
        talk = self.talks[key]
        return [entry for number, entry in enumerate(talk.changes, 1) if number > rev and entry.rev == number]
