"""Telling people's own connections that somebody stands to them differently now (protocol §3: `people`).

It rides on the log of rights, which every process reads: nothing is lost without Redis, and it does not matter who made the
change: the page, a program, an administrator or a command."""

from msgspec import Struct

from accounts import relations
from accounts.changes import Kind
from accounts.models import AccessChange
from realtime.codec import ServerFrame, encode
from realtime.connection import Connection
from realtime.database import in_database
from realtime.hub import hub
from realtime.supervision import spawn

TO_BOTH = (Kind.FRIENDS, Kind.UNFRIENDS, Kind.REQUEST)
TO_ONE = (Kind.BLOCK, Kind.UNBLOCK)  # the other one is not told
BATCH = 50  # pairs that are looked up together


class PeopleData(Struct, rename="camel"):
    """`relation`: what they are to me now, as in REST."""

    user_id: int
    relation: str


class People(ServerFrame, tag="people"):
    data: PeopleData


Pair = tuple[int, int]  # who is told, of whom

_waiting: dict[Pair, None] = {}
_telling = False


async def on_access_change(change: AccessChange) -> None:
    """Tell those connections of this process that asked for it with `people=1`. Never waits: rights that end come first."""
    if change.other_id is None or change.kind not in (*TO_BOTH, *TO_ONE):
        return
    pairs = [(change.user_id, change.other_id)]
    if change.kind in TO_BOTH:
        pairs.append((change.other_id, change.user_id))
    _waiting.update(dict.fromkeys(pair for pair in pairs if _listening(pair[0])))
    if _waiting and not _telling:
        spawn(_tell(), "telling people of people")


def _listening(user_id: int) -> list[Connection]:
    return [connection for connection in hub.of_user(user_id) if "people" in connection.options]


async def _tell() -> None:
    """Tell what waits; what changes several times meanwhile is told once, as it is then."""
    global _telling
    if _telling:
        return
    _telling = True
    try:
        while _waiting:
            pairs = list(_waiting)[:BATCH]
            for pair in pairs:
                del _waiting[pair]
            for (viewer_id, _), text in zip(pairs, await in_database(_frames, pairs), strict=True):
                for connection in _listening(viewer_id):
                    connection.push(text)
    finally:
        _telling = False


def _frames(pairs: list[Pair]) -> list[str]:
    """The frame of each pair, as things are now."""
    frames = []
    for viewer_id, person_id in pairs:
        found = relations.between(viewer_id=viewer_id, person_ids=[person_id])
        frames.append(encode(People(data=PeopleData(person_id, found.get(person_id, relations.NOBODY).kind))))
    return frames
