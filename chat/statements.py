"""The journal's SQL: a handful of statements per batch, whatever its size. `numbering` decides, this only reads and writes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection

from chat.entries import SYSTEM, Draft, Member, Row, Stored
from chat.frames import extras_text
from realtime import sql

UNREAD = 1000  # unread messages are counted up to here (protocol §4)

MESSAGE = (
    ("conversation_id", "bigint"), ("seq", "bigint"), ("created_rev", "bigint"), ("rev", "bigint"), ("msg_id", "uuid"),
    ("sender_id", "bigint"), ("content_type", "smallint"), ("content", "text"), ("created_at", "bigint"),
    ("extras", "text"),
)  # fmt: skip


class Held(NamedTuple):
    """A message's row, as far as a change of it needs to know."""

    id: int
    seq: int
    sender_id: int
    content_type: int
    content: str
    created_at: int
    edited_at: int | None
    recalled_at: int | None
    extras: str | None
    rev: int
    moderated: bool


T = TypeVar("T")
Answer = Callable[[], T]  # takes the result of a question that has been asked


def _ask(statement: str, parameters: list[Any], take: Callable[[list[Any]], T]) -> Answer[T]:
    """Send a question, to be answered later: where the database is far away, several travel together."""
    cursor = connection.cursor()
    cursor.execute(statement, parameters)

    def answer() -> T:
        with cursor:
            return take(sql.rows(cursor))

    return answer


def lock_conversations(ids: Iterable[int]) -> Answer[dict[int, Row]]:
    """Lock conversation rows in the order of their ids, so that two processes never wait for each other in a circle."""
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    return _ask(
        "SELECT id, kind, low_id, high_id, last_seq, last_rev, last_at, posting, member_count FROM chat_conversation "
        f"WHERE {sql.among('id')} ORDER BY id{lock}",
        [sql.values(sorted(ids))],
        lambda found: {row[0]: Row(*row) for row in found},
    )


def load_members(ids: Iterable[int], user_ids: Iterable[int]) -> Answer[dict[tuple[int, int], Member]]:
    """The members of these conversations, locked by the question before, with what the storing transaction must know of
    their rights: both of a direct chat, and of a group, which may have thousands, only those of `user_ids`."""

    def take(found: list[Any]) -> dict[tuple[int, int], Member]:
        members = [Member(r[0], r[1], r[2], r[3], r[4], bool(r[5]), bool(r[6]), *r[7:]) for r in found]
        return {(member.conversation_id, member.user_id): member for member in members}

    return _ask(
        "SELECT m.conversation_id, m.user_id, m.read_seq, m.delivered_seq, m.unread_from, u.is_active, "
        "EXISTS (SELECT 1 FROM accounts_block b WHERE b.blocker_id = m.user_id "
        "AND b.blocked_id = CASE WHEN c.low_id = m.user_id THEN c.high_id ELSE c.low_id END), m.role, m.silenced_until, "
        "m.joined_seq "
        "FROM chat_membership m JOIN chat_conversation c ON c.id = m.conversation_id "
        f"JOIN accounts_user u ON u.id = m.user_id WHERE {sql.among('m.conversation_id')} "
        f"AND (c.kind = 'direct' OR {sql.among('m.user_id')})",
        [sql.values(ids), sql.values(user_ids)],
        take,
    )


def find_messages(msg_ids: Iterable[UUID]) -> Answer[dict[UUID, Stored]]:
    """Which of these message ids are stored already."""
    return _ask(
        "SELECT msg_id, sender_id, conversation_id, seq, created_rev, created_at FROM chat_message "
        f"WHERE {sql.among('msg_id', 'uuid')}",
        [sql.values(msg_ids)],
        lambda found: {sql.to_uuid(row[0]): Stored(*row[1:]) for row in found},
    )


def insert_messages(cursor: Any, drafts: Sequence[Draft]) -> None:
    rows = [
        (d.conversation_id, d.seq, d.rev, d.rev, d.msg_id, d.sender_id, d.content_type, d.content, d.created_at,
         extras_text(d.extras))
        for d in drafts
    ]  # fmt: skip
    sql.insert(cursor, "chat_message", MESSAGE, rows)


def find_message(cursor: Any, msg_id: UUID) -> Held | None:
    """A message as it is stored now."""
    cursor.execute(f"SELECT {', '.join(Held._fields)} FROM chat_message WHERE msg_id = %s", [sql.to_db(msg_id)])
    found = sql.rows(cursor)
    return Held(*found[0]) if found else None


