"""Sessions: they begin with a sign-in, carry its tokens and tickets, and end for all of them at once."""

import uuid
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest

from accounts import changes
from accounts.models import Session, User
from realtime.clock import now_ms

KEY = "sid"  # of our session's id in Django's session
SEEN_EVERY = 300_000  # milliseconds: how exactly it is known when a session was last used


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


@transaction.atomic
def end_others(*, user_id: int, session_id: str) -> int:
    """End every session of a person but one; returns how many."""
    others = Session.objects.filter(user_id=user_id, ended_at=None).exclude(pk=session_id)
    ids = [str(pk) for pk in others.values_list("pk", flat=True)]
    for other_id in ids:
        end(session_id=other_id, user_id=user_id)
    return len(ids)


def living(user: User) -> list[Session]:
    """The sessions that still open something, last used first. One of before the last change of the password does not, nor one
    that was unused for longer than any cookie or token lives."""
    longest = max(settings.SESSION_COOKIE_AGE, settings.IM_ACCESS_TOKEN_LIFETIME, settings.IM_REFRESH_TOKEN_LIFETIME)
    oldest = now_ms() - round(longest * 1000)
    found = Session.objects.filter(user=user, ended_at=None, fingerprint=fingerprint(user.password))
    return list(found.filter(last_seen_at__gt=oldest).order_by("-last_seen_at", "-created_at"))


def seen(ids: Iterable[str | uuid.UUID]) -> None:
    """These sessions are in use now; written at most every five minutes."""
    wanted = list(ids)
    if wanted:
        now = now_ms()
        Session.objects.filter(pk__in=wanted, last_seen_at__lt=now - SEEN_EVERY).update(last_seen_at=now)


def sign_in(*, request: HttpRequest, user: User) -> None:
    """Sign a browser in: Django's session, and ours that it belongs to."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[KEY] = str(_begin_web(request, user).pk)


@transaction.atomic
def begin_again(*, request: HttpRequest, user: User) -> None:
    """After a changed password, which ended all sessions: a new one for the browser that changed it."""
    Session.objects.filter(user=user, ended_at=None).update(ended_at=now_ms())
    request.session[KEY] = str(_begin_web(request, user).pk)


def sign_out(*, request: HttpRequest) -> None:
    """Sign a browser out, and close the sockets that it opened."""
    logout(request)


def on_logout(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Django's session is about to end, whoever ends it (the admin has a button of its own): ours ends with it."""
    session_id = request.session.get(KEY)
    if session_id and user is not None:
        end(session_id=session_id, user_id=user.pk)


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
    """Whether a session has been ended (or removed). One that goes on is in use now."""
    last_seen = Session.objects.filter(pk=session_id, ended_at=None).values_list("last_seen_at", flat=True).first()
    if last_seen is not None and last_seen < now_ms() - SEEN_EVERY:
        seen([session_id])
    return last_seen is None
