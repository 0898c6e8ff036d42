"""The machine over the journal and its database: what clients send and repeat, processes that die, messages that change."""

from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from accounts import friends
from chat import directs, journal
from chat.changing import MessageAct
from chat.entries import ChatEntry, Draft, Watermark
from chat.models import Conversation, Membership, Message
from tests.model import answers, readers
from tests.model.faults import Death, fault
from tests.model.ledger import Ledger, Moved

PAIRS = {10: (0, 1), 11: (0, 2), 12: (0, 0), 14: (1, 2)}
GROUP = 13
NOWHERE = 987_654_321
WHAT = ("👍", "👍", "-👍", "❤️")

places = st.sampled_from(
    [*[(0, 10), (1, 10)] * 4, (0, 11), (2, 11), (0, 12), *[(0, 13), (1, 13), (2, 13)] * 2, (1, 14), (2, 10), (0, 14)]
)
ids = st.sampled_from([None] * 10 + [0, 0, 1, 2, 5, 9])
sends = st.tuples(st.just("send"), places, ids, st.booleans())
marks = st.tuples(st.sampled_from(["read", "delivered", "ids"]), places, st.integers(0, 12) | st.just(1_000), st.booleans())
# What becomes of a message, counted from the latest; by its writer, or by the first of the people.
kinds = st.sampled_from(["edit", "react", "react", "recall"])
acts = st.tuples(kinds, st.sampled_from([0, 0, 1, 2, 3, 4, 6]), st.sampled_from(WHAT), st.sampled_from([True, True, False]))
batches = st.lists(sends | sends | marks | acts, min_size=2, max_size=12)
# What goes wrong, at which statement, and whether the clients ask again when they hear nothing.
faults = st.tuples(st.sampled_from(["", "", "answer", "death", "refusal", "outage"]), st.integers(0, 14), st.booleans())


class Asked(NamedTuple):
    """An entry, how it was described, and the conversation that it is for in the ledger."""

    described: Any
    entry: ChatEntry
    key: int


