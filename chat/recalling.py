"""Taking a message back for everybody: its text goes, its place stays (protocol §2, §3).

The journal stores it like everything else: it takes the next rev of its conversation, so that devices that are away get it
with their resume."""

from typing import Any
from uuid import UUID

from accounts.models import User
from audit import log
from chat import publication, statements
from chat.entries import Act, Batch
from chat.frames import ChatMessage
from chat.models import Message
from realtime.errors import Code, Refused, not_found
from realtime.hub import Message as Publication


class Recall(Act):
    """A message to be taken back. `moderated`: by an administrator; `event` is then what the audit log is told, as arguments of
    `audit.log.record`. After the commit `taken` is the message as it is now, None when it was taken back before."""

    __slots__ = ("event", "moderated", "msg_id", "taken")

    def __init__(self, *, msg_id: UUID, moderated: bool = False, event: dict[str, Any] | None = None) -> None:
        super().__init__(actor_id=None)
        self.msg_id = msg_id
        self.moderated = moderated
        self.event = event
        self.taken: ChatMessage | None = None

    def find(self) -> None:
        self.conversation_id = conversation_of(self.msg_id)

    def store(self, batch: Batch) -> None:
        """Take the text away. Twice changes nothing."""
        self.taken = None
        row = batch.rows.get(self.conversation_id or 0)
        held = statements.find_message(batch.cursor, self.msg_id) if row is not None else None
        if row is None or held is None:
            raise not_found("There is no such message.")
        if held.recalled_at is not None:
            return
        statements.change_message(
            batch.cursor, held.id, row.next_rev(), batch.shared,
            content="", extras=None, recalled_at=batch.now, moderated=self.moderated,
        )  # fmt: skip
        if self.event is not None:
            detail = {"conversation": row.id, "seq": held.seq, "sender": held.sender_id}
            log.record(**self.event, target_id=held.id, target=f"{row.id}/{held.seq}", detail=detail)
        self.taken = publication.changed(
            row, self.msg_id, held._replace(content="", extras=None, recalled_at=batch.now), moderated=self.moderated
        )

    def published(self) -> list[Publication]:
        return [publication.update(self.taken)] if self.taken is not None else []


def conversation_of(msg_id: UUID) -> int:
    """The conversation of a message. Raises Refused: not_found."""
    found = Message.objects.filter(msg_id=msg_id).values_list("conversation_id", flat=True).first()
    if found is None:
        raise not_found("There is no such message.")
    return found


def moderation(*, moderator: User, msg_id: UUID, reason: str, address: str = "") -> Recall:
    """An administrator's taking back of anybody's message, for the journal. It is recorded with the reason, never with the
    text. Raises Refused: forbidden."""
    if not moderator.has_perm("chat.moderate"):
        raise Refused(Code.FORBIDDEN, "You may not take back other people's messages.")
    event = {
        "action": "take_back", "actor_id": moderator.pk, "actor": moderator.get_username(), "address": address,
        "reason": reason, "kind": Message._meta.label_lower,
    }  # fmt: skip
    return Recall(msg_id=msg_id, moderated=True, event=event)
