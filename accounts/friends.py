"""Friendships, the requests that lead to them, and blocks. Everything here is symmetrical except who asked and who blocked."""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from accounts import changes
from accounts.models import Block, FriendRequest, Friendship
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


def ask(*, user_id: int, other_id: int) -> tuple[int | None, bool]:
    """Ask somebody to be friends. Returns (request id, whether you are friends now).

    Asking twice is the same request; asking somebody who has asked you accepts theirs."""
    if other_id == user_id:
        raise Refused(Code.BAD_FRAME, "userId: That is you.", field="userId")
    access_person(viewer_id=user_id, person_id=other_id)
    refuse_blocked(user_id=user_id, other_id=other_id)
    if are_friends(user_id, other_id):
        return None, True
    theirs = FriendRequest.objects.filter(sender_id=other_id, recipient_id=user_id).first()
    if theirs is not None:
        accept(user_id=user_id, request_id=theirs.pk)
        return theirs.pk, True
    if FriendRequest.objects.filter(sender_id=user_id).count() >= MAX_REQUESTS:
        raise Refused(Code.TOO_MANY, "You have too many open requests.")
    try:
        with transaction.atomic():
            request, _ = FriendRequest.objects.get_or_create(sender_id=user_id, recipient_id=other_id)
    except IntegrityError as error:
        raise not_found("There is no such person.") from error
    return request.pk, False


@transaction.atomic
def accept(*, user_id: int, request_id: int) -> int:
    """Accept a request to me. Returns the new friend's id."""
    request = FriendRequest.objects.select_for_update().filter(pk=request_id, recipient_id=user_id).first()
    if request is None:
        raise not_found("There is no such request.")
    refuse_blocked(user_id=user_id, other_id=request.sender_id)
    other_id = request.sender_id
    FriendRequest.objects.filter(Q(pk=request_id) | Q(sender_id=user_id, recipient_id=other_id)).delete()
    make_friends(one=user_id, other=other_id)
    return other_id


@transaction.atomic
def make_friends(*, one: int, other: int) -> Friendship:
    """Make two people friends, as an accepted request or an administrator does; they may be already."""
    low, high = sorted((one, other))
    friendship, new = Friendship.objects.get_or_create(low_id=low, high_id=high)
    if new:
        changes.record(changes.Kind.FRIENDS, user_id=one, other_id=other)
    return friendship


def decline(*, user_id: int, request_id: int) -> None:
    """Decline a request to me; the sender may ask again."""
    if not FriendRequest.objects.filter(pk=request_id, recipient_id=user_id).delete()[0]:
        raise not_found("There is no such request.")


def take_back(*, user_id: int, request_id: int) -> None:
    """Take back a request of mine."""
    if not FriendRequest.objects.filter(pk=request_id, sender_id=user_id).delete()[0]:
        raise not_found("There is no such request.")


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
    _block, new = Block.objects.get_or_create(blocker_id=user_id, blocked_id=other_id)
    FriendRequest.objects.filter(sender_id__in=[user_id, other_id], recipient_id__in=[user_id, other_id]).delete()
    if new:
        changes.record(changes.Kind.BLOCK, user_id=user_id, other_id=other_id)


@transaction.atomic
def unblock(*, user_id: int, other_id: int) -> None:
    """Take a block back; without one this changes nothing."""
    if Block.objects.filter(blocker_id=user_id, blocked_id=other_id).delete()[0]:
        changes.record(changes.Kind.UNBLOCK, user_id=user_id, other_id=other_id)
