"""Signs a browser out whose session has been ended elsewhere."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from accounts import sessions


class EndedSessions:
    """Ends Django's session when ours, which it belongs to, has been ended: by another device, an administrator, or
    `logout-all`. A changed password and a disabled account end it in Django already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session_id = request.session.get(sessions.KEY)
        if session_id is not None and sessions.has_ended(session_id):
            logout(request)
        return self.get_response(request)
