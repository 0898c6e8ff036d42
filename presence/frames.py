"""The frames of presence (protocol §2, §3)."""

from typing import Any

from msgspec import Struct

from realtime.codec import ClientFrame, ServerFrame


class Ping(ClientFrame, tag="ping"):
    """A sign of life; whatever `data` is, it is not read."""

    data: Any = None


class Pong(ServerFrame, tag="pong"):
    data: None


class OnlineData(Struct, rename="camel"):
    user_id: int
    timestamp: int


class OfflineData(Struct, rename="camel"):
    user_id: int
    timestamp: int
    last_seen: int | None


class Online(ServerFrame, tag="online"):
    data: OnlineData


class Offline(ServerFrame, tag="offline"):
    data: OfflineData


class Heartbeat(Struct, rename="camel"):
    interval_ms: int
    timeout_ms: int


class ConnectedData(Struct, rename="camel", kw_only=True):
    """`onlineCount`: distinct people, at most 5 s old. `backlog`: what `backlog=N` cut, per conversation."""

    user_id: int
    online_count: int
    connection_id: str
    device: str | None
    server_time: int
    epoch: str
    heartbeat: Heartbeat
    max_message_size: int
    token_expires_at: int | None
    online_friends: list[int]
    backlog: list[dict[str, Any]]


class Connected(ServerFrame, tag="connected"):
    data: ConnectedData
