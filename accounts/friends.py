"""Friendships, the requests that lead to them, and blocks. Everything here is symmetrical except who asked and who blocked."""

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import changes
from accounts.models import Block, FriendRequest, Friendship, User
from accounts.people import access_person
from realtime.errors import Code, Refused, not_found

MAX_REQUESTS = 500  # that one person may have open at once


def _pair(one: int, other: int) -> dict[str, int]:
    return {"low_id": min(one, other), "high_id": max(one, other)}


def friend_ids(user_id: int) -> set[int]:
    pairs = Friendship.objects.filter(Q(low_id=user_id) | Q(high_id=user_id)).values_list("low_id", "high_id")
    return {low if high == user_id else high for low, high in pairs}


def are_friends(one: int, other: int) -> bool:
    return Friendship.objects.filter(**_pair(one, other)).exists()


def friendships(user_id: int) -> QuerySet[Friendship]:
    """The friendships of a person with the people in them, newest last."""
    found = Friendship.objects.filter(Q(low_id=user_id) | Q(high_id=user_id), low__is_active=True, high__is_active=True)
    return found.select_related("low", "high").order_by("pk")


def refuse_blocked(*, user_id: int, other_id: int) -> None:
    """Raises Refused: `blocked` when I have blocked them, `forbidden` when they have blocked me, who am not told."""
    pairs = set(
        Block.objects.filter(blocker_id__in=[user_id, other_id], blocked_id__in=[user_id, other_id]).values_list(
            "blocker_id", "blocked_id"
        )
    )
    if (user_id, other_id) in pairs:
        raise Refused(Code.BLOCKED, "You have blocked this person.")
    if (other_id, user_id) in pairs:
        raise Refused(Code.FORBIDDEN, "You may not do this.")


def blocked_either_way(user_id: int) -> set[int]:
    """The people between whom and this one a block stands, whoever made it."""
    pairs = Block.objects.filter(Q(blocker_id=user_id) | Q(blocked_id=user_id)).values_list("blocker_id", "blocked_id")
    return {blocked if blocker == user_id else blocker for blocker, blocked in pairs}


def _requests_between(one: int, other: int) -> QuerySet[FriendRequest]:
    return FriendRequest.objects.filter(sender_id__in=[one, other], recipient_id__in=[one, other])


def _lock_pair(one: int, other: int) -> None:
    """What two people do to each other at the same moment happens one after the other: requests that cross meet, and none
    slips past a block. Called within a transaction. Raises Refused: not_found when one of them has been deleted."""
    pair = User.objects.select_for_update(no_key=True).filter(pk__in=(one, other)).order_by("pk")
    if len(pair.values_list("pk", flat=True)) < 2:
        raise not_found("There is no such person.")


@transaction.atomic
def ask(*, user_id: int, other_id: int, note: str = "") -> tuple[int | None, bool]:
    """Ask somebody to be friends, with up to 200 characters to them. Returns (request id, whether you are friends now).

    Asking twice is the same request, with the newer note; asking somebody who has asked you accepts theirs. Raises Refused:
    `bad_frame` for oneself, `not_found`, `blocked`, `forbidden` when they have blocked me, `too_many` open requests."""
    if other_id == user_id:
        raise Refused(Code.BAD_FRAME, "userId: That is you.", field="userId")
    access_person(viewer_id=user_id, person_id=other_id)
    _lock_pair(user_id, other_id)
    refuse_blocked(user_id=user_id, other_id=other_id)
    if are_friends(user_id, other_id):
        return None, True
    theirs = FriendRequest.objects.filter(sender_id=other_id, recipient_id=user_id).first()
    if theirs is not None:
        accept(user_id=user_id, request_id=theirs.pk)
        return theirs.pk, True
    note = note.strip()
    mine = FriendRequest.objects.filter(sender_id=user_id, recipient_id=other_id).first()
    if mine is not None and (not note or note == mine.note):
        return mine.pk, False
    if mine is None:
        if FriendRequest.objects.filter(sender_id=user_id).count() >= MAX_REQUESTS:
            raise Refused(Code.TOO_MANY, "You have too many open requests.")
        mine = FriendRequest(sender_id=user_id, recipient_id=other_id)
    mine.note = note
    mine.save()
    changes.record(changes.Kind.REQUEST, user_id=user_id, other_id=other_id)
    return mine.pk, False


