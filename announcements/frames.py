"""The frame of announcements (protocol §3)."""

from msgspec import Struct

from realtime.codec import ServerFrame


class AnnouncementData(Struct, rename="camel"):
    """`level`: info or warning. `expiresAt`: Unix ms; one that is over already takes the announcement away."""

    id: int
    text: str
    level: str
    expires_at: int


class AnnouncementFrame(ServerFrame, tag="announcement"):
    data: AnnouncementData
