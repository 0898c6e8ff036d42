"""Taking a message back for everybody: its text goes, its place stays (protocol §2, §3).

The journal stores it like everything else: it takes the next rev of its conversation, so that devices that are away get it
with their resume."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from accounts.models import User
from audit import log
from chat import statements
from chat.entries import Recall, Row, Taken
from chat.models import Message
from realtime.clock import now_ms, shared_ms
from realtime.errors import Code, Refused, not_found


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


def find(recall: Recall) -> None:
    """Find the conversation of a message, which the storing transaction locks."""
    found = Message.objects.filter(msg_id=recall.msg_id).values_list("conversation_id", flat=True).first()
    recall.conversation_id = found
    if found is None:
        recall.refused = not_found("There is no such message.")


def store(cursor: Any, recall: Recall, rows: Mapping[int, Row]) -> None:
    """Take the text away in the current transaction, under the lock of the conversation's row. Twice changes nothing."""
    recall.taken = None
    row = rows.get(recall.conversation_id or 0)
    found = statements.find_message(cursor, recall.msg_id) if row is not None else None
    if row is None or found is None:
        recall.refused = not_found("There is no such message.")
        return
    pk, seq, sender_id, content_type, created_at, recalled_at = found
    if recalled_at is not None:
        return
    row.last_rev += 1
    row.changed = True
    taken = Taken(row.id, seq, row.last_rev, sender_id, content_type, created_at, now_ms(), row.low, row.high)
    statements.take_back(cursor, pk, taken, recall.moderated, shared_ms())
    if recall.event is not None:
        detail = {"conversation": row.id, "seq": seq, "sender": sender_id}
        log.record(**recall.event, target_id=pk, target=f"{row.id}/{seq}", detail=detail)
    recall.taken = taken
