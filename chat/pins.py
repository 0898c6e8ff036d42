"""Messages that stand above a conversation: in direct chats both people put them there, in groups its admins."""

from typing import NamedTuple
from uuid import UUID

from chat import changing, numbering
from chat.access import access_membership
from chat.changing import MessageAct
from chat.entries import Batch
from chat.frames import ChatMessage
from chat.history import message_of, records
from chat.models import Message, Pin
from realtime import sql
from realtime.errors import Code, Refused

MOST = 50  # of a conversation

PIN = (("message_id", "bigint"), ("conversation_id", "bigint"), ("user_id", "bigint"), ("at", "bigint"))


class Pinning(MessageAct):
    """Put a message above its conversation, or take it away from there. A system message says so."""

    __slots__ = ("on",)

    def __init__(self, *, actor_id: int, msg_id: UUID, on: bool) -> None:
        super().__init__(actor_id=actor_id, msg_id=msg_id)
        self.on = on

    def store(self, batch: Batch) -> None:
        """What is so already changes nothing."""
        row, me, held = self.look_as_member(batch)
        numbering.refuse_change(row, me, batch.members)
        if row.kind == "group" and me.role == "member":
            raise Refused(Code.FORBIDDEN, "Only admins of the group pin messages.")
        changing.refuse_system(held)
        cursor = batch.cursor
        cursor.execute("SELECT message_id FROM chat_pin WHERE conversation_id = %s", [row.id])
        pinned = {found[0] for found in sql.rows(cursor)}
        if (held.id in pinned) == self.on:
            return
        if self.on:
            changing.refuse_gone(held)
            if len(pinned) >= MOST:
                raise Refused(Code.TOO_MANY, f"A conversation has at most {MOST} pinned messages.")
            sql.insert(cursor, "chat_pin", PIN, [(held.id, row.id, me.user_id, batch.now)])
            batch.say(self, row, me.user_id, "A message was pinned.", action="pinned", msgId=str(self.msg_id))
        else:
            cursor.execute("DELETE FROM chat_pin WHERE message_id = %s", [held.id])
            batch.say(self, row, me.user_id, "A message is no longer pinned.", action="unpinned", msgId=str(self.msg_id))


class Pinned(NamedTuple):
    """A pinned message, who pinned it, and when (Unix ms)."""

    message: ChatMessage
    by: int
    at: int


def read_pins(*, user_id: int, conversation_id: int) -> list[Pinned]:
    """The pinned messages of a conversation that I may see, the newest pin first. Raises Refused: not_found."""
    membership = access_membership(user_id=user_id, conversation_id=conversation_id)
    pins = Pin.objects.filter(conversation_id=conversation_id, message__seq__gt=membership.joined_seq)
    found = list(pins.order_by("-pk").values_list("message__msg_id", "user_id", "at"))
    messages = [message_of(record) for record in records(Message.objects.filter(msg_id__in=[pin[0] for pin in found]))]
    by_id = {message.msg_id: message for message in messages}
    return [Pinned(by_id[pin[0]], *pin[1:]) for pin in found if pin[0] in by_id]
