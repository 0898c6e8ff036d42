"""Why a socket is closed (protocol §7). 4000–4499: the client reconnects; 4500–4999: it must not."""

from typing import NamedTuple


class Close(NamedTuple):
    """A close code and its reason, as they stand in the close frame."""

    code: int
    reason: str


UNSUPPORTED = Close(1003, "binary frames are not understood")
TOO_BIG = Close(1009, "frame too big")
TRY_LATER = Close(1013, "server full")
SLOW_CONSUMER = Close(4000, "slow_consumer")
TICKET_EXPIRED = Close(4003, "ticket_expired")
TOO_MANY_CONNECTIONS = Close(4029, "too_many_connections")
FLOOD = Close(4029, "flood")
UNAUTHENTICATED = Close(4500, "unauthenticated")
TOKEN_EXPIRED = Close(4501, "token_expired")
ACCOUNT_DISABLED = Close(4502, "account_disabled")
REPLACED = Close(4503, "replaced")
SESSION_REVOKED = Close(4504, "session_revoked")
PROTOCOL_ERRORS = Close(4505, "protocol_errors")


class Rejected(Exception):
    """Credentials that do not open a socket, with the close that says so."""

    def __init__(self, close: Close) -> None:
        super().__init__(close.reason)
        self.close = close
