"""JSON Web Tokens: HS256 with IM_JWT_SECRET, the user id in `user_id`, the session in `sid` (protocol §1.1, §8).

Another service that knows the secret may issue access tokens: those need only `user_id` and `exp`."""

import uuid
from dataclasses import dataclass
from typing import Any

import jwt
from django.conf import settings
from django.db import transaction
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenBackendError, TokenBackendExpiredToken, TokenError
from rest_framework_simplejwt.tokens import AccessToken as StockAccessToken
from rest_framework_simplejwt.tokens import RefreshToken as StockRefreshToken
from rest_framework_simplejwt.tokens import Token

from accounts.models import Session, User
from accounts.sessions import end, fingerprint
from realtime.clock import now_ms
from realtime.errors import Code, Refused

MAX_ID = 2**63 - 1


class Expired(Exception):
    """The token was good once."""


class Forged(Exception):
    """The token was never good: its signature, its shape or its kind is wrong."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says. `expires_at` in Unix ms; `issued_at` is 0 where it does not say."""

    user_id: int
    session_id: str | None
    issued_at: int
    expires_at: int


class _Backend(TokenBackend):
    """The stock one, but for `iat` in the future, which it calls invalid: the clocks of two machines differ, and one may be put
    back. Who has just signed in on one machine would be sent away for good by the next."""

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        options: Any = {"verify_signature": verify, "verify_aud": False, "verify_iat": False}
        try:
            return jwt.decode(token, self.get_verifying_key(token), algorithms=[self.algorithm], options=options)
        except jwt.ExpiredSignatureError as error:
            raise TokenBackendExpiredToken("Token is expired") from error
        except jwt.InvalidTokenError as error:
            raise TokenBackendError("Token is invalid") from error


_backend = _Backend("HS256", settings.IM_JWT_SECRET)


class AccessToken(StockAccessToken):
    """An access token; one of another service may come without `jti` and `token_type`."""

    _token_backend = _backend

    def verify(self) -> None:
        self.check_exp()
        if self.payload.get("token_type", self.token_type) != self.token_type:
            raise TokenError("Token has wrong type")


class RefreshToken(StockRefreshToken):
    """A refresh token of ours."""

    _token_backend = _backend


def read_access_token(text: str) -> Claims:
    """The claims of a signed, unexpired access token. Raises Expired or Forged; asks no database."""
    payload = _read(AccessToken, text)
    try:
        user_id, sid = int(payload["user_id"]), payload.get("sid")
        issued_at, expires_at = int(payload.get("iat", 0)) * 1000, int(payload["exp"] * 1000)
        session_id = None if sid is None else str(uuid.UUID(str(sid)))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Forged from error
    if not 0 < user_id <= MAX_ID or isinstance(payload["user_id"], (bool, float)):
        raise Forged
    if session_id is None and issued_at > now_ms():
        raise Forged  # nothing else tells whether it was issued before or after its person's rights ended
    return Claims(user_id, session_id, issued_at, expires_at)


def _read(kind: type[Token], text: str) -> dict[str, Any]:
    try:
        return kind(text).payload  # type: ignore[arg-type]
    except ExpiredTokenError as error:
        raise Expired from error
    except (TokenError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Forged from error


def issue(*, user: User, session: Session) -> dict[str, str]:
    """`{access, refresh}` for a session; the refresh tokens that it had before are no longer good."""
    refresh = StockRefreshToken.for_user(user)
    refresh["sid"] = str(session.pk)
    access = refresh.access_token
    Session.objects.filter(pk=session.pk).update(refresh_jti=refresh["jti"])
    return {"access": str(access), "refresh": str(refresh)}


@transaction.atomic
def renew(text: str) -> dict[str, str]:
    """Exchange a refresh token for `{access, refresh}`. It is good once, while its session and its person are."""
    session, payload = _session_of(text)
    if session.refresh_jti != payload.get("jti"):
        raise Refused(Code.UNAUTHORIZED, "This refresh token has been used or replaced.")
    if not session.user.is_active or session.fingerprint != fingerprint(session.user.password):
        raise Refused(Code.UNAUTHORIZED, "The session has ended.")
    return issue(user=session.user, session=session)


@transaction.atomic
def blacklist(text: str) -> None:
    """End the session of a refresh token: it, its access tokens and its sockets."""
    session, _payload = _session_of(text)
    end(session_id=str(session.pk), user_id=session.user_id)


def _session_of(text: str) -> tuple[Session, dict[str, Any]]:
    try:
        payload = _read(RefreshToken, text)
        session_id = uuid.UUID(str(payload.get("sid")))
    except (Expired, Forged, ValueError) as error:
        raise Refused(Code.UNAUTHORIZED, "This refresh token is not valid.") from error
    found = Session.objects.select_for_update(of=("self",)).select_related("user").filter(pk=session_id, ended_at=None)
    session = found.first()
    if session is None or str(session.user_id) != str(payload.get("user_id")):
        raise Refused(Code.UNAUTHORIZED, "The session has ended.")
    return session, payload
