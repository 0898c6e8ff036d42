"""What a process does about pushes. One process at a time has the turn: it follows the messages that were stored, some seconds
after them, and sends. So a message is never slowed down by whom it must be pushed to, and none is pushed twice."""

import asyncio
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from push import recipients
from push.models import Turn
from push.outbox import Outbox
from realtime.clock import monotonic, now_ms
from realtime.database import in_database
from realtime.process import PROCESS_ID
from realtime.supervision import every
from realtime.tail import Tail

PERIOD = 1.0  # seconds between two looks
PURGE = 300.0
CHUNK = 500  # messages whose recipients are looked up together

_stopping = False


@dataclass
class Following:
    """The turn of this process: what it has looked at, and when it must renew and tidy up."""

    tail: Tail
    renew_at: float
    purge_at: float = 0.0


def take_turn() -> int | None:
    """Take or renew the turn; None while another process has it. Returns the id of the message to go on after."""
    now = now_ms()
    free = Q(holder=PROCESS_ID) | Q(holder="") | Q(renewed_at__lt=now - round(settings.IM_LEASE_LIFETIME * 1000))
    turn, _ = Turn.objects.get_or_create(pk=1)
    if not Turn.objects.filter(free, pk=1).update(holder=PROCESS_ID, renewed_at=now):
        return None
    is_recent = turn.renewed_at > now - recipients.OLDEST
    return turn.position if is_recent else recipients.newest()


def _keep(position: int) -> bool:
    """Renew the turn and note how far it has come; False: another process has taken it meanwhile."""
    return bool(Turn.objects.filter(pk=1, holder=PROCESS_ID).update(renewed_at=now_ms(), position=position))


async def run() -> None:
    """A service: wait for the turn, and send while this process has it."""
    global _stopping
    if not settings.IM_PUSH:
        return
    _stopping = False
    outbox = Outbox()
    following: Following | None = None

    async def once() -> None:
        nonlocal following
        now = monotonic()
        if _stopping:
            return
        try:
            if following is None or now >= following.renew_at:
                following = await _renewed(following)
            if following is not None:
                await _look(following, outbox)
        except Exception:
            following = None  # begun again where the row says: what was half looked at is looked at once more
            raise

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(outbox.run())
        tasks.create_task(every(PERIOD, once, "Looking for messages to push"))


async def _renewed(following: Following | None) -> Following | None:
    renew_at = monotonic() + settings.IM_LEASE_RENEWAL
    if following is not None and await in_database(_keep, following.tail.after):
        following.renew_at = renew_at
        return following
    position = await in_database(take_turn)
    return None if position is None else Following(Tail(position), renew_at)


async def _look(following: Following, outbox: Outbox) -> None:
    tail = following.tail
    stored, reached = await in_database(recipients.due, tail.after, settings.IM_PUSH_DELAY)
    fresh = tail.fresh([one.pk for one in stored])
    tail.advance(reached)
    news = [one for one in stored if one.pk in fresh]
    for start in range(0, len(news), CHUNK):
        for delivery in await in_database(recipients.deliveries, news[start : start + CHUNK]):
            outbox.add(delivery)
    if monotonic() >= following.purge_at:
        following.purge_at = monotonic() + PURGE
        await in_database(recipients.purge)


async def release() -> None:
    """At the stop: give the turn back, so that another process takes it at once."""
    global _stopping
    _stopping = True
    await in_database(Turn.objects.filter(pk=1, holder=PROCESS_ID).update, holder="")
