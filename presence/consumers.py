"""What the socket does about presence: the hooks of a connection's life, and `ping`."""

from django.conf import settings

from presence import states
from presence.frames import Connected, ConnectedData, Heartbeat, Ping, Pong
from presence.leases import Arrival, Departure
from presence.services import lane
from realtime import closing
from realtime.clock import now_ms
from realtime.closing import Rejected
from realtime.codec import encode
from realtime.connection import Connection
from realtime.database import Shared, in_database
from realtime.hub import hub
from realtime.supervision import spawn

PONG = encode(Pong(data=None))

_online_friends = Shared(states.online_friends)


async def connect(connection: Connection) -> None:
    """Take a lease for the connection. Raises Rejected when the device has a newer one, or the user too many."""
    arrival = Arrival(connection)
    await lane.write(arrival)
    if arrival.replaced:
        raise Rejected(closing.REPLACED)
    if arrival.too_many:
        raise Rejected(closing.TOO_MANY_CONNECTIONS)
    connection.welcome["first"] = arrival.first


async def welcome(connection: Connection) -> None:
    """Send `connected`, the last step of opening; then tell the friends, if this is the user's first connection."""
    told = connection.welcome
    friends = await _online_friends.get(connection.user_id)
    data = ConnectedData(
        user_id=connection.user_id,
        online_count=await states.online_count(),
        connection_id=connection.id,
        device=connection.device,
        server_time=now_ms(),
        epoch=told["epoch"],
        heartbeat=Heartbeat(round(settings.IM_HEARTBEAT_INTERVAL * 1000), round(settings.IM_HEARTBEAT_TIMEOUT * 1000)),
        max_message_size=settings.IM_MAX_MESSAGE_SIZE,
        token_expires_at=connection.expires_at,
        online_friends=friends,
        backlog=told["backlog"],
    )
    connection.push(encode(Connected(data=data)))
    connection.welcome = {}
    if told["first"] and friends:
        _announce(connection.user_id)


def _announce(user_id: int) -> None:
    """On its own, not as a part of the connection's life: that may end, and its tasks with it, before friends have heard."""
    spawn(_tell(user_id), "announcing who has come")


async def _tell(user_id: int) -> None:
    hub.publish(await in_database(states.announce_online, [user_id]))


async def disconnect(connection: Connection) -> None:
    """Give the lease back; the grace begins with the last one of a user."""
    lane.append(Departure(connection.id, connection.user_id))
    if connection.welcome.get("first"):
        # It went before its welcome: its user counts as online for the grace, and a next connection would be a second.
        _announce(connection.user_id)


def ping(connection: Connection, frame: Ping) -> None:
    connection.push(PONG if frame.id is None else encode(Pong(data=None, id=frame.id)))
