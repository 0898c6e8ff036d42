"""Which life of the database this is (protocol §4): cursors of another one are void."""

import uuid

from django.db import transaction

from chat.models import Epoch
from realtime.clock import monotonic
from realtime.database import in_database

AGE = 5.0  # seconds that a process may take to notice a new one

_known: tuple[float, str] | None = None


def current() -> str:
    """The epoch, from memory or the database."""
    global _known
    now = monotonic()
    if _known is None or now - _known[0] > AGE:
        _known = (now, _read())
    return _known[1]


async def current_async() -> str:
    if _known is not None and monotonic() - _known[0] <= AGE:
        return _known[1]
    return await in_database(current)


def renew() -> str:
    """Begin a new epoch; returns it. Processes that run notice within AGE seconds."""
    global _known
    _known = None
    found, _ = Epoch.objects.update_or_create(pk=1, defaults={"epoch": uuid.uuid4()})
    return str(found.epoch)


def _read() -> str:
    found = Epoch.objects.order_by("pk").first()
    if found is None:
        with transaction.atomic():
            found, _ = Epoch.objects.get_or_create(pk=1, defaults={"epoch": uuid.uuid4()})
    return str(found.epoch)
