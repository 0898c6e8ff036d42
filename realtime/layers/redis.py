"""A channel layer for many processes: Redis pub/sub, lossy on purpose and never in the way.

What is sent reaches the groups of this process at once, through the local layer; the other processes get it from Redis.
channels_redis' own pub/sub layer awaits Redis for every send and keeps an unbounded queue per channel."""

import asyncio
import uuid
from typing import Any, ClassVar

import msgspec
from channels.layers import BaseChannelLayer
from channels_redis.utils import _consistent_hash, decode_hosts

from realtime.layers.local import LocalLayer, Message
from realtime.layers.shard import Shard

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode


class LoopLayer:
    """The layer within one event loop: a local layer, and the shards that tie it to the other processes."""

    def __init__(self, hosts: list[Any], prefix: str, capacity: int) -> None:
        self.local = LocalLayer(capacity=capacity)
        self.prefix = f"{prefix}.group."
        self.process = uuid.uuid4().hex
        self.shards = [Shard(host, capacity, self.arrived) for host in decode_hosts(hosts)]

    def shard(self, name: str) -> Shard:
        number: int = _consistent_hash(name, len(self.shards))
        return self.shards[number]

    def put(self, group: str, message: Message) -> None:
        """To the members here at once, and to the other processes through Redis."""
        self.local.put(group, message)
        name = self.prefix + group
        self.shard(name).publish(name, _encode((self.process, message)))

    def arrived(self, name: str, data: bytes) -> None:
        process, message = _decode(data)
        if process != self.process:
            self.local.put(name.removeprefix(self.prefix), message)


class RedisLayer(BaseChannelLayer):  # type: ignore[misc]
    """Channels' layer interface over a `LoopLayer` for each event loop that uses it. `hosts` as in channels_redis."""

    extensions: ClassVar = ["groups", "flush"]

    def __init__(self, hosts: list[Any], prefix: str = "skyeim", capacity: int = 50_000, expiry: int = 60) -> None:
        super().__init__(expiry=expiry, capacity=capacity)
        self.hosts = hosts
        self.prefix = prefix
        self._loops: dict[asyncio.AbstractEventLoop, LoopLayer] = {}

    def here(self) -> LoopLayer:
        """The layer of the running event loop."""
        loop = asyncio.get_running_loop()
        layer = self._loops.get(loop)
        if layer is None:
            self._loops = {known: kept for known, kept in self._loops.items() if not known.is_closed()}
            layer = self._loops[loop] = LoopLayer(self.hosts, self.prefix, self.capacity)
        return layer

    async def new_channel(self, prefix: str = "specific.") -> str:
        return await self.here().local.new_channel(prefix)

    async def send(self, channel: str, message: Message) -> None:
        await self.here().local.send(channel, message)

    async def receive(self, channel: str) -> Message:
        return await self.here().local.receive(channel)

    async def group_add(self, group: str, channel: str) -> None:
        layer = self.here()
        await layer.local.group_add(group, channel)
        name = layer.prefix + group
        await layer.shard(name).want(name)

    async def group_discard(self, group: str, channel: str) -> None:
        layer = self.here()
        await layer.local.group_discard(group, channel)
        if group not in layer.local.groups:
            name = layer.prefix + group
            layer.shard(name).unwant(name)

    async def group_send(self, group: str, message: Message) -> None:
        self.put(group, message)

    def put(self, group: str, message: Message) -> None:
        """`group_send` without waiting; to be called in the event loop."""
        self.here().put(group, message)

    async def drain(self) -> None:
        """Return when what was sent has left this process, or was given up."""
        for shard in self.here().shards:
            await shard.drain()

    async def flush(self) -> None:
        """Forget every group, and close the connections to Redis."""
        layer = self._loops.pop(asyncio.get_running_loop(), None)
        if layer is not None:
            await layer.local.flush()
            for shard in layer.shards:
                await shard.close()
