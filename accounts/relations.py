"""How a person stands to others: friends, asked, blocked, and whom they both know."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.friends import friend_ids
from accounts.models import Block, FriendRequest, Friendship, User

KINDS = ["self", "blocked", "friend", "asks", "asked", "none"]


class Relation(NamedTuple):
    """`kind`: what the person is to me: one of KINDS. `asks`: they have asked me, `asked`: I have asked them, both with their
    request; `blocked`: I have blocked them. That they have blocked me is not told."""

    kind: str
    request: FriendRequest | None = None


NOBODY = Relation("none")


def between(*, viewer_id: int, person_ids: Collection[int]) -> dict[int, Relation]:
    """What each of these people is to the viewer; three queries for all of them together."""
    found: dict[int, Relation] = {}
    for request in FriendRequest.objects.filter(_both_ways("sender", "recipient", viewer_id, person_ids)):
        mine = request.sender_id == viewer_id
        found[request.recipient_id if mine else request.sender_id] = Relation("asked" if mine else "asks", request)
    for low, high in Friendship.objects.filter(_both_ways("low", "high", viewer_id, person_ids)).values_list(
        "low_id", "high_id"
    ):
        found[high if low == viewer_id else low] = Relation("friend")
    for blocked in Block.objects.filter(blocker_id=viewer_id, blocked_id__in=person_ids).values_list("blocked_id", flat=True):
        found[blocked] = Relation("blocked")
    if viewer_id in person_ids:
        found[viewer_id] = Relation("self")
    return found


def _both_ways(one: str, other: str, viewer_id: int, person_ids: Collection[int]) -> Q:
    there = Q(**{f"{one}_id": viewer_id, f"{other}_id__in": person_ids})
    return there | Q(**{f"{other}_id": viewer_id, f"{one}_id__in": person_ids})


def friends_in_common(*, viewer_id: int, person_ids: Collection[int]) -> Counter[int]:
    """How many friends each of these people and the viewer have in common."""
    mine = friend_ids(viewer_id)
    found: Counter[int] = Counter()
    if not mine or not person_ids:
        return found
    pairs = Friendship.objects.filter(
        Q(low_id__in=person_ids, high_id__in=mine, high__is_active=True)
        | Q(high_id__in=person_ids, low_id__in=mine, low__is_active=True)
    )
    wanted = set(person_ids)
    for low, high in pairs.values_list("low_id", "high_id"):
        if low in wanted and high in mine:
            found[low] += 1
        if high in wanted and low in mine:
            found[high] += 1
    return found


def seen(*, viewer_id: int, people: Iterable[User]) -> list[dict[str, Any]]:
    """People as the viewer sees them: what `SeenBody` shows."""
    people = list(people)
    ids = [person.pk for person in people]
    relations = between(viewer_id=viewer_id, person_ids=ids)
    common = friends_in_common(viewer_id=viewer_id, person_ids=ids)
    return [
        {
            "id": person.pk,
            "username": person.username,
            "name": person.name,
            "avatar_url": person.avatar_url,
            "status": person.status,
            "relation": relation.kind,
            "requestId": relation.request.pk if relation.request else None,
            "note": relation.request.note if relation.request else "",
            "friendsInCommon": common[person.pk],
        }
        for person in people
        for relation in [relations.get(person.pk, NOBODY)]
    ]


def requests_to(user_id: int) -> QuerySet[FriendRequest]:
    """Open requests to a person, newest first, with who sent them."""
    return FriendRequest.objects.filter(recipient_id=user_id, sender__is_active=True).select_related("sender").order_by("-pk")


def requests_of(user_id: int) -> QuerySet[FriendRequest]:
    """Open requests of a person, newest first, with whom they ask."""
    found = FriendRequest.objects.filter(sender_id=user_id, recipient__is_active=True)
    return found.select_related("recipient").order_by("-pk")
