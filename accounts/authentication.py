"""Who calls the REST interface: a program with a bearer token, or the page with its session."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from accounts import sessions
from accounts.credentials import key_of, standing
from accounts.models import User
from accounts.tokens import Claims, Expired, Forged, read_access_token
from realtime.errors import Code, Refused

MEANT = "X-SkyeIM-User"


class Bearer(BaseAuthentication):
    """`Authorization: Bearer <access token>`, checked as the socket checks it."""

    def authenticate(self, request: Request) -> tuple[User, Claims] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = read_access_token(text.strip())
        except Expired as error:
            raise Refused(Code.UNAUTHORIZED, "The token has expired.") from error
        except Forged as error:
            raise Refused(Code.UNAUTHORIZED, "The token is not valid.") from error
        key = key_of(claims)
        close = standing([key])[key]
        if close is not None:
            raise Refused(Code.UNAUTHORIZED, f"The token is no longer good: {close.reason}.")
        return User.objects.get(pk=claims.user_id), claims

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class Session(SessionAuthentication):
    """The page's session cookie, with its CSRF token. All tabs share the cookie, and a tab may be older than it: a request that
    names the person it is made for in `X-SkyeIM-User` is served to nobody else."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        meant = request.headers.get(MEANT)
        if found is not None and meant is not None and meant != str(found[0].pk):
            raise Refused(Code.UNAUTHORIZED, "This session belongs to somebody else.", field=MEANT)
        return found


def caller(request: Request) -> User:
    """The authenticated person behind a request."""
    assert isinstance(request.user, User)
    return request.user


def session_id(request: Request) -> str:
    """The session behind a request. Raises Refused: forbidden for a token of another service, which has none."""
    if isinstance(request.auth, Claims):
        if request.auth.session_id is None:
            raise Refused(Code.FORBIDDEN, "This token belongs to no session of this server.")
        return request.auth.session_id
    return sessions.of_request(request._request)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes `Bearer`."""

    target_class = "accounts.authentication.Bearer"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document describes `Session`."""

    target_class = "accounts.authentication.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "skyeim_session"}
