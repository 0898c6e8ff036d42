"""Every answer of the journal beside what the ledger says: of acts on messages, of watermarks, and of receipts in a group."""

from uuid import UUID

from chat import editing, reacting, recalling
from chat.changing import MessageAct
from chat.entries import Outcome, Watermark
from chat.frames import to_builtins
from tests.model.ledger import Ledger, Moved
from tests.model.readers import look, look_of

Marks = dict[str, dict[int, int]]


def act(kind: str, actor: int, msg_id: UUID, what: str) -> MessageAct:
    """An act as a client asks for it; `what` as in `Ledger.act`."""
    if kind == "edit":
        return editing.edition(actor_id=actor, msg_id=msg_id, content=f"now {what}")
    if kind == "recall":
        return recalling.Recall(actor_id=actor, msg_id=msg_id)
    return reacting.reaction(actor_id=actor, msg_id=msg_id, emoji=what.removeprefix("-"), on=not what.startswith("-"))


def described(act: MessageAct) -> tuple[str, int, UUID, str]:
    """An act as the ledger takes it."""
    actor = act.actor_id or 0
    if isinstance(act, editing.Edit):
        return "edit", actor, act.msg_id, act.content
    if isinstance(act, reacting.React):
        return "react", actor, act.msg_id, ("" if act.on else "-") + act.emoji
    return "recall", actor, act.msg_id, ""


def compare_act(ledger: Ledger, act: MessageAct) -> None:
    """It was refused, or the answer says how the message looks now, under a rev of its own or the one that it had."""
    expected = ledger.act(*described(act))
    assert (act.refused.code if act.refused else None) == expected.code
    if expected.code is not None:
        return
    assert act.message is not None
    assert act.is_changed != expected.duplicate
    assert (act.message.seq, act.message.rev, act.message.created_at) == expected[1:4]
    assert look(to_builtins(act.message)) == look_of(ledger.messages[act.msg_id])


def compare_mark(ledger: Ledger, mark: Watermark, key: int, expected: Moved | str | None) -> None:
    if isinstance(expected, str) or expected is None:
        assert mark.outcome is None
        assert (mark.refused.code if mark.refused else None) == expected
        return
    outcome = mark.outcome
    assert outcome is not None
    assert (outcome.old_delivered, outcome.new_delivered) == expected.delivered
    assert (outcome.old_read, outcome.new_read) == expected.read
    assert outcome.passed == expected.passed
    _compare_covered(ledger, mark.user_id, key, outcome)
    _compare_view(ledger, mark.user_id, key, outcome)


def _compare_covered(ledger: Ledger, user: int, key: int, outcome: Outcome) -> None:
    """The messages of others that came under the watermark, the newest first; for `delivered` that one alone. Of a group
    nothing: there `receipts` says what senders hear."""
    if ledger.talks[key].pair is None:
        assert outcome.covered == []
        return
    start, end = (outcome.old_read, outcome.new_read)
    if outcome.status == "delivered":
        start, end = (outcome.old_delivered, outcome.new_delivered)
    log = ledger.talks[key].log[start:end] if outcome.status else []
    covered = [(entry.seq, entry.msg_id) for entry in reversed(log) if entry.sender != user]
    if outcome.status == "delivered":
        # With a hint only that message is looked at: my own newest says nothing of those before it.
        assert outcome.covered in ([], covered[:1])
        assert outcome.covered == covered[:1] or log[-1].sender == user
    else:
        assert outcome.covered == covered[:100]


def _compare_view(ledger: Ledger, user: int, key: int, outcome: Outcome) -> None:
    talk = ledger.talks[key]
    assert (outcome.view is not None) == (outcome.passed or outcome.status == "read")
    if outcome.view is None:
        return
    assert outcome.view.last_seq == len(talk.log)
    assert outcome.view.read_seq == outcome.new_read
    assert outcome.view.unread == sum(entry.sender != user for entry in talk.log[outcome.new_read :])
    mark = talk.marks[user]
    assert outcome.view.unread_from == (None if outcome.passed else mark.unread_from)


# ---- receipts in a group -------------------------------------------------------------------------------------------------


def marks_of(ledger: Ledger, key: int) -> Marks:
    marks = ledger.talks[key].marks
    return {
        "delivered": {user: mark.delivered for user, mark in marks.items()},
        "read": {user: mark.read for user, mark in marks.items()},
    }


def compare_receipts(ledger: Ledger, key: int, before: Marks, marks: list[Watermark]) -> None:
    """Each sender hears of the newest message that all others have now and had not before; `read` says `delivered` too."""
    after, log = marks_of(ledger, key), ledger.talks[key].log
    expected = {}
    for user in after["read"]:
        newest = {}
        for status in ("read", "delivered"):
            mine = [
                entry
                for entry in log
                if entry.sender == user
                and all(seq >= entry.seq for who, seq in after[status].items() if who != user)
                and not all(seq >= entry.seq for who, seq in before[status].items() if who != user)
            ]
            newest[status] = mine[-1] if mine else None
        read, delivered = newest["read"], newest["delivered"]
        if read is not None:
            expected[user, "read"] = (read.seq, read.msg_id)
        if delivered is not None and (read is None or read.seq < delivered.seq):
            expected[user, "delivered"] = (delivered.seq, delivered.msg_id)
    found = [receipt for mark in marks if mark.outcome is not None for receipt in mark.outcome.receipts]
    assert {(one.user, one.status): (one.seq, one.msg_id) for one in found} == expected
    assert len(found) == len(expected)
