"""A channel layer for many processes: Redis pub/sub, lossy on purpose and never in the way.

What is sent reaches the groups of this process at once, through the local layer; the other processes get it from Redis.
channels_redis' own pub/sub layer awaits Redis for every send and keeps an unbounded queue per channel."""

import asyncio
import uuid
import zlib
from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec
from channels.layers import BaseChannelLayer
from channels_redis.utils import _consistent_hash, decode_hosts

from realtime.layers.local import LocalLayer, Message
from realtime.layers.shard import Item, Shard

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode
_unpack = msgspec.msgpack.Decoder(tuple[str, list[tuple[str, msgspec.Raw]]]).decode

BUCKETS = 8  # Redis channels that all groups share


class LoopLayer:
    """The layer within one event loop: a local layer, and the shards that tie it to the other processes.

    A group has no channel of its own in Redis: it falls into one of a few buckets. What goes to a bucket in one turn of the
    loop travels as one message, and a process with thousands of people has eight subscriptions instead of thousands. The
    price is that a process is sent, and throws away, what concerns groups of others (docs/decisions/0007)."""

    def __init__(self, hosts: list[Any], prefix: str, capacity: int) -> None:
        self.local = LocalLayer(capacity=capacity)
        self.prefix = f"{prefix}.bucket."
        self.process = uuid.uuid4().hex
        self.shards = [Shard(host, capacity, self.pack, self.arrived) for host in decode_hosts(hosts)]
        self._groups: dict[str, set[str]] = {}  # bucket → the groups in it that have a member here
        self._encoded: tuple[Message | None, bytes] = (None, b"")

    def bucket(self, group: str) -> str:
        return f"{self.prefix}{zlib.crc32(group.encode()) % BUCKETS}"

    def shard(self, bucket: str) -> Shard:
        number: int = _consistent_hash(bucket, len(self.shards))
        return self.shards[number]

    async def join(self, group: str) -> None:
        bucket = self.bucket(group)
        self._groups.setdefault(bucket, set()).add(group)
        await self.shard(bucket).want(bucket)

    def leave(self, group: str) -> None:
        bucket = self.bucket(group)
        groups = self._groups.get(bucket, set())
        groups.discard(group)
        if not groups:
            self._groups.pop(bucket, None)
            self.shard(bucket).unwant(bucket)

    def put(self, group: str, message: Message) -> None:
        """To the members here at once, and to the other processes through Redis."""
        self.local.put(group, message)
        if self._encoded[0] is not message:  # the same message often goes to two groups in a row
            self._encoded = (message, _encode(message))
        bucket = self.bucket(group)
        self.shard(bucket).publish(bucket, group, self._encoded[1])

    def pack(self, items: Sequence[Item]) -> bytes:
        """What travels: this process, and (group, message) in the order in which they were sent."""
        return _encode((self.process, [(group, msgspec.Raw(message)) for group, message in items]))

    def arrived(self, data: bytes) -> None:
        process, items = _unpack(data)
        if process != self.process:
            for group, message in items:
                if group in self.local.groups:
                    self.local.put(group, _decode(message))


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
        await layer.join(group)

    async def group_discard(self, group: str, channel: str) -> None:
        layer = self.here()
        await layer.local.group_discard(group, channel)
        if group not in layer.local.groups:
            layer.leave(group)

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
