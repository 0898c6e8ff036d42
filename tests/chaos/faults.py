"""The faults: what is broken, for how long, and what has to be mended by hand, as an operator would.

Each is a coroutine that takes the arena, breaks something and returns when the fault is over. What follows is the server's
part: to recover."""

import asyncio
import json
import time
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.chaos.arena import HIT, Arena
from tests.chaos.client import Client
from tests.chaos.disk import Disk
from tests.support.services import Service

AWAY = 1.0  # seconds that something killed stays away
LONG = 8.0  # seconds after which pauses that double between attempts have become too long
STILL = 3.0  # seconds that something stopped stands still
HEARTBEAT = 3  # seconds: IM_HEARTBEAT_TIMEOUT of the arena in which devices vanish


@dataclass(frozen=True)
class Fault:
    """`spares`: bystanders must not notice. `seconds`: of load after it, in the short form. `environment`: of the servers."""

    name: str
    strike: Callable[[Arena], Awaitable[None]]
    spares: bool = True
    lasts: bool = False  # it does not end: what is measured as recovery is how things go meanwhile
    jumps: bool = False  # of the clock of the process that is hit
    environment: dict[str, str] = field(default_factory=dict)


async def kill_one_server(arena: Arena) -> None:
    server = arena.servers[HIT]
    server.kill()
    await asyncio.sleep(AWAY)
    await arena.restart(server)


async def kill_all_servers(arena: Arena) -> None:
    for server in arena.servers:
        server.kill()
    await asyncio.sleep(AWAY)
    await asyncio.gather(*(arena.restart(server) for server in arena.servers))


async def _away(service: Service, seconds: float) -> None:
    """Killed, and back on the same port and folder after so long."""
    await asyncio.to_thread(service.kill)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(service.start)


async def kill_redis(arena: Arena) -> None:
    await _away(arena.redis, AWAY)


async def lose_redis(arena: Arena) -> None:
    await asyncio.to_thread(arena.redis.kill)
    await asyncio.sleep(AWAY)


async def empty_redis(arena: Arena) -> None:
    await asyncio.to_thread(arena.redis.execute, "FLUSHALL")


async def cut_redis_publishers(arena: Arena) -> None:
    await asyncio.to_thread(arena.redis.execute, "CLIENT", "KILL", "TYPE", "normal")


async def cut_redis_subscribers(arena: Arena) -> None:
    await asyncio.to_thread(arena.redis.execute, "CLIENT", "KILL", "TYPE", "pubsub")


async def kill_postgres(arena: Arena) -> None:
    await _away(arena.postgres, AWAY)


async def lose_postgres_for_long(arena: Arena) -> None:
    await _away(arena.postgres, LONG)


async def cut_postgres(arena: Arena) -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    await asyncio.to_thread(arena.postgres.execute, f"{others} AND pid <> pg_backend_pid()")


async def stop_server(arena: Arena) -> None:
    arena.servers[HIT].pause()
    await asyncio.sleep(STILL)
    arena.servers[HIT].resume()


async def stop_redis(arena: Arena) -> None:
    arena.redis.pause()
    await asyncio.sleep(STILL)
    arena.redis.resume()


async def stop_postgres(arena: Arena) -> None:
    arena.postgres.pause()
    await asyncio.sleep(STILL)
    arena.postgres.resume()


async def tear_frames(arena: Arena) -> None:
    """Ann's and Ben's first devices, in the middle of a frame, again and again; their second ones carry on."""
    for _ in range(4):
        arena.clients["ann-1"].tear()
        arena.clients["ben-1"].tear()
        await asyncio.sleep(0.3)


async def vanish(arena: Arena) -> None:
    """One device is back at once on a new connection, another one never: its old connection must go by itself."""
    user, token = arena.services.cast.people["ann"]
    ghost = Client(user=user, device="ann-gone", token=token, servers=[arena.servers[HIT].address], log=[])
    ghost.start()
    await ghost.is_ready()
    arena.clients["ben-2"].vanish()
    try:
        await arena.clients["ben-2"].is_ready()
        full = await _connections(arena)
        ghost.vanish(for_good=True)
        gone_by = time.monotonic() + HEARTBEAT + 2
        while await _connections(arena) >= full:
            assert time.monotonic() < gone_by, "A device that vanished is still counted."
            await asyncio.sleep(0.1)
    finally:
        await ghost.leave()


async def _connections(arena: Arena) -> int:
    """How many connections the process that is hit believes to have."""

    def ask() -> int:
        with urllib.request.urlopen(f"{arena.servers[HIT].url}/healthz", timeout=5) as answer:
            return int(json.loads(answer.read())["connections"])

    return await asyncio.to_thread(ask)


async def put_clock_forward(arena: Arena) -> None:
    await _put_clock(arena, 1)


async def put_clock_back(arena: Arena) -> None:
    await _put_clock(arena, -1)


async def _put_clock(arena: Arena, hours: int) -> None:
    """One process's clock jumps, and back again the next time. Devices come to it after that: of their own will, torn off,
    and while their old connection still stands, here or on the other process."""
    server = arena.servers[HIT]
    await asyncio.to_thread(server.jump, -server.ahead or hours)
    await asyncio.sleep(0.5)
    arena.clients["ben-2"].tear()
    arena.clients["ann-1"].vanish()
    arena.clients["ann-2"].servers.reverse()
    arena.clients["ann-2"].vanish()
    await arena.clients["eve-1"].come_back()
    await asyncio.sleep(0.5)


def full_disk(disk: Disk) -> Fault:
    async def fill(arena: Arena) -> None:
        await asyncio.to_thread(disk.fill)
        await asyncio.sleep(1.5)
        await asyncio.to_thread(disk.free)

    return Fault("full_disk", fill, spares=False)


FAULTS = [
    Fault("kill_one_server", kill_one_server),
    Fault("kill_all_servers", kill_all_servers, spares=False),
    Fault("kill_redis", kill_redis),
    Fault("kill_postgres", kill_postgres, spares=False),
    Fault("lose_postgres_for_long", lose_postgres_for_long, spares=False),
    Fault("empty_redis", empty_redis),
    Fault("cut_redis_publishers", cut_redis_publishers),
    Fault("cut_redis_subscribers", cut_redis_subscribers),
    Fault("stop_server", stop_server),
    Fault("stop_redis", stop_redis),
    Fault("stop_postgres", stop_postgres, spares=False),
    Fault("lose_redis", lose_redis, lasts=True),
    Fault("cut_postgres", cut_postgres, spares=False),
    Fault("tear_frames", tear_frames),
    Fault("vanish", vanish, environment={"IM_HEARTBEAT_INTERVAL": "1s", "IM_HEARTBEAT_TIMEOUT": f"{HEARTBEAT}s"}),
    Fault("put_clock_forward", put_clock_forward, jumps=True),
    Fault("put_clock_back", put_clock_back, jumps=True),
]
