"""What waits to be sent to push services: bounded, the newest of a topic, tried again while a refusal may pass."""

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.conf import settings

from push import endpoints, recipients, subscriptions
from push.encryption import encrypt
from push.recipients import Delivery
from realtime.clock import monotonic
from realtime.database import in_database, release_connections

logger = logging.getLogger(__name__)

ATTEMPTS = 5
FIRST = 2.0  # seconds before the second attempt; each further one waits four times as long
MOST = 900.0  # that a push service may ask us to wait
AT_ONCE = 8  # calls

Key = tuple[int, str]
Send = Callable[[Delivery], endpoints.Answer]


@dataclass(slots=True)
class Waiting:
    """A push, how often it was tried, and when it may be tried next."""

    delivery: Delivery
    attempts: int = 0
    not_before: float = 0.0


def send(delivery: Delivery) -> endpoints.Answer:
    """Encrypt a push and hand it over, in a thread of its own. An address that may not be called is one that refuses."""
    browser = delivery.subscription
    try:
        body = encrypt(delivery.text, p256dh=browser.p256dh, auth=browser.auth)
        return endpoints.post(endpoint=browser.endpoint, body=body, topic=delivery.topic, ttl=settings.IM_PUSH_TTL)
    except endpoints.Forbidden:
        return endpoints.Answer(403)
    finally:
        release_connections()


class Outbox:
    """Sends in the order of asking, a few at once. A newer push with the same topic takes the place of one that waits."""

    def __init__(self, send: Send = send) -> None:
        self.send = send
        self._waiting: OrderedDict[Key, Waiting] = OrderedDict()
        self._added = asyncio.Event()
        self._threads = ThreadPoolExecutor(AT_ONCE, "push")
        self._full = False

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, delivery: Delivery) -> None:
        """Send this. When too many wait, the oldest is dropped: it is the least news."""
        key = (delivery.subscription.pk, delivery.topic)
        self._waiting.pop(key, None)
        if len(self._waiting) >= settings.IM_PUSH_QUEUE:
            self._waiting.popitem(last=False)
            if not self._full:
                logger.warning("Too many pushes wait; the oldest are dropped.")
            self._full = True
        else:
            self._full = False
        self._waiting[key] = Waiting(delivery)
        self._added.set()

    async def run(self) -> None:
        """Send until cancelled."""
        try:
            await asyncio.gather(*(self._work() for _ in range(AT_ONCE)))
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def _work(self) -> None:
        while True:
            found = self._next()
            if found is None:
                self._added.clear()
                try:
                    await asyncio.wait_for(self._added.wait(), self._pause())
                except TimeoutError:
                    continue
            else:
                await self._try(*found)

    def _next(self) -> tuple[Key, Waiting] | None:
        now = monotonic()
        for key, waiting in self._waiting.items():
            if waiting.not_before <= now:
                del self._waiting[key]
                return key, waiting
        return None

    def _pause(self) -> float:
        """Seconds until something may be tried again."""
        now = monotonic()
        return max(0.05, min((waiting.not_before - now for waiting in self._waiting.values()), default=60.0))

    async def _try(self, key: Key, waiting: Waiting) -> None:
        loop = asyncio.get_running_loop()
        try:
            if waiting.delivery.about is not None:
                delivery = await in_database(recipients.current, waiting.delivery)
                if delivery is None:
                    return
                waiting.delivery = delivery
            answer = await loop.run_in_executor(self._threads, self.send, waiting.delivery)
            await in_database(subscriptions.heard, waiting.delivery.subscription, answer)
        except Exception:
            logger.exception("A push could not be sent.")
            return
        waiting.attempts += 1
        if not answer.passes or waiting.attempts >= ATTEMPTS or key in self._waiting:
            return
        asked = min(MOST, answer.retry_after or 0.0)
        pause = FIRST * 4 ** (waiting.attempts - 1) * random.uniform(0.75, 1.25)  # noqa: S311  (spreads attempts)
        waiting.not_before = monotonic() + max(asked, pause)
        if len(self._waiting) < settings.IM_PUSH_QUEUE:
            self._waiting[key] = waiting
            self._added.set()
