"""The journal: numbering, idempotency, permissions and watermarks of a batch, in the test's own transaction."""

import threading
import time
import uuid
from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import friends
from accounts.models import User
from chat import access, directs, journal, statements
from chat.entries import Draft, Watermark
from chat.models import Conversation, Membership, Message
from chat.sending import send_message
from realtime.commit import IDLE, Entry, Lane
from realtime.errors import Refused
from tests.environment import POSTGRES
from tests.support.people import Cast


def draft(sender: int, to: int | None = None, *, conversation: int | None = None, msg_id: uuid.UUID | None = None) -> Draft:
    return Draft(sender_id=sender, to_user_id=to, conversation_id=conversation, content="x", msg_id=msg_id or uuid.uuid4())


def commit(*entries: Any) -> None:
    """Store entries as one batch."""
    journal.lane._commit(list(entries))


def codes(drafts: Iterable[Draft]) -> list[str | None]:
    return [entry.refused.code if entry.refused else None for entry in drafts]


def test_a_batch_is_numbered_without_holes_in_the_order_of_arrival(cast: Cast) -> None:
    alice, bob, carol = cast.alice.id, cast.bob.id, cast.carol.id
    batch = [draft(alice, bob), draft(bob, alice), draft(alice, carol), draft(alice, bob)]
    commit(*batch)
    assert [entry.seq for entry in batch] == [1, 2, 1, 3]
    assert [entry.rev for entry in batch] == [1, 2, 1, 3]
    assert batch[0].conversation_id == batch[1].conversation_id != batch[2].conversation_id
    row = Conversation.objects.get(pk=batch[0].conversation_id)
    assert (row.last_seq, row.last_rev, row.last_at) == (3, 3, batch[3].created_at)


def test_one_bad_draft_does_not_fail_its_neighbours(cast: Cast) -> None:
    alice, bob = cast.alice.id, cast.bob.id
    batch = [
        draft(alice, bob),
        draft(alice, 987_654),
        draft(alice, conversation=987_654),
        draft(cast.carol.id, bob),
        draft(bob, alice),
    ]
    friends.block(user_id=bob, other_id=cast.carol.id)
    commit(*batch)
    assert codes(batch) == [None, "not_found", "not_found", "forbidden", None]
    assert (batch[0].seq, batch[4].seq) == (1, 2)


def test_the_same_id_twice_in_a_batch_is_one_message(cast: Cast) -> None:
    msg_id = uuid.uuid4()
    batch = [draft(cast.alice.id, cast.bob.id, msg_id=msg_id) for _ in range(3)]
    commit(*batch)
    assert {(entry.seq, entry.created_at) for entry in batch} == {(1, batch[0].created_at)}
    assert [entry.duplicate for entry in batch] == [False, True, True]
    assert Message.objects.filter(msg_id=msg_id).count() == 1


def test_a_repetition_is_answered_after_a_block_but_nothing_new_is_stored(cast: Cast) -> None:
    alice, bob = cast.alice.id, cast.bob.id
    first = draft(alice, bob)
    commit(first)
    friends.block(user_id=bob, other_id=alice)
    again, new = draft(alice, bob, msg_id=first.msg_id), draft(alice, bob)
    commit(again, new)
    assert (again.duplicate, again.seq) == (True, first.seq)
    assert codes([again, new]) == [None, "forbidden"]


