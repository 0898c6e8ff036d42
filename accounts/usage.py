"""Remembers that the sessions of open sockets are in use: a page may say nothing for hours."""

from accounts import sessions
from realtime.database import in_database
from realtime.hub import hub
from realtime.supervision import every

AT_ONCE = 500  # sessions in a statement


async def run() -> None:
    """A service: every five minutes, the sessions of this process's connections were seen."""
    await every(sessions.SEEN_EVERY / 1000, _look, "Remembering when sessions were used")


async def _look() -> None:
    ids = sorted({c.session_id for c in hub.connections.values() if c.session_id is not None})
    for start in range(0, len(ids), AT_ONCE):
        await in_database(sessions.seen, ids[start : start + AT_ONCE])
