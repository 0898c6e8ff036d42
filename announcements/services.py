"""What a process does about announcements: it looks at the table each second and tells its own connections."""

import asyncio

from announcements.announcing import MOST
from announcements.frames import AnnouncementData, AnnouncementFrame
from announcements.models import Announcement
from realtime.clock import now_ms
from realtime.codec import encode
from realtime.connection import Connection
from realtime.database import in_database
from realtime.hub import hub
from realtime.supervision import every

POLL = 1.0  # seconds
AT_ONCE = 500  # connections that are told in one turn of the loop

# What is current, by id, as far as this process knows; a connection that opens is given it without a question.
_current: dict[int, AnnouncementData] = {}


async def follow() -> None:
    """A service: tell the connections of this process what began and what was ended early."""
    _current.clear()

    async def once() -> None:
        found = await in_database(_read)
        now = now_ms()
        news = [data for key, data in found.items() if key not in _current]
        ended = [data for key, data in _current.items() if key not in found and data.expires_at > now]
        _current.clear()
        _current.update(found)
        for data in ended:
            news.append(AnnouncementData(data.id, data.text, data.level, now))
        await _tell([_text(data) for data in news])

    await every(POLL, once, "Following the announcements")


def _read() -> dict[int, AnnouncementData]:
    found = Announcement.objects.filter(expires_at__gt=now_ms()).order_by("pk")[:MOST]
    return {row.pk: AnnouncementData(row.pk, row.text, row.level, row.expires_at) for row in found}


def _text(data: AnnouncementData) -> str:
    return encode(AnnouncementFrame(data=data))


async def _tell(texts: list[str]) -> None:
    """Those that are still being opened are told at the end of that."""
    if not texts:
        return
    for number, connection in enumerate(list(hub.connections.values()), 1):
        if not connection.welcome:
            for text in texts:
                connection.push(text)
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)


async def connect(connection: Connection) -> None:
    """A hook: what is current, after `connected`."""
    now = now_ms()
    for data in list(_current.values()):
        if data.expires_at > now:
            connection.push(_text(data))
