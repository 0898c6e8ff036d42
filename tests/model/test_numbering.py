"""Numbering, idempotency and watermarks: whatever is sent, repeated, refused or rolled back (protocol §2, §3.1, §4)."""

from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from chat import numbering
from chat.entries import Draft, Member, Outcome, Row, Watermark
from tests.model.numbering_machine import Numbering
from tests.model.profile import budget, must_find


def test_numbering_holds_whatever_happens() -> None:
    run_state_machine_as_test(Numbering, settings=budget(**Numbering.budget))


real_number, real_count, real_advance, real_admit = numbering.number, numbering._number, numbering.advance, numbering._admit


def stores_every_repetition(drafts: Any, rows: Any, members: Any, known: Any, now: int) -> Any:
    return real_number(drafts, rows, members, {}, now)


def answers_whoever_repeats(draft: Draft, stored: Any) -> None:
    draft.seq, draft.rev, draft.created_at, draft.duplicate = stored.seq, stored.rev, stored.created_at, True


def keeps_its_rev(draft: Draft, row: Row, me: Member, now: int) -> None:
    real_count(draft, row, me, now)
    row.last_rev -= 1


def believes_the_clock(draft: Draft, row: Row, me: Member, now: int) -> None:
    real_count(draft, row, me, now)
    draft.created_at = row.last_at = now


def leaves_my_own_unread(draft: Draft, row: Row, me: Member, now: int) -> None:
    marks = me.read_seq, me.delivered_seq
    real_count(draft, row, me, now)
    me.read_seq, me.delivered_seq = marks


def jumps_over_what_i_have_not_read(draft: Draft, row: Row, me: Member, now: int) -> None:
    real_count(draft, row, me, now)
    me.read_seq, me.delivered_seq, me.changed = draft.seq, draft.seq, True


def forgets_to_save_the_row(draft: Draft, row: Row, me: Member, now: int) -> None:
    real_count(draft, row, me, now)
    row.changed = False


def passes_the_end(mark: Watermark, row: Row | None, members: Any) -> Outcome | None:
    return real_advance(mark, row and Row(row.id, row.kind, row.low, row.high, 10**9, row.last_rev, row.last_at), members)


def falls_back(mark: Watermark, row: Row | None, members: Any) -> Outcome | None:
    outcome = real_advance(mark, row, members)
    if outcome is None and row is not None:
        me = members[mark.conversation_id, mark.user_id]
        me.read_seq, me.changed = min(mark.read, row.last_seq), True
    return outcome


def tells_who_is_blocked(mark: Watermark, row: Row | None, members: Any) -> Outcome | None:
    outcome = real_advance(mark, row, members)
    if outcome is not None:
        outcome.hidden = False
    return outcome


def admits_the_disabled(draft: Draft, rows: Any, members: Any, now: int) -> Row:
    me = members.get((draft.conversation_id, draft.sender_id))
    was = me and me.active
    if me:
        me.active = True
    try:
        return real_admit(draft, rows, members, now)
    finally:
        if me:
            me.active = was


def admits_whoever_was_blocked(row: Row, me: Member, members: Any) -> None:
    return None


def believes_what_is_remembered(row: Row, draft: Draft) -> bool:
    return True


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("number", stores_every_repetition),
        ("_repeat", answers_whoever_repeats),
        ("_number", keeps_its_rev),
        ("_number", believes_the_clock),
        ("_number", leaves_my_own_unread),
        ("_number", jumps_over_what_i_have_not_read),
        ("_number", forgets_to_save_the_row),
        ("advance", passes_the_end),
        ("advance", falls_back),
        ("advance", tells_who_is_blocked),
        ("_admit", admits_the_disabled),
        ("_refuse_blocked", admits_whoever_was_blocked),
        ("leads_to", believes_what_is_remembered),
    ],
)
def test_a_planted_bug_is_found(monkeypatch: pytest.MonkeyPatch, name: str, planted: Any) -> None:
    monkeypatch.setattr(numbering, name, planted)
    must_find(Numbering, **Numbering.budget)
