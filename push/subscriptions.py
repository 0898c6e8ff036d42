"""Subscriptions: they begin in a browser, belong to its session, and end with it."""

from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from accounts.changes import Kind
from accounts.models import AccessChange, Session
from accounts.sessions import fingerprint
from preferences import store as preferences
from push import endpoints
from push.encryption import browser_key, to_bytes
from push.models import Preference, Subscription
from realtime.clock import now_ms
from realtime.database import in_database
from realtime.errors import Code, RateLimited, Refused, not_found

MOST = 20  # of one person
MOST_TESTS = 3  # of one session: its newest
TEST_PAUSE = 10_000  # milliseconds between two tests of a subscription
REFUSALS = 10  # in a row, after which a push service is believed


class Switches(NamedTuple):
    """What a person wants to be told of."""

    directs: bool = True
    groups: bool = True
    preview: bool = True


@transaction.atomic
def subscribe(*, user_id: int, session_id: str, endpoint: str, p256dh: str, auth: str) -> tuple[Subscription, bool]:
    """Remember a browser; returns (subscription, whether it is new). A browser that is known is this session's from now on:
    its address is a secret that only it has. Raises Refused: bad_frame that names the field, too_many."""
    refuse_off()
    try:
        endpoints.parse(endpoint)
    except endpoints.Forbidden as error:
        raise Refused(Code.BAD_FRAME, f"endpoint: {error}", field="endpoint") from error
    try:
        browser_key(p256dh)
    except ValueError as error:
        raise Refused(Code.BAD_FRAME, "p256dh: This is no public key.", field="keys.p256dh") from error
    try:
        secret = to_bytes(auth)
    except ValueError:
        secret = b""
    if len(secret) != 16:
        raise Refused(Code.BAD_FRAME, "auth: This is no secret of 16 bytes.", field="keys.auth")
    digest = sha256(endpoint.encode()).hexdigest()
    if Subscription.objects.filter(user_id=user_id).exclude(digest=digest).count() >= MOST:
        raise Refused(Code.TOO_MANY, f"A person has at most {MOST} subscriptions.")
    values = {
        "user_id": user_id, "session_id": session_id, "endpoint": endpoint, "p256dh": p256dh.rstrip("="),
        "auth": auth.rstrip("="), "language": get_language() or "en", "failures": 0,
    }  # fmt: skip
    return Subscription.objects.update_or_create(digest=digest, defaults=values)


def refuse_off() -> None:
    """Raises Refused: not_found where this server sends no pushes."""
    if not settings.IM_PUSH:
        raise not_found("This server sends no pushes.")


def of_user(user_id: int) -> list[Subscription]:
    """The subscriptions of a person whose sessions still stand, oldest first."""
    found = Subscription.objects.filter(user_id=user_id).select_related("session", "session__user").order_by("pk")
    return [subscription for subscription in found if stands(subscription.session)]


def stands(session: Session) -> bool:
    """Whether a session may still be told anything: not ended, its password not changed, its cookie not run out."""
    user = session.user
    if session.ended_at is not None or not user.is_active or session.fingerprint != fingerprint(user.password):
        return False
    lifetime = settings.SESSION_COOKIE_AGE * 1000
    return session.kind != Session.Kind.WEB or session.created_at > now_ms() - lifetime


def unsubscribe(*, user_id: int, subscription_id: int) -> None:
    """Forget one of mine. Raises Refused: not_found."""
    if not Subscription.objects.filter(pk=subscription_id, user_id=user_id).delete()[0]:
        raise not_found("There is no such subscription.")


def unsubscribe_session(*, user_id: int, session_id: str) -> None:
    """Forget those of one session."""
    Subscription.objects.filter(session_id=session_id, user_id=user_id).delete()


def for_test(*, user_id: int, session_id: str) -> list[Subscription]:
    """This session's subscriptions, to send a test to. Raises Refused: not_found, rate_limited."""
    refuse_off()
    found = [one for one in of_user(user_id) if str(one.session_id) == session_id]
    if not found:
        raise not_found("This session has no subscription.")
    now = now_ms()
    free = Subscription.objects.filter(pk__in=[one.pk for one in found], tested_at__lte=now - TEST_PAUSE).update(tested_at=now)
    if not free:
        raise RateLimited(TEST_PAUSE / 1000)
    return found[-MOST_TESTS:]


def switches(user_id: int) -> Switches:
    """What a person wants to be told of."""
    found = Preference.objects.filter(pk=user_id).first() or Preference(user_id=user_id)
    return Switches(found.directs, found.groups, preferences.of(user_id).notification_preview)


def change_switches(*, user_id: int, changes: dict[str, bool]) -> Switches:
    """Change some of a person's switches; returns all of them. Whether notifications show what was said is one preference,
    whoever shows them."""
    own = {name: value for name, value in changes.items() if name != "preview"}
    if own:
        Preference.objects.update_or_create(user_id=user_id, defaults=own)
    if "preview" in changes:
        preferences.change(user_id=user_id, changes={"notification_preview": changes["preview"]})
    return switches(user_id)


def erase(user_id: int) -> None:
    """Forget what a deleted person wanted to be told of, and where."""
    Subscription.objects.filter(user_id=user_id).delete()
    Preference.objects.filter(pk=user_id).delete()


def heard(subscription: Subscription, answer: endpoints.Answer) -> None:
    """Take down what a push service said: gone is gone, and who refuses again and again is believed."""
    mine = Subscription.objects.filter(pk=subscription.pk)
    if answer.taken:
        mine.filter(failures__gt=0).update(failures=0)
    elif answer.gone or (not answer.passes and subscription.failures + 1 >= REFUSALS):
        mine.delete()
    elif not answer.passes:
        mine.update(failures=subscription.failures + 1)


async def on_access_change(change: AccessChange) -> None:
    """A session that has ended takes its subscriptions with it."""
    if change.kind in (Kind.SESSION, Kind.SESSIONS, Kind.PASSWORD, Kind.DISABLED):
        await in_database(_remove_ended, change.user_id)


def _remove_ended(user_id: int) -> None:
    found: QuerySet[Subscription] = Subscription.objects.filter(user_id=user_id).select_related("session", "session__user")
    ended = [one.pk for one in found if not stands(one.session)]
    if ended:
        Subscription.objects.filter(Q(pk__in=ended)).delete()
