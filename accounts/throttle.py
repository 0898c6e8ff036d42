"""Slows guessing down: failed sign-ins cost a token of the name's and of the address's bucket, whichever door they used."""

from hashlib import blake2b

from django.conf import settings
from django.db import transaction

from accounts.models import SignInFailure
from realtime.clock import now_ms
from realtime.errors import RateLimited

Limit = tuple[float, int]


def _buckets(name: str, address: str) -> dict[str, Limit]:
    """Keys are keyed hashes: people type passwords into the field for the name."""
    return {
        _key("name", name.strip().casefold()): settings.IM_RATE_SIGN_IN_NAME,
        _key("address", address): settings.IM_RATE_SIGN_IN_ADDRESS,
    }


def _key(kind: str, value: str) -> str:
    return blake2b(f"{kind}:{value}".encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=24).hexdigest()


def _left(failure: SignInFailure | None, limit: Limit, now: int) -> float:
    per_second, burst = limit
    if failure is None:
        return burst
    return min(burst, failure.tokens + max(0, now - failure.at) / 1000 * per_second)


def check(*, name: str, address: str) -> None:
    """Raises RateLimited when too many attempts failed for this name or from this address; the same for any name."""
    now = now_ms()
    buckets = _buckets(name, address)
    known = SignInFailure.objects.in_bulk(list(buckets))
    waits = [(1 - _left(known.get(key), limit, now)) / limit[0] for key, limit in buckets.items()]
    if max(waits) > 0:
        raise RateLimited(max(waits))


@transaction.atomic
def failed(*, name: str, address: str) -> None:
    """An attempt failed."""
    now = now_ms()
    buckets = _buckets(name, address)
    slowest = max(burst / per_second for per_second, burst in buckets.values())
    SignInFailure.objects.filter(at__lt=now - slowest * 1000).delete()  # full again, so as good as absent
    known = SignInFailure.objects.select_for_update().order_by("pk").in_bulk(list(buckets))
    for key, limit in buckets.items():
        left = _left(known.get(key), limit, now) - 1
        SignInFailure.objects.update_or_create(key=key, defaults={"tokens": left, "at": now})
