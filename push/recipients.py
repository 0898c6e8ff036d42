"""Whom a message is pushed to: members with a subscription who have not read or muted it, and look at no page."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Exists, F, Max, OuterRef, Q

from accounts.models import Block
from chat.frames import extras_of
from chat.models import Membership, Message
from presence.models import LiveConnection
from push import payloads
from push.models import Away, Preference, Subscription
from push.subscriptions import Switches, stands
from realtime.clock import now_ms

BATCH = 20_000  # messages read in one go: what is younger than the margin of `Tail` is read again each time
OLDEST = 600_000  # milliseconds: what could not be sent for so long is no news any more
OPEN = 100  # unread conversations that a push names


class Stored(NamedTuple):
    """A message that may have to be pushed."""

    pk: int
    conversation_id: int
    sender_id: int
    seq: int
    extras: str | None = None

    def mentions(self, user_id: int) -> bool:
        """Whether it speaks to this person, also where they have muted the conversation."""
        extras = extras_of(self.extras)
        return bool(extras.get("mention_all")) or user_id in extras.get("mentions", ())


class Delivery(NamedTuple):
    """One push for one browser. `topic`: a newer one with the same topic takes its place, also at the push service.

    `about`: the message that it tells of, None for a test."""

    subscription: Subscription
    topic: str
    text: bytes
    about: "About | None" = None


class About(NamedTuple):
    """What a push was made of: the message as it was at `rev`, with its text or without."""

    pk: int
    rev: int
    preview: bool
    unread: list[int]


def newest() -> int:
    """The id of the newest message."""
    return Message.objects.aggregate(newest=Max("pk"))["newest"] or 0


def due(after: int, delay: float) -> tuple[list[Stored], int]:
    """(the messages after an id that are older than `delay` seconds and have a member with a subscription, the id up to which
    there are none others)."""
    now = now_ms()
    if not Subscription.objects.exists():
        return [], newest()
    ripe = Message.objects.filter(pk__gt=after, created_at__lte=now - round(delay * 1000))
    told = Membership.objects.filter(
        conversation_id=OuterRef("conversation_id"), user_id__in=Subscription.objects.values("user_id")
    )
    rows = ripe.filter(Exists(told), created_at__gte=now - OLDEST, recalled_at=None).exclude(
        content_type=Message.ContentType.SYSTEM
    )
    found = [Stored(*row) for row in rows.order_by("pk").values_list(*Stored._fields)[:BATCH]]
    if len(found) == BATCH:
        return found, found[-1].pk
    return found, ripe.aggregate(newest=Max("pk"))["newest"] or after


def deliveries(stored: Iterable[Stored]) -> list[Delivery]:
    """What these messages must be pushed as: one push per conversation and browser, about the newest of them."""
    chosen = _chosen(stored)
    users = {user_id for user_id, _ in chosen}
    if not users:
        return []
    wanted = {preference.user_id: preference for preference in Preference.objects.filter(pk__in=users)}
    messages = Message.objects.select_related("sender", "conversation").in_bulk(
        [pk for (user_id, _), pk in chosen.items() if user_id in users]
    )
    browsers: dict[int, list[Subscription]] = defaultdict(list)
    for browser in Subscription.objects.filter(user_id__in=users).select_related("session", "session__user"):
        if stands(browser.session):
            browsers[browser.user_id].append(browser)
    unread = _unread(users)
    found = []
    for (user_id, conversation_id), pk in chosen.items():
        message, preference = messages.get(pk), wanted.get(user_id)
        switches = Switches(preference.directs, preference.groups, preference.preview) if preference else Switches()
        if (
            message is None
            or message.recalled_at is not None
            or not (switches.groups if message.conversation.kind == "group" else switches.directs)
        ):
            continue
        for browser in browsers[user_id]:
            text = payloads.message(message, browser=browser, preview=switches.preview, unread=unread[user_id])
            about = About(message.pk, message.rev, switches.preview, unread[user_id])
            found.append(Delivery(browser, f"chat-{conversation_id}", text, about))
    return found


def current(delivery: Delivery) -> Delivery | None:
    """A push that has waited, as it must be sent now: with what the message says by now. None when it was taken back, or is not
    for this person any more."""
    about = delivery.about
    if about is None:
        return delivery
    message = Message.objects.select_related("sender", "conversation").filter(pk=about.pk, recalled_at=None).first()
    if message is None:
        return None
    mine = Membership.objects.filter(user_id=delivery.subscription.user_id, conversation_id=message.conversation_id)
    if not mine.exists():
        return None
    if message.rev == about.rev:
        return delivery
    text = payloads.message(message, browser=delivery.subscription, preview=about.preview, unread=about.unread)
    return delivery._replace(text=text, about=about._replace(rev=message.rev))


def _chosen(stored: Iterable[Stored]) -> dict[tuple[int, int], int]:
    """(user, conversation) → the newest of these messages that they have not read, by somebody whom they have not blocked. Of
    a conversation that they have muted only what mentions them counts.

    Who looks at a page is left out, unless it has not confirmed a message: then its line is dead, and nobody knows yet. (Of
    groups not every client confirms.)"""
    by_conversation: dict[int, list[Stored]] = defaultdict(list)
    for one in stored:
        by_conversation[one.conversation_id].append(one)
    members = list(
        Membership.objects.filter(
            conversation_id__in=by_conversation, user_id__in=Subscription.objects.values("user_id")
        ).values_list("user_id", "conversation_id", "read_seq", "delivered_seq", "conversation__kind", "muted_until")
    )
    looking = _looking({member[0] for member in members})
    blocked = set(
        Block.objects.filter(blocker_id__in={member[0] for member in members}).values_list("blocker_id", "blocked_id")
    )
    chosen = {}
    now = now_ms()
    for user_id, conversation_id, read_seq, delivered_seq, kind, muted_until in members:
        muted = muted_until is not None and muted_until > now
        seen = read_seq
        if user_id in looking:
            if kind == "group":
                continue
            seen = max(read_seq, delivered_seq)
        news = [
            one
            for one in by_conversation[conversation_id]
            if one.sender_id != user_id
            and one.seq > seen
            and (user_id, one.sender_id) not in blocked
            and not (muted and not one.mentions(user_id))
        ]
        if news:
            chosen[user_id, conversation_id] = max(news, key=lambda one: one.seq).pk
    return chosen


def _looking(user_ids: set[int]) -> set[int]:
    """Those of these people who have a live connection that is looked at, or belongs to a program that tells them itself."""
    away = Away.objects.filter(connection_id=OuterRef("pk"))
    return set(LiveConnection.objects.filter(~Exists(away), user_id__in=user_ids).values_list("user_id", flat=True))


def _unread(user_ids: set[int]) -> dict[int, list[int]]:
    """The audible conversations in which somebody has something unread, and those where they are mentioned: what else a browser
    shows was read elsewhere."""
    found: dict[int, list[int]] = defaultdict(list)
    audible = Q(muted_until=None) | Q(muted_until__lte=now_ms()) | Q(mention_seq__gt=F("read_seq"))
    rows = Membership.objects.filter(audible, user_id__in=user_ids, read_seq__lt=F("conversation__last_seq"))
    for user_id, conversation_id in rows.order_by("-conversation__last_at").values_list("user_id", "conversation_id"):
        if len(found[user_id]) < OPEN:
            found[user_id].append(conversation_id)
    return found


def purge() -> None:
    """Forget connections that are gone."""
    alive = LiveConnection.objects.filter(pk=OuterRef("connection_id"))
    Away.objects.filter(~Exists(alive), at__lt=now_ms() - 60_000).delete()
