"""What the journal stores: drafts of messages, and watermarks. Also the rows it works on, as far as they concern it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chat.frames import View
from realtime.commit import Entry


class Draft(Entry):
    """A message to be stored. `origin` is the connection that sent it. The rest is known after the commit; `members` are the
    people of a direct chat, none for a group.

    `duplicate`: it was stored before, and seq, rev and created_at are those it got then."""

    __slots__ = (
        "content",
        "content_type",
        "conversation_id",
        "created_at",
        "duplicate",
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
        content_type: int = 1, msg_id: UUID, origin: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.sender_id = sender_id
        self.to_user_id = to_user_id
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


class Recall(Entry):
    """A message to be taken back for everybody. `moderated`: by an administrator; `event` is then what the audit log is told,
    as arguments of `audit.log.record`. After the commit: the message as it is now, None when it was taken back before."""

    __slots__ = ("conversation_id", "event", "moderated", "msg_id", "taken")

    def __init__(self, *, msg_id: UUID, moderated: bool = False, event: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.msg_id = msg_id
        self.moderated = moderated
        self.event = event
        self.conversation_id: int | None = None
        self.taken: Taken | None = None


ChatEntry = Draft | Watermark | Recall


@dataclass(slots=True)
class Taken:
    """A message that was taken back: all that is left of it, and its conversation's pair (None for a group)."""

    conversation_id: int
    seq: int
    rev: int
    sender_id: int
    content_type: int
    created_at: int
    recalled_at: int
    low: int | None
    high: int | None


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
    changed: bool = False

    def other(self, user_id: int) -> int | None:
        """The other person of a direct chat; oneself in notes to self."""
        return self.high if self.low == user_id else self.low


@dataclass(slots=True)
class Member:
    """A membership's row, and whether its person may act: is active, has blocked the other of a direct chat, and is a stranger
    to them where only friends may write."""

    conversation_id: int
    user_id: int
    read_seq: int
    delivered_seq: int
    unread_from: int | None
    active: bool
    blocks: bool
    stranger: bool = False
    changed: bool = False


@dataclass(slots=True)
class Stored:
    """What the database knows of a message id."""

    sender_id: int
    conversation_id: int
    seq: int
    rev: int
    created_at: int


@dataclass(slots=True)
class Outcome:
    """What a watermark changed: from → to for both marks, and the messages of others that came under it, newest first."""

    old_delivered: int
    new_delivered: int
    old_read: int
    new_read: int
    view: View | None = None  # my own view of the conversation, when I have read
    passed: bool = False  # I have read to where I had marked it unread
    hidden: bool = False  # a block stands in between: the other person is told nothing
    to_user: int | None = None
    covered: list[tuple[int, UUID]] = field(default_factory=list)

    @property
    def status(self) -> str | None:
        """What to tell the others: `read` includes `delivered`."""
        if self.new_read > self.old_read:
            return "read"
        return "delivered" if self.new_delivered > self.old_delivered else None
