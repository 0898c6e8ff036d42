"""Changing what one has written. What it said before is kept, for whoever may see the message (protocol §2)."""

from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings

from chat import changing, mentions, numbering, statements
from chat.access import access_message
from chat.changing import MessageAct
from chat.entries import Batch, Row
from chat.frames import extras_of, extras_text
from chat.models import Edition, Message
from chat.sending import refuse_content
from realtime import sql
from realtime.errors import Code, Refused

MOST = 100  # versions of a message that are kept

EDITION = (("message_id", "bigint"), ("content", "text"), ("at", "bigint"))


class Edit(MessageAct):
    """New words for a message. `mentions`: who is mentioned now; None: those who were before."""

    __slots__ = ("content", "mentions")

    def __init__(
        self, *, actor_id: int, msg_id: UUID, content: str, mentions: list[int] | None = None, origin: str | None = None
    ) -> None:
        super().__init__(actor_id=actor_id, msg_id=msg_id, origin=origin)
        self.content = content
        self.mentions = mentions

    def store(self, batch: Batch) -> None:
        """Write the new words. The same words change nothing."""
        row, me, held = self.look_as_member(batch)
        numbering.refuse_change(row, me, batch.members)
        if row.kind == "group":
            numbering.refuse_silent(row.posting, me.role, me.silenced_until, batch.now)
        changing.refuse_system(held)
        extras = extras_of(held.extras)
        if held.sender_id != self.actor_id or "forwarded_from" in extras:
            raise Refused(Code.FORBIDDEN, "Only what you have written yourself can be edited.")
        changing.refuse_gone(held)
        changing.refuse_late(held, batch.now, settings.IM_EDIT_WINDOW)
        if held.content_type == Message.ContentType.TEXT:
            refuse_content(self.content)
        before = extras.get("mentions", [])
        after = before if self.mentions is None else mentions.of_members(batch.cursor, row.id, self.mentions)
        if held.content == self.content and before == after:
            self.keep(row, held)
            return
        if held.content != self.content:
            _keep_edition(batch.cursor, held.id, held.content, held.edited_at or held.created_at)
        self._mention(batch, row, held.seq, before, after)
        extras.pop("mentions", None)
        if after:
            extras["mentions"] = after
        edited_at = max(batch.now, held.created_at, held.edited_at or 0)
        self.change(batch, row, held, content=self.content, extras=extras_text(extras), edited_at=edited_at)

    def _mention(self, batch: Batch, row: Row, seq: int, before: list[int], after: list[int]) -> None:
        gone = set(before) - set(after)
        if gone:
            mentions.forget(batch.cursor, row.id, seq, gone)
        new = [user for user in after if user not in before]
        if new:
            statements.mention(batch.cursor, row.id, seq, self.actor_id or 0, new)


def _keep_edition(cursor: Any, message_id: int, content: str, at: int) -> None:
    cursor.execute("SELECT count(*) FROM chat_edition WHERE message_id = %s", [message_id])
    if sql.rows(cursor)[0][0] >= MOST:
        raise Refused(Code.TOO_MANY, f"A message can be edited {MOST} times.")
    sql.insert(cursor, "chat_edition", EDITION, [(message_id, content, at)])


def edition(*, actor_id: int, msg_id: UUID, content: str, mentions: list[int] | None = None, origin: str | None = None) -> Edit:
    """An edit for the journal, which checks the rest. Raises Refused: content_too_long."""
    refuse_content(content, may_be_empty=True)
    return Edit(actor_id=actor_id, msg_id=msg_id, content=content, mentions=mentions, origin=origin)


class Version(NamedTuple):
    """What a message said, from `at` on (Unix ms)."""

    content: str
    at: int


def read_editions(*, user_id: int, msg_id: UUID) -> list[Version]:
    """Everything that a message has said, oldest first; the last is what it says now. Nothing of one that was taken back.
    Raises Refused: not_found."""
    message = access_message(user_id=user_id, msg_id=msg_id)
    if message.recalled_at is not None:
        return []
    before = Edition.objects.filter(message=message).order_by("pk").values_list("content", "at")
    return [*(Version(*row) for row in before), Version(message.content, message.edited_at or message.created_at)]
