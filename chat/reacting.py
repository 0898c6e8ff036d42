"""Emoji under messages. A row for each of them; the message carries the sum, so that it travels and is read as one."""

from typing import Any, NamedTuple
from uuid import UUID

from accounts.models import User
from chat import changing, numbering
from chat.access import access_message
from chat.changing import MessageAct
from chat.emoji import qualified
from chat.entries import Batch
from chat.frames import Reaction, extras_of, extras_text
from chat.models import Reaction as Stored
from realtime import sql
from realtime.errors import BadFrame, Code, Refused

KINDS = 20  # different emoji under one message
NAMED = 50  # people whom the sum names for each
MOST = 1000  # reactions that are listed

REACTION = (("message_id", "bigint"), ("user_id", "bigint"), ("emoji", "text"), ("at", "bigint"))


class React(MessageAct):
    """Somebody's emoji under a message, or away from it."""

    __slots__ = ("emoji", "on")

    def __init__(self, *, actor_id: int, msg_id: UUID, emoji: str, on: bool, origin: str | None = None) -> None:
        super().__init__(actor_id=actor_id, msg_id=msg_id, origin=origin)
        self.emoji = emoji
        self.on = on

    def store(self, batch: Batch) -> None:
        """Add or take away. What is so already changes nothing."""
        row, me, held = self.look_as_member(batch)
        numbering.refuse_change(row, me, batch.members)
        numbering.refuse_muted(me.silenced_until, batch.now)
        changing.refuse_system(held)
        changing.refuse_gone(held)
        actor = self.actor_id or 0
        if _has(batch.cursor, held.id, self.emoji, actor) == self.on:
            self.keep(row, held)
            return
        extras = extras_of(held.extras)
        found: dict[str, Reaction] = extras.setdefault("reactions", {})
        if self.on:
            if self.emoji not in found and len(found) >= KINDS:
                raise Refused(Code.TOO_MANY, f"A message carries at most {KINDS} different emoji.")
            sql.insert(batch.cursor, "chat_reaction", REACTION, [(held.id, actor, self.emoji, batch.now)])
        else:
            batch.cursor.execute(
                "DELETE FROM chat_reaction WHERE message_id = %s AND emoji = %s AND user_id = %s", [held.id, self.emoji, actor]
            )
        count = (found[self.emoji].count if self.emoji in found else 0) + (1 if self.on else -1)
        if count:
            found[self.emoji] = Reaction(count, _first(batch.cursor, held.id, self.emoji))
        else:
            del found[self.emoji]
        if not found:
            del extras["reactions"]
        self.change(batch, row, held, extras=extras_text(extras))


def _has(cursor: Any, message_id: int, emoji: str, user_id: int) -> bool:
    cursor.execute(
        "SELECT 1 FROM chat_reaction WHERE message_id = %s AND emoji = %s AND user_id = %s", [message_id, emoji, user_id]
    )
    return bool(sql.rows(cursor))


def _first(cursor: Any, message_id: int, emoji: str) -> list[int]:
    """The first people with this emoji, in the order in which they came."""
    cursor.execute(
        "SELECT user_id FROM chat_reaction WHERE message_id = %s AND emoji = %s ORDER BY id LIMIT %s",
        [message_id, emoji, NAMED],
    )
    return [row[0] for row in sql.rows(cursor)]


def reaction(*, actor_id: int, msg_id: UUID, emoji: str, on: bool, origin: str | None = None) -> React:
    """A reaction for the journal, which checks the rest. Raises Refused: bad_frame for what is not one emoji."""
    written = qualified(emoji)
    if written is None:
        raise BadFrame(Code.BAD_FRAME, "emoji: This is not one emoji.", field="emoji")
    return React(actor_id=actor_id, msg_id=msg_id, emoji=written, on=on, origin=origin)


class Reacted(NamedTuple):
    """Somebody's reaction; `at` in Unix ms."""

    emoji: str
    user: User
    at: int


def read_reactions(*, user_id: int, msg_id: UUID) -> list[Reacted]:
    """The reactions to a message, the first MOST of them. Raises Refused: not_found."""
    message = access_message(user_id=user_id, msg_id=msg_id)
    rows = Stored.objects.filter(message=message).select_related("user").order_by("pk")[:MOST]
    return [Reacted(row.emoji, row.user, row.at) for row in rows]
