"""Reading messages: pages of a conversation, what changed after a rev, and the unread of a backlog."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from msgspec import UNSET

from chat.access import access_membership
from chat.frames import ChatFrame, ChatMessage, UpdateFrame, extras_of
from chat.models import Conversation, Message
from realtime import sql
from realtime.codec import encode
from realtime.database import in_database
from realtime.streams import Change, Span

PAGE = 500  # changes read at once

COLUMNS = (
    "msg_id", "conversation_id", "seq", "rev", "created_rev", "sender_id", "content", "content_type", "created_at",
    "recalled_at", "moderated", "edited_at", "extras",
)  # fmt: skip


class Record(NamedTuple):
    """A message's row, in the order of COLUMNS, and the pair of its conversation."""

    msg_id: Any
    conversation_id: int
    seq: int
    rev: int
    created_rev: int
    sender_id: int
    content: str
    content_type: int
    created_at: int
    recalled_at: int | None
    moderated: bool
    edited_at: int | None
    extras: str | None
    low_id: int | None
    high_id: int | None


def records(messages: QuerySet[Message]) -> list[Record]:
    return [Record(*row) for row in messages.values_list(*COLUMNS, "conversation__low_id", "conversation__high_id")]


def message_of(record: Record) -> ChatMessage:
    """A stored message as it goes over the wire."""
    to_user = record.high_id if record.low_id == record.sender_id else record.low_id
    return ChatMessage(
        msg_id=sql.to_uuid(record.msg_id),
        conversation_id=record.conversation_id,
        seq=record.seq,
        rev=record.rev,
        from_user_id=record.sender_id,
        to_user_id=UNSET if to_user is None else to_user,
        content=record.content,
        content_type=record.content_type,
        created_at=record.created_at,
        recalled_at=UNSET if record.recalled_at is None else record.recalled_at,
        moderated=True if record.moderated else UNSET,
        edited_at=UNSET if record.edited_at is None else record.edited_at,
        **extras_of(record.extras),
    )


def change_of(record: Record, *, new: bool) -> Change:
    """A stored message as a change: `chat` when it is new to the receiver, else `update`."""
    message = message_of(record)
    text = encode(ChatFrame(data=message) if new else UpdateFrame(data=message))
    return Change(record.conversation_id, record.rev, text, record.seq, record.sender_id, message.msg_id.hex, new)


class Page(NamedTuple):
    """Messages in seq order, and the rev that was read before them: the cursor for a `sync` (protocol §4)."""

    messages: list[ChatMessage]
    rev: int


def read_page(
    *, user_id: int, conversation_id: int, before: int | None = None, after: int | None = None, around: int | None = None,
    limit: int,
) -> Page:  # fmt: skip
    """A page of a conversation: with a seq in its middle, the newest before one, the oldest after one, or the newest. Raises
    Refused: not_found."""
    membership = access_membership(user_id=user_id, conversation_id=conversation_id)
    rev = membership.conversation.last_rev
    messages = Message.objects.filter(conversation_id=conversation_id, seq__gt=membership.joined_seq)
    if around is not None:
        older = records(messages.filter(seq__lte=around).order_by("-seq")[:limit])
        newer = records(messages.filter(seq__gt=around).order_by("seq")[:limit])
        half = (limit + 1) // 2  # with its message; where one side has less, the other has more
        kept = min(len(newer), limit - min(len(older), half))
        found = [*older[: limit - kept][::-1], *newer[:kept]]
    elif after is not None:
        messages = messages.filter(seq__gt=after)
        if before is not None:
            messages = messages.filter(seq__lt=before)
        found = records(messages.order_by("seq")[:limit])
    else:
        if before is not None:
            messages = messages.filter(seq__lt=before)
        found = records(messages.order_by("-seq")[:limit])[::-1]
    return Page([message_of(record) for record in found], rev)


def read_changes(conversation_id: int, after: int, cursor: int | None = None) -> Span:
    """The changes of a conversation after a rev; a rev overtaken by a later change of its message is not among them.

    `cursor`: where the receiver began to read span by span; what was born after it is new to them. The position is read
    before the rows: what changes in between comes with a higher rev, and is read again then."""
    position = Conversation.objects.filter(pk=conversation_id).values_list("last_rev", "last_seq").first()
    if position is None:
        return Span([], after, 0, False)
    messages = Message.objects.filter(conversation_id=conversation_id, rev__gt=after)
    found = records(messages.order_by("rev")[:PAGE])
    changes = [change_of(record, new=record.created_rev > (after if cursor is None else cursor)) for record in found]
    more = len(found) == PAGE
    return Span(changes, changes[-1].rev if more else max(position[0], *(c.rev for c in changes), after), position[1], more)


async def read_changes_async(conversation_id: int, after: int) -> Span:
    return await in_database(read_changes, conversation_id, after)


Stretch = tuple[int, int, int]  # conversation, after seq, up to seq


def read_unread(user_id: int, stretches: Sequence[Stretch]) -> list[Record]:
    """The messages by others in these stretches, in conversation and seq order, in one query."""
    source, parameters = sql.table("s", [(name, "bigint") for name in ("conversation", "after_seq", "up_to")], stretches)
    columns = ", ".join(f"m.{name}" for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, c.low_id, c.high_id FROM {source} "
            "JOIN chat_message m ON m.conversation_id = s.conversation AND m.seq > s.after_seq AND m.seq <= s.up_to "
            "JOIN chat_conversation c ON c.id = m.conversation_id "
            "WHERE m.sender_id <> %s ORDER BY m.conversation_id, m.seq",
            [*parameters, user_id],
        )
        return [Record(*row) for row in cursor.fetchall()]


def newest_unread(user_id: int, conversation_id: int, after: int, up_to: int, most: int) -> tuple[int, bool]:
    """(after which seq the newest `most` unread begin, whether older unread are left out)."""
    unread = Message.objects.filter(conversation_id=conversation_id, seq__gt=after, seq__lte=up_to).exclude(sender_id=user_id)
    cut = list(unread.order_by("-seq").values_list("seq", flat=True)[most : most + 1])
    return (cut[0], True) if cut else (after, False)
