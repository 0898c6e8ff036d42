"""Checks credentials against the people and sessions they speak of, for sockets and REST alike (protocol §1.1, §7)."""

import uuid
from typing import Any

from django.db.models import Max

from accounts import expiry, tickets
from accounts.models import AccessChange, Session, User
from accounts.sessions import SEEN_EVERY, fingerprint, seen
from accounts.tokens import Claims, Expired, Forged, read_access_token
from realtime import closing, handshake
from realtime.clock import now_ms
from realtime.closing import Close, Rejected
from realtime.codec import encode
from realtime.connection import Connection
from realtime.database import Shared, in_database
from realtime.errors import Code, Refused
from realtime.frames import Auth, Authenticated, ExpiresData

Key = tuple[int, str | None, int]  # user id, session id, issued at (ms)


def standing(keys: list[Key]) -> dict[Key, Close | None]:
    """For each (user, session, issued at): None when it is good, else the close that says why not. Three queries; and a write
    every five minutes, for a session in use."""
    users = {
        row[0]: row for row in User.objects.filter(pk__in={key[0] for key in keys}).values_list("pk", "is_active", "password")
    }
    session_ids = {uuid.UUID(key[1]) for key in keys if key[1] is not None}
    sessions = {
        str(row[0]): row
        for row in Session.objects.filter(pk__in=session_ids, ended_at=None).values_list(
            "pk", "user_id", "fingerprint", "last_seen_at"
        )
    }
    seen([row[0] for row in sessions.values() if row[3] < now_ms() - SEEN_EVERY])
    ended = _ended_for_all({key[0] for key in keys if key[1] is None})
    return {key: _judge(key, users.get(key[0]), sessions.get(key[1] or ""), ended) for key in keys}


def _ended_for_all(user_ids: set[int]) -> dict[int, int]:
    """When tokens without a session last lost their right, by user."""
    if not user_ids:
        return {}
    kinds = [AccessChange.Kind.SESSIONS, AccessChange.Kind.PASSWORD]
    rows = AccessChange.objects.filter(user_id__in=user_ids, kind__in=kinds).values_list("user_id")
    return dict(rows.annotate(last=Max("at")))


def _judge(key: Key, user: Any, session: Any, ended: dict[int, int]) -> Close | None:
    user_id, session_id, issued_at = key
    if user is None:
        return closing.UNAUTHENTICATED
    if not user[1]:
        return closing.ACCOUNT_DISABLED
    if session_id is None:
        # The claim has whole seconds: a token of the same second may be older than the change, and is refused.
        return closing.SESSION_REVOKED if user_id in ended and issued_at <= ended[user_id] else None
    if session is None or session[1] != user_id or session[2] != fingerprint(user[2]):
        return closing.SESSION_REVOKED
    return None


_shared = Shared(standing)


async def check(key: Key) -> None:
    """Raises Rejected when a session or token is no longer good. Asked together by connections that open at once."""
    close = await _shared.get(key)
    if close is not None:
        raise Rejected(close)


def claims_of(text: str) -> Claims:
    """The claims of an access token. Raises Rejected with token_expired or unauthenticated."""
    try:
        return read_access_token(text)
    except Expired as error:
        raise Rejected(closing.TOKEN_EXPIRED) from error
    except Forged as error:
        raise Rejected(closing.UNAUTHENTICATED) from error


def key_of(claims: Claims) -> Key:
    return claims.user_id, claims.session_id, claims.issued_at


async def authenticate(scope: handshake.Scope, connection: Connection) -> None:
    """Find out whose socket this is. The first kind of credential that is present, even empty, decides alone."""
    query = handshake.query(scope)
    authorization = handshake.headers(scope, b"authorization")
    if "token" in query:
        await _by_token(_only(query["token"]), connection)
    elif "ticket" in query:
        await _by_ticket(_only(query["ticket"]), connection)
    elif authorization:
        scheme, _, token = _only(authorization).partition(" ")
        if scheme.lower() != "bearer":
            raise Rejected(closing.UNAUTHENTICATED)
        await _by_token(token.strip(), connection)
    else:
        raise Rejected(closing.UNAUTHENTICATED)


def _only(values: list[str]) -> str:
    if len(values) != 1:
        raise Rejected(closing.UNAUTHENTICATED)
    return values[0]


async def _by_token(text: str, connection: Connection) -> None:
    claims = claims_of(text)
    await check(key_of(claims))
    connection.user_id, connection.session_id, connection.expires_at = claims.user_id, claims.session_id, claims.expires_at


async def _by_ticket(text: str, connection: Connection) -> None:
    try:
        user_id, session_id = await in_database(tickets.redeem, text)
    except tickets.Forged as error:
        raise Rejected(closing.UNAUTHENTICATED) from error
    except tickets.UsedUp as error:
        raise Rejected(closing.TICKET_EXPIRED) from error
    await check((user_id, session_id, 0))
    connection.user_id, connection.session_id, connection.expires_at = user_id, session_id, None


async def renew(connection: Connection, frame: Auth) -> None:
    """`auth {token}`: new credentials for an open connection, of the same user; otherwise nothing changes."""
    try:
        claims = claims_of(frame.data.token)
        if claims.user_id != connection.user_id:
            raise Refused(Code.FORBIDDEN, "This token belongs to somebody else.")
        await check(key_of(claims))
    except Rejected as rejected:
        raise Refused(Code.UNAUTHORIZED, f"This token opens nothing: {rejected.close.reason}.") from rejected
    connection.session_id, connection.expires_at = claims.session_id, claims.expires_at
    expiry.watch(connection)
    connection.push(encode(Authenticated(data=ExpiresData(claims.expires_at), id=frame.id)))