def change_message(cursor: Any, pk: int, rev: int, now: int, **values: Any) -> None:
    """A later change of a message: its columns, its new rev, and when, by the clock that all processes share (the sweep)."""
    columns = {**values, "rev": rev, "changed_at": now}
    assigned = ", ".join(f"{name} = %s" for name in columns)
    cursor.execute(f"UPDATE chat_message SET {assigned} WHERE id = %s", [*columns.values(), pk])


def mention(cursor: Any, conversation_id: int, seq: int, sender_id: int, user_ids: list[int] | None) -> None:
    """A message mentions these members; None: everybody but its sender."""
    one = "user_id <> %s" if user_ids is None else sql.among("user_id")
    others = sender_id if user_ids is None else sql.values(user for user in user_ids if user != sender_id)
    cursor.execute(
        f"UPDATE chat_membership SET mention_seq = %s WHERE conversation_id = %s AND mention_seq < %s AND {one}",
        [seq, conversation_id, seq, others],
    )


def save_conversations(cursor: Any, rows: Iterable[Row]) -> None:
    values = (("last_seq", "bigint"), ("last_rev", "bigint"), ("last_at", "bigint"))
    changed = [(row.last_seq, row.last_rev, row.last_at, row.id) for row in rows if row.changed]
    sql.update(cursor, "chat_conversation", values, (("id", "bigint"),), changed)


def save_members(cursor: Any, members: Iterable[Member]) -> None:
    values = (("read_seq", "bigint"), ("delivered_seq", "bigint"))
    keys = (("conversation_id", "bigint"), ("user_id", "bigint"))
    changed = [(m.read_seq, m.delivered_seq, m.conversation_id, m.user_id) for m in members if m.changed]
    sql.update(cursor, "chat_membership", values, keys, changed)


def load_views(cursor: Any, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """(unread_from, muted_until, pinned, archived, draft, mention_seq) of these (conversation, user)."""
    cursor.execute(
        "SELECT conversation_id, user_id, unread_from, muted_until, pinned, archived, draft, mention_seq FROM chat_membership "
        f"WHERE {sql.among('conversation_id')} AND {sql.among('user_id')}",
        [sql.values({pair[0] for pair in pairs}), sql.values({pair[1] for pair in pairs})],
    )
    return {(row[0], row[1]): row[2:] for row in sql.rows(cursor)}


def clear_unread_from(cursor: Any, pairs: Sequence[tuple[int, int]]) -> None:
    """Reading what was marked unread takes the mark away."""
    keys = (("conversation_id", "bigint"), ("user_id", "bigint"))
    sql.update(cursor, "chat_membership", (("unread_from", "bigint"),), keys, [(None, *pair) for pair in pairs])


def highest_seq(cursor: Any, conversation_id: int, msg_ids: list[UUID]) -> int:
    """The highest seq among these messages of a conversation; 0 when there is none."""
    cursor.execute(
        f"SELECT max(seq) FROM chat_message WHERE conversation_id = %s AND {sql.among('msg_id', 'uuid')}",
        [conversation_id, sql.values(msg_ids)],
    )
    return sql.rows(cursor)[0][0] or 0


def messages_of_others(
    cursor: Any, conversation_id: int, user_id: int, after: int, up_to: int, most: int
) -> list[tuple[int, UUID]]:
    """(seq, msg_id) of the newest messages by others with after < seq ≤ up_to, newest first."""
    cursor.execute(
        "SELECT seq, msg_id FROM chat_message WHERE conversation_id = %s AND seq > %s AND seq <= %s AND sender_id <> %s "
        "ORDER BY seq DESC LIMIT %s",
        [conversation_id, after, up_to, user_id, most],
    )
    return [(seq, sql.to_uuid(msg_id)) for seq, msg_id in sql.rows(cursor)]


def count_unread(cursor: Any, conversation_id: int, user_id: int, after: int) -> int:
    """Messages by others after a seq, counted to 1,000. What the server says is nobody's."""
    cursor.execute(
        "SELECT count(*) FROM (SELECT 1 FROM chat_message WHERE conversation_id = %s AND seq > %s AND sender_id <> %s "
        f"AND content_type <> {SYSTEM} LIMIT %s) t",
        [conversation_id, after, user_id, UNREAD],
    )
    return int(sql.rows(cursor)[0][0])
