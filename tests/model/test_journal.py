"""The journal and what reads its tables: process deaths, refusals, repetitions and edits in any order (protocol §2–§4)."""

from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from chat import changing, history, journal, publication, reacting, receipts, statements
from chat.changing import MessageAct
from chat.entries import Row
from chat.models import Message
from chat.statements import Held
from realtime import commit
from realtime.streams import Span
from tests.model.journal_machine import Journal
from tests.model.profile import budget, must_find
from tests.support.people import Cast


@pytest.fixture
def machine(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> type[Journal]:
    """The machine with its people, a clock that it sets, and spans so small that there are several."""
    monkeypatch.setattr(Journal, "people", [cast.alice.id, cast.bob.id, cast.carol.id])
    monkeypatch.setattr(journal, "now_ms", lambda: Journal.clock[0])
    monkeypatch.setattr(history, "PAGE", 2)
    return Journal


def test_the_database_holds_whatever_happens(machine: type[Journal]) -> None:
    run_state_machine_as_test(machine, settings=budget(**machine.budget))


real_reached = receipts.reached
real_find, real_records, real_changes = statements.find_messages, history.records, history.read_changes


def knows_nothing(msg_ids: Any) -> Any:
    return dict


def answers_with_the_latest_rev(msg_ids: Any) -> Any:
    found = real_find(msg_ids)()
    for msg_id, stored in found.items():
        stored.rev = Message.objects.get(msg_id=msg_id).rev
    return lambda: found


def saves_no_marks(cursor: Any, members: Any) -> None:
    return None


def counts_my_own(cursor: Any, conversation_id: int, user_id: int, after: int) -> int:
    return Message.objects.filter(conversation_id=conversation_id, seq__gt=after).count()


def loses_one(messages: Any) -> Any:
    return [record for record in real_records(messages) if record.rev % 4]


def sorts_by_seq(conversation_id: int, after: int, cursor: int | None = None) -> Span:
    span = real_changes(conversation_id, after, cursor)
    return span._replace(changes=sorted(span.changes, key=lambda change: change.seq))


def forgets_where_it_began(conversation_id: int, after: int, cursor: int | None = None) -> Span:
    return real_changes(conversation_id, after)


def forgets_the_rev(cursor: Any, pk: int, rev: int, now: int, **values: Any) -> None:
    Message.objects.filter(pk=pk).update(changed_at=now, **values)


def takes_a_rev_for_nothing(self: MessageAct, row: Row, held: Held) -> None:
    self.message = publication.changed(row, self.msg_id, held._replace(rev=row.next_rev()))


def lets_everybody(*args: Any) -> None:
    return None


def counts_every_time(cursor: Any, message_id: int, emoji: str, user_id: int) -> bool:
    return False


def is_content_with_one(marks: receipts.Marks) -> receipts.Others:
    furthest = max(marks.values(), default=0)
    return receipts.Others(furthest, furthest, 0)


def says_it_again(status: str, before: Any, after: Any, written: Any) -> Any:
    return real_reached(status, dict.fromkeys(before, 0), after, written)


@pytest.mark.parametrize(
    ("where", "name", "planted"),
    [
        (statements, "find_messages", knows_nothing),
        (statements, "find_messages", answers_with_the_latest_rev),
        (statements, "save_members", saves_no_marks),
        (statements, "count_unread", counts_my_own),
        (history, "records", loses_one),
        (history, "read_changes", sorts_by_seq),
        (history, "read_changes", forgets_where_it_began),
        (statements, "change_message", forgets_the_rev),
        (MessageAct, "keep", takes_a_rev_for_nothing),
        (changing, "refuse_gone", lets_everybody),
        (reacting, "_has", counts_every_time),
        (receipts, "others", is_content_with_one),
        (receipts, "reached", says_it_again),
        (commit, "transaction", SimpleNamespace(atomic=nullcontext)),
    ],
)
def test_a_planted_bug_is_found(
    machine: type[Journal], monkeypatch: pytest.MonkeyPatch, where: Any, name: str, planted: Any
) -> None:
    monkeypatch.setattr(where, name, planted)
    must_find(machine, **machine.budget)
