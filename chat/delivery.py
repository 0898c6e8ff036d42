"""Receipts (protocol §3.1): `delivered` when a device has the message, `read` when the person has seen it."""

import asyncio
import logging
from uuid import UUID

from chat import directs, journal, receipts
from chat.entries import Watermark
from chat.frames import ReadData
from chat.models import Conversation
from realtime.connection import Connection
from realtime.database import in_database
from realtime.errors import Refused
from realtime.hub import hub
from realtime.streams import Change
from realtime.supervision import spawn

logger = logging.getLogger(__name__)

GATHER = 0.1  # seconds in which what was written to the members of a group becomes one batch of watermarks
AGE = 10.0  # seconds that the size of a group may be remembered

# What was written to sockets in this turn of the loop: (conversation, user) → the newest change.
_written: dict[tuple[int, int], Change] = {}
# The same of groups, gathered for longer, by conversation; and the loop that will flush it.
_shared: dict[int, dict[int, int]] = {}
_gathering: asyncio.AbstractEventLoop | None = None
# Groups → whether they have too many members for receipts.
_large: dict[int, bool] = {}


def on_written(connection: Connection, change: Change) -> None:
    """The server has finished writing a frame: unless this client confirms delivery itself, its device has the message.

    A connection is given a conversation in order and without a hole, so the newest frame stands for all before it,
    except where the backlog was cut."""
    if connection.receipts or change.sender_id == connection.user_id:
        return
    if connection.incomplete is not None and change.key in connection.incomplete:
        return
    if _large.get(change.key):
        return  # it would be a write for each of many members and each message: these keep `read` alone
    stream = hub.streams.get(change.key)
    if stream is not None and stream.shared:
        _gather(connection.user_id, change)
        return
    key = (change.key, connection.user_id)
    known = _written.get(key)
    if known is None or change.seq > known.seq:
        if not _written:
            asyncio.get_running_loop().call_soon(_flush)
        _written[key] = change


def _gather(user_id: int, change: Change) -> None:
    global _gathering
    seqs = _shared.setdefault(change.key, {})
    seqs[user_id] = max(change.seq, seqs.get(user_id, 0))
    loop = asyncio.get_running_loop()
    if _gathering is not loop:
        _gathering = loop
        loop.call_later(GATHER, lambda: spawn(_flush_shared(), "delivery marks of groups"))


async def _flush_shared() -> None:
    """One watermark per member, however many messages they were given."""
    global _gathering
    _gathering, written = None, dict(_shared)
    _shared.clear()
    unknown = [key for key in written if key not in _large]
    if unknown:
        large = await in_database(_find_large, unknown)
        for key in unknown:
            _large[key] = key in large
            asyncio.get_running_loop().call_later(AGE, _large.pop, key, None)
    for key, seqs in written.items():
        if not _large.get(key):
            for user_id, seq in seqs.items():
                _append(Watermark(user_id=user_id, conversation_id=key, delivered=seq))


def _find_large(conversation_ids: list[int]) -> set[int]:
    groups = Conversation.objects.filter(pk__in=conversation_ids, member_count__gt=receipts.SMALL)
    return set(groups.values_list("pk", flat=True))


def _flush() -> None:
    """One watermark per conversation and person, however many frames were written."""
    for (conversation_id, user_id), change in _written.items():
        hint = (change.seq, UUID(hex=change.msg_id), change.sender_id)
        _append(Watermark(user_id=user_id, conversation_id=conversation_id, delivered=change.seq, hint=hint))
    _written.clear()


def _append(mark: Watermark) -> None:
    try:
        journal.lane.append(mark)
    except Refused:  # overloaded: a later message or the next connection carries the mark further
        logger.warning("A delivery mark was dropped: the journal is full.")


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
