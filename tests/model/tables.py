"""The rows that `chat.numbering` works on, kept in dicts: loaded as copies and saved as the journal's statements do it."""

from copy import copy
from typing import Any
from uuid import UUID

from chat import numbering
from chat.entries import ChatEntry, Draft, Member, Row, Stored, Watermark
from realtime.errors import Refused


class Tables:
    """A database of dicts. `store` is `chat.journal.store` without SQL."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.members: dict[tuple[int, int], Member] = {}
        self.messages: dict[UUID, Stored] = {}

    def open(self, key: int, pair: tuple[int, int] | None, people: tuple[int, ...]) -> None:
        low, high = pair or (None, None)
        self.rows[key] = Row(key, "direct" if pair else "group", low, high, 0, 0, 0)
        for user in people:
            self.members[key, user] = Member(key, user, 0, 0, None, True, False)

    def store(self, entries: list[ChatEntry], now: int, *, commit: bool) -> None:
        """Store a batch; without `commit` the transaction is rolled back at its end."""
        drafts = [entry for entry in entries if isinstance(entry, Draft)]
        marks = [entry for entry in entries if isinstance(entry, Watermark)]
        rows = {key: copy(row) for key, row in self.rows.items()}
        members = {key: copy(member) for key, member in self.members.items()}
        asked = {draft.msg_id for draft in drafts}
        known = {msg_id: copy(stored) for msg_id, stored in self.messages.items() if msg_id in asked}
        fresh = numbering.number(drafts, rows, members, known, now)
        for mark in marks:
            mark.outcome = None
            try:
                mark.outcome = numbering.advance(mark, rows.get(mark.conversation_id), members)
            except Refused as refused:
                mark.refused = refused
        if commit:
            self._save(fresh, rows, members, marks)

    def _save(self, fresh: list[Draft], rows: Any, members: Any, marks: list[Watermark]) -> None:
        for draft in fresh:
            assert draft.msg_id not in self.messages, "the unique constraint of msg_id"
            assert draft.conversation_id is not None
            stored = Stored(draft.sender_id, draft.conversation_id, draft.seq, draft.rev, draft.created_at)
            self.messages[draft.msg_id] = stored
        for key, row in rows.items():
            if row.changed:  # what is not marked as changed is not written
                row.changed = False
                self.rows[key] = row
        for key, member in members.items():
            if member.changed:
                member.changed = False
                self.members[key] = member
        for mark in marks:
            if mark.outcome is not None and mark.outcome.passed:
                self.members[mark.conversation_id, mark.user_id].unread_from = None
