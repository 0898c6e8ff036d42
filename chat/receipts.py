"""Receipts in groups (protocol §3.1): whoever wrote a message hears when every other member has it, and when all have read it.

One look at the marks of all members for a batch, however many moved; in groups too large for it there are none."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from chat.entries import Receipt, Row, Watermark
from chat.frames import ReadFrame, ReadNotice
from realtime import sql
from realtime.clock import now_ms
from realtime.codec import encode
from realtime.hub import Message, aside, hub, user_group

SMALL = 256  # members: above there are no receipts
LOOK = 1000  # messages back in which somebody's newest is looked for
PACE = 1.0  # seconds between two `read` frames of one reader in a group

Marks = Mapping[int, int]  # user → seq
Written = Sequence[tuple[int, UUID, int]]  # (seq, msg_id, sender), newest first

READ_TIME = (("conversation_id", "bigint"), ("user_id", "bigint"), ("seq", "bigint"), ("at", "bigint"))


# ---- the core ------------------------------------------------------------------------------------------------------------


class Others(NamedTuple):
    """How far everybody but one has come: `least`, unless that one is `who`, the only one so far behind."""

    least: int
    second: int
    who: int

    def of(self, user: int) -> int:
        return self.second if user == self.who else self.least


def others(marks: Marks) -> Others:
    """The two who are furthest behind. Who is alone has nobody who could have anything: 0."""
    order = sorted((seq, user) for user, seq in marks.items())[:2]
    if not order:
        return Others(0, 0, 0)
    return Others(order[0][0], order[1][0] if len(order) > 1 else 0, order[0][1])


def reached(status: str, before: Marks, after: Marks, written: Written) -> list[Receipt]:
    """For each sender the newest of their messages that every other member has come to between two moments."""
    was, now = others(before), others(after)
    found: dict[int, Receipt] = {}
    for seq, msg_id, sender in written:
        if sender not in found and sender in after and was.of(sender) < seq <= now.of(sender):
            found[sender] = Receipt(sender, status, seq, msg_id)
    return list(found.values())


def span(before: Marks, after: Marks) -> tuple[int, int]:
    """(after which seq, up to which) the messages are about which `reached` has something to say."""
    was, now = others(before), others(after)
    return was.least, max(now.least, now.second)


# ---- in the storing transaction ------------------------------------------------------------------------------------------


def look(cursor: Any, marks: Iterable[Watermark], rows: Mapping[int, Row]) -> None:
    """Find out what the batch's watermarks mean for the senders of small groups, and keep when who has read."""
    moved: dict[int, list[Watermark]] = {}
    for mark in marks:
        row = rows.get(mark.conversation_id)
        if mark.outcome is not None and mark.outcome.status and row is not None and is_small(row):
            moved.setdefault(row.id, []).append(mark)
    if not moved:
        return
    cursor.execute(
        f"SELECT conversation_id, user_id, delivered_seq, read_seq FROM chat_membership WHERE {sql.among('conversation_id')}",
        [sql.values(moved)],
    )
    delivered: dict[int, dict[int, int]] = {key: {} for key in moved}
    read: dict[int, dict[int, int]] = {key: {} for key in moved}
    for key, user, delivered_seq, read_seq in sql.rows(cursor):
        delivered[key][user], read[key][user] = delivered_seq, read_seq
    for key, group in moved.items():
        _judge(cursor, key, group, delivered[key], read[key])
    now = now_ms()
    readings = [
        (mark.conversation_id, mark.user_id, mark.outcome.new_read, now)
        for group in moved.values()
        for mark in group
        if mark.outcome is not None and mark.outcome.status == "read"
    ]
    sql.insert(cursor, "chat_readtime", READ_TIME, readings)


def is_small(row: Row) -> bool:
    return row.kind == "group" and row.member_count <= SMALL


def _judge(cursor: Any, key: int, group: list[Watermark], delivered: dict[int, int], read: dict[int, int]) -> None:
    """Compare how far all have come with how far they had, and hang what follows on the first of the watermarks."""
    had_delivered, had_read = dict(delivered), dict(read)
    for mark in reversed(group):  # of several by one person, the first knows what was before
        assert mark.outcome is not None
        mark.outcome.small = True
        had_delivered[mark.user_id], had_read[mark.user_id] = mark.outcome.old_delivered, mark.outcome.old_read
    spans = [span(had_delivered, delivered), span(had_read, read)]
    low, high = min(after for after, _ in spans), max(up_to for _, up_to in spans)
    if low >= high or all(after >= up_to for after, up_to in spans):
        return
    cursor.execute(
        "SELECT seq, msg_id, sender_id FROM chat_message WHERE conversation_id = %s AND seq > %s AND seq <= %s "
        "ORDER BY seq DESC LIMIT %s",
        [key, low, high, LOOK],
    )
    written = [(seq, sql.to_uuid(msg_id), sender) for seq, msg_id, sender in sql.rows(cursor)]
    receipts = reached("read", had_read, read, written)
    newest = {receipt.user: receipt.seq for receipt in receipts}
    receipts += [
        receipt
        for receipt in reached("delivered", had_delivered, delivered, written)
        if newest.get(receipt.user, 0) < receipt.seq  # `read` says it already
    ]
    assert group[0].outcome is not None
    group[0].outcome.receipts = receipts


# ---- after the commit ----------------------------------------------------------------------------------------------------

# Readers whose last `read` frame is less than PACE ago, with the loop that waits and what has been read since.
_paced: dict[tuple[int, int], tuple[asyncio.AbstractEventLoop, ReadNotice | None]] = {}


def read_notice(notice: ReadNotice) -> list[Message]:
    """`read` for all members of a group: at once, or with what the same person reads within a second of the last one."""
    loop = asyncio._get_running_loop()
    if loop is None:
        return [_tell(notice)]
    key = (notice.conversation_id, notice.peer_id)
    waiting = _paced.get(key)
    if waiting is not None and waiting[0] is loop:
        _paced[key] = (loop, notice)
        return []
    _paced[key] = (loop, None)
    loop.call_later(PACE, _due, key, loop)
    return [_tell(notice)]


def _due(key: tuple[int, int], loop: asyncio.AbstractEventLoop) -> None:
    waiting = _paced.get(key)
    if waiting is None or waiting[0] is not loop:
        return
    del _paced[key]
    if waiting[1] is not None:
        hub.publish(read_notice(waiting[1]))


def _tell(notice: ReadNotice) -> Message:
    return aside(notice.conversation_id, encode(ReadFrame(data=notice)), besides=user_group(notice.peer_id))
