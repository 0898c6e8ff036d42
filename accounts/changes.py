"""The log of ended and begun rights: writing to it, and following it in every process (protocol §8: within 2 s)."""

from collections.abc import Awaitable, Callable

from django.db.models import Max

from accounts.models import AccessChange
from realtime import closing
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
    """Write a change to the log, in the transaction that makes it."""
    AccessChange.objects.create(kind=kind, user_id=user_id, other_id=other_id, detail=detail)


async def follow() -> None:
    """A service: read what is new in the log and make it bite here, for as long as the process lives."""
    tail: Tail | None = None

    async def poll() -> None:
        nonlocal tail
        if tail is None:
            tail = Tail(await in_database(_newest))
        changes = await in_database(_read, tail.after)
        fresh = tail.fresh([change.pk for change in changes])
        for change in changes:
            if change.pk in fresh:
                close_sockets(change)
                for listener in listeners:
                    await listener(change)

    await every(POLL, poll, "Following the log of ended rights")


def _newest() -> int:
    return AccessChange.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _read(after: int) -> list[AccessChange]:
    return list(AccessChange.objects.filter(pk__gt=after).order_by("pk"))


def close_sockets(change: AccessChange) -> None:
    """Close the connections of this process whose right has ended."""
    mine = hub.of_user(change.user_id)
    match change.kind:
        case Kind.SESSION:
            hub.close([c for c in mine if c.session_id == change.detail], closing.SESSION_REVOKED)
        case Kind.SESSIONS | Kind.PASSWORD:
            # A connection that began after the change has proved itself since.
            hub.close([c for c in mine if c.opened_at <= change.at], closing.SESSION_REVOKED)
        case Kind.DISABLED:
            hub.close(mine, closing.ACCOUNT_DISABLED)
        case Kind.CONNECTION:
            connection_id, _, reason = change.detail.partition(" ")
            close = closing.REPLACED if reason == closing.REPLACED.reason else GOING_AWAY
            hub.close([c for c in mine if c.id == connection_id], close)


def disconnect(*, user_id: int, connection_id: str) -> None:
    """End one connection, wherever it is. Its client may come back."""
    record(Kind.CONNECTION, user_id=user_id, detail=connection_id)
