"""Everything that reads conversations, against the ledger: changes, pages, heads, unread."""

import json
from collections.abc import Sequence
from typing import Any

from chat import heads, history
from chat.frames import to_builtins
from chat.models import Message
from tests.model.ledger import Entry, Ledger

Look = tuple[str, bool, dict[str, list[int]]]


def look_of(entry: Entry) -> Look:
    """How a message looks by now."""
    return entry.content, entry.recalled, entry.reactions


def look(data: dict[str, Any]) -> Look:
    """The same of what was sent."""
    reactions = data.get("reactions", {})
    assert all(len(found["userIds"]) == found["count"] for found in reactions.values())
    return data["content"], "recalledAt" in data, {emoji: found["userIds"] for emoji, found in reactions.items()}


def same_messages(stored: Sequence[Message], log: Sequence[Entry]) -> None:
    """Rows in seq order are the log: each message once, as it is now."""
    found = [(m.seq, m.created_rev, m.rev, m.msg_id, m.sender_id, m.content, m.created_at) for m in stored]
    assert found == [(e.seq, e.changes[0], e.rev, e.msg_id, e.sender, e.content, e.at) for e in log]
    assert [row[0] for row in found] == list(range(1, len(found) + 1))
    times = [row[6] for row in found]
    assert times == sorted(times)


def changes(ledger: Ledger, key: int, conversation: int, cursor: int) -> None:
    """From any cursor, span after span: exactly the changes after it, in rev order, each once."""
    rev, found = cursor, []
    while True:
        span = history.read_changes(conversation, rev, cursor)
        for change in span.changes:
            data = json.loads(change.text)
            frame = data["data"]
            assert (frame["rev"], frame["seq"]) == (change.rev, change.seq)
            assert (data["type"] == "chat") == change.created
            found.append((frame["rev"], frame["seq"], look(frame), change.created))
        assert span.rev >= rev
        rev = span.rev
        if not span.more:
            break
    expected = [(e.rev, e.seq, look_of(e), e.changes[0] > cursor) for e in ledger.changes_after(key, cursor)]
    assert found == expected
    assert rev == len(ledger.talks[key].changes)


def pages(ledger: Ledger, key: int, conversation: int, user: int, at: int, limit: int) -> None:
    """The newest, those before a seq, and those after it; with the rev that is a cursor."""
    talk = ledger.talks[key]
    newest = history.read_page(user_id=user, conversation_id=conversation, before=None, after=None, limit=limit)
    around = history.read_page(user_id=user, conversation_id=conversation, around=at, limit=limit)
    before = history.read_page(user_id=user, conversation_id=conversation, before=at, after=None, limit=limit)
    after = history.read_page(user_id=user, conversation_id=conversation, before=None, after=at, limit=limit)
    assert [m.seq for m in newest.messages] == [e.seq for e in talk.log][-limit:]
    assert [m.seq for m in before.messages] == [e.seq for e in talk.log if e.seq < at][-limit:]
    assert [m.seq for m in after.messages] == [e.seq for e in talk.log if e.seq > at][:limit]
    nearest = sorted(talk.log, key=lambda e: (abs(e.seq - at), -e.seq))[:limit]
    assert [m.seq for m in around.messages] == sorted(e.seq for e in nearest)
    for page in (newest, before, after, around):
        assert page.rev == len(talk.changes)
        for message in page.messages:
            entry = talk.log[message.seq - 1]
            assert (message.msg_id, message.rev, look(to_builtins(message))) == (entry.msg_id, entry.rev, look_of(entry))


def heads_of(ledger: Ledger, found: dict[int, int], user: int) -> None:
    """Each conversation of a person in a nutshell: numbers that follow from the log and the marks."""
    keys = {conversation: key for key, conversation in found.items()}
    positions = heads.positions([user])[user]
    overviews = heads.of_user(user)
    mine = {key for key in found if user in ledger.talks[key].marks}
    assert {keys[overview.head.conversation_id] for overview in overviews} == mine
    for overview, position in zip(overviews, positions, strict=True):
        head = overview.head
        talk = ledger.talks[keys[head.conversation_id]]
        mark = talk.marks[user]
        others = [other for who, other in talk.marks.items() if who != user]
        assert (head.last_seq, head.last_rev) == (len(talk.log), len(talk.changes))
        assert (head.read_seq, head.unread_from, head.unread) == (mark.read, mark.unread_from, talk.unread(user))
        assert head.others_read_seq == min((other.read for other in others), default=0)
        assert head.others_delivered_seq == min((other.delivered for other in others), default=0)
        where = (head.conversation_id, head.last_rev, head.last_seq, mark.read, mark.delivered, head.kind == "group", 0)
        assert position[: len(where)] == where
        unread_of(talk.log[mark.read :], user, head.conversation_id, mark.read, len(talk.log))


def unread_of(log: Sequence[Entry], user: int, conversation: int, after: int, up_to: int) -> None:
    """What a new connection is given: the messages of others in a stretch, or the newest of them."""
    theirs = [entry.seq for entry in log if entry.sender != user]
    records = history.read_unread(user, [(conversation, after, up_to)])
    assert [record.seq for record in records] == theirs
    start, more = history.newest_unread(user, conversation, after, up_to, 2)
    assert more == (len(theirs) > 2)
    assert [seq for seq in theirs if seq > start] == theirs[-2:]
