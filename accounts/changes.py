"""The log of ended and begun rights: writing to it, and following it in every process (protocol §8: within 2 s)."""

from collections.abc import Awaitable, Callable, Container

from django.db.models import Max

from accounts.models import AccessChange, User
from realtime import closing
from realtime.clock import shared_ms
from realtime.closing import Close
from realtime.database import in_database
from realtime.hub import hub
from realtime.supervision import every
from realtime.tail import Tail

Kind = AccessChange.Kind
POLL = 0.5  # seconds
GOING_AWAY = Close(1001, "disconnected by an administrator")

Listener = Callable[[AccessChange], Awaitable[None]]
listeners: list[Listener] = []


def record(kind: Kind, *, user_id: int, other_id: int | None = None, detail: str = "") -> None:
    """Write a change to the log, in the transaction that makes it. Its time is compared with what other processes noted of
    their connections, so it is of the clock that they share."""
    AccessChange.objects.create(kind=kind, user_id=user_id, other_id=other_id, detail=detail, at=shared_ms())


async def follow() -> None:
    """A service: read what is new in the log and make it bite here, for as long as the process lives."""
    tail: Tail | None = None

    async def poll() -> None:
        nonlocal tail
        if tail is None:
            tail = Tail(await in_database(_newest))
        changes, active = await in_database(_read, tail.after)
        fresh = tail.fresh([change.pk for change in changes])
        for change in changes:
            if change.pk in fresh:
                close_sockets(change, active)
                for listener in listeners:
                    await listener(change)

    await every(POLL, poll, "Following the log of ended rights")


def _newest() -> int:
    return AccessChange.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _read(after: int) -> tuple[list[AccessChange], set[int]]:
    """The changes after an id, and who of those that were disabled is active again."""
    changes = list(AccessChange.objects.filter(pk__gt=after).order_by("pk"))
    disabled = {change.user_id for change in changes if change.kind == Kind.DISABLED}
    active = User.objects.filter(pk__in=disabled, is_active=True) if disabled else User.objects.none()
    return changes, set(active.values_list("pk", flat=True))


def close_sockets(change: AccessChange, active: Container[int]) -> None:
    """Close the connections of this process whose right has ended; `active`: the disabled who are active again."""
    mine = hub.of_user(change.user_id)
    match change.kind:
        case Kind.SESSION:
            hub.close([c for c in mine if c.session_id == change.detail], closing.SESSION_REVOKED)
        case Kind.SESSIONS | Kind.PASSWORD:
            # A connection that began after the change has proved itself since.
            hub.close([c for c in mine if c.opened_at <= change.at], closing.SESSION_REVOKED)
        case Kind.DISABLED:
            hub.close([c for c in mine if c.opened_at <= change.at or c.user_id not in active], closing.ACCOUNT_DISABLED)
        case Kind.CONNECTION:
            connection_id, _, reason = change.detail.partition(" ")
            close = closing.REPLACED if reason == closing.REPLACED.reason else GOING_AWAY
            hub.close([c for c in mine if c.id == connection_id], close)


def disconnect(*, user_id: int, connection_id: str) -> None:
    """End one connection, wherever it is. Its client may come back."""
    record(Kind.CONNECTION, user_id=user_id, detail=connection_id)
