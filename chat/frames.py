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


class ChatMessage(Struct, rename="camel", kw_only=True):
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


class StateFrame(ServerFrame, tag="state"):
    data: View


class Head(View, rename="camel", kw_only=True):
    """A conversation of mine in a nutshell. `peerId`: the other person of a direct chat."""

    kind: str
    title: str
    peer_id: int | None
    last_rev: int
    others_delivered_seq: int
    others_read_seq: int


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


def cursors_of(data: SyncData) -> dict[int, int]:
    """The cursors by conversation. Raises BadFrame for a name that is no id."""
    for name in data.cursors:
        if not (name.isascii() and name.isdecimal() and len(name) < 20 and 0 < int(name) < 2**63):
            raise BadFrame(Code.BAD_FRAME, "data.cursors: Names are conversation ids.", field="data.cursors")
    return {int(name): rev for name, rev in data.cursors.items()}


def to_builtins(value: Any) -> Any:
    """A frame's data as JSON-ready dicts, for REST."""
    return msgspec.to_builtins(value)
