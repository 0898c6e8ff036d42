"""Who is mentioned: which is a mark at each of them, `mention_seq`, the newest message that mentions them."""

from collections.abc import Iterable
from typing import Any

from chat.frames import extras_of
from realtime import sql

FAR = 1000  # messages back in which an earlier mention is looked for


def of_members(cursor: Any, conversation_id: int, user_ids: Iterable[int]) -> list[int]:
    """Those of these people who are members, in this order."""
    wanted = list(dict.fromkeys(user_ids))
    if not wanted:
        return []
    cursor.execute(
        f"SELECT user_id FROM chat_membership WHERE conversation_id = %s AND {sql.among('user_id')}",
        [conversation_id, sql.values(wanted)],
    )
    members = {row[0] for row in sql.rows(cursor)}
    return [user for user in wanted if user in members]


def forget(cursor: Any, conversation_id: int, seq: int, user_ids: Iterable[int] | None = None) -> None:
    """A message mentions these people no more (None: nobody): whose mark is at it gets that of the mention before."""
    cursor.execute(
        "SELECT user_id FROM chat_membership WHERE conversation_id = %s AND mention_seq = %s AND read_seq < %s",
        [conversation_id, seq, seq],
    )
    left = {row[0] for row in sql.rows(cursor)}
    if user_ids is not None:
        left &= set(user_ids)
    if not left:
        return
    marks = dict.fromkeys(left, 0)
    cursor.execute(
        "SELECT seq, sender_id, extras FROM chat_message WHERE conversation_id = %s AND seq < %s AND seq > %s "
        "AND extras IS NOT NULL ORDER BY seq DESC",
        [conversation_id, seq, seq - FAR],
    )
    for earlier, sender_id, text in sql.rows(cursor):
        extras = extras_of(text)
        named = set(left) if "mention_all" in extras else left & set(extras.get("mentions", ()))
        for user in named - {sender_id}:
            marks[user] = earlier
            left.discard(user)
        if not left:
            break
    keys = (("conversation_id", "bigint"), ("user_id", "bigint"))
    rows = [(mark, conversation_id, user) for user, mark in marks.items()]
    sql.update(cursor, "chat_membership", (("mention_seq", "bigint"),), keys, rows)
