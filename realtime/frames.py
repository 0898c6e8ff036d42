"""The frames that belong to no feature: errors and the renewal of credentials."""

from typing import Any

from msgspec import Struct

from realtime.codec import ClientFrame, ServerFrame, encode
from realtime.errors import Refused


class ErrorData(Struct, rename="camel", omit_defaults=True):
    """`error {code, message, msgId?, retryAfterMs?, field?}` (protocol §6)."""

    code: str
    message: str
    msg_id: str | None = None
    retry_after_ms: int | None = None
    field: str | None = None


class Error(ServerFrame, tag="error"):
    data: ErrorData


class AuthData(Struct, rename="camel"):
    token: str


class Auth(ClientFrame, tag="auth"):
    """New credentials for this connection (protocol §2)."""

    data: AuthData


class ExpiresData(Struct, rename="camel"):
    """`expiresAt`: Unix milliseconds."""

    expires_at: int | None


class Authenticated(ServerFrame, tag="authenticated"):
    data: ExpiresData


class TokenExpiring(ServerFrame, tag="token_expiring"):
    data: ExpiresData


def error_frame(error: Refused, *, msg_id: Any = None, frame_id: str | None = None) -> str:
    """The encoded `error` frame that says why a command was refused."""
    data = ErrorData(error.code, error.message, str(msg_id) if msg_id else None, error.retry_after_ms, error.field)
    return encode(Error(data=data, id=frame_id))
