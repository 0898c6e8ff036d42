"""The machine over `chat.numbering`: batches of anything, transactions that fail, rights and clocks that change."""

from typing import Any, ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chat.entries import ChatEntry, Draft, Outcome, Watermark
from tests.model.ledger import Ledger, Moved
from tests.model.tables import Tables

TALKS: dict[int, tuple[tuple[int, int] | None, tuple[int, ...]]] = {
    10: ((1, 2), (1, 2)),
    11: ((1, 3), (1, 3)),
    12: ((1, 1), (1,)),  # notes to self
    13: (None, (1, 2, 3)),  # a group
}
NOWHERE = 99

people = st.sampled_from([1, 1, 1, 2, 2, 3, 4])
# Most of it happens between two; the last are no members.
places = st.sampled_from(
    [*[(1, 10), (2, 10)] * 4, *[(1, 11), (3, 11)] * 2, (1, 12), (1, 13), (3, 13), (4, 10), (2, 11), (4, 13), (1, NOWHERE)]
)
# None: a new message; a number: the id of an earlier one, counted from the latest, whatever has become of it.
ids = st.sampled_from([None] * 12 + [0, 0, 1, 2, 3, 5, 8, 13])
sends = st.tuples(st.just("send"), places, ids, st.sampled_from([None] * 5 + [1, 2, 3]))
seqs = st.integers(0, 12) | st.just(1_000)
marks = st.tuples(st.sampled_from(["read", "delivered", "both"]), places, seqs, seqs)
batches = st.lists(sends | sends | marks, min_size=3, max_size=12)


