"""My own view of a conversation: muted, pinned, archived, marked unread, and the draft that follows me (protocol §3)."""

from typing import Any

from django.db import transaction

from chat import heads
from chat.access import access_membership
from chat.frames import StateFrame, View
from realtime.codec import encode
from realtime.errors import BadFrame, Code, not_found
from realtime.hub import frame, hub, user_group

FIELDS = ("unread_from", "muted_until", "pinned", "archived", "draft")


@transaction.atomic
def change_view(*, user_id: int, conversation_id: int, changes: dict[str, Any]) -> View:
    """Change some of FIELDS and tell my other devices. Raises Refused: not_found, bad_frame."""
    membership = access_membership(user_id=user_id, conversation_id=conversation_id)
    unread_from = changes.get("unread_from")
    if unread_from is not None and not 1 <= unread_from <= membership.conversation.last_seq:
        raise BadFrame(Code.BAD_FRAME, "unreadFrom: There is no such message.", field="unreadFrom")
    for name, value in changes.items():
        setattr(membership, name, value)
    if changes:
        membership.save(update_fields=list(changes))
    view = view_of(user_id=user_id, conversation_id=conversation_id)
    transaction.on_commit(lambda: hub.publish([frame(user_group(user_id), encode(StateFrame(data=view)))]))
    return view


def view_of(*, user_id: int, conversation_id: int) -> View:
    """My view of a conversation as it is now. Raises Refused: not_found."""
    found = heads.one(user_id, conversation_id)
    if found is None:
        raise not_found("There is no such conversation.")
    head = found.head
    return View(**{name: getattr(head, name) for name in View.__struct_fields__})
