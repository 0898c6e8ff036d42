"""Telling everybody something, and taking it away early. Processes follow the table (see `services`), so neither waits for
Redis nor needs it."""

from django.db import transaction

from announcements.models import MAX_TEXT, Announcement
from realtime.clock import now_ms
from realtime.errors import Code, Refused

MOST = 10  # that may be current at once


@transaction.atomic
def announce(*, text: str, level: str, lifetime: int, sender_id: int | None, sender: str) -> Announcement:
    """Tell everybody who is connected, and whoever connects within `lifetime` ms. Raises Refused: content_empty,
    content_too_long, too_many."""
    text = text.strip()
    if not text:
        raise Refused(Code.CONTENT_EMPTY, "The announcement is empty.", field="text")
    if len(text) > MAX_TEXT:
        raise Refused(Code.CONTENT_TOO_LONG, f"The announcement has more than {MAX_TEXT} characters.", field="text")
    now = now_ms()
    if Announcement.objects.filter(expires_at__gt=now).count() >= MOST:
        raise Refused(Code.TOO_MANY, f"{MOST} announcements are current already. End one first.")
    return Announcement.objects.create(
        text=text, level=level, sender_id=sender_id, sender=sender[:150], created_at=now, expires_at=now + lifetime
    )


def end(*, announcement_id: int) -> bool:
    """Take an announcement away from everybody. False: it was over."""
    now = now_ms()
    return bool(Announcement.objects.filter(pk=announcement_id, expires_at__gt=now).update(expires_at=now))