class Journal(RuleBasedStateMachine):
    """The real journal, one batch after the other, beside the ledger. `people` and `clock` are set by the test."""

    budget: ClassVar = {"examples": 18, "steps": 30}
    people: ClassVar[list[int]] = []
    clock: ClassVar[list[int]] = [1_000]

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        directs._known.clear()
        self.clock[0] = 1_000
        self.ledger = Ledger()
        for key, (low, high) in PAIRS.items():
            pair = (self.people[low], self.people[high])
            self.ledger.open(key, pair, pair)
        group = Conversation.objects.create(kind="group", title="all", member_count=len(self.people))
        Membership.objects.bulk_create(Membership(conversation=group, user_id=user) for user in self.people)
        self.ledger.open(GROUP, None, tuple(self.people))
        self.found: dict[int, int] = {GROUP: group.pk}
        self.ids: list[UUID] = []

    def teardown(self) -> None:
        try:
            self.read_everything(after=3, limit=4)
            self.read_from_many_cursors()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    # ---- what happens -------------------------------------------------------------------------------------------------

    @rule(batch=batches, wrong=faults)
    def batch(self, batch: list[Any], wrong: tuple[str, int, bool]) -> None:
        """A batch is stored, or something goes wrong, and the clients ask again or don't."""
        kind, number, again = wrong
        asked = [one for described in batch if (one := self._ask(described)) is not None]
        if not asked or self._commit(asked, kind, number) or not again:
            return
        self._commit([again for one in asked if (again := self._ask(one.described, one.entry)) is not None], "", 0)

    @precondition(lambda self: self.ledger.messages)
    @rule(numbers=st.lists(st.integers(0, 9), min_size=1, max_size=4))
    def again(self, numbers: list[int]) -> None:
        """Whatever has become of messages, their senders have not heard that they were stored, and ask again."""
        stored = list(self.ledger.messages.values())
        asked = [stored[-1 - number % len(stored)] for number in numbers]
        drafts = [
            Draft(sender_id=e.sender, conversation_id=self.found[e.conversation], content="x", msg_id=e.msg_id) for e in asked
        ]
        self._commit([Asked(None, draft, entry.conversation) for draft, entry in zip(drafts, asked, strict=True)], "", 0)

    @rule(pair=st.sampled_from([(0, 1), (1, 0), (0, 2)]), on=st.booleans())
    def block(self, pair: tuple[int, int], on: bool) -> None:
        who, whom = (self.people[number] for number in pair)
        (friends.block if on else friends.unblock)(user_id=who, other_id=whom)
        (self.ledger.blocks.add if on else self.ledger.blocks.discard)((who, whom))

    @rule(place=places, seq=st.integers(1, 12))
    def mark_unread(self, place: tuple[int, int], seq: int) -> None:
        who, key = self.people[place[0]], place[1]
        if Membership.objects.filter(user_id=who, conversation_id=self.found.get(key, NOWHERE)).update(unread_from=seq):
            self.ledger.talks[key].marks[who].unread_from = seq

    @rule(now=st.integers(0, 5_000))
    def set_clock(self, now: int) -> None:
        self.clock[0] = now

    # ---- what can be read ---------------------------------------------------------------------------------------------

    @rule(after=st.integers(0, 20), limit=st.integers(1, 5))
    def read_everything(self, after: int, limit: int) -> None:
        for key, conversation in self.found.items():
            talk = self.ledger.talks[key]
            readers.changes(self.ledger, key, conversation, min(after, len(talk.changes)))
            for who in list(talk.marks)[:1]:
                readers.pages(self.ledger, key, conversation, who, after, limit)
        for who in self.people:
            readers.heads_of(self.ledger, self.found, who)

    def read_from_many_cursors(self) -> None:
        for key, conversation in self.found.items():
            last = len(self.ledger.talks[key].changes)
            for rev in range(0, last + 1, 1 + last // 4):
                readers.changes(self.ledger, key, conversation, rev)

    # ---- how ----------------------------------------------------------------------------------------------------------

    def _ask(self, described: Any, before: ChatEntry | None = None) -> Asked | None:
        """The entry as a client asks for it; the same question again where `before` is what it asked."""
        if described[0] in ("edit", "react", "recall"):
            return self._ask_act(described, before)
        kind, (number, key), what, flag = described
        who = self.people[number]
        conversation = self.found.get(key, NOWHERE)
        if kind != "send":
            return Asked(described, self._watermark(kind, who, conversation, what, flag), key if key in self.found else NOWHERE)
        if before is not None:
            assert isinstance(before, Draft)
            msg_id = before.msg_id
        else:
            if what is None or not self.ids:
                self.ids.append(UUID(int=(1 << 80) + len(self.ids)))
            msg_id = self.ids[-1 - (what or 0) % len(self.ids)]
        pair = self.ledger.talks[key].pair
        if flag and pair is not None and who in pair:
            other = pair[1] if pair[0] == who else pair[0]
            return Asked(described, Draft(sender_id=who, to_user_id=other, content="x", msg_id=msg_id), key)
        draft = Draft(sender_id=who, conversation_id=conversation, content="x", msg_id=msg_id)
        return Asked(described, draft, key if key in self.found else NOWHERE)

    def _ask_act(self, described: Any, before: ChatEntry | None) -> Asked | None:
        kind, number, what, own = described
        if before is not None:
            assert isinstance(before, MessageAct)
            entry, actor = self.ledger.messages[before.msg_id], before.actor_id or 0
        else:
            stored = list(self.ledger.messages.values())
            if not stored:
                return None
            entry = stored[-1 - number % len(stored)]
            actor = entry.sender if own else self.people[0]
        return Asked(described, answers.act(kind, actor, entry.msg_id, what), entry.conversation)

    def _watermark(self, kind: str, who: int, conversation: int, seq: int, flag: bool) -> Watermark:
        if kind == "ids":
            return Watermark(user_id=who, conversation_id=conversation, msg_ids=self.ids[::-1][seq : seq + 3])
        if kind == "read":
            return Watermark(user_id=who, conversation_id=conversation, read=seq)
        hint = self._hint(conversation, seq) if flag else None
        return Watermark(user_id=who, conversation_id=conversation, delivered=seq, hint=hint)

    def _hint(self, conversation: int, seq: int) -> tuple[int, UUID, int] | None:
        log = next((self.ledger.talks[key].log for key, found in self.found.items() if found == conversation), [])
        return (seq, log[seq - 1].msg_id, log[seq - 1].sender) if 0 < seq <= len(log) else None

    def _commit(self, asked: list[Asked], kind: str, number: int) -> bool:
        """Store a batch on both sides and compare. False: the clients heard nothing that is final."""
        entries = [one.entry for one in asked]
        happened: list[str] = []
        try:
            with fault(kind, number) as happened:
                journal.lane._commit(entries)
        except Death:
            directs._known.clear()  # the memory of the process went with it
        self._find()
        one_by_one = happened == ["refusal"] and len(asked) > 1
        if happened and not one_by_one:
            self._nothing_was_stored(happened[0], entries)
            return False
        for batch in [[one] for one in asked] if one_by_one else [asked]:
            self._compare(batch)
        return kind != "answer"

    def _nothing_was_stored(self, kind: str, entries: list[ChatEntry]) -> None:
        if kind != "death":
            code = {"outage": "overloaded", "refusal": "server_error"}[kind]
            assert {entry.refused and entry.refused.code for entry in entries} == {code}

    def _find(self) -> None:
        """Which conversations have been opened."""
        opened = {(row.low_id, row.high_id): row.pk for row in Conversation.objects.filter(low_id__in=self.people)}
        for key, pair in PAIRS.items():
            low, high = sorted(self.people[number] for number in pair)
            if (low, high) in opened:
                self.found[key] = opened[low, high]

    def _compare(self, asked: list[Asked]) -> None:
        """Every answer of one transaction, drafts first as the journal stores them."""
        for one in asked:
            if isinstance(one.entry, Draft):
                self._compare_draft(one.entry, one.key)
        for one in asked:
            if isinstance(one.entry, MessageAct):
                answers.compare_act(self.ledger, one.entry)
        before = answers.marks_of(self.ledger, GROUP)
        expected = [(one, self._expected(one)) for one in asked if isinstance(one.entry, Watermark)]
        for one, moved in expected:
            assert isinstance(one.entry, Watermark)
            answers.compare_mark(self.ledger, one.entry, one.key, moved)
        marks = [one.entry for one in asked if isinstance(one.entry, Watermark) and one.key == GROUP]
        answers.compare_receipts(self.ledger, GROUP, before, marks)
        self.ledger.settle()

    def _compare_draft(self, draft: Draft, key: int) -> None:
        code = draft.refused.code if draft.refused else None
        if key not in self.found and key != NOWHERE:
            assert code in ("blocked", "forbidden")  # the chat could not even be opened
            return
        expected = self.ledger.send(draft.sender_id, key, draft.msg_id, draft.content, self.clock[0])
        assert code == expected.code
        if code is None:
            assert (draft.seq, draft.rev, draft.created_at, draft.duplicate) == expected[1:]
            assert draft.conversation_id == self.found[key]

    def _expected(self, one: Asked) -> Moved | str | None:
        mark = one.entry
        assert isinstance(mark, Watermark)
        named = [self.ledger.messages[msg_id] for msg_id in mark.msg_ids or () if msg_id in self.ledger.messages]
        read = max([mark.read if mark.msg_ids is None else 0, *(entry.seq for entry in named if entry.conversation == one.key)])
        return self.ledger.mark(mark.user_id, one.key, read=read, delivered=mark.delivered)

    # ---- what always holds --------------------------------------------------------------------------------------------

    @invariant()
    def the_database_is_as_the_ledger_says(self) -> None:
        """Each message once, seq and rev without a hole, the latest version, and createdAt never falling."""
        rows = {row.pk: row for row in Conversation.objects.filter(pk__in=self.found.values())}
        stored: dict[int, list[Message]] = {found: [] for found in self.found.values()}
        for message in Message.objects.filter(conversation_id__in=stored).order_by("conversation_id", "seq"):
            stored[message.conversation_id].append(message)
        for key, found in self.found.items():
            talk = self.ledger.talks[key]
            assert (rows[found].last_seq, rows[found].last_rev) == (len(talk.log), len(talk.changes))
            readers.same_messages(stored[found], talk.log)
        assert sum(map(len, stored.values())) == len(self.ledger.messages)

    @invariant()
    def watermarks_are_as_the_ledger_says(self) -> None:
        for member in Membership.objects.filter(conversation_id__in=self.found.values()):
            key = next(key for key, found in self.found.items() if found == member.conversation_id)
            talk = self.ledger.talks[key]
            mark = talk.marks[member.user_id]
            assert 0 <= member.read_seq <= member.delivered_seq <= len(talk.log)
            assert (member.read_seq, member.delivered_seq, member.unread_from) == (mark.read, mark.delivered, mark.unread_from)
