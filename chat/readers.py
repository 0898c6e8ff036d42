"""Who has read a message of mine in a group, and since when; and the end of what is kept for that."""

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Min

from accounts.models import User
from chat.access import access_message
from chat.models import Conversation, Membership, ReadTime
from chat.receipts import SMALL
from realtime.clock import now_ms
from realtime.database import in_database
from realtime.errors import Code, Refused, not_found
from realtime.supervision import every

PERIOD = 3600.0  # seconds


class Reader(NamedTuple):
    """Somebody who has read it; `read_at` in Unix ms, None where that is not known any more."""

    user: User
    read_at: int | None


class Readers(NamedTuple):
    """Who has read it, the first of them first; who has only been given it; and how many others it was for."""

    read: list[Reader]
    delivered: list[User]
    total: int


def read_readers(*, user_id: int, msg_id: UUID) -> Readers:
    """Who has read a message. Raises Refused: not_found where I did not write it or it is not in a group, too_many for a large
    group."""
    message = access_message(user_id=user_id, msg_id=msg_id)
    if message.sender_id != user_id or message.conversation.kind != Conversation.Kind.GROUP:
        raise not_found("There is no such message.")
    if message.conversation.member_count > SMALL:
        raise Refused(Code.TOO_MANY, f"Groups of more than {SMALL} members don't tell who has read what.")
    # Whoever came later was given it by a page of history, if at all.
    members = Membership.objects.filter(conversation_id=message.conversation_id, joined_rev__lt=message.created_rev)
    found = list(members.exclude(user_id=user_id).select_related("user").order_by("user_id"))
    times = _times(message.conversation_id, message.seq, message.created_at)
    read = [Reader(member.user, times.get(member.user_id)) for member in found if member.read_seq >= message.seq]
    delivered = [member.user for member in found if member.read_seq < message.seq <= member.delivered_seq]
    return Readers(sorted(read, key=lambda reader: reader.read_at or 0), delivered, len(found))


def _times(conversation_id: int, seq: int, created_at: int) -> dict[int, int]:
    """When who first had read up to here. Of an older message the first time may be forgotten, and a later one is no answer."""
    if created_at < _horizon():
        return {}
    rows = ReadTime.objects.filter(conversation_id=conversation_id, seq__gte=seq).values("user_id")
    return dict(rows.annotate(first=Min("at")).values_list("user_id", "first"))


def _horizon() -> int:
    return now_ms() - round(settings.IM_READ_TIMES * 1000)


def prune() -> None:
    """Forget what is older than IM_READ_TIMES."""
    ReadTime.objects.filter(at__lt=_horizon()).delete()


async def run() -> None:
    """A service: forget, now and then."""

    async def once() -> None:
        await in_database(prune)

    await every(PERIOD, once, "Forgetting who read when")
