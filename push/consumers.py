"""What the socket does about push: whether its page is looked at."""

from push.frames import Looking
from push.models import Away
from realtime.connection import Connection
from realtime.database import in_database

# The connections of this process that are not looked at.
_away: set[str] = set()


async def looking(connection: Connection, frame: Looking) -> None:
    await _set(connection.id, frame.data.looking)


async def disconnect(connection: Connection) -> None:
    """A connection that ends is neither looked at nor away."""
    await _set(connection.id, True)


async def _set(connection_id: str, looking: bool) -> None:
    if looking and connection_id in _away:
        _away.discard(connection_id)
        await in_database(Away.objects.filter(pk=connection_id).delete)
    elif not looking and connection_id not in _away:
        _away.add(connection_id)
        await in_database(Away.objects.get_or_create, pk=connection_id)