@transaction.atomic
def accept(*, user_id: int, request_id: int) -> int:
    """Accept a request to me. Returns the new friend's id."""
    sent = FriendRequest.objects.filter(pk=request_id, recipient_id=user_id, sender__is_active=True)
    other_id = sent.values_list("sender_id", flat=True).first()
    if other_id is None:
        raise not_found("There is no such request.")
    _lock_pair(user_id, other_id)
    if not sent.exists():
        raise not_found("There is no such request.")
    refuse_blocked(user_id=user_id, other_id=other_id)
    make_friends(one=user_id, other=other_id)
    return other_id


@transaction.atomic
def make_friends(*, one: int, other: int) -> Friendship:
    """Make two people friends, as an accepted request or an administrator does; they may be already. It answers what they
    have asked each other."""
    low, high = sorted((one, other))
    answered = _requests_between(one, other).delete()[0]
    friendship, new = Friendship.objects.get_or_create(low_id=low, high_id=high)
    if new:
        changes.record(changes.Kind.FRIENDS, user_id=one, other_id=other)
    elif answered:
        changes.record(changes.Kind.REQUEST, user_id=one, other_id=other)
    return friendship


def decline(*, user_id: int, request_id: int) -> None:
    """Decline a request to me; the sender is not told, but sees that it is gone, and may ask again."""
    _withdraw(FriendRequest.objects.filter(pk=request_id, recipient_id=user_id))


def take_back(*, user_id: int, request_id: int) -> None:
    """Take back a request of mine."""
    _withdraw(FriendRequest.objects.filter(pk=request_id, sender_id=user_id))


@transaction.atomic
def _withdraw(requests: QuerySet[FriendRequest]) -> None:
    """Remove one request. Raises Refused: not_found."""
    request = requests.first()
    if request is None or not requests.delete()[0]:
        raise not_found("There is no such request.")
    changes.record(changes.Kind.REQUEST, user_id=request.sender_id, other_id=request.recipient_id)


@transaction.atomic
def end_friendship(*, user_id: int, friend_id: int) -> None:
    """Stop being friends; they are not told, but no longer see me come and go."""
    if not Friendship.objects.filter(**_pair(user_id, friend_id)).delete()[0]:
        raise not_found("You are not friends.")
    changes.record(changes.Kind.UNFRIENDS, user_id=user_id, other_id=friend_id)


@transaction.atomic
def block(*, user_id: int, other_id: int) -> None:
    """Block somebody: no messages, no requests, no presence, either way. Blocking twice is the same block."""
    if other_id == user_id:
        raise Refused(Code.BAD_FRAME, "userId: That is you.", field="userId")
    access_person(viewer_id=user_id, person_id=other_id)
    _lock_pair(user_id, other_id)
    _block, new = Block.objects.get_or_create(blocker_id=user_id, blocked_id=other_id)
    if _requests_between(user_id, other_id).delete()[0]:
        changes.record(changes.Kind.REQUEST, user_id=user_id, other_id=other_id)
    if new:
        changes.record(changes.Kind.BLOCK, user_id=user_id, other_id=other_id)


@transaction.atomic
def unblock(*, user_id: int, other_id: int) -> None:
    """Take a block back; without one this changes nothing."""
    if Block.objects.filter(blocker_id=user_id, blocked_id=other_id).delete()[0]:
        changes.record(changes.Kind.UNBLOCK, user_id=user_id, other_id=other_id)