class Numbering(RuleBasedStateMachine):
    """Real numbering over rows in memory, beside the ledger."""

    budget: ClassVar = {"examples": 140, "steps": 40}

    def __init__(self) -> None:
        super().__init__()
        self.tables, self.ledger = Tables(), Ledger()
        for key, (pair, members) in TALKS.items():
            self.tables.open(key, pair, members)
            self.ledger.open(key, pair, members)
        self.now = 1_000
        self.ids: list[UUID] = []
        self.before: dict[tuple[int, int], tuple[int, int]] = {}

    # ---- what happens -------------------------------------------------------------------------------------------------

    @rule(batch=batches, lost=st.sampled_from(["no", "no", "transaction", "answer"]))
    def batch(self, batch: list[Any], lost: str) -> None:
        """A batch is stored. Its transaction may fail and be repeated; its answers may be lost, and the clients ask again."""
        entries = [self._entry(described) for described in batch]
        if lost == "transaction":
            self.tables.store(entries, self.now, commit=False)
            for entry in entries:
                entry.refused = None  # as `realtime.commit` does before it tries again
        self._store(entries)
        if lost == "answer":
            self._store([self._again(entry) for entry in entries])

    @rule(batch=batches)
    def died(self, batch: list[Any]) -> None:
        """A process dies before the commit, and nobody repeats what it had."""
        self.tables.store([self._entry(described) for described in batch], self.now, commit=False)

    @rule(pair=st.sampled_from([(1, 2), (2, 1), (1, 3), (3, 1), (1, 4)]), on=st.booleans())
    def block(self, pair: tuple[int, int], on: bool) -> None:
        who, whom = pair
        (self.ledger.blocks.add if on else self.ledger.blocks.discard)((who, whom))
        for member in self.tables.members.values():
            row = self.tables.rows[member.conversation_id]
            if member.user_id == who and row.kind == "direct" and row.other(who) == whom:
                member.blocks = on

    @rule(pair=st.sampled_from([(1, 2), (1, 3), (1, 1)]), on=st.booleans())
    def part(self, pair: tuple[int, int], on: bool) -> None:
        """Two are friends or are not, where only friends may write. Notes to self are nobody else's business."""
        on = on and pair[0] != pair[1]
        (self.ledger.strangers.add if on else self.ledger.strangers.discard)(pair)
        for member in self.tables.members.values():
            row = self.tables.rows[member.conversation_id]
            if row.kind == "direct" and (row.low, row.high) == pair:
                member.stranger = on

    @rule(who=people, active=st.booleans())
    def disable(self, who: int, active: bool) -> None:
        (self.ledger.disabled.discard if active else self.ledger.disabled.add)(who)
        for member in self.tables.members.values():
            if member.user_id == who:
                member.active = active

    @rule(now=st.integers(0, 5_000))
    def clock(self, now: int) -> None:
        """The clock is set, forwards or backwards."""
        self.now = now

    @rule(who=people, key=st.sampled_from(sorted(TALKS)), seq=st.integers(1, 20))
    def mark_unread(self, who: int, key: int, seq: int) -> None:
        if (key, who) in self.tables.members:
            self.tables.members[key, who].unread_from = self.ledger.talks[key].marks[who].unread_from = seq

    # ---- how ----------------------------------------------------------------------------------------------------------

    def _entry(self, described: Any) -> ChatEntry:
        kind, (who, key) = described[:2]
        if kind != "send":
            read, delivered = described[2:]
            return Watermark(
                user_id=who,
                conversation_id=key,
                read=read if kind != "delivered" else 0,
                delivered=delivered if kind != "read" else 0,
            )
        number, to_user = described[2:]  # a wrong person: what is remembered as the conversation of the two may be wrong
        if number is None or not self.ids:
            self.ids.append(UUID(int=len(self.ids) + 1))
        msg_id = self.ids[-1 - (number or 0) % len(self.ids)]
        return Draft(sender_id=who, conversation_id=key, to_user_id=to_user, content="x", msg_id=msg_id)

    def _again(self, entry: ChatEntry) -> ChatEntry:
        if isinstance(entry, Watermark):
            return Watermark(
                user_id=entry.user_id, conversation_id=entry.conversation_id, read=entry.read, delivered=entry.delivered
            )
        return Draft(
            sender_id=entry.sender_id, conversation_id=entry.conversation_id, to_user_id=entry.to_user_id, content="x",
            msg_id=entry.msg_id,
        )  # fmt: skip

    def _store(self, entries: list[ChatEntry]) -> None:
        """Store a batch on both sides, drafts first as the journal does, and compare every answer."""
        self.tables.store(entries, self.now, commit=True)
        for entry in entries:
            if isinstance(entry, Draft):
                self._compare_draft(entry)
        for entry in entries:
            if isinstance(entry, Watermark):
                self._compare_mark(entry)
        self.ledger.settle()

    def _compare_draft(self, draft: Draft) -> None:
        expected = self.ledger.send(
            draft.sender_id, draft.conversation_id, draft.msg_id, draft.content, self.now, to_user=draft.to_user_id
        )
        code = draft.refused.code if draft.refused else None
        assert code == expected.code
        if code is not None:
            return
        assert (draft.seq, draft.rev, draft.created_at, draft.duplicate) == expected[1:]
        talk = self.ledger.talks[draft.conversation_id or 0]
        if not draft.duplicate and talk.pair is not None:
            assert draft.to_user == talk.other(draft.sender_id)
            assert set(draft.members) == set(talk.marks)

    def _compare_mark(self, mark: Watermark) -> None:
        expected = self.ledger.mark(mark.user_id, mark.conversation_id, read=mark.read, delivered=mark.delivered)
        if isinstance(expected, str):
            assert mark.refused is not None
            assert mark.refused.code == expected
            assert mark.outcome is None
            return
        assert mark.refused is None
        if expected is None:
            assert mark.outcome is None
            return
        assert mark.outcome is not None
        self._compare_outcome(mark, mark.outcome, expected)

    def _compare_outcome(self, mark: Watermark, outcome: Outcome, expected: Moved) -> None:
        """It tells exactly what moved, and who may be told."""
        assert (outcome.old_delivered, outcome.new_delivered) == expected.delivered
        assert (outcome.old_read, outcome.new_read) == expected.read
        assert outcome.passed == expected.passed
        moved = "read" if expected.read[0] < expected.read[1] else None
        if moved is None and expected.delivered[0] < expected.delivered[1]:
            moved = "delivered"
        assert outcome.status == moved
        talk = self.ledger.talks[mark.conversation_id]
        other = talk.other(mark.user_id)
        if moved is None or other is None or other == mark.user_id:
            assert outcome.to_user is None
            return
        assert outcome.to_user == other
        blocks = self.ledger.blocks
        assert outcome.hidden == ((mark.user_id, other) in blocks or (other, mark.user_id) in blocks)

    # ---- what always holds --------------------------------------------------------------------------------------------

    @invariant()
    def each_message_has_one_place(self) -> None:
        """seq and rev are 1..n without a hole, each message once, and createdAt never falls."""
        for key, talk in self.ledger.talks.items():
            found = sorted((m.seq, m.rev, m.created_at) for m in self.tables.messages.values() if m.conversation_id == key)
            assert [(seq, rev) for seq, rev, _ in found] == [(n, n) for n in range(1, len(found) + 1)]
            times = [at for _, _, at in found]
            assert times == sorted(times)
            row = self.tables.rows[key]
            assert (row.last_seq, row.last_rev, row.last_at) == (len(found), len(found), times[-1] if times else 0)
            assert len(talk.log) == len(found)

    @invariant()
    def the_tables_are_as_the_ledger_says(self) -> None:
        assert self.tables.messages.keys() == self.ledger.messages.keys()
        for msg_id, stored in self.tables.messages.items():
            entry = self.ledger.messages[msg_id]
            assert (stored.sender_id, stored.conversation_id) == (entry.sender, entry.conversation)
            assert (stored.seq, stored.rev, stored.created_at) == (entry.seq, entry.rev, entry.at)

    @invariant()
    def watermarks_keep_their_order_and_never_fall(self) -> None:
        for (key, user), member in self.tables.members.items():
            assert 0 <= member.read_seq <= member.delivered_seq <= self.tables.rows[key].last_seq
            before = self.before.get((key, user), (0, 0))
            assert member.read_seq >= before[0]
            assert member.delivered_seq >= before[1]
            self.before[key, user] = (member.read_seq, member.delivered_seq)
            mark = self.ledger.talks[key].marks[user]
            assert (member.read_seq, member.delivered_seq, member.unread_from) == (mark.read, mark.delivered, mark.unread_from)
