"""The frames of chat (protocol §2, §3, §4)."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from realtime.codec import ClientFrame, Id, Seq, ServerFrame
from realtime.errors import BadFrame, Code


class Addressed(Struct, rename="camel", kw_only=True):
    """Data for a conversation, named by its id or by the other person of a direct chat."""

    to_user_id: Id | None = None
    conversation_id: Id | None = None

    def __post_init__(self) -> None:
        if (self.to_user_id is None) == (self.conversation_id is None):
            raise ValueError("Give either toUserId or conversationId")


class ChatData(Addressed, rename="camel", kw_only=True):
    content: str
    content_type: Annotated[int, Meta(ge=1, le=4)] = 1
    msg_id: UUID | None = None
    reply_to: UUID | None = None
    mentions: Annotated[list[Id], Meta(max_length=50)] | None = None
    mention_all: bool = False


class Chat(ClientFrame, tag="chat"):
    """A message. `msgId` is the idempotency key; the first one to a user creates the direct conversation."""

    data: ChatData


class ReadData(Struct, rename="camel", kw_only=True):
    peer_id: Id | None = None
    conversation_id: Id | None = None
    msg_ids: Annotated[list[UUID], Meta(max_length=1000)] | None = None
    seq: Seq | None = None

    def __post_init__(self) -> None:
        if (self.peer_id is None) == (self.conversation_id is None):
            raise ValueError("Give either peerId or conversationId")


class Read(ClientFrame, tag="read"):
    """I have read up to the highest of these; with none of them, everything pushed so far."""

    data: ReadData


class ReceivedData(Struct, rename="camel"):
    conversation_id: Id
    seq: Seq


class Received(ClientFrame, tag="received"):
    """This device holds everything up to seq."""

    data: ReceivedData


class TypingData(Addressed, rename="camel", kw_only=True):
    typing: bool


class Typing(ClientFrame, tag="typing"):
    data: TypingData


class SyncData(Struct, rename="camel"):
    """`cursors`: the last rev held, by conversation id (a string, as JSON names are)."""

    cursors: dict[str, Annotated[int, Meta(ge=0, le=2**63 - 1)]]
    epoch: str | None = None


class Sync(ClientFrame, tag="sync"):
    data: SyncData


# ---- from the server -----------------------------------------------------------------------------------------------------


class Reaction(Struct, rename="camel"):
    """Who reacted with one emoji: how many, and the first 50 of them."""

    count: int
    user_ids: list[int]


class Extras(Struct, rename="camel", kw_only=True, omit_defaults=True):
    """What few messages have: stored beside the message as it goes over the wire.

    `system`: `{action, actorId, ...}` of a message that the server made; `recalledBy`: who took it back, where that was not
    its author; the others as in protocol §2 and §3."""

    reply_to: UUID | UnsetType = UNSET
    mentions: list[int] | UnsetType = UNSET
    mention_all: bool | UnsetType = UNSET
    forwarded_from: int | UnsetType = UNSET
    reactions: dict[str, Reaction] | UnsetType = UNSET
    system: dict[str, Any] | UnsetType = UNSET
    recalled_by: int | UnsetType = UNSET


class ChatMessage(Extras, rename="camel", kw_only=True, omit_defaults=True):
    """A message as it is now; the same bytes go to everybody. `toUserId` in direct chats only.

    `recalledAt`: it was taken back then, and has no content any more; `moderated`: by an administrator (an extension)."""

    msg_id: UUID
    conversation_id: int
    seq: int
    rev: int
    from_user_id: int
    to_user_id: int | UnsetType = UNSET
    content: str
    content_type: int
    created_at: int
    edited_at: int | UnsetType = UNSET
    recalled_at: int | UnsetType = UNSET
    moderated: bool | UnsetType = UNSET


class ChatFrame(ServerFrame, tag="chat"):
    data: ChatMessage


class UpdateFrame(ServerFrame, tag="update"):
    data: ChatMessage


class AckData(Struct, rename="camel"):
    """`delivered` and `read` mean this message and all earlier ones of mine in the conversation.

    `rev`, with `sent` only: the change that stored it, so that a client can keep its cursor (an extension of §3)."""

    msg_id: UUID
    status: Literal["sent", "delivered", "read"]
    timestamp: int
    conversation_id: int
    seq: int
    rev: int | UnsetType = UNSET


class Ack(ServerFrame, tag="ack"):
    data: AckData


class ReadNotice(Struct, rename="camel"):
    """`peerId` has read up to `seq`; `msgIds`: the newest 100 of those newly read, in order."""

    peer_id: int
    conversation_id: int
    msg_ids: list[UUID]
    seq: int
    timestamp: int


class ReadFrame(ServerFrame, tag="read"):
    data: ReadNotice


class TypingNotice(Struct, rename="camel"):
    conversation_id: int
    user_id: int
    typing: bool


class TypingFrame(ServerFrame, tag="typing"):
    data: TypingNotice


class View(Struct, rename="camel", kw_only=True):
    """My own view of a conversation. `mutedUntil` in Unix ms; `unread` is counted to 1,000, as far as `lastSeq`."""

    conversation_id: int
    last_seq: int
    read_seq: int
    unread: int
    unread_from: int | None
    muted_until: int | None
    pinned: bool
    archived: bool
    draft: str
    mention_seq: int = 0


class StateFrame(ServerFrame, tag="state"):
    data: View


class Head(View, rename="camel", kw_only=True):
    """A conversation of mine in a nutshell. `peerId`: the other person of a direct chat.

    Of groups: `avatar` is the address of the picture; `role` is mine; I may see messages with a seq above `joinedSeq`, and may
    not write until `silencedUntil` (Unix ms)."""

    kind: str
    title: str
    peer_id: int | None
    last_rev: int
    others_delivered_seq: int
    others_read_seq: int
    avatar: str | None = None
    role: str | None = None
    member_count: int = 2
    access: str = "private"
    posting: str = "all"
    history: str = "all"
    joined_seq: int = 0
    silenced_until: int | None = None


class HeadsData(Struct, rename="camel"):
    items: list[Head]


class Heads(ServerFrame, tag="heads"):
    data: HeadsData


class SyncedData(Struct, rename="camel"):
    server_time: int
    epoch: str


class Synced(ServerFrame, tag="synced"):
    data: SyncedData


class ResetData(Struct, rename="camel"):
    conversation_id: int | None
    reason: str


class Reset(ServerFrame, tag="reset"):
    data: ResetData


class RemovedData(Struct, rename="camel"):
    conversation_id: int


class Removed(ServerFrame, tag="removed"):
    data: RemovedData


_extras = msgspec.json.Decoder(Extras).decode
_EXTRAS = tuple(Extras.__struct_fields__)


def extras_of(text: str | None) -> dict[str, Any]:
    """The stored extras of a message, as arguments of a ChatMessage."""
    if not text:
        return {}
    found = _extras(text)
    return {name: value for name in _EXTRAS if (value := getattr(found, name)) is not UNSET}


def extras_text(extras: dict[str, Any]) -> str | None:
    """Extras as they are stored; None when there are none."""
    return msgspec.json.encode(Extras(**extras)).decode() if extras else None


def cursors_of(data: SyncData) -> dict[int, int]:
    """The cursors by conversation. Raises BadFrame for a name that is no id."""
    for name in data.cursors:
        if not (name.isascii() and name.isdecimal() and len(name) < 20 and 0 < int(name) < 2**63):
            raise BadFrame(Code.BAD_FRAME, "data.cursors: Names are conversation ids.", field="data.cursors")
    return {int(name): rev for name, rev in data.cursors.items()}


def to_builtins(value: Any) -> Any:
    """A frame's data as JSON-ready dicts, for REST."""
    return msgspec.to_builtins(value)
