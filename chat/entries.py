"""What the journal stores: drafts of messages, and watermarks. Also the rows it works on, as far as they concern it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID, uuid4

from chat.frames import View
from realtime.commit import Entry

if TYPE_CHECKING:
    from realtime.hub import Message


SYSTEM = 5  # the content type of messages that the server makes


class Draft(Entry):
    """A message to be stored. `origin` is the connection that sent it. `extras`: what few messages have, as arguments of
    `frames.Extras`. The rest is known after the commit; `members` are the people of a direct chat, none for a group.

    `duplicate`: it was stored before, and seq, rev and created_at are those it got then."""

    __slots__ = (
        "content",
        "content_type",
        "conversation_id",
        "created_at",
        "duplicate",
        "extras",
        "members",
        "msg_id",
        "origin",
        "rev",
        "sender_id",
        "seq",
        "to_user",
        "to_user_id",
    )  # fmt: skip

    def __init__(
        self, *, sender_id: int, to_user_id: int | None = None, conversation_id: int | None = None, content: str,
        content_type: int = 1, msg_id: UUID, origin: str | None = None, extras: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.sender_id = sender_id
        self.to_user_id = to_user_id
        self.extras = extras or {}
        self.conversation_id = conversation_id
        self.content = content
        self.content_type = content_type
        self.msg_id = msg_id
        self.origin = origin
        self.seq = self.rev = self.created_at = 0
        self.duplicate = False
        self.to_user: int | None = None
        self.members: tuple[int, ...] = ()


class Watermark(Entry):
    """How far a member has been given or has read a conversation: seqs, 0 for no news.

    `msg_ids` names messages that were read, by id. `hint` is the message at `delivered`, (seq, msg_id, sender), where the
    caller knows it. After the commit: what changed for the others, and my own view of the conversation."""

    __slots__ = ("conversation_id", "delivered", "hint", "msg_ids", "origin", "outcome", "read", "user_id")
    patient = True  # a tick may come some milliseconds later; a message may not

    def __init__(
        self, *, user_id: int, conversation_id: int, delivered: int = 0, read: int = 0, msg_ids: list[UUID] | None = None,
        hint: tuple[int, UUID, int] | None = None, origin: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.user_id = user_id
        self.conversation_id = conversation_id
        self.delivered = delivered
        self.read = read
        self.msg_ids = msg_ids
        self.hint = hint
        self.origin = origin
        self.outcome: Outcome | None = None


class Act(Entry):
    """Anything else that changes a conversation: what becomes of a message, of a group, of its members. Acts are rarer than
    messages, and each knows itself how it is stored; the journal gives it its place in the order of the conversation.

    `actor_id`: who does it, None for an administrator of the site. A subclass says in `store` what to write, and in
    `published` what is told after the commit; what it keeps for that it sets anew each time: a batch may be repeated."""

    __slots__ = ("actor_id", "conversation_id", "said")

    def __init__(self, *, actor_id: int | None, conversation_id: int | None = None) -> None:
        super().__init__()
        self.actor_id = actor_id
        self.conversation_id = conversation_id
        self.said: list[Draft] = []

    def find(self) -> None:
        """Find the conversation, before the storing transaction, which locks it. Raises Refused."""

    def store(self, batch: "Batch") -> None:
        """Check the right to do it and write, in the storing transaction, under the lock of the conversation's row. Raises
        Refused, and nothing may have been written by then."""
        raise NotImplementedError

    def published(self) -> "Iterable[Message]":
        """What is told after the commit, besides the system messages."""
        return ()


ChatEntry = Draft | Watermark | Act


@dataclass(slots=True)
class Row:
    """A conversation's row, locked."""

    id: int
    kind: str
    low: int | None
    high: int | None
    last_seq: int
    last_rev: int
    last_at: int
    posting: str = "all"
    member_count: int = 0
    changed: bool = False

    def other(self, user_id: int) -> int | None:
        """The other person of a direct chat; oneself in notes to self."""
        return self.high if self.low == user_id else self.low

    @property
    def people(self) -> tuple[int, ...]:
        """The people of a direct chat, none for a group."""
        return tuple(user for user in {self.low, self.high} if user is not None)

    def number(self, draft: "Draft", now: int) -> None:
        """The next seq and the next rev are this message's."""
        self.last_seq += 1
        self.last_rev += 1
        self.last_at = max(self.last_at, now)  # createdAt never falls, whatever the clock does
        self.changed = True
        draft.seq, draft.rev, draft.created_at, draft.duplicate = self.last_seq, self.last_rev, self.last_at, False
        draft.to_user = self.other(draft.sender_id)
        draft.members = self.people

    def next_rev(self) -> int:
        """The rev of a change of an older message."""
        self.last_rev += 1
        self.changed = True
        return self.last_rev


