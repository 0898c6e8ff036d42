"""The ties of one event loop to one Redis: what waits to be published, what is subscribed, and the tasks that see to it.

Time-outs are `asyncio.timeout`: before Python 3.12 `wait_for` may swallow a cancellation, and the stop would hang.
Nothing here raises or waits for long: Redis may be slow, hung, restarted, emptied or gone. What cannot be published is
dropped and counted, subscriptions are made again by themselves, and no queue grows without a bound."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from redis import asyncio as aioredis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

TIMEOUT = 2.0  # seconds for any answer of Redis; a hung one must not hold a process
RETRY = 0.5  # seconds between attempts to reach it
PIPELINE = 1000  # messages in one round trip
PACK = 256 * 1024  # bytes of messages that travel as one, about
Failure = (RedisError, OSError, TimeoutError)


Item = tuple[str, bytes]  # group, encoded message


def packs(batch: Sequence[tuple[str, Item]]) -> list[tuple[str, list[Item]]]:
    """What goes to the same name together, in order; more than PACK bytes are cut into several."""
    found: list[tuple[str, list[Item]]] = []
    open_: dict[str, tuple[list[Item], int]] = {}
    for name, item in batch:
        items, size = open_.get(name, ([], PACK))
        if size >= PACK:
            items, size = [], 0
            found.append((name, items))
        items.append(item)
        open_[name] = (items, size + len(item[1]))
    return found


class Shard:
    """One Redis. `pack(items)` makes one message of those that go to the same name together, `arrived(data)` is called for
    what comes in; `lost` counts what could not go out."""

    def __init__(
        self,
        host: dict[str, Any],
        capacity: int,
        pack: Callable[[Sequence[Item]], bytes],
        arrived: Callable[[bytes], None],
    ) -> None:
        options = {
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            "retry": Retry(NoBackoff(), 0),
            **host,
        }
        address = options.pop("address", None)
        self.client = aioredis.Redis.from_url(address, **options) if address else aioredis.Redis(**options)
        self.capacity = capacity
        self.pack = pack
        self.arrived = arrived
        self.lost = 0
        self.publishing = True
        self.listening = True
        self._outgoing: list[tuple[str, Item]] = []
        self._more = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._wanted: set[str] = set()
        self._changed = asyncio.Event()
        self._settled: dict[str, asyncio.Future[None]] = {}
        self._confirmed: set[str] = set()
        self._publisher = asyncio.create_task(self._publish())
        self._listener: asyncio.Task[None] | None = None  # begins with the first subscription: a command only publishes

    # ---- publishing ---------------------------------------------------------------------------------------------------

    def publish(self, name: str, group: str, message: bytes) -> None:
        if not self.publishing or len(self._outgoing) >= self.capacity:
            self.lost += 1
            return
        self._outgoing.append((name, (group, message)))
        self._idle.clear()
        self._more.set()

    async def drain(self) -> None:
        """Return when everything has been published or given up."""
        await self._idle.wait()

    async def _publish(self) -> None:
        while True:
            await self._more.wait()
            batch, self._outgoing = self._outgoing[:PIPELINE], self._outgoing[PIPELINE:]
            try:
                await self._send(batch)
            except Failure as error:
                await self._pause(len(batch), error)
            if not self._outgoing:
                self._more.clear()
                self._idle.set()

    async def _send(self, batch: list[tuple[str, Item]]) -> None:
        async with self.client.pipeline(transaction=False) as pipe:
            for name, items in packs(batch):
                pipe.publish(name, self.pack(items))
            async with asyncio.timeout(TIMEOUT):
                await pipe.execute()

    async def _pause(self, unsent: int, error: BaseException) -> None:
        """Drop what waits, and come back when Redis answers again."""
        logger.warning("Redis takes no messages (%s). Other processes read what they miss from the database.", error)
        self.publishing = False
        self.lost += unsent + len(self._outgoing)
        self._outgoing.clear()
        self._idle.set()
        while not self.publishing:
            await asyncio.sleep(RETRY)
            try:
                async with asyncio.timeout(TIMEOUT):
                    await self.client.execute_command("PING")  # type: ignore[no-untyped-call]
            except Failure:
                continue
            self.publishing = True
        logger.warning("Redis takes messages again.")

    # ---- listening ----------------------------------------------------------------------------------------------------

    async def want(self, name: str) -> None:
        """Return when Redis has confirmed the subscription; at once while Redis is away, as it is made later then."""
        self._wanted.add(name)
        self._changed.set()
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        if name in self._confirmed or not self.listening:
            return
        future = self._settled.setdefault(name, asyncio.get_running_loop().create_future())
        try:
            async with asyncio.timeout(TIMEOUT):
                await asyncio.shield(future)
        except TimeoutError:
            logger.warning("Redis did not confirm a subscription within %s s.", TIMEOUT)

    def unwant(self, name: str) -> None:
        self._wanted.discard(name)
        self._changed.set()

    async def _listen(self) -> None:
        while True:
            pubsub = self.client.pubsub()
            subscriber: asyncio.Task[None] | None = None
            try:
                # redis-py connects with the first command. Two at once, the question and the subscription, would each take a
                # connection, and what was subscribed on the one that loses is never heard.
                async with asyncio.timeout(TIMEOUT):
                    await pubsub.connect()  # type: ignore[no-untyped-call]
                subscriber = asyncio.create_task(self._subscribe(pubsub))
                await self._receive(pubsub, subscriber)
            except Failure as error:
                self._deaf(error)
            finally:
                if subscriber is not None:
                    subscriber.cancel()
                    await asyncio.gather(subscriber, return_exceptions=True)
                await asyncio.gather(pubsub.aclose(), return_exceptions=True)  # type: ignore[no-untyped-call]
            await asyncio.sleep(RETRY)

    async def _subscribe(self, pubsub: Any) -> None:
        """Keep the subscriptions of this connection equal to what is wanted."""
        asked: set[str] = set()
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            new, old = self._wanted - asked, asked - self._wanted
            if new:
                asked |= new
                async with asyncio.timeout(TIMEOUT):
                    await pubsub.subscribe(*new)
            if old:
                asked -= old
                self._confirmed -= old
                async with asyncio.timeout(TIMEOUT):
                    await pubsub.unsubscribe(*old)

    async def _receive(self, pubsub: Any, subscriber: "asyncio.Task[None]") -> None:
        """Hand on what arrives. Raises when the connection breaks, or stays silent although it was asked."""
        await self._ask(pubsub)
        asked = True
        while True:
            message = await pubsub.get_message(timeout=TIMEOUT)
            if subscriber.done():
                subscriber.result()
            if message is not None:
                asked = False
                self._take(message)
            elif asked:
                raise TimeoutError("no answer")
            else:
                await self._ask(pubsub)
                asked = True

    @staticmethod
    async def _ask(pubsub: Any) -> None:
        async with asyncio.timeout(TIMEOUT):
            await pubsub.ping()

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "message":
            self.arrived(message["data"])
            return
        if not self.listening:
            self.listening = True
            logger.warning("Redis is heard again.")
        if kind == "subscribe":
            name = message["channel"].decode()
            self._confirmed.add(name)
            self._settle(self._settled.pop(name, None))

    def _deaf(self, error: BaseException) -> None:
        if self.listening:
            logger.warning("Redis is not heard (%s). What is missed is read from the database.", error)
        self.listening = False
        self._confirmed.clear()
        for future in self._settled.values():
            self._settle(future)
        self._settled.clear()

    @staticmethod
    def _settle(future: "asyncio.Future[None] | None") -> None:
        if future is not None and not future.done():
            future.set_result(None)

    async def close(self) -> None:
        for task in (self._publisher, self._listener):
            while task is not None and not task.done():
                task.cancel()  # redis-py may swallow a cancellation: once is not enough
                await asyncio.wait([task], timeout=0.1)
        await self.client.aclose()
