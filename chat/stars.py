"""Messages that somebody wants to find again. Nobody else gets to know."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from chat.access import access_message
from chat.frames import ChatMessage
from chat.history import message_of, records
from chat.models import Conversation, Membership, Message, Star
from realtime.clock import now_ms


def set_star(*, user_id: int, msg_id: UUID, on: bool) -> None:
    """Star a message or take the star away; twice changes nothing. Raises Refused: not_found."""
    message = access_message(user_id=user_id, msg_id=msg_id)
    if on:
        Star.objects.get_or_create(user_id=user_id, message=message, defaults={"at": now_ms()})
    else:
        Star.objects.filter(user_id=user_id, message=message).delete()


class Starred(NamedTuple):
    """A starred message, its conversation with the name that it has for me, and when it was starred (Unix ms)."""

    message: ChatMessage
    conversation: Conversation
    title: str
    at: int


def read_stars(*, user_id: int, before: int | None, limit: int) -> tuple[list[Starred], int | None]:
    """(a page of my stars, the newest first, what the next page begins before). What I may no longer see is not among them."""
    visible = Membership.objects.filter(
        user_id=user_id, conversation_id=OuterRef("message__conversation_id"), joined_seq__lt=OuterRef("message__seq")
    )
    stars = Star.objects.filter(Exists(visible), user_id=user_id)
    if before is not None:
        stars = stars.filter(pk__lt=before)
    found = list(stars.select_related("message__conversation__low", "message__conversation__high").order_by("-pk")[: limit + 1])
    page = found[:limit]
    messages = records(Message.objects.filter(pk__in=[star.message_id for star in page]))
    by_seq = {(record.conversation_id, record.seq): message_of(record) for record in messages}
    results = []
    for star in page:
        conversation = star.message.conversation
        message = by_seq[conversation.pk, star.message.seq]
        results.append(Starred(message, conversation, _title(conversation, user_id), star.at))
    return results, page[-1].pk if len(found) > limit else None


def _title(conversation: Conversation, user_id: int) -> str:
    other = conversation.high if conversation.low_id == user_id else conversation.low
    return conversation.title or (other.name if other is not None else "")


def erase(user_id: int) -> None:
    """Their account ends: what they had starred is nobody's business."""
    Star.objects.filter(user_id=user_id).delete()