@dataclass(slots=True)
class Member:
    """A membership's row, and whether its person may act: is active, and has blocked the other of a direct chat."""

    conversation_id: int
    user_id: int
    read_seq: int
    delivered_seq: int
    unread_from: int | None
    active: bool
    blocks: bool
    role: str = "member"
    silenced_until: int | None = None
    joined_seq: int = 0
    changed: bool = False

    def wrote(self, seq: int) -> None:
        """Who was up to date stays so with a message of their own. Without this, unread counts would walk over all of them."""
        if self.read_seq == seq - 1:
            self.read_seq, self.changed = seq, True
        if self.delivered_seq == seq - 1:
            self.delivered_seq, self.changed = seq, True


@dataclass(slots=True)
class Batch:
    """The storing transaction as an act sees it: a cursor, the locked rows of conversations, the members that were loaded (both
    of a direct chat; of a group whoever acts or writes) and the time (`now`: of messages; `shared`: of changes)."""

    cursor: Any
    rows: dict[int, Row]
    members: dict[tuple[int, int], Member]
    now: int
    shared: int
    drafts: list[Draft] = field(default_factory=list)

    def say(self, act: Act, row: Row, actor_id: int, text: str, **system: Any) -> Draft:
        """Add a system message to a conversation. `text` is for clients that know no better; `system` is `{action, ...}`."""
        extras = {"system": {**system, "actorId": actor_id}}
        draft = Draft(
            sender_id=actor_id, conversation_id=row.id, content=text, content_type=SYSTEM, msg_id=uuid4(), extras=extras
        )
        row.number(draft, self.now)
        me = self.members.get((row.id, actor_id))
        if me is not None:
            me.wrote(draft.seq)
        self.drafts.append(draft)
        act.said.append(draft)
        return draft


@dataclass(slots=True)
class Stored:
    """What the database knows of a message id."""

    sender_id: int
    conversation_id: int
    seq: int
    rev: int
    created_at: int


class Receipt(NamedTuple):
    """What somebody is told of a message that they wrote: everybody else has it (`delivered`) or has read it (`read`)."""

    user: int
    status: str
    seq: int
    msg_id: UUID


@dataclass(slots=True)
class Outcome:
    """What a watermark changed: from → to for both marks, and the messages of others that came under it, newest first.

    `small`: it is in a group that has receipts; `receipts`: those of its batch."""

    old_delivered: int
    new_delivered: int
    old_read: int
    new_read: int
    view: View | None = None  # my own view of the conversation, when I have read
    passed: bool = False  # I have read to where I had marked it unread
    hidden: bool = False  # a block stands in between: the other person is told nothing
    to_user: int | None = None
    covered: list[tuple[int, UUID]] = field(default_factory=list)
    small: bool = False
    receipts: list[Receipt] = field(default_factory=list)

    @property
    def status(self) -> str | None:
        """What to tell the others: `read` includes `delivered`."""
        if self.new_read > self.old_read:
            return "read"
        return "delivered" if self.new_delivered > self.old_delivered else None
