"""Sending a message: the checks that need no database, then the journal."""

import uuid
from typing import Any

from chat import journal
from chat.entries import Draft
from chat.models import Message
from realtime.errors import BadFrame, Code, Refused
from realtime.hub import hub

MAX_CONTENT = 10_000  # characters (protocol §6)


def draft_message(
    *, sender_id: int, to_user_id: int | None, conversation_id: int | None, content: str, content_type: int,
    msg_id: uuid.UUID | None, reply_to: uuid.UUID | None = None, mentions: list[int] | None = None,
    mention_all: bool = False, origin: str | None = None,
) -> Draft:  # fmt: skip
    """A draft whose content may be sent. Raises Refused: content_empty, content_too_long, bad_attachment."""
    if content_type == Message.ContentType.SYSTEM:
        raise BadFrame(Code.BAD_FRAME, "contentType: System messages are made by the server.", field="contentType")
    if content_type != Message.ContentType.TEXT:
        raise Refused(Code.BAD_ATTACHMENT, "This kind of content needs an attachment.", field="attachmentId")
    refuse_content(content)
    extras: dict[str, Any] = {}
    if reply_to is not None:
        extras["reply_to"] = reply_to
    if mentions:
        extras["mentions"] = list(dict.fromkeys(mentions))
    if mention_all:
        extras["mention_all"] = True
    return Draft(
        sender_id=sender_id, to_user_id=to_user_id, conversation_id=conversation_id, content=content,
        content_type=content_type, msg_id=msg_id or uuid.uuid4(), origin=origin, extras=extras,
    )  # fmt: skip


def refuse_content(content: str, *, may_be_empty: bool = False) -> None:
    """Raises Refused: content_empty, content_too_long."""
    if not may_be_empty and not content.strip():
        raise Refused(Code.CONTENT_EMPTY, "The message is empty.", field="content")
    if len(content) > MAX_CONTENT:
        raise Refused(Code.CONTENT_TOO_LONG, f"The message has more than {MAX_CONTENT} characters.", field="content")


def send_message(
    *, sender_id: int, to_user_id: int | None = None, conversation_id: int | None = None, content: str,
    content_type: int = 1, msg_id: uuid.UUID | None = None, reply_to: uuid.UUID | None = None,
    mentions: list[int] | None = None, mention_all: bool = False,
) -> Draft:  # fmt: skip
    """Store a message and return it numbered, from REST, a command or the shell. Raises Refused."""
    draft = draft_message(
        sender_id=sender_id, to_user_id=to_user_id, conversation_id=conversation_id, content=content,
        content_type=content_type, msg_id=msg_id, reply_to=reply_to, mentions=mentions, mention_all=mention_all,
    )  # fmt: skip
    journal.lane.write_blocking(draft, hub.loop)
    return draft
