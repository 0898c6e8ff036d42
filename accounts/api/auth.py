"""Tokens and tickets."""

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import second_factor, sessions, throttle, tickets, tokens
from accounts.adapter import must_confirm
from accounts.api.bodies import CredentialsBody, RefreshBody, TicketBody, TokensBody
from accounts.authentication import caller, session_id
from accounts.models import Session, User
from realtime.errors import Code, Refused
from realtime.rest import ErrorBody


class Token(APIView):
    """Sign a program in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        request=CredentialsBody, responses={200: TokensBody, 401: ErrorBody, 403: ErrorBody, 429: ErrorBody}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Exchange a user name (or e-mail address) and a password for an access and a refresh token. Somebody with a second
        factor also sends `code`: of the authenticator app, or a recovery code; without it the answer is
        `second_factor_required`."""
        body = CredentialsBody(data=request.data)
        body.is_valid(raise_exception=True)
        name, address = body.validated_data["username"], request.META.get("REMOTE_ADDR", "")
        throttle.check(name=name, address=address)
        user = authenticate(request._request, username=name, password=body.validated_data["password"])
        if not isinstance(user, User):
            throttle.failed(name=name, address=address)
            raise Refused(Code.UNAUTHORIZED, "That username and password don't match.")
        if second_factor.has(user):
            self._second_step(user, body.validated_data.get("code"), address)
        if must_confirm(user):
            raise Refused(Code.FORBIDDEN, "The e-mail address has to be confirmed first, on the page.")
        agent = request.META.get("HTTP_USER_AGENT", "")
        session = sessions.begin(user=user, kind=Session.Kind.TOKEN, address=address, user_agent=agent)
        return Response(tokens.issue(user=user, session=session))

    def _second_step(self, user: User, code: str | None, address: str) -> None:
        """A wrong code costs what a wrong password costs, from the budget of the person, however they were named."""
        throttle.check(name=user.username, address=address)
        if code is None:
            raise Refused(Code.SECOND_FACTOR_REQUIRED, "Send the code of the authenticator app too.", field="code")
        if not second_factor.check(user=user, code=code):
            throttle.failed(name=user.username, address=address)
            raise Refused(Code.UNAUTHORIZED, "That code is not right.", field="code")


class TokenRefresh(APIView):
    """Stay signed in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=RefreshBody, responses={200: TokensBody, 401: ErrorBody}, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange a refresh token, which is good once, for a new pair."""
        body = RefreshBody(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(tokens.renew(body.validated_data["refresh"]))


class TokenBlacklist(APIView):
    """Sign a program out."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=RefreshBody, responses={204: None, 401: ErrorBody}, auth=[])
    def post(self, request: Request) -> Response:
        """End the session of a refresh token: its tokens are refused and its sockets close within 2 s."""
        body = RefreshBody(data=request.data)
        body.is_valid(raise_exception=True)
        tokens.blacklist(body.validated_data["refresh"])
        return Response(status=204)


class LogoutAll(APIView):
    """Sign out everywhere."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """End every session of mine, this one included."""
        sessions.end_all(user_id=caller(request).pk)
        return Response(status=204)


class WsTickets(APIView):
    """Tickets for the socket."""

    @extend_schema(request=None, responses={201: TicketBody})
    def post(self, request: Request) -> Response:
        """A ticket that opens one socket within 30 s. The socket lives as long as this session."""
        ticket, expires_at = tickets.make(session_id=session_id(request))
        return Response({"ticket": ticket, "expiresAt": expires_at}, status=201)
