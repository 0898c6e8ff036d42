"""What is published after a batch has been committed: frames, each encoded once, and the groups they go to."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import UNSET

from chat.entries import Act, ChatEntry, Draft, Outcome, Receipt, Row, Watermark
from chat.frames import Ack, AckData, ChatFrame, ChatMessage, ReadFrame, ReadNotice, StateFrame, UpdateFrame, extras_of
from chat.receipts import read_notice
from chat.statements import Held
from realtime.clock import now_ms
from realtime.codec import encode
from realtime.hub import Message, change, frame, hub, stream_group, user_group
from realtime.streams import Change


def publish(entries: list[ChatEntry]) -> None:
    """Publish a committed batch."""
    messages: list[Message] = []
    for entry in entries:
        if entry.refused is not None:
            continue
        if isinstance(entry, Draft):
            if not entry.duplicate:
                messages.append(new_message(entry))
        elif isinstance(entry, Act):
            messages += entry.published()
            messages += [new_message(draft) for draft in entry.said]
        elif isinstance(entry, Watermark) and entry.outcome is not None:
            messages += receipts(entry, entry.outcome)
    hub.publish(messages)


def new_message(draft: Draft) -> Message:
    """A stored message, for every connection of its members except the one that sent it: of a direct chat by the groups of
    the two people, of a group by its own, once."""
    assert draft.conversation_id is not None
    text = encode(ChatFrame(data=message_of(draft)))
    of = Change(draft.conversation_id, draft.rev, text, draft.seq, draft.sender_id, draft.msg_id.hex, True, draft.origin)
    return change(_groups(draft.conversation_id, draft.members), of)


def _groups(conversation_id: int, members: Iterable[int]) -> list[str]:
    direct = [user_group(user_id) for user_id in members]
    return direct or [stream_group(conversation_id)]


def changed(row: Row, msg_id: UUID, held: Held) -> ChatMessage:
    """A message as it is held now."""
    to_user = row.other(held.sender_id)
    return ChatMessage(
        msg_id=msg_id,
        conversation_id=row.id,
        seq=held.seq,
        rev=held.rev,
        from_user_id=held.sender_id,
        to_user_id=UNSET if to_user is None else to_user,
        content=held.content,
        content_type=held.content_type,
        created_at=held.created_at,
        edited_at=UNSET if held.edited_at is None else held.edited_at,
        recalled_at=UNSET if held.recalled_at is None else held.recalled_at,
        moderated=True if held.moderated else UNSET,
        **extras_of(held.extras),
    )


def update(message: ChatMessage, *, origin: str | None = None) -> Message:
    """A changed message, for every connection of its members except `origin`, which has its own answer."""
    text = encode(UpdateFrame(data=message))
    of = Change(
        message.conversation_id, message.rev, text, message.seq, message.from_user_id, message.msg_id.hex, False, origin
    )
    people = () if message.to_user_id is UNSET else {message.from_user_id, message.to_user_id}
    return change(_groups(message.conversation_id, people), of)


def message_of(draft: Draft) -> ChatMessage:
    assert draft.conversation_id is not None
    return ChatMessage(
        msg_id=draft.msg_id,
        conversation_id=draft.conversation_id,
        seq=draft.seq,
        rev=draft.rev,
        from_user_id=draft.sender_id,
        to_user_id=draft.to_user if draft.to_user is not None else UNSET,
        content=draft.content,
        content_type=draft.content_type,
        created_at=draft.created_at,
        **draft.extras,
    )


def ack_sent(draft: Draft, frame_id: str | None = None) -> str:
    """The `ack` with status `sent`: stored, fsync included. The same for a repetition as for the first time."""
    assert draft.conversation_id is not None
    data = AckData(draft.msg_id, "sent", draft.created_at, draft.conversation_id, draft.seq, draft.rev)
    return encode(Ack(data=data, id=frame_id))


def receipts(mark: Watermark, outcome: Outcome) -> list[Message]:
    """What the other person and my own devices are told of a watermark that moved."""
    messages: list[Message] = []
    if outcome.to_user is not None and outcome.covered and not outcome.hidden:
        group, now = user_group(outcome.to_user), now_ms()
        seq, msg_id = outcome.covered[0]
        status = "read" if outcome.status == "read" else "delivered"
        ack = Ack(data=AckData(msg_id, status, now, mark.conversation_id, seq))  # type: ignore[arg-type]
        messages.append(frame(group, encode(ack)))
        if status == "read":
            messages.append(frame(group, encode(ReadFrame(data=_notice(mark, outcome, now)))))
    messages += [frame(user_group(one.user), _ack(mark.conversation_id, one)) for one in outcome.receipts]
    if outcome.small and outcome.status == "read":
        messages += read_notice(_notice(mark, outcome, now_ms()))
    if outcome.view is not None:
        messages.append(frame(user_group(mark.user_id), encode(StateFrame(data=outcome.view)), origin=mark.origin))
    return messages


def _ack(conversation_id: int, receipt: Receipt) -> str:
    return encode(Ack(data=AckData(receipt.msg_id, receipt.status, now_ms(), conversation_id, receipt.seq)))  # type: ignore[arg-type]


def _notice(mark: Watermark, outcome: Outcome, now: int) -> ReadNotice:
    ids: list[UUID] = [msg_id for _, msg_id in reversed(outcome.covered)]
    return ReadNotice(mark.user_id, mark.conversation_id, ids, outcome.new_read, now)
