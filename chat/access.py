"""Look-ups that authorise: what a caller may not see is answered as what does not exist."""

import time
from collections import OrderedDict
from typing import NamedTuple
from uuid import UUID

from accounts.friends import refuse_blocked
from chat.models import Conversation, Membership, Message
from chat.numbering import refuse_silent
from realtime.clock import now_ms
from realtime.database import in_database
from realtime.errors import Code, Refused, not_found

AGE = 1.0  # seconds an audience may be remembered: ended rights bite within 2
SIZE = 10_000
LOUD = 256  # members of a group in which others see who is typing


def access_membership(*, user_id: int, conversation_id: int) -> Membership:
    """My membership in a conversation, with the conversation. Raises Refused: not_found."""
    found = Membership.objects.select_related("conversation").filter(user_id=user_id, conversation_id=conversation_id).first()
    if found is None:
        raise not_found("There is no such conversation.")
    return found


def access_message(*, user_id: int, msg_id: UUID) -> Message:
    """A message of a conversation of mine, with the conversation, where I may see it. Raises Refused: not_found."""
    message = Message.objects.select_related("conversation").filter(msg_id=msg_id).first()
    if message is not None:
        mine = Membership.objects.filter(user_id=user_id, conversation_id=message.conversation_id, joined_seq__lt=message.seq)
        if mine.exists():
            return message
    raise not_found("There is no such message.")


def access_group(*, user_id: int, conversation_id: int, manage: bool = False) -> Membership:
    """My membership in a group, with the group; `manage`: as owner or admin. Raises Refused: not_found, forbidden."""
    found = access_membership(user_id=user_id, conversation_id=conversation_id)
    if found.conversation.kind != Conversation.Kind.GROUP:
        raise not_found("There is no such group.")
    if manage and found.role == Membership.Role.MEMBER:
        raise Refused(Code.FORBIDDEN, "Only admins of the group may do this.")
    return found


class Audience(NamedTuple):
    """Whom something is told that is not stored: some people, or everybody who listens to the group (`shared`)."""

    others: tuple[int, ...] = ()
    shared: bool = False


class Audiences:
    """The others in a conversation, for what is told but not stored. Remembered for a second, as people type fast."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, int], tuple[float, Audience]] = OrderedDict()

    async def of(self, *, user_id: int, conversation_id: int) -> Audience:
        """The other members. Raises Refused as writing there would."""
        key, now = (user_id, conversation_id), time.monotonic()
        known = self._known.get(key)
        if known is not None and now - known[0] < AGE:
            return known[1]
        found = await in_database(_audience, user_id, conversation_id)
        self._known[key] = (now, found)
        self._known.move_to_end(key)
        if len(self._known) > SIZE:
            self._known.popitem(last=False)
        return found


def _audience(user_id: int, conversation_id: int) -> Audience:
    membership = access_membership(user_id=user_id, conversation_id=conversation_id)
    conversation = membership.conversation
    if conversation.kind == Conversation.Kind.GROUP:
        refuse_silent(conversation.posting, membership.role, membership.silenced_until, now_ms())
        return Audience(shared=conversation.member_count <= LOUD)
    other_id = conversation.high_id if conversation.low_id == user_id else conversation.low_id
    if other_id is None or other_id == user_id:
        return Audience()
    refuse_blocked(user_id=user_id, other_id=other_id)
    return Audience((other_id,))


audiences = Audiences()
