"""Ends sockets whose token ends: warns 60 s before, closes with 4501 at the end (protocol §3, §8)."""

import heapq
import itertools
from weakref import ref

from realtime import closing
from realtime.clock import now_ms
from realtime.codec import encode
from realtime.connection import Connection
from realtime.frames import ExpiresData, TokenExpiring
from realtime.supervision import every

WARNING = 60_000  # milliseconds before the end

_count = itertools.count()
_due: list[tuple[int, int, int, "ref[Connection]"]] = []


def watch(connection: Connection) -> None:
    """Remember when the connection's token ends. Called again with a new token; the older entry is then void."""
    if connection.expires_at is not None:
        due = max(connection.expires_at - WARNING, now_ms())
        heapq.heappush(_due, (due, next(_count), connection.expires_at, ref(connection)))


async def connect(connection: Connection) -> None:
    watch(connection)


async def run() -> None:
    """A service: see every half second to the tokens that end."""
    _due.clear()
    await every(0.5, _look, "Ending sockets with their tokens")


async def _look() -> None:
    now = now_ms()
    while _due and _due[0][0] <= now:
        _, _, expires_at, reference = heapq.heappop(_due)
        connection = reference()
        if connection is None or connection.finished or connection.closing or connection.expires_at != expires_at:
            continue
        if now >= expires_at:
            connection.close(closing.TOKEN_EXPIRED)
        else:
            connection.push(encode(TokenExpiring(data=ExpiresData(expires_at))))
            heapq.heappush(_due, (expires_at, next(_count), expires_at, reference))
