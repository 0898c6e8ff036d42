"""My sessions: where I am signed in, and the end of any of them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import devices, sessions
from accounts.api.bodies import EndedBody, SessionsBody
from accounts.authentication import caller, session_id
from realtime.errors import Refused, not_found
from realtime.rest import ErrorBody


def _current(request: Request) -> str | None:
    try:
        return session_id(request)
    except Refused:  # a token of another service
        return None


class Sessions(APIView):
    """Where I am signed in."""

    @extend_schema(operation_id="sessions_list", responses=SessionsBody)
    def get(self, request: Request) -> Response:
        """My sessions, last used first."""
        current = _current(request)
        results = [
            {
                "id": str(session.pk),
                "kind": session.kind,
                "device": devices.name(session),
                "isPhone": devices.is_phone(session),
                "address": session.address,
                "createdAt": session.created_at,
                "lastSeenAt": session.last_seen_at,
                "isCurrent": str(session.pk) == current,
            }
            for session in sessions.living(caller(request))
        ]
        return Response({"results": results})


class OneSession(APIView):
    """A session of mine."""

    @extend_schema(responses={204: None, 404: ErrorBody})
    def delete(self, request: Request, session: Any) -> Response:
        """End it: its tokens are refused from now on, its sockets close with 4504 within 2 s."""
        user = caller(request)
        if not any(found.pk == session for found in sessions.living(user)):
            raise not_found("There is no such session.")
        sessions.end(session_id=str(session), user_id=user.pk)
        return Response(status=204)


class EndOthers(APIView):
    """My other sessions."""

    @extend_schema(request=None, responses={200: EndedBody, 403: ErrorBody})
    def post(self, request: Request) -> Response:
        """End every session of mine but this one."""
        return Response({"ended": sessions.end_others(user_id=caller(request).pk, session_id=session_id(request))})
