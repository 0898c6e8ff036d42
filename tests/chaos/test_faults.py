"""While parts are killed, stopped, cut off and filled up, nothing that was acknowledged is lost, doubled or out of order; who
is not hit does not notice; and afterwards everything works again within 5 s.

CHAOS_SECONDS=60 makes each test last that long and repeats its fault again and again."""

import asyncio
import os
import time

import pytest

from tests.chaos.arena import Arena, Services
from tests.chaos.disk import SEGMENT, Disk, small_disk
from tests.chaos.faults import FAULTS, Fault, full_disk
from tests.chaos.load import Latency, Load, bystanders
from tests.support.services import OwnPostgres

pytestmark = pytest.mark.chaos

SECONDS = float(os.environ.get("CHAOS_SECONDS", "0"))  # of load; 0: one fault, and as short as it can be
BEFORE, AFTER = 1.0, 0.8  # seconds of load around a fault in the short form
RECOVERY = 5.0  # seconds
STRIKE = 40.0  # seconds a fault may take, its restarts included: far more than any does
NOTICE = 1.0  # seconds: bystanders' p99


async def run(fault: Fault, arena: Arena, measured: list[str], size: int = 20) -> None:
    """Load, fault, recovery, again where it shall last; then the judgement."""
    load, recoveries, end = Load(arena, size), [], time.monotonic() + SECONDS
    load.start()
    while True:
        await asyncio.sleep(BEFORE)
        async with asyncio.timeout(STRIKE):
            await fault.strike(arena)
        recoveries.append(await arena.recovery())
        await asyncio.sleep(AFTER)
        if time.monotonic() > end or recoveries[-1] > RECOVERY:
            break
        if fault.lasts:
            await asyncio.to_thread(arena.redis.start)
    await load.stop()
    await arena.settle()
    latency = bystanders(arena)
    measured.append(_line(fault, arena, recoveries, latency))
    assert arena.broken() == []
    assert max(recoveries) < RECOVERY
    if fault.spares:
        assert latency.acked < NOTICE
        assert latency.arrived < NOTICE


def _line(fault: Fault, arena: Arena, recoveries: list[float], latency: Latency) -> str:
    clients = arena.clients.values()
    closes, errors = sum(len(client.codes) for client in clients), sum(len(client.errors) for client in clients)
    return (
        f"{fault.name:22} recovery {max(recoveries):5.2f} s, bystanders' p99 acked {latency.acked:5.2f} s, arrived "
        f"{latency.arrived:5.2f} s{'' if fault.spares else ' (hit too)'}; {sum(len(c.acked) for c in clients)} messages, "
        f"{len(recoveries)} faults, {closes} closes, {errors} errors"
    )


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
async def test_fault(fault: Fault, services: Services, measured: list[str]) -> None:
    try:
        async with Arena(services, jumps=fault.jumps, **fault.environment) as arena:
            await run(fault, arena, measured)
    finally:
        for service in (services.postgres, services.redis):  # for the next one, whatever became of this one
            service.resume()
            if not service.is_running():
                service.start()


async def test_full_disk(services: Services, measured: list[str]) -> None:
    """PostgreSQL's own writes fail with "No space left on device", or with "File too large" where nothing may be mounted."""
    with small_disk() as folder, OwnPostgres(folder, wal_segment_mb=SEGMENT) as postgres:
        own = Services(postgres, services.redis).prepare()
        disk = Disk(postgres, folder)
        async with Arena(own) as arena:
            disk.prepare(arena.database)
            await run(full_disk(disk), arena, measured, size=3000)
        assert disk.was_full(), "Neither mounting nor limiting files made a write of PostgreSQL fail."
