"""What clients write down. The checker reads nothing else."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What happened, as the client saw it."""

    OPEN = "open"  # `connected` arrived
    CLOSE = "close"  # the connection ended; `code`
    STOP = "stop"  # the client gave up for good, as §7 says it must; `code`
    SYNC = "sync"  # asked for what was missed of one conversation; `rev`: the cursor. One event a conversation
    HEAD = "head"  # one conversation of a `heads` frame; `rev`, `seq`: its last ones
    SYNCED = "synced"
    RESET = "reset"  # the server asked for a reload; `conversation` None: of all
    SEND = "send"  # `first`: never sent before on any connection
    ACK = "ack"
    CHAT = "chat"
    UPDATE = "update"
    LOADED = "loaded"  # a message of a page that was loaded over REST
    RECEIVED = "received"  # said: this device holds everything up to `seq`
    READ = "read"  # said: read up to `seq`
    ERROR = "error"  # `status`: the code of the error


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a log. `at` is monotonic, in seconds; `connection` counts a device's connections from 1.

    `stamp` is the timestamp of an ack or the createdAt of a message (Unix ms), `status` that of an ack, `sender` and `text`
    those of a message."""

    at: float
    user: int
    device: str
    connection: int
    kind: Kind
    conversation: int | None = None
    seq: int | None = None
    rev: int | None = None
    msg_id: str | None = None
    status: str | None = None
    stamp: int | None = None
    sender: int | None = None
    text: str | None = None
    first: bool = False
    code: int | None = None
