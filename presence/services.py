"""What a process does about presence as long as it lives: renew its lease, sweep dead ones, settle who is gone."""

from collections.abc import Callable

from django.conf import settings

from accounts.changes import Kind
from accounts.friends import are_friends, refuse_blocked
from accounts.models import AccessChange
from presence import leases, states
from presence.leases import Arrival
from realtime.clock import monotonic, now_ms
from realtime.closing import REPLACED
from realtime.commit import Entry, Lane
from realtime.database import in_database
from realtime.errors import Refused
from realtime.hub import Message, hub
from realtime.process import PROCESS_ID
from realtime.supervision import every

SETTLE = 1.0  # seconds between looks at who is gone
GATHER = 0.03  # seconds between two transactions of arrivals and departures
SWEEP = 2.0  # seconds between looks at other processes


def _publish(entries: list[Entry]) -> None:
    """After the commit: what an arrival replaces here is closed. Friends hear of it once it has been welcomed."""
    for entry in entries:
        states.count_changed()
        if isinstance(entry, Arrival):
            hub.close([hub.connections[pk] for pk in entry.replaces if pk in hub.connections], REPLACED)


lane: Lane[Entry] = Lane("presence", store=leases.store, publish=_publish, capacity=50_000, batch=500, gather=GATHER)


async def renew() -> None:
    """A service: renew this process's lease."""

    async def once() -> None:
        if not await in_database(leases.renew):
            for connection in tuple(hub.connections.values()):
                lane.append(Arrival(connection))

    await every(settings.IM_LEASE_RENEWAL, once, "Renewing the lease")


class Watch:
    """Tells dead processes from living ones without trusting that clocks agree or never jump.

    A process is dead when its lease has not changed for a whole lifetime while we looked; or when it looks that old by
    the clock and has not changed for longer than a renewal takes, which is how a restart finds its own past quickly."""

    def __init__(self, clock: Callable[[], float] = monotonic, wall: Callable[[], int] = now_ms) -> None:
        self.clock = clock
        self.wall = wall
        self._seen: dict[str, tuple[int, float]] = {}

    def dead(self, leases: dict[str, int]) -> list[str]:
        """Which of these (process → renewed at) are dead."""
        now, wall = self.clock(), self.wall()
        self._seen = {
            process: known if (known := self._seen.get(process)) and known[0] == renewed else (renewed, now)
            for process, renewed in leases.items()
        }
        lifetime, renewal = settings.IM_LEASE_LIFETIME, settings.IM_LEASE_RENEWAL
        return [
            process
            for process, (renewed, since) in self._seen.items()
            if now - since >= lifetime or (wall - renewed > lifetime * 1000 and now - since >= renewal * 1.25)
        ]


async def sweep() -> None:
    """A service: remove what dead processes left behind."""
    watch = Watch()

    async def once() -> None:
        found = await in_database(leases.leases)
        found.pop(PROCESS_ID, None)
        for process in watch.dead(found):
            await in_database(leases.sweep, process, found[process])

    await every(SWEEP, once, "Sweeping dead processes")


async def settle() -> None:
    """A service: announce those whose grace is over."""

    async def once() -> None:
        gone = await in_database(leases.settle)
        if gone:
            hub.publish(await in_database(states.announce_offline, gone))

    await every(SETTLE, once, "Settling who is gone")


async def release() -> None:
    """At the stop: end this process's lease."""
    await lane.drain()
    await in_database(leases.release)


async def on_access_change(change: AccessChange) -> None:
    """Friendships and blocks that begin or end change who sees whom. Each process tells its own connections, those that
    were open then: later ones have been told at once."""
    if change.other_id is None or change.kind not in (Kind.FRIENDS, Kind.UNFRIENDS, Kind.BLOCK, Kind.UNBLOCK):
        return
    for (group,), message in await in_database(_consequences, change, change.other_id):
        for connection in tuple(hub.groups[group].connections) if group in hub.groups else ():
            if connection.opened_at <= change.at:
                connection.push(message["text"])


def _consequences(change: AccessChange, other_id: int) -> list[Message]:
    if change.kind == Kind.UNFRIENDS:
        return states.lose_sight(change.user_id, other_id, since=change.at)
    if not are_friends(change.user_id, other_id):
        return []
    if change.kind == Kind.BLOCK:
        return states.lose_sight(change.user_id, other_id, since=change.at)
    try:
        refuse_blocked(user_id=change.user_id, other_id=other_id)
    except Refused:
        return []
    return states.see_each_other(change.user_id, other_id, since=change.at)
