"""The frames that ask for a change of a message or of who belongs to a group (protocol §2), and their answers."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from realtime.codec import ClientFrame, Id, ServerFrame


class EditData(Struct, rename="camel", kw_only=True):
    msg_id: UUID
    content: str
    mentions: Annotated[list[Id], Meta(max_length=50)] | None = None


class Edit(ClientFrame, tag="edit"):
    """Change what I have written. `mentions`: who is mentioned now; absent, those who were before."""

    data: EditData


class RecallData(Struct, rename="camel"):
    msg_id: UUID


class Recall(ClientFrame, tag="recall"):
    """Take a message back for everybody."""

    data: RecallData


class ReactData(Struct, rename="camel"):
    msg_id: UUID
    emoji: str
    on: bool


class React(ClientFrame, tag="react"):
    """Put my emoji under a message, or take it away."""

    data: ReactData


class GroupData(Struct, rename="camel"):
    conversation_id: Id


class Join(ClientFrame, tag="join"):
    """I come into an open group."""

    data: GroupData


class Leave(ClientFrame, tag="leave"):
    """I leave a group."""

    data: GroupData


# ---- from the server -----------------------------------------------------------------------------------------------------


class Joined(ServerFrame, tag="joined"):
    data: GroupData


class Left(ServerFrame, tag="left"):
    data: GroupData
