"""Connections are leased: a row each, a process that renews its lease, and sweepers for what a dead process left behind.

The state of a person (`Presence`) follows from the rows in the same transaction; friends hear of it after the commit."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from accounts import changes
from presence.models import Lease, LiveConnection, Presence
from realtime.clock import now_ms
from realtime.closing import REPLACED
from realtime.commit import Entry
from realtime.connection import Connection
from realtime.process import PROCESS_ID


class Arrival(Entry):
    """A connection that opened. After the commit: `first` when its user came online with it, `replaces` the older
    connections of the same device here, `refused_for` why it may not stay."""

    __slots__ = ("connection", "first", "replaced", "replaces", "too_many")

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self.connection = connection
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
    """Store arrivals and departures; locks the presence rows in user order, so that two processes never deadlock."""
    arrivals = [entry for entry in entries if isinstance(entry, Arrival)]
    departures = [entry for entry in entries if isinstance(entry, Departure)]
    users = {entry.connection.user_id for entry in arrivals} | {entry.user_id for entry in departures}
    Presence.objects.bulk_create([Presence(user_id=user_id) for user_id in sorted(users)], ignore_conflicts=True)
    states = {row.user_id: row for row in Presence.objects.select_for_update().filter(pk__in=users).order_by("pk")}
    gone = {entry.connection_id for entry in departures}
    staying = _admit([entry for entry in arrivals if entry.connection.id not in gone])
    _insert(staying)
    LiveConnection.objects.filter(pk__in=gone).delete()
    counts = _counts(users)
    now = now_ms()
    for user_id, state in states.items():
        if counts.get(user_id):
            came = [entry for entry in staying if entry.connection.user_id == user_id]
            if came and not state.online:
                came[0].first = True
                state.online = True
                state.online_since = now
            state.gone_at = None
        elif state.gone_at is None:
            state.gone_at = state.last_seen = now
    Presence.objects.bulk_update(states.values(), ["online", "online_since", "gone_at", "last_seen"])


def _insert(arrivals: list[Arrival]) -> None:
    if arrivals:
        now = now_ms()
        Lease.objects.get_or_create(process=PROCESS_ID, defaults={"started_at": now, "renewed_at": now})
    LiveConnection.objects.bulk_create(
        [
            LiveConnection(
                id=c.id, lease_id=PROCESS_ID, user_id=c.user_id, device=c.device or "",
                address=c.address[:64], user_agent=c.user_agent, opened_at=c.opened_at,
            )
            for c in (entry.connection for entry in arrivals)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _counts(users: Iterable[int]) -> dict[int, int]:
    rows = LiveConnection.objects.filter(user_id__in=users).values_list("user_id").annotate(count=Count("pk"))
    return dict(rows.order_by())


def _admit(arrivals: list[Arrival]) -> list[Arrival]:
    """Those that may stay: the latest of each device, and no more than IM_MAX_CONNECTIONS_PER_USER."""
    users = {entry.connection.user_id for entry in arrivals}
    held: dict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
    for pk, user_id, device, process in LiveConnection.objects.filter(user_id__in=users).values_list(
        "pk", "user_id", "device", "lease_id"
    ):
        held[user_id][pk] = (device, process)
    replaced: list[str] = []
    staying: list[Arrival] = []
    for entry in sorted(arrivals, key=lambda entry: entry.connection.id):
        connection, mine = entry.connection, held[entry.connection.user_id]
        entry.first = entry.too_many = entry.replaced = False
        entry.replaces = []
        rivals = [pk for pk, (device, _) in mine.items() if _same_device(connection, device) and pk != connection.id]
        if any(pk > connection.id for pk in rivals):
            entry.replaced = True
            continue
        if len(mine) - len(rivals) >= settings.IM_MAX_CONNECTIONS_PER_USER:
            entry.too_many = True
            continue
        for pk in rivals:
            _, process = mine.pop(pk)
            replaced.append(pk)
            if process == PROCESS_ID:
                entry.replaces.append(pk)
            else:
                changes.record(changes.Kind.CONNECTION, user_id=connection.user_id, detail=f"{pk} {REPLACED.reason}")
        mine[connection.id] = (connection.device or "", PROCESS_ID)
        staying.append(entry)
    LiveConnection.objects.filter(pk__in=replaced).delete()
    return [entry for entry in staying if entry.connection.id not in set(replaced)]


def _same_device(connection: Connection, device: str) -> bool:
    return settings.IM_ONE_CONNECTION_PER_USER or (connection.device is not None and device == connection.device)


def renew() -> bool:
    """Renew this process's lease. False: it was swept meanwhile, and its connections must be registered again."""
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
    states = list(Presence.objects.select_for_update().filter(pk__in=users).order_by("pk"))
    lease.delete()
    counts = _counts(users)
    for state in states:
        if not counts.get(state.user_id):
            state.gone_at = state.last_seen = renewed_at
    Presence.objects.bulk_update(states, ["gone_at", "last_seen"])


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