def test_a_failed_batch_is_stored_one_by_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only shows in the database must not take the neighbours along either."""
    good, bad, other = (draft(cast.alice.id, cast.bob.id) for _ in range(3))
    real = journal.lane.store

    def fragile(entries: list[Any]) -> None:
        if bad in entries:
            raise ValueError("cannot be stored")
        real(entries)

    monkeypatch.setattr(journal.lane, "store", fragile)
    commit(good, bad, other)
    assert codes([good, bad, other]) == [None, "server_error", None]
    assert "cannot be stored" not in str(bad.refused)
    assert (good.seq, other.seq) == (1, 2)


def test_strangers_and_the_disabled_write_nothing(cast: Cast) -> None:
    first = draft(cast.alice.id, cast.bob.id)
    commit(first)
    stranger = draft(cast.carol.id, conversation=first.conversation_id)
    User.objects.filter(pk=cast.bob.id).update(is_active=False)
    disabled = draft(cast.bob.id, conversation=first.conversation_id)
    commit(stranger, disabled)
    assert codes([stranger, disabled]) == ["not_found", "unauthorized"]


def test_who_may_write_to_whom_is_a_setting(cast: Cast, settings: Any) -> None:
    settings.IM_DIRECT_MESSAGES = "friends"
    with pytest.raises(Refused, match="not_friends"):
        send_message(sender_id=cast.carol.id, to_user_id=cast.alice.id, content="hi")
    send_message(sender_id=cast.bob.id, to_user_id=cast.alice.id, content="hi")
    settings.IM_DIRECT_MESSAGES = "everyone"
    send_message(sender_id=cast.carol.id, to_user_id=cast.alice.id, content="hi")
    begun = draft(cast.carol.id, cast.alice.id)
    commit(begun)
    settings.IM_DIRECT_MESSAGES = "friends"
    by_person, by_conversation = draft(cast.alice.id, cast.carol.id), draft(cast.carol.id, conversation=begun.conversation_id)
    again = draft(cast.carol.id, cast.alice.id, msg_id=begun.msg_id)
    note = draft(cast.alice.id, cast.alice.id)
    commit(by_person, by_conversation, again, note)
    assert codes([by_person, by_conversation, again, note]) == ["not_friends", "not_friends", None, None]
    assert (again.duplicate, again.seq) == (True, begun.seq)
    with pytest.raises(Refused, match="not_friends"):
        access._audience(cast.alice.id, begun.conversation_id)  # of whoever types
    friends.make_friends(one=cast.alice.id, other=cast.carol.id)
    later = draft(cast.alice.id, cast.carol.id)
    commit(later)
    assert codes([later]) == [None]
    friends.end_friendship(user_id=cast.alice.id, friend_id=cast.carol.id)
    with pytest.raises(Refused, match="not_friends"):
        send_message(sender_id=cast.alice.id, to_user_id=cast.carol.id, content="friends no more")
    friends.block(user_id=cast.alice.id, other_id=cast.carol.id)
    with pytest.raises(Refused, match="blocked"):
        send_message(sender_id=cast.alice.id, to_user_id=cast.carol.id, content="and blocked")


def test_a_blocked_person_cannot_start_a_chat_and_leaves_none_behind(cast: Cast) -> None:
    friends.block(user_id=cast.alice.id, other_id=cast.carol.id)
    with pytest.raises(Refused, match="forbidden"):
        send_message(sender_id=cast.carol.id, to_user_id=cast.alice.id, content="hi")
    with pytest.raises(Refused, match="blocked"):
        send_message(sender_id=cast.alice.id, to_user_id=cast.carol.id, content="hi")
    assert directs.find(directs.pair(cast.alice.id, cast.carol.id)) is None


def test_time_never_falls_within_a_conversation(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([5_000, 3_000, 4_000, 9_000])
    monkeypatch.setattr(journal, "now_ms", lambda: next(times))
    sent = [send_message(sender_id=cast.alice.id, to_user_id=cast.bob.id, content="x") for _ in range(4)]
    assert [message.created_at for message in sent] == [5_000, 5_000, 5_000, 9_000]


def test_a_conversation_that_an_administrator_removed_is_found_missing(cast: Cast) -> None:
    first = draft(cast.alice.id, cast.bob.id)
    commit(first)
    Conversation.objects.filter(pk=first.conversation_id).delete()
    lost = draft(cast.alice.id, cast.bob.id)
    commit(lost)
    assert codes([lost]) == ["not_found"]
    again = draft(cast.alice.id, cast.bob.id)
    commit(again)
    assert (again.seq, again.conversation_id == first.conversation_id) == (1, False)


def test_what_i_write_is_read_by_me_when_all_before_was(cast: Cast) -> None:
    alice, bob = cast.alice.id, cast.bob.id
    sent = [send_message(sender_id=alice, to_user_id=bob, content="x") for _ in range(3)]
    conversation = sent[0].conversation_id
    assert Membership.objects.get(user_id=alice, conversation_id=conversation).read_seq == 3
    send_message(sender_id=bob, to_user_id=alice, content="not read alice's")
    mine = Membership.objects.get(user_id=bob, conversation_id=conversation)
    assert (mine.read_seq, mine.delivered_seq) == (0, 0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_watermarks_only_rise_and_stay_in_order(cast: Cast, data: st.DataObject) -> None:
    """Any mix of sends, deliveries and readings, batched at will: read ≤ delivered ≤ last, and nothing goes back."""
    alice, bob = cast.alice.id, cast.bob.id
    conversation = directs.open_direct(user_id=alice, other_id=bob)
    marks = dict.fromkeys((alice, bob), (0, 0))
    for _ in range(data.draw(st.integers(1, 4))):
        batch: list[Any] = []
        for _ in range(data.draw(st.integers(1, 5))):
            user = data.draw(st.sampled_from([alice, bob]))
            kind = data.draw(st.sampled_from(["send", "delivered", "read"]))
            if kind == "send":
                batch.append(draft(user, conversation=conversation))
            else:
                batch.append(Watermark(user_id=user, conversation_id=conversation, **{kind: data.draw(st.integers(0, 40))}))
        commit(*batch)
        last = Conversation.objects.get(pk=conversation).last_seq
        for member in Membership.objects.filter(conversation_id=conversation):
            assert 0 <= member.read_seq <= member.delivered_seq <= last
            before = marks[member.user_id]
            assert (member.read_seq, member.delivered_seq) >= before
            assert member.delivered_seq >= before[1]
            marks[member.user_id] = (member.read_seq, member.delivered_seq)
    seqs = list(Message.objects.filter(conversation_id=conversation).order_by("seq").values_list("seq", "rev", "created_rev"))
    assert seqs == [(n, n, n) for n in range(1, len(seqs) + 1)]


@pytest.mark.skipif(not POSTGRES, reason="SQLite has no locks on rows")
def test_a_transaction_that_stands_still_is_ended_by_the_database(people: Cast, live_database: None) -> None:
    """So that a process that is stopped in its tracks does not keep the others from writing; going on, it stores again."""
    conversation = directs.open_direct(user_id=people.alice.id, other_id=people.bob.id)
    waited: list[float] = []

    def other_process() -> None:
        began = time.monotonic()
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=conversation)
        waited.append(time.monotonic() - began)
        connection.close()

    def store(entries: list[Entry]) -> None:
        assert conversation in statements.lock_conversations([conversation])()
        if not waited:
            rival = threading.Thread(target=other_process)
            rival.start()
            rival.join(timeout=10 * IDLE / 1000)

    entry = Entry()
    Lane("a test", store=store, publish=lambda entries: None, capacity=1, batch=1)._commit([entry])
    assert entry.refused is None
    assert len(waited) == 1
