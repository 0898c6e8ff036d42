"""Finds the lost last change (protocol §4): a push that nobody got leaves no gap behind it. Its cost follows what changed.

New messages are followed by their ids, later changes of older ones by the time that they carry."""

from django.db import connection as database
from django.db.models import Max

from chat import rights
from chat.models import Message
from realtime import sql
from realtime.clock import shared_ms
from realtime.database import in_database
from realtime.hub import Group, hub, user_group
from realtime.supervision import every
from realtime.tail import Tail

PERIOD = 2.0  # seconds
MARGIN = 15_000  # milliseconds between the time that a change carries and its commit, at most


async def run() -> None:
    """A service: compare what was stored lately with what was handed on here."""
    tail: Tail | None = None
    looked = shared_ms()

    async def once() -> None:
        nonlocal tail, looked
        if tail is None:
            tail = Tail(await in_database(_newest))
        now = shared_ms()
        changed, newest = await in_database(_changed, tail.after, min(looked, now) - MARGIN)
        looked = now
        tail.advance(newest)
        unknown = []
        for conversation_id, rev in changed:
            stream = hub.streams.get(conversation_id)
            if stream is None:
                unknown.append(conversation_id)
            elif stream.rev < rev:
                hub.streams.repair(stream)
        if unknown and hub.groups:
            await _adopt(unknown)

    await every(PERIOD, once, "Looking for lost changes")


def _newest() -> int:
    return Message.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _changed(after: int, since: int) -> tuple[list[tuple[int, int]], int]:
    """(conversation, its newest rev) of those with messages after an id or changes since a time, and the newest id."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT conversation_id, max(created_rev), max(id) FROM chat_message WHERE id > %s GROUP BY conversation_id",
            [after],
        )
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT conversation_id, max(rev) FROM chat_message WHERE changed_at > %s GROUP BY conversation_id", [since]
        )
        revs = dict(cursor.fetchall())
    for conversation_id, rev, _ in rows:
        revs[conversation_id] = max(rev, revs.get(conversation_id, 0))
    return list(revs.items()), max((row[2] for row in rows), default=after)


async def _adopt(conversation_ids: list[int]) -> None:
    """Conversations that began while their members were here, and of which no push arrived."""
    for conversation_id, user_id, kind, rev, seq in await in_database(_members, conversation_ids):
        group = hub.groups.get(user_group(user_id))
        if group is not None and kind == "group":
            if conversation_id in group.departed:
                continue  # who left meanwhile; who came back is let in by the log
            hub.admit(group, conversation_id, rev, seq, rights.removed(conversation_id))
        elif group is not None and _settled(group):
            hub.streams.register(group, [(conversation_id, 0, 0)])
    for conversation_id in conversation_ids:
        stream = hub.streams.get(conversation_id)
        if stream is not None:
            hub.streams.repair(stream)


def _settled(group: Group) -> bool:
    return any(connection.gate is None for connection in group.connections)


def _members(conversation_ids: list[int]) -> list[tuple[int, int, str, int, int]]:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT m.conversation_id, m.user_id, c.kind, m.joined_rev, m.joined_seq FROM chat_membership m "
            f"JOIN chat_conversation c ON c.id = m.conversation_id WHERE {sql.among('m.conversation_id')}",
            [sql.values(conversation_ids)],
        )
        return list(cursor.fetchall())
