"""Direct conversations by pair of people: finding them, and opening new ones where that is allowed."""

from collections import OrderedDict
from threading import Lock

from django.conf import settings
from django.db import transaction

from accounts.friends import are_friends, refuse_blocked
from accounts.people import access_person
from chat.models import Conversation, Membership
from realtime.database import in_database
from realtime.errors import Code, Refused

SIZE = 100_000  # pairs remembered; a conversation never changes its pair

Pair = tuple[int, int]

_known: OrderedDict[Pair, int] = OrderedDict()
_lock = Lock()


def pair(one: int, other: int) -> Pair:
    return (one, other) if one <= other else (other, one)


def known(pair: Pair) -> int | None:
    """The conversation of a pair, as far as this process remembers."""
    return _known.get(pair)


def remember(pair: Pair, conversation_id: int) -> None:
    with _lock:
        _known[pair] = conversation_id
        if len(_known) > SIZE:
            _known.popitem(last=False)


def forget(pair: Pair) -> None:
    """The conversation is gone: an administrator removed it."""
    with _lock:
        _known.pop(pair, None)


def find(pair: Pair) -> int | None:
    """The conversation of a pair, from memory or the database."""
    found = known(pair)
    if found is None:
        found = Conversation.objects.filter(low_id=pair[0], high_id=pair[1]).values_list("pk", flat=True).first()
        if found is not None:
            remember(pair, found)
    return found


async def find_for(*, user_id: int, other_id: int) -> int | None:
    """My conversation with somebody, None when nothing has been said yet. Raises Refused: not_found for nobody."""
    key = pair(user_id, other_id)
    return known(key) or await in_database(_find_for, user_id, other_id)


def _find_for(user_id: int, other_id: int) -> int | None:
    found = find(pair(user_id, other_id))
    if found is None:
        access_person(viewer_id=user_id, person_id=other_id)
    return found


def open_direct(*, user_id: int, other_id: int, opened: bool = False) -> int:
    """The direct conversation of two people, new if need be; with myself: notes to self. Returns its id.

    `opened`: it stands in my list although nothing has been said. Raises Refused where I may not start one."""
    key = pair(user_id, other_id)
    found = find(key)
    if found is None:
        _refuse_start(user_id=user_id, other_id=other_id)
        found = _create(key)
        remember(key, found)
    if opened:
        Membership.objects.filter(conversation_id=found, user_id=user_id).update(opened=True)
    return found


def _refuse_start(*, user_id: int, other_id: int) -> None:
    if user_id == other_id:
        return
    access_person(viewer_id=user_id, person_id=other_id)
    refuse_blocked(user_id=user_id, other_id=other_id)
    refuse_strangers(user_id=user_id, other_id=other_id)


def refuse_strangers(*, user_id: int, other_id: int) -> None:
    """Raise Refused where only friends may write to each other and these are none."""
    if settings.IM_DIRECT_MESSAGES == "friends" and not are_friends(user_id, other_id):
        raise Refused(Code.NOT_FRIENDS, "Only friends may write to each other here.")


@transaction.atomic
def _create(key: Pair) -> int:
    """One transaction of its own, before the one that stores messages: two that create the same pair meet here, where
    they hold no other lock."""
    conversation, new = Conversation.objects.get_or_create(low_id=key[0], high_id=key[1], defaults={"kind": "direct"})
    if new:
        Membership.objects.bulk_create([Membership(conversation=conversation, user_id=user) for user in sorted(set(key))])
    return conversation.pk
