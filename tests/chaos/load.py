"""The talk that goes on while things break, and how long it takes for those who should not notice."""

import asyncio
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.arena import Arena
from tests.chaos.client import Client

RATES = {"ann-1": 8, "ann-2": 8, "ben-1": 8, "ben-2": 8, "cat-1": 5, "dan-1": 5}  # messages a second: 42 in all
WAITING = 200  # unanswered messages of a device, beyond which its person stops writing


@dataclass(frozen=True)
class Latency:
    """Seconds from writing a message to its ack and to its arrival at the other person: of a hundred, all but one."""

    acked: float
    arrived: float
    count: int


class Load:
    """Everybody writes, each at their rate and without waiting for answers, until `stop`. `text` makes the content."""

    def __init__(self, arena: Arena, size: int = 20) -> None:
        self.arena = arena
        self.size = size
        self._writers: list[asyncio.Task[None]] = []

    def start(self) -> None:
        clients = self.arena.clients
        self._writers = [asyncio.create_task(self._write(clients[device], rate)) for device, rate in RATES.items()]

    async def stop(self) -> None:
        for writer in self._writers:
            writer.cancel()
        await asyncio.gather(*self._writers, return_exceptions=True)

    async def _write(self, client: Client, rate: int) -> None:
        talk, number = self.arena.talk(client.device), 0
        while True:
            await asyncio.sleep(random.uniform(0.5, 1.5) / rate)
            if len(client.outbox) < WAITING:
                number += 1
                client.say(talk, f"{number} of {client.device} {random.randbytes(self.size // 2).hex()}")


def quantile(times: Sequence[float], share: float) -> float:
    """The smallest time that at least `share` of them do not exceed (nearest rank); infinite where there are none."""
    return sorted(times)[math.ceil(share * len(times)) - 1] if times else math.inf


def bystanders(arena: Arena) -> Latency:
    """What Cat and Dan, on the process that was not hit, had to wait. What never came took for ever."""
    cat, dan = arena.clients["cat-1"], arena.clients["dan-1"]
    acked, arrived = [], []
    for one, other in ((cat, dan), (dan, cat)):
        for msg_id, written in one.written.items():
            acked.append(one.acked.get(msg_id, math.inf) - written)
            arrived.append(other.seen.get(msg_id, math.inf) - written)
    return Latency(quantile(acked, 0.99), quantile(arrived, 0.99), len(acked))
