"""Sessions: they begin with a sign-in, carry its tokens and tickets, and end for all of them at once."""

from hashlib import blake2b

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from accounts import changes
from accounts.models import Session, User
from realtime.clock import now_ms

KEY = "sid"  # of our session's id in Django's session


def fingerprint(password_hash: str) -> str:
    """What a session remembers of the password it began with: useless to anyone who reads it."""
    key = blake2b(settings.SECRET_KEY.encode()).digest()
    return blake2b(password_hash.encode(), key=key, digest_size=16).hexdigest()


def begin(*, user: User, kind: Session.Kind, address: str = "", user_agent: str = "") -> Session:
    """A new session of `user`."""
    return Session.objects.create(
        user=user, kind=kind, fingerprint=fingerprint(user.password), address=address[:64], user_agent=user_agent[:200]
    )


@transaction.atomic
def end(*, session_id: str, user_id: int) -> None:
    """End one session of a person. Its tokens are refused from now on and its sockets close within 2 s."""
    ended = Session.objects.filter(pk=session_id, user_id=user_id, ended_at=None).update(ended_at=now_ms())
    if ended:
        changes.record(changes.Kind.SESSION, user_id=user_id, detail=str(session_id))


@transaction.atomic
def end_all(*, user_id: int) -> None:
    """End every session of a person, tokens that another service issued included."""
    Session.objects.filter(user_id=user_id, ended_at=None).update(ended_at=now_ms())
    changes.record(changes.Kind.SESSIONS, user_id=user_id)


def sign_in(*, request: HttpRequest, user: User) -> None:
    """Sign a browser in: Django's session, and ours that it belongs to."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[KEY] = str(_begin_web(request, user).pk)


def sign_out(*, request: HttpRequest) -> None:
    """Sign a browser out, and close the sockets that it opened."""
    session_id = request.session.get(KEY)
    if session_id and request.user.pk is not None:
        end(session_id=session_id, user_id=request.user.pk)
    logout(request)


def of_request(request: HttpRequest) -> str:
    """The id of the browser's session; begins one where Django's session was made by other means."""
    session_id = request.session.get(KEY)
    if session_id is None:
        assert isinstance(request.user, User)
        session_id = request.session[KEY] = str(_begin_web(request, request.user).pk)
    return str(session_id)


def _begin_web(request: HttpRequest, user: User) -> Session:
    address, user_agent = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_USER_AGENT", "")
    return begin(user=user, kind=Session.Kind.WEB, address=address, user_agent=user_agent)


def has_ended(session_id: str) -> bool:
    """Whether a session has been ended (or removed)."""
    return not Session.objects.filter(pk=session_id, ended_at=None).exists()
