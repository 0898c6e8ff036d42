"""What a new connection is given before anything live: the unread of every conversation (protocol §1.2)."""

from chat import delivery, epoch, heads, history, rights
from chat.heads import Position
from realtime.connection import Connection
from realtime.database import Shared, in_database
from realtime.hub import Group, hub, user_group

CONVERSATIONS = 20  # read in one query
MESSAGES = 200  # of each

positions = Shared(heads.positions)


async def connect(connection: Connection) -> None:
    """Push the backlog and let the streams through; with `backlog=0` they stay closed until the client's `sync`."""
    connection.on_written = delivery.on_written
    found = await positions.get(connection.user_id)
    group = hub.groups[user_group(connection.user_id)]
    shared = {p.conversation_id for p in found if p.shared}
    hidden = {p.conversation_id: p.joined_seq for p in found if p.joined_seq}
    rights.note(group, [(p.conversation_id, p.joined_rev, p.joined_seq) for p in found if p.shared])
    hub.streams.register(group, [(p.conversation_id, p.rev, p.seq) for p in found], shared, hidden)
    gate = connection.gate
    assert gate is not None
    for p in found:
        gate.cursors[p.conversation_id] = max(p.rev, gate.cursors.get(p.conversation_id, 0))
    connection.welcome["epoch"] = await epoch.current_async()
    unread = [p for p in found if p.seq > p.read_seq]
    if connection.backlog == 0:
        connection.incomplete = {p.conversation_id for p in found if p.seq > p.delivered_seq}
        connection.pushed = {}
        connection.welcome["backlog"] = await in_database(_all_cut, connection.user_id, unread)
        return
    connection.welcome["backlog"] = await _push(connection, group, unread)
    await hub.streams.open_all(connection, group)
    connection.pushed = None


def _all_cut(user_id: int, unread: list[Position]) -> list[dict[str, object]]:
    """Nothing is pushed: which of these have messages by others."""
    return [
        {"conversationId": p.conversation_id, "pushed": 0, "more": True}
        for p in unread
        if history.newest_unread(user_id, p.conversation_id, p.read_seq, p.seq, 0)[1]
    ]


async def _push(connection: Connection, group: Group, unread: list[Position]) -> list[dict[str, object]]:
    """Push the unread, paced by what the socket takes; returns what `backlog=N` left out."""
    cut: dict[int, dict[str, object]] = {}
    connection.pushed = {}
    left = {p.conversation_id: (p.read_seq, p.seq) for p in unread}
    if connection.backlog is not None:
        for p in unread:
            after, more = await in_database(
                history.newest_unread, connection.user_id, p.conversation_id, p.read_seq, p.seq, connection.backlog
            )
            left[p.conversation_id] = (after, p.seq)
            if more:
                cut[p.conversation_id] = {"conversationId": p.conversation_id, "pushed": 0, "more": True}
        connection.incomplete = set(cut) or None
    while left:
        stretches = [(key, after, min(up_to, after + MESSAGES)) for key, (after, up_to) in list(left.items())[:CONVERSATIONS]]
        for record in await in_database(history.read_unread, connection.user_id, stretches):
            if not group.is_of_now(record.conversation_id, record.seq - 1):
                continue
            change = history.change_of(record, new=True)
            await connection.deliver(change.text, change)
            connection.pushed[record.conversation_id] = record.seq
            if record.conversation_id in cut:
                cut[record.conversation_id]["pushed"] += 1  # type: ignore[operator]
        for key, _, reached in stretches:
            if reached >= left[key][1]:
                del left[key]
            else:
                left[key] = (reached, left[key][1])
    return list(cut.values())
