"""The frame of push (protocol §2)."""

from msgspec import Struct

from realtime.codec import ClientFrame


class LookingData(Struct, rename="camel"):
    looking: bool


class Looking(ClientFrame, tag="looking"):
    """Whether somebody looks at this connection's page. Until it is said, somebody does."""

    data: LookingData
