"""Sending what somebody wrote on to others: a new message of mine that names who wrote it first."""

from typing import NamedTuple
from uuid import UUID, uuid4

from chat import journal
from chat.access import access_message
from chat.entries import Draft
from chat.frames import extras_of
from chat.models import Message
from realtime.errors import Code, Refused
from realtime.hub import hub


class Target(NamedTuple):
    """Where to: a conversation or a person. `msg_id`: the idempotency key of the new message."""

    conversation_id: int | None = None
    user_id: int | None = None
    msg_id: UUID | None = None


def forward(*, user_id: int, msg_id: UUID, targets: list[Target]) -> list[Draft]:
    """Send a message on; returns a draft for each target, stored or refused on its own. Raises Refused: not_found, forbidden
    for what nobody has written, too_late for what was taken back."""
    message = access_message(user_id=user_id, msg_id=msg_id)
    if message.recalled_at is not None:
        raise Refused(Code.TOO_LATE, "This message was taken back.")
    if message.content_type != Message.ContentType.TEXT:
        raise Refused(Code.FORBIDDEN, "This message cannot be sent on.")
    author = extras_of(message.extras).get("forwarded_from", message.sender_id)
    return [_send(user_id, target, message.content, author) for target in targets]


def _send(user_id: int, target: Target, content: str, author: int) -> Draft:
    draft = Draft(
        sender_id=user_id, to_user_id=target.user_id, conversation_id=target.conversation_id, content=content,
        msg_id=target.msg_id or uuid4(), extras={"forwarded_from": author},
    )  # fmt: skip
    try:
        journal.lane.write_blocking(draft, hub.loop)
    except Refused as refused:
        draft.refused = refused
    return draft
