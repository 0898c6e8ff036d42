"""How many messages were sent on each of the last days, for the first page of the admin."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.db.models import Max

from chat.models import Message
from realtime.clock import now_ms

DAY = 86_400_000  # milliseconds
SETTLED = 60_000  # after its end, a day's number does not change any more

# Past days, counted once by this process: day since the epoch → messages.
_past: dict[int, int] = {}


def per_day(days: int = 30) -> list[tuple[date, int]]:
    """(day in UTC, messages sent on it), oldest first, today last.

    No index holds the time of a message; ids grow with it. So the first id of the first unknown day is found by halving, some
    forty look-ups at most, and only what came since is counted: the last days once per process, then today."""
    now = now_ms()
    today = now // DAY
    wanted = range(today - days + 1, today + 1)
    for day in list(_past):
        if day not in wanted:
            _past.pop(day, None)
    past = dict(_past)
    since = next(day for day in wanted if day not in past)
    counted = _count(since * DAY)
    counts = {day: past.get(day, counted.get(day, 0)) for day in wanted}
    _past.update({day: counts[day] for day in wanted if (day + 1) * DAY + SETTLED < now})
    return [(_date(day), counts[day]) for day in wanted]


def _count(since: int) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT created_at / 86400000, count(*) FROM chat_message WHERE id >= %s AND created_at >= %s GROUP BY 1",
            [_first_id(since), since],
        )
        return dict(cursor.fetchall())


def _first_id(since: int) -> int:
    """An id at or a little before the first message of a time: neighbours may have been stored out of order."""
    low, high = 0, (Message.objects.aggregate(newest=Max("pk"))["newest"] or 0) + 1
    since -= SETTLED
    while low < high:
        middle = (low + high) // 2
        at = Message.objects.filter(pk__gte=middle).order_by("pk").values_list("created_at", flat=True).first()
        if at is None or at >= since:
            high = middle
        else:
            low = middle + 1
    return low


def _date(day: int) -> date:
    return (datetime.fromtimestamp(0, UTC) + timedelta(days=day)).date()
