"""What every act on a message has in common: finding it, seeing whether one may, writing the change and telling everybody."""

from typing import Any
from uuid import UUID

from chat import publication, statements
from chat.entries import SYSTEM, Act, Batch, Member, Row
from chat.frames import ChatMessage
from chat.models import Message
from chat.statements import Held
from realtime.errors import Code, Refused, not_found
from realtime.hub import Message as Publication


class MessageAct(Act):
    """Something that becomes of one message. `origin`: the connection that asked, which has its own answer.

    After the commit `message` is the message as it is now; `is_changed`: it is not as it was."""

    __slots__ = ("is_changed", "message", "msg_id", "origin")

    def __init__(self, *, actor_id: int | None, msg_id: UUID, origin: str | None = None) -> None:
        super().__init__(actor_id=actor_id)
        self.msg_id = msg_id
        self.origin = origin
        self.message: ChatMessage | None = None
        self.is_changed = False

    def find(self) -> None:
        self.conversation_id = conversation_of(self.msg_id)

    def look(self, batch: Batch) -> tuple[Row, Held]:
        """The message, whoever asks. Raises Refused: not_found."""
        self.message, self.is_changed = None, False
        row = batch.rows.get(self.conversation_id or 0)
        held = statements.find_message(batch.cursor, self.msg_id) if row is not None else None
        if row is None or held is None:
            raise not_found("There is no such message.")
        return row, held

    def look_as_member(self, batch: Batch) -> tuple[Row, Member, Held]:
        """The message, for a member who may see it. Raises Refused: not_found."""
        row, held = self.look(batch)
        me = batch.members.get((row.id, self.actor_id or 0))
        if me is None or held.seq <= me.joined_seq:
            raise not_found("There is no such message.")
        return row, me, held

    def keep(self, row: Row, held: Held) -> None:
        """It is so already: nothing is written or told, and the answer says how it is."""
        self.message = publication.changed(row, self.msg_id, held)

    def change(self, batch: Batch, row: Row, held: Held, **values: Any) -> None:
        """Write these columns, under the next rev."""
        rev = row.next_rev()
        statements.change_message(batch.cursor, held.id, rev, batch.shared, **values)
        self.message = publication.changed(row, self.msg_id, held._replace(**values, rev=rev))
        self.is_changed = True

    def published(self) -> list[Publication]:
        if self.message is None or not self.is_changed:
            return []
        return [publication.update(self.message, origin=self.origin)]


def refuse_gone(held: Held) -> None:
    """Raises Refused: too_late when the message was taken back."""
    if held.recalled_at is not None:
        raise Refused(Code.TOO_LATE, "This message was taken back.")


def refuse_system(held: Held) -> None:
    """Raises Refused: forbidden for what the server says."""
    if held.content_type == SYSTEM:
        raise Refused(Code.FORBIDDEN, "Nobody has written this message.")


def refuse_late(held: Held, now: int, window: float) -> None:
    """Raises Refused: too_late when the message is older than `window` seconds."""
    if now - held.created_at > window * 1000:
        raise Refused(Code.TOO_LATE, "This message is too old for that.")


def conversation_of(msg_id: UUID) -> int:
    """The conversation of a message. Raises Refused: not_found."""
    found = Message.objects.filter(msg_id=msg_id).values_list("conversation_id", flat=True).first()
    if found is None:
        raise not_found("There is no such message.")
    return found
