"""Refused commands (protocol §6): the connection stays open, nothing was stored.

Refused                 a command was understood and turned down, or could not be understood
├── BadFrame            …because the frame itself is wrong; counts towards close code 4505
└── RateLimited         …because it came too soon; carries when to try again
"""

from enum import StrEnum


class Code(StrEnum):
    """Every code of an `error` frame and of a REST error body."""

    BAD_JSON = "bad_json"
    BAD_FRAME = "bad_frame"
    UNKNOWN_TYPE = "unknown_type"
    UNAUTHORIZED = "unauthorized"
    SECOND_FACTOR_REQUIRED = "second_factor_required"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    NOT_FRIENDS = "not_friends"
    NOT_MEMBER = "not_member"
    CONTENT_EMPTY = "content_empty"
    CONTENT_TOO_LONG = "content_too_long"
    BAD_ATTACHMENT = "bad_attachment"
    MSG_ID_CONFLICT = "msg_id_conflict"
    TOO_LATE = "too_late"
    RATE_LIMITED = "rate_limited"
    TOO_MANY = "too_many"
    OVERLOADED = "overloaded"
    SERVER_ERROR = "server_error"


class Refused(Exception):
    """A command that is turned down. `message` is a sentence for the developer of the client, `field` the offending one."""

    def __init__(self, code: Code, message: str, *, field: str | None = None, retry_after_ms: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.field = field
        self.retry_after_ms = retry_after_ms


class BadFrame(Refused):
    """A frame that cannot be understood. `frame_id` and `msg_id` are what could be read of it, for the reply."""

    def __init__(self, code: Code, message: str, *, field: str | None = None) -> None:
        super().__init__(code, message, field=field)
        self.frame_id: str | None = None
        self.msg_id: str | None = None


class RateLimited(Refused):
    """Too soon: try again after `retry_after_ms`."""

    def __init__(self, retry_after: float) -> None:
        wait = max(1, round(retry_after * 1000))
        super().__init__(Code.RATE_LIMITED, f"Too many at once. Try again in {wait} ms.", retry_after_ms=wait)


def not_found(what: str = "There is no such thing, or you may not see it.") -> Refused:
    """What a caller may not know exists is answered exactly as what does not exist."""
    return Refused(Code.NOT_FOUND, what)
