"""Finds the lost last change (protocol §4): a push that nobody got leaves no gap behind it. Its cost follows what changed."""

from django.db import connection as database
from django.db.models import Max

from chat.models import Membership, Message
from realtime import sql
from realtime.database import in_database
from realtime.hub import Group, hub, user_group
from realtime.supervision import every
from realtime.tail import Tail

PERIOD = 2.0  # seconds


async def run() -> None:
    """A service: compare what was stored lately with what was handed on here."""
    tail: Tail | None = None

    async def once() -> None:
        nonlocal tail
        if tail is None:
            tail = Tail(await in_database(_newest))
        changed, newest = await in_database(_changed, tail.after)
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


def _changed(after: int) -> tuple[list[tuple[int, int]], int]:
    """(conversation, its newest rev) of those with messages after an id, and the newest id."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT conversation_id, max(created_rev), max(id) FROM chat_message WHERE id > %s GROUP BY conversation_id",
            [after],
        )
        rows = cursor.fetchall()
    return [(row[0], row[1]) for row in rows], max((row[2] for row in rows), default=after)


async def _adopt(conversation_ids: list[int]) -> None:
    """Conversations that began while their members were here, and of which no push arrived."""
    for conversation_id, user_id in await in_database(_members, conversation_ids):
        group = hub.groups.get(user_group(user_id))
        if group is not None and _settled(group) and hub.streams.get(conversation_id) is None:
            hub.streams.register(group, [(conversation_id, 0, 0)])
            stream = hub.streams.get(conversation_id)
            assert stream is not None
            hub.streams.repair(stream)


def _settled(group: Group) -> bool:
    return any(connection.gate is None for connection in group.connections)


def _members(conversation_ids: list[int]) -> list[tuple[int, int]]:
    with database.cursor() as cursor:
        cursor.execute(
            f"SELECT conversation_id, user_id FROM {Membership._meta.db_table} WHERE {sql.among('conversation_id')}",
            [sql.values(conversation_ids)],
        )
        return list(cursor.fetchall())
