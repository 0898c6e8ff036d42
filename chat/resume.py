"""`sync`: everything that a client has missed, or the word that it must reload (protocol §4)."""

import logging

from chat import epoch, heads, history, rights
from chat.frames import (
    Heads,
    HeadsData,
    Reset,
    ResetData,
    Sync,
    Synced,
    SyncedData,
    cursors_of,
)
from chat.heads import Overview
from realtime import closing
from realtime.clock import now_ms
from realtime.codec import encode
from realtime.connection import Connection
from realtime.database import in_database
from realtime.errors import Code, Refused
from realtime.hub import Group, hub, user_group
from realtime.streams import Gate

logger = logging.getLogger(__name__)

MISSING = 1000  # changes of a conversation that a resume brings; beyond, the client reloads
HEADS = 200  # conversations in a frame


def resume(connection: Connection, frame: Sync) -> None:
    """Answer a `sync`, beside the reader: pings go on meanwhile. Raises Refused: too_many while one is being answered."""
    cursors = cursors_of(frame.data)
    if connection.welcome:
        raise Refused(Code.TOO_MANY, "The connection is still being opened. Wait for `connected`.")
    if connection.resuming:
        raise Refused(Code.TOO_MANY, "A sync is being answered already.")
    connection.resuming = True
    connection.spawn(_resume(connection, cursors, frame))


async def _resume(connection: Connection, cursors: dict[int, int], frame: Sync) -> None:
    try:
        await _answer(connection, cursors, frame)
    except Exception:
        # Half an answer would leave the client deaf to some conversations: it comes back and asks again.
        logger.exception("A sync could not be answered.")
        connection.close(closing.TRY_LATER)
    finally:
        connection.resuming = False


async def _answer(connection: Connection, cursors: dict[int, int], frame: Sync) -> None:
    gate = connection.gate = Gate()
    group = hub.groups[user_group(connection.user_id)]
    found = await in_database(heads.of_user, connection.user_id)
    mine = {overview.head.conversation_id: overview for overview in found}
    shared = {key for key, overview in mine.items() if overview.head.kind == "group"}
    hidden = {key: overview.head.joined_seq for key, overview in mine.items() if overview.head.joined_seq}
    rights.note(group, [(key, mine[key].joined_rev, mine[key].head.joined_seq) for key in shared])
    hub.streams.register(group, [(key, o.head.last_rev, o.head.last_seq) for key, o in mine.items()], shared, hidden)
    for key, overview in mine.items():
        gate.cursors[key] = max(overview.head.last_rev, gate.cursors.get(key, 0))  # it may have been let in meanwhile
    now_epoch = await epoch.current_async()
    if frame.data.epoch is not None and frame.data.epoch != now_epoch:
        connection.push(encode(Reset(data=ResetData(None, "epoch"))))
    else:
        for key, rev in cursors.items():
            await _bring_up_to_date(connection, group, key, rev, mine.get(key))
    items = [overview.head for overview in found]
    for start in range(0, len(items), HEADS):
        # Whoever was removed meanwhile has heard so, and hears nothing after it.
        some = [head for head in items[start : start + HEADS] if group.is_of_now(head.conversation_id, head.joined_seq)]
        await connection.deliver(encode(Heads(data=HeadsData(some))))
    await hub.streams.open_all(connection, group)
    connection.pushed = None
    connection.push(encode(Synced(data=SyncedData(now_ms(), now_epoch), id=frame.id)))


async def _bring_up_to_date(connection: Connection, group: Group, key: int, rev: int, overview: Overview | None) -> None:
    """Send the changes of one conversation after a rev, and let its live ones follow."""
    if overview is None or key in group.departed:
        await _drop(connection, group, key)
        return
    last = overview.head.last_rev
    if rev == 0:
        return  # the client holds nothing of it: its head is enough
    if rev > last or last - rev > MISSING or rev < overview.joined_rev:
        # Before `joined_rev` it belongs to an earlier membership, of which the client may keep nothing.
        reason = "cursor_ahead" if rev > last else "joined_again" if rev < overview.joined_rev else "too_far_behind"
        await connection.deliver(encode(Reset(data=ResetData(key, reason))))
        return
    cursor = rev
    while rev < last:
        span = await in_database(history.read_changes, key, rev, cursor)
        for change in span.changes:
            if not hub.streams.hears(group, change):
                continue
            await connection.deliver(change.text, change)
        rev = max(span.rev, rev + 1)
    gate = connection.gate
    assert gate is not None
    gate.cursors[key] = max(rev, last)
    await hub.streams.open(connection, group, key)


async def _drop(connection: Connection, group: Group, key: int) -> None:
    """Say that a conversation is not theirs any more. Where that has not been heard of here yet, they cease to listen now:
    nothing may follow `removed`."""
    if hub.streams.listens(group, key):
        await rights.make_so(group, connection.user_id, key)
        if key in group.departed:
            return  # all their connections have just been told
    await connection.deliver(rights.removed(key))
