"""Taking a message back for everybody: its text goes, its place stays (protocol §2, §3).

The journal stores it like everything else: it takes the next rev of its conversation, so that devices that are away get it
with their resume."""

from typing import Any
from uuid import UUID

from django.conf import settings

from accounts.models import User
from audit import log
from chat import changing, mentions, numbering
from chat.changing import MessageAct
from chat.entries import Batch, Member, Row
from chat.frames import extras_of, extras_text
from chat.models import Message
from chat.statements import Held
from realtime.errors import Code, Refused

BESIDE = ("chat_edition", "chat_reaction", "chat_pin")  # what belongs to a message and goes with its text


class Recall(MessageAct):
    """A message to be taken back, by a member or by an administrator of the site (`actor_id` None). `event` is then what the
    audit log is told, as arguments of `audit.log.record`. `is_changed`: it had not been taken back before."""

    __slots__ = ("event",)

    def __init__(
        self, *, msg_id: UUID, actor_id: int | None = None, event: dict[str, Any] | None = None, origin: str | None = None
    ) -> None:
        super().__init__(actor_id=actor_id, msg_id=msg_id, origin=origin)
        self.event = event

    def store(self, batch: Batch) -> None:
        """Take away the text and all that belongs to it. Twice changes nothing."""
        if self.actor_id is None:
            row, held = self.look(batch)
        else:
            row, me, held = self.look_as_member(batch)
            self._refuse(batch, row, me, held)
        if held.recalled_at is not None:
            self.keep(row, held)
            return
        for table in BESIDE:
            batch.cursor.execute(f"DELETE FROM {table} WHERE message_id = %s", [held.id])
        if {"mentions", "mention_all"} & extras_of(held.extras).keys():
            mentions.forget(batch.cursor, row.id, held.seq)
        if self.event is not None:
            detail = {"conversation": row.id, "seq": held.seq, "sender": held.sender_id}
            log.record(**self.event, target_id=held.id, target=f"{row.id}/{held.seq}", detail=detail)
        stranger = self.actor_id if self.actor_id not in (None, held.sender_id) else None
        extras = extras_text({"recalled_by": stranger} if stranger else {})
        self.change(
            batch, row, held, content="", extras=extras, recalled_at=batch.now, moderated=self.actor_id is None
        )  # fmt: skip

    def _refuse(self, batch: Batch, row: Row, me: Member, held: Held) -> None:
        """Everybody takes back their own for a while, admins of a group whatever was said in it. Muted or not."""
        numbering.refuse_change(row, me, batch.members)
        changing.refuse_system(held)
        if row.kind == "group" and me.role != "member":
            return
        if held.sender_id != self.actor_id:
            raise Refused(Code.FORBIDDEN, "Only what you have written yourself can be taken back.")
        if held.recalled_at is None:
            changing.refuse_late(held, batch.now, settings.IM_RECALL_WINDOW)


def moderation(*, moderator: User, msg_id: UUID, reason: str, address: str = "") -> Recall:
    """An administrator's taking back of anybody's message, for the journal. It is recorded with the reason, never with the
    text. Raises Refused: forbidden."""
    if not moderator.has_perm("chat.moderate"):
        raise Refused(Code.FORBIDDEN, "You may not take back other people's messages.")
    event = {
        "action": "take_back", "actor_id": moderator.pk, "actor": moderator.get_username(), "address": address,
        "reason": reason, "kind": Message._meta.label_lower,
    }  # fmt: skip
    return Recall(msg_id=msg_id, event=event)
