"""Receipts (protocol §3.1): `delivered` when a device has the message, `read` when the person has seen it."""

import asyncio
import logging
from uuid import UUID

from chat import directs, journal
from chat.entries import Watermark
from chat.frames import ReadData
from realtime.connection import Connection
from realtime.errors import Refused
from realtime.hub import hub
from realtime.streams import Change

logger = logging.getLogger(__name__)

# What was written to sockets in this turn of the loop: (conversation, user) → the newest change.
_written: dict[tuple[int, int], Change] = {}


def on_written(connection: Connection, change: Change) -> None:
    """The server has finished writing a frame: unless this client confirms delivery itself, its device has the message.

    A connection is given a conversation in order and without a hole, so the newest frame stands for all before it,
    except where the backlog was cut."""
    if connection.receipts or change.sender_id == connection.user_id:
        return
    if connection.incomplete is not None and change.key in connection.incomplete:
        return
    stream = hub.streams.get(change.key)
    if stream is not None and stream.shared:
        return  # a write for each of many members and each message: groups keep `read` alone
    key = (change.key, connection.user_id)
    known = _written.get(key)
    if known is None or change.seq > known.seq:
        if not _written:
            asyncio.get_running_loop().call_soon(_flush)
        _written[key] = change


def _flush() -> None:
    """One watermark per conversation and person, however many frames were written."""
    for (conversation_id, user_id), change in _written.items():
        hint = (change.seq, UUID(hex=change.msg_id), change.sender_id)
        mark = Watermark(user_id=user_id, conversation_id=conversation_id, delivered=change.seq, hint=hint)
        try:
            journal.lane.append(mark)
        except Refused:  # overloaded: a later message or the next connection carries the mark further
            logger.warning("A delivery mark was dropped: the journal is full.")
    _written.clear()


async def read_mark(*, connection: Connection, data: ReadData) -> Watermark | None:
    """The watermark of a `read` frame: up to the highest of what it names; naming nothing, everything pushed so far.

    None: nothing has been said, so there is nothing to have read. Raises Refused: not_found."""
    conversation_id = data.conversation_id
    if conversation_id is None:
        assert data.peer_id is not None
        conversation_id = await directs.find_for(user_id=connection.user_id, other_id=data.peer_id)
        if conversation_id is None:
            return None
    seq = data.seq or 0
    if not data.msg_ids and data.seq is None:
        seq = pushed(connection, conversation_id)
    return Watermark(
        user_id=connection.user_id, conversation_id=conversation_id, read=seq, msg_ids=data.msg_ids, origin=connection.id
    )


def pushed(connection: Connection, conversation_id: int) -> int:
    """The newest seq of a conversation that has been pushed on a connection."""
    gate = connection.gate
    if gate is not None and conversation_id not in gate.open:
        return (connection.pushed or {}).get(conversation_id, 0)
    stream = hub.streams.get(conversation_id)
    return stream.seq if stream is not None else 0


def mark_read(*, user_id: int, conversation_id: int, seq: int, msg_ids: list[UUID] | None = None) -> Watermark:
    """The same from REST: read up to seq, or up to the highest of these messages. Raises Refused: not_found."""
    mark = Watermark(user_id=user_id, conversation_id=conversation_id, read=seq, msg_ids=msg_ids)
    journal.lane.write_blocking(mark, hub.loop)
    return mark
