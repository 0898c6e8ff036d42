"""What `chat` reads from the database, read from the ledger instead: the same answers, in the same types."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from chat import backlog, heads, history, sweep
from chat.frames import Head, Reaction, extras_text
from chat.heads import Overview, Position
from chat.history import Record
from realtime import hub
from realtime.streams import Change, Span
from tests.model.ledger import Entry, Ledger

EPOCH = "00000000-0000-0000-0000-000000000001"
PAGE = 3  # changes in a span: so few that most repairs take several
the_ledger: list[Callable[[], Ledger]] = []


def ledger() -> Ledger:
    return the_ledger[0]()


def record_of(book: Ledger, entry: Entry) -> Record:
    low, high = book.talks[entry.conversation].pair or (None, None)
    reactions = {emoji: Reaction(len(people), people) for emoji, people in entry.reactions.items()}
    extras = extras_text({"reactions": reactions} if reactions else {})
    return Record(
        entry.msg_id, entry.conversation, entry.seq, entry.rev, entry.changes[0], entry.sender, entry.content, 1, entry.at,
        entry.at if entry.recalled else None, False, None, extras, low, high,
    )  # fmt: skip


def change_of(book: Ledger, entry: Entry, *, new: bool) -> Change:
    return history.change_of(record_of(book, entry), new=new)


def change_message(groups: Iterable[str], change: Change) -> hub.Message:
    return hub.change(groups, change)


def read_changes(key: int, after: int, cursor: int | None = None) -> Span:
    book = ledger()
    talk = book.talks[key]
    found = book.changes_after(key, after)
    since = after if cursor is None else cursor
    changes = [change_of(book, entry, new=entry.changes[0] > since) for entry in found[:PAGE]]
    more = len(changes) == PAGE
    return Span(changes, changes[-1].rev if more else len(talk.changes), len(talk.log), more)


def positions(user_id: int) -> list[Position]:
    return [
        Position(
            key, len(talk.changes), len(talk.log), mark.read, mark.delivered, talk.pair is None, *joined(key, user_id)[::-1]
        )
        for key, talk in ledger().talks.items()
        if (mark := talk.marks.get(user_id)) is not None
    ]


def joined(key: int, user_id: int) -> tuple[int, int]:
    """(rev, seq) before the first that a member sees: groups of `membership` know it."""
    came: dict[int, tuple[int, int]] = getattr(ledger().talks[key], "came", {})
    return came.get(user_id, (0, 0))


def of_user(user_id: int) -> list[Overview]:
    found = []
    for key, talk in ledger().talks.items():
        if user_id not in talk.marks:
            continue
        head = Head(
            conversation_id=key, kind=kind(key), title="", peer_id=talk.other(user_id), last_seq=len(talk.log),
            last_rev=len(talk.changes), read_seq=talk.marks[user_id].read, unread_from=None, muted_until=None, pinned=False,
            archived=False, draft="", unread=talk.unread(user_id), others_delivered_seq=0, others_read_seq=0,
            joined_seq=joined(key, user_id)[1],
        )  # fmt: skip
        found.append(Overview(head, 0, talk.marks[user_id].delivered, None, joined_rev=joined(key, user_id)[0]))
    return found


def read_unread(user_id: int, stretches: Sequence[tuple[int, int, int]]) -> list[Record]:
    book = ledger()
    return [
        record_of(book, entry)
        for key, after, up_to in stretches
        for entry in book.talks[key].log[after:up_to]
        if entry.sender != user_id
    ]


def newest_unread(user_id: int, key: int, after: int, up_to: int, most: int) -> tuple[int, bool]:
    theirs = [entry.seq for entry in ledger().talks[key].log[after:up_to] if entry.sender != user_id]
    return (theirs[-most - 1], True) if len(theirs) > most else (after, False)


def newest_id() -> int:
    return len(ledger().messages)


def changed(after: int, since: int) -> tuple[list[tuple[int, int]], int]:
    found: dict[int, int] = {}
    for entry in list(ledger().messages.values())[after:]:
        found[entry.conversation] = max(found.get(entry.conversation, 0), entry.changes[0])
    return list(found.items()), len(ledger().messages)


def members(keys: list[int]) -> list[tuple[int, int, str, int, int]]:
    return [(key, user, kind(key), *joined(key, user)) for key in keys for user in ledger().talks[key].marks]


def kind(key: int) -> str:
    return "group" if ledger().talks[key].pair is None else "direct"


def install(patch: Any, where: Callable[[], Ledger]) -> None:
    """Put these in the place of the functions that ask the database."""
    the_ledger[:] = [where]
    patch.setattr(history, "read_changes", read_changes)
    patch.setattr(history, "read_unread", read_unread)
    patch.setattr(history, "newest_unread", newest_unread)
    patch.setattr(heads, "of_user", of_user)
    patch.setattr(sweep, "_newest", newest_id)
    patch.setattr(sweep, "_changed", changed)
    patch.setattr(sweep, "_members", members)
    patch.setattr(backlog, "MESSAGES", 2)
