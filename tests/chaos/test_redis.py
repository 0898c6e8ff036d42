"""The ties of a process to a Redis of the test's own (realtime.layers.shard)."""

import asyncio
from collections.abc import Iterator

import pytest

from realtime.layers.shard import TIMEOUT, Shard
from tests.support.services import OwnRedis

pytestmark = pytest.mark.chaos


@pytest.fixture(scope="module")
def own_redis() -> Iterator[OwnRedis]:
    with OwnRedis() as redis:
        yield redis


async def test_the_first_subscription_of_a_process_is_heard(own_redis: OwnRedis) -> None:
    """It is made while the connection is: again and again, as it is a matter of what comes first."""
    for number in range(30):
        heard: asyncio.Queue[bytes] = asyncio.Queue()
        shard = Shard({"address": own_redis.url}, 10, lambda items: items[0][1], heard.put_nowait)
        try:
            async with asyncio.timeout(TIMEOUT / 2):
                await shard.want(f"group.{number}")
                shard.publish(f"group.{number}", "somebody", b"hello")
                assert await heard.get() == b"hello"
        finally:
            await shard.close()
