"""Who sees whom, and telling them: friends, unless one has blocked the other."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from accounts.friends import blocked_either_way, friend_ids
from accounts.models import Block, Friendship
from presence.frames import Offline, OfflineData, Online, OnlineData
from presence.models import Presence
from realtime.clock import monotonic, now_ms
from realtime.codec import encode
from realtime.database import in_database
from realtime.hub import Message, frame, user_group

COUNT_AGE = 3.0  # seconds that a count of people may be old; the protocol allows 5

_count: tuple[float, int] | None = None
_changed = False


async def online_count() -> int:
    """How many people are online, at most 5 s old; counted once for all who ask meanwhile."""
    global _count, _changed
    now = monotonic()
    if _count is None or now - _count[0] > (0.05 if _changed else COUNT_AGE):
        _changed = False
        _count = (now, _count[1]) if _count else None  # whoever asks meanwhile gets the last one
        _count = (now, await in_database(Presence.objects.filter(online=True).count))
    return _count[1]


def count_changed() -> None:
    """Somebody came or went in this process: the next one who asks gets a new count."""
    global _changed
    _changed = True


def visible_to(user_id: int) -> set[int]:
    """Whose presence a person may know: friends with no block in between, and their own."""
    return (friend_ids(user_id) - blocked_either_way(user_id)) | {user_id}


def of(*, viewer_id: int, user_ids: Iterable[int]) -> list[dict[str, object]]:
    """The presence of those of `user_ids` that the viewer may know; the others are left out."""
    visible = visible_to(viewer_id).intersection(user_ids)
    rows = {row.user_id: row for row in Presence.objects.filter(pk__in=visible)}
    return [
        {
            "userId": user_id,
            "online": bool(user_id in rows and rows[user_id].online),
            "lastSeen": rows[user_id].last_seen if user_id in rows else None,
        }
        for user_id in sorted(visible)
    ]


def online_friends(user_ids: list[int]) -> dict[int, list[int]]:
    """For each person, those of their friends who are online; three queries for all of them together."""
    seen: dict[int, set[int]] = defaultdict(set)
    pairs = Friendship.objects.filter(Q(low_id__in=user_ids) | Q(high_id__in=user_ids)).values_list("low_id", "high_id")
    for low, high in pairs:
        seen[low].add(high)
        seen[high].add(low)
    known = set().union(*(seen[user_id] for user_id in user_ids)) if user_ids else set()
    online = set(Presence.objects.filter(pk__in=known, online=True).values_list("pk", flat=True)) if known else set()
    blocks = _blocks(user_ids) if online else set()
    return {
        user_id: sorted(friend for friend in seen[user_id] & online if frozenset((user_id, friend)) not in blocks)
        for user_id in user_ids
    }


def _blocks(user_ids: list[int]) -> set[frozenset[int]]:
    found = Block.objects.filter(Q(blocker_id__in=user_ids) | Q(blocked_id__in=user_ids)).values_list(
        "blocker_id", "blocked_id"
    )
    return {frozenset(pair) for pair in found}


def announce_online(user_ids: list[int]) -> list[Message]:
    """What tells the friends who are online that these people have come."""
    now = now_ms()
    return [
        frame(user_group(friend), text)
        for user_id, friends in online_friends(user_ids).items()
        for text in [encode(Online(data=OnlineData(user_id, now)))]
        for friend in friends
    ]


def announce_offline(gone: list[tuple[int, int | None]]) -> list[Message]:
    """What tells the friends who are online that these people have gone."""
    now, last_seen = now_ms(), dict(gone)
    return [
        frame(user_group(friend), text)
        for user_id, friends in online_friends(list(last_seen)).items()
        for text in [encode(Offline(data=OfflineData(user_id, now, last_seen[user_id])))]
        for friend in friends
    ]


def see_each_other(one: int, other: int, *, since: int) -> list[Message]:
    """Two people may see each other since then: those who were online already appear."""
    online, now = _online_before(one, other, since), now_ms()
    return [
        frame(user_group(viewer), encode(Online(data=OnlineData(seen, now))))
        for viewer, seen in ((one, other), (other, one))
        if seen in online
    ]


def lose_sight(one: int, other: int, *, since: int) -> list[Message]:
    """Two people may not see each other any more: those who were online disappear, without a last seen."""
    online, now = _online_before(one, other, since), now_ms()
    return [
        frame(user_group(viewer), encode(Offline(data=OfflineData(seen, now, None))))
        for viewer, seen in ((one, other), (other, one))
        if seen in online
    ]


def _online_before(one: int, other: int, since: int) -> set[int]:
    """Who of the two was online at that time. Who came later was announced as any arrival is, or was not."""
    found = Presence.objects.filter(pk__in=(one, other), online=True, online_since__lte=since)
    return set(found.values_list("pk", flat=True))
