"""My conversations in a nutshell: for the list, for `heads`, and for where the streams stand when I connect."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection

from accounts.models import avatar_url
from chat.entries import SYSTEM
from chat.frames import Head
from chat.models import Conversation
from chat.statements import UNREAD
from realtime import sql

# One query, whatever the history: unread is counted to 1,000, the others' marks are those of whoever is furthest behind.
_HEADS = f"""
SELECT m.conversation_id, c.kind, c.title, c.low_id, c.high_id, c.last_seq, c.last_rev, c.last_at, m.read_seq,
  m.delivered_seq, m.unread_from, m.muted_until, m.pinned, m.archived, m.draft,
  CASE WHEN c.last_seq > m.read_seq THEN (SELECT count(*) FROM (SELECT 1 FROM chat_message x
    WHERE x.conversation_id = m.conversation_id AND x.seq > m.read_seq AND x.sender_id <> m.user_id
    AND x.content_type <> {SYSTEM} LIMIT {UNREAD}) t)
  ELSE 0 END,
  (SELECT min(o.delivered_seq) FROM chat_membership o WHERE o.conversation_id = m.conversation_id AND o.user_id <> m.user_id),
  (SELECT min(o.read_seq) FROM chat_membership o WHERE o.conversation_id = m.conversation_id AND o.user_id <> m.user_id),
  p.id, p.username, p.display_name, p.avatar, p.status, c.avatar, c.description, c.access, c.posting, c.history,
  c.member_count, m.role, m.joined_seq, m.joined_rev, m.silenced_until, m.mention_seq
FROM chat_membership m JOIN chat_conversation c ON c.id = m.conversation_id
LEFT JOIN accounts_user p ON p.id = CASE WHEN c.low_id = m.user_id THEN c.high_id ELSE c.low_id END
WHERE m.user_id = %s"""
LISTED = " AND (c.last_seq > 0 OR m.opened OR m.draft <> '' OR m.pinned)"


def picture_url(conversation_id: int, name: str) -> str | None:
    """Where a group's picture is; None without one."""
    return f"/api/v1/conversations/{conversation_id}/picture/{name}" if name else None


class Peer(NamedTuple):
    id: int
    username: str
    display_name: str
    avatar: str
    status: str

    @property
    def name(self) -> str:
        return self.display_name or self.username

    @property
    def avatar_url(self) -> str | None:
        return avatar_url(self.id, self.avatar)


class Overview(NamedTuple):
    """A conversation as one of its members sees it."""

    head: Head
    last_at: int
    delivered_seq: int
    peer: Peer | None
    description: str = ""
    joined_rev: int = 0


def _overview(row: Sequence[Any]) -> Overview:
    peer = Peer(*row[18:23]) if row[18] is not None else None
    head = Head(
        conversation_id=row[0], kind=row[1], title=row[2] or (peer.name if peer else ""), peer_id=peer.id if peer else None,
        last_seq=row[5], last_rev=row[6], read_seq=row[8], unread_from=row[10], muted_until=row[11], pinned=bool(row[12]),
        archived=bool(row[13]), draft=row[14], unread=row[15], others_delivered_seq=row[16] or 0, others_read_seq=row[17] or 0,
        mention_seq=row[33] if row[33] > row[8] else 0,
    )  # fmt: skip
    if row[1] == Conversation.Kind.GROUP:
        head.avatar = picture_url(row[0], row[23])
        head.access, head.posting, head.history, head.member_count, head.role, head.joined_seq = row[25:31]
        head.silenced_until = row[32]
    return Overview(head, row[7], row[9], peer, row[24], row[31])


def _fetch(statement: str, parameters: list[Any]) -> list[Overview]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [_overview(row) for row in cursor.fetchall()]


def of_user(user_id: int) -> list[Overview]:
    """Every conversation of a person, in the order of their ids."""
    return _fetch(f"{_HEADS} ORDER BY c.id", [user_id])


def listed(user_id: int, *, before: tuple[int, int] | None, limit: int) -> list[Overview]:
    """A page of the conversation list, last activity first; `before` is (last_at, id) of the last one of the page before."""
    where, parameters = _HEADS + LISTED, [user_id]
    if before is not None:
        where += " AND (c.last_at < %s OR (c.last_at = %s AND c.id < %s))"
        parameters += [before[0], before[0], before[1]]
    return _fetch(f"{where} ORDER BY c.last_at DESC, c.id DESC LIMIT %s", [*parameters, limit])


def one(user_id: int, conversation_id: int) -> Overview | None:
    """One conversation of a person."""
    found = _fetch(f"{_HEADS} AND c.id = %s", [user_id, conversation_id])
    return found[0] if found else None


class Position(NamedTuple):
    """Where a conversation stands for a member. `shared`: it is a group, whose changes are published once for all;
    `joined_seq`: messages up to it are not for this member."""

    conversation_id: int
    rev: int
    seq: int
    read_seq: int
    delivered_seq: int
    shared: bool
    joined_seq: int = 0
    joined_rev: int = 0


def positions(user_ids: list[int]) -> dict[int, list[Position]]:
    """Where the conversations of these people stand; one query for people who connect together."""
    found: dict[int, list[Position]] = {user_id: [] for user_id in user_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT m.user_id, c.id, c.last_rev, c.last_seq, m.read_seq, m.delivered_seq, c.kind = 'group', m.joined_seq, "
            "m.joined_rev FROM chat_membership m "
            f"JOIN chat_conversation c ON c.id = m.conversation_id WHERE {sql.among('m.user_id')} ORDER BY c.id",
            [sql.values(user_ids)],
        )
        for row in cursor.fetchall():
            found[row[0]].append(Position(*row[1:]))
    return found
