"""The frame of people (protocol §3), for connections that asked for it."""

from msgspec import Struct

from realtime.codec import ServerFrame

OPTION = "profiles"  # `profiles=1` of the socket's query asks for the frame


class ProfileData(Struct, rename="camel"):
    """What anybody may know of a person; in REST `id` is what `userId` is here."""

    user_id: int
    username: str
    display_name: str
    avatar: str | None
    status: str


class ProfileFrame(ServerFrame, tag="profile"):
    data: ProfileData
