"""Unix milliseconds as the admin shows them."""

from datetime import UTC, datetime

from django.utils import timezone


def shown(milliseconds: int | None) -> datetime | None:
    """A time for a column of the admin, in its time zone."""
    if milliseconds is None:
        return None
    return timezone.localtime(datetime.fromtimestamp(milliseconds / 1000, UTC))
