"""Connections are leased: a row each, a process that renews its lease, and sweepers for what a dead process left behind.

The state of a person (`Presence`) follows from the rows in the same transaction; friends hear of it after the commit."""

from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts import changes
from presence import statements
from presence.models import Lease, LiveConnection, Presence
from presence.statements import Held, State
from realtime.clock import now_ms, set_shared, shared_ms
from realtime.closing import REPLACED
from realtime.commit import Entry
from realtime.connection import Connection
from realtime.process import PROCESS_ID


class Arrival(Entry):
    """A connection that opened. After the commit: `first` when its user came online with it, `replaces` the older
    connections of the same device here, `refused_for` why it may not stay."""

    __slots__ = ("connection", "first", "replaced", "replaces", "too_many")

    def __init__(self, arriving: Connection) -> None:
        super().__init__()
        self.connection = arriving
        self.first = self.too_many = self.replaced = False
        self.replaces: list[str] = []


class Departure(Entry):
    """A connection that ended."""

    __slots__ = ("connection_id", "user_id")

    def __init__(self, connection_id: str, user_id: int) -> None:
        super().__init__()
        self.connection_id = connection_id
        self.user_id = user_id


def store(entries: list[Entry]) -> None:
    """Store arrivals and departures, and what follows for their people."""
    arrivals = [entry for entry in entries if isinstance(entry, Arrival)]
    departures = [entry for entry in entries if isinstance(entry, Departure)]
    users = {entry.connection.user_id for entry in arrivals} | {entry.user_id for entry in departures}
    gone = {entry.connection_id for entry in departures}
    with connection.cursor() as cursor:
        states = statements.lock_states(cursor, users)
        held = statements.held(cursor, users)
        staying, replaced = _admit([entry for entry in arrivals if entry.connection.id not in gone], held)
        _insert(cursor, staying)
        statements.delete_connections(cursor, gone | replaced)
        for entry in departures:
            held[entry.user_id].pop(entry.connection_id, None)
        _follow(states, held, staying)
        statements.save_states(cursor, states.values())


def _follow(states: dict[int, State], held: Held, staying: list[Arrival]) -> None:
    """What the connections that people hold now make of their presence."""
    now = now_ms()
    came = {entry.connection.user_id: entry for entry in reversed(staying)}
    for user_id, state in states.items():
        if held[user_id]:
            entry = came.get(user_id)
            if entry is not None and not state.online:
                entry.first = state.online = state.changed = True
                state.online_since = shared_ms()
            state.changed |= state.gone_at is not None
            state.gone_at = None
        elif state.gone_at is None:
            state.gone_at = state.last_seen = now
            state.changed = True


def _insert(cursor: Any, arrivals: list[Arrival]) -> None:
    if not arrivals:
        return
    statements.insert_lease(cursor, PROCESS_ID, now_ms())
    rows = [
        (c.id, PROCESS_ID, c.user_id, c.device or "", c.address[:64], c.user_agent, c.opened_at)
        for c in (entry.connection for entry in arrivals)
    ]
    statements.insert_connections(cursor, rows)


def _admit(arrivals: list[Arrival], held: Held) -> tuple[list[Arrival], set[str]]:
    """Those that may stay: the latest of each device, and no more than IM_MAX_CONNECTIONS_PER_USER; and the connections,
    anywhere, that they replace. `held` is what the people hold afterwards."""
    replaced: set[str] = set()
    staying: list[Arrival] = []
    for entry in sorted(arrivals, key=lambda entry: entry.connection.id):
        arriving, mine = entry.connection, held[entry.connection.user_id]
        entry.first = entry.too_many = entry.replaced = False
        entry.replaces = []
        rivals = [pk for pk, (device, _) in mine.items() if _same_device(arriving, device) and pk != arriving.id]
        if any(pk > arriving.id for pk in rivals):
            entry.replaced = True
            continue
        if len(mine) - len(rivals) >= settings.IM_MAX_CONNECTIONS_PER_USER:
            entry.too_many = True
            continue
        for pk in rivals:
            _, process = mine.pop(pk)
            replaced.add(pk)
            if process == PROCESS_ID:
                entry.replaces.append(pk)
            else:
                changes.record(changes.Kind.CONNECTION, user_id=arriving.user_id, detail=f"{pk} {REPLACED.reason}")
        mine[arriving.id] = (arriving.device or "", PROCESS_ID)
        staying.append(entry)
    return [entry for entry in staying if entry.connection.id not in replaced], replaced


def _same_device(connection: Connection, device: str) -> bool:
    return settings.IM_ONE_CONNECTION_PER_USER or (connection.device is not None and device == connection.device)


def renew() -> bool:
    """Renew this process's lease. False: it was swept meanwhile, and its connections must be registered again."""
    if connection.vendor == "postgresql":  # several processes, perhaps on several machines: their ids must sort by one clock
        with connection.cursor() as cursor:
            cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
            set_shared(cursor.fetchone()[0])
    now = now_ms()
    if Lease.objects.filter(pk=PROCESS_ID).update(renewed_at=now):
        return True
    Lease.objects.get_or_create(process=PROCESS_ID, defaults={"started_at": now, "renewed_at": now})
    return False


def leases() -> dict[str, int]:
    """When each process last renewed."""
    return dict(Lease.objects.values_list("process", "renewed_at"))


@transaction.atomic
def sweep(process: str, renewed_at: int) -> None:
    """Remove a process that has not renewed since `renewed_at`, with its connections. Their users were last seen then."""
    lease = Lease.objects.select_for_update().filter(pk=process, renewed_at=renewed_at).first()
    if lease is None:
        return
    users = set(LiveConnection.objects.filter(lease=lease).values_list("user_id", flat=True))
    with connection.cursor() as cursor:
        states = statements.lock_states(cursor, users)
        lease.delete()
        held = statements.held(cursor, users)
        for state in states.values():
            if not held[state.user_id]:
                state.gone_at = state.last_seen = renewed_at
                state.changed = True
        statements.save_states(cursor, states.values())


def settle() -> list[tuple[int, int | None]]:
    """Turn people offline whose grace is over. Returns (user id, last seen) of those that this call turned."""
    due = now_ms() - round(settings.IM_OFFLINE_GRACE * 1000)
    if not Presence.objects.filter(online=True, gone_at__lte=due).exists():
        return []
    with transaction.atomic():
        states = list(Presence.objects.select_for_update().filter(online=True, gone_at__lte=due).order_by("pk"))
        Presence.objects.filter(pk__in=[state.pk for state in states]).update(online=False)
    return [(state.user_id, state.last_seen) for state in states]


def release() -> None:
    """End this process's lease at a clean stop: the grace of its people begins now."""
    with transaction.atomic():
        lease = Lease.objects.select_for_update().filter(pk=PROCESS_ID).first()
        if lease is not None:
            renewed_at = lease.renewed_at = now_ms()
            lease.save(update_fields=["renewed_at"])
    if lease is not None:
        sweep(PROCESS_ID, renewed_at)
