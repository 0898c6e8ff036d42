"""The judge itself: a clean history passes, and each way to spoil it is found under its own name."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.chaos.checker import MOST, RULES, violations
from tests.chaos.events import Event, Kind

TALK = 7  # the conversation
DEVICES = {"ann-1": 1, "ann-2": 1, "ben-1": 2, "ben-2": 2}
STAMP = 1_700_000_000_000

Events = list[Event]


class Story:
    """Writes what two people with two devices each would log of a talk in which nothing goes wrong."""

    def __init__(self) -> None:
        self.events: Events = []
        self.connection = 0
        self.seq = 0

    def log(self, device: str, kind: Kind, **fields: object) -> None:
        event = Event(len(self.events) / 1000, DEVICES[device], device, self.connection, kind)
        self.events.append(replace(event, **fields))  # type: ignore[arg-type]

    def connect(self) -> None:
        """Everybody, on a new connection: open, sync with what is held, hear the heads."""
        self.connection += 1
        for device in DEVICES:
            self.log(device, Kind.OPEN)
            self.log(device, Kind.SYNC, conversation=TALK, rev=self.seq)
            self.log(device, Kind.HEAD, conversation=TALK, rev=self.seq, seq=self.seq)
            self.log(device, Kind.SYNCED)

    def say(self, by: str) -> None:
        """One message: sent, stored, shown, received and read."""
        self.seq += 1
        seq, sender = self.seq, DEVICES[by]
        fields = {"conversation": TALK, "msg_id": f"m{seq}", "seq": seq}
        self.log(by, Kind.SEND, conversation=TALK, msg_id=f"m{seq}", text=f"text {seq}", first=True)
        self.log(by, Kind.ACK, **fields, rev=seq, status="sent", stamp=STAMP + seq)
        for device, user in DEVICES.items():
            if device != by:
                self.log(device, Kind.CHAT, **fields, rev=seq, sender=sender, text=f"text {seq}", stamp=STAMP + seq)
            if user != sender:
                self.log(device, Kind.RECEIVED, conversation=TALK, seq=seq)
        self._receipts(sender, "delivered", fields)
        reader = next(device for device, user in DEVICES.items() if user != sender)
        self.log(reader, Kind.READ, conversation=TALK, seq=seq)
        self._receipts(sender, "read", fields)

    def _receipts(self, sender: int, status: str, fields: dict[str, object]) -> None:
        for device, user in DEVICES.items():
            if user == sender:
                self.log(device, Kind.ACK, **fields, status=status, stamp=STAMP)


def clean() -> Events:
    """Twelve messages over two connections, and a last sync."""
    story = Story()
    story.connect()
    for speaker in ("ann-1", "ben-2", "ann-2", "ann-1", "ben-1", "ann-1"):
        story.say(speaker)
    story.connect()
    for speaker in ("ben-2", "ben-2", "ann-1", "ann-1", "ann-1", "ben-1"):
        story.say(speaker)
    story.connect()
    return story.events


def which(events: Events, kind: Kind, **fields: object) -> Event:
    """The first event of a kind with these fields."""
    return next(e for e in events if e.kind is kind and all(getattr(e, name) == value for name, value in fields.items()))


def without(events: Events, *gone: Event) -> Events:
    return [event for event in events if event not in gone]


def swap(events: Events, old: Event, **fields: object) -> Events:
    return [replace(event, **fields) if event == old else event for event in events]  # type: ignore[arg-type]


def after(events: Events, event: Event, **fields: object) -> Events:
    """With one more event, like `event` but for these fields, right after it."""
    place = events.index(event) + 1
    return [*events[:place], replace(event, **fields), *events[place:]]  # type: ignore[arg-type]


def everywhere(events: Events, msg_id: str, **fields: object) -> Events:
    """With these fields in all that was stored and shown of a message."""
    shown = (Kind.CHAT, Kind.ACK)
    return [
        replace(event, **fields) if event.msg_id == msg_id and event.kind in shown else event  # type: ignore[arg-type]
        for event in events
    ]


# ---- one way to spoil it each: what is done, and which rule must find it -----------------------------------------------------


def lost_on_one_device(events: Events) -> Events:
    """The last message of all, so that no gap shows it."""
    return without(events, which(events, Kind.CHAT, device="ann-2", seq=12))


def msg_id_with_two_seqs(events: Events) -> Events:
    again = which(events, Kind.CHAT, device="ann-2", seq=12)
    return after(events, again, seq=13, rev=13)


def second_ack_with_another_seq(events: Events) -> Events:
    return after(events, which(events, Kind.ACK, seq=3, status="sent"), seq=4)


def second_ack_with_another_time(events: Events) -> Events:
    return after(events, which(events, Kind.ACK, seq=3, status="sent"), stamp=STAMP + 999)


def hole_in_seq(events: Events) -> Events:
    return [event for event in events if event.msg_id != "m12"] + [
        replace(event, seq=13) for event in events if event.msg_id == "m12"
    ]


def seq_given_twice(events: Events) -> Events:
    return everywhere(events, "m12", seq=11)


def text_differs(events: Events) -> Events:
    return swap(events, which(events, Kind.CHAT, device="ben-1", seq=4), text="something else")


def time_differs(events: Events) -> Events:
    return swap(events, which(events, Kind.CHAT, device="ben-1", seq=4), stamp=STAMP + 5)


def live_twice(events: Events) -> Events:
    return after(events, which(events, Kind.CHAT, device="ben-1", seq=4))


def live_swapped(events: Events) -> Events:
    first, second = which(events, Kind.CHAT, device="ben-1", seq=3), which(events, Kind.CHAT, device="ben-1", seq=4)
    spoiled = swap(events, first, seq=4, rev=4, msg_id="m4", text="text 4", stamp=STAMP + 4)
    return swap(spoiled, second, seq=3, rev=3, msg_id="m3", text="text 3", stamp=STAMP + 3)


def live_gap_that_the_next_sync_fills(events: Events) -> Events:
    lost = which(events, Kind.CHAT, device="ben-1", seq=3)
    spoiled = without(events, lost)
    sync = which(spoiled, Kind.SYNC, device="ben-1", connection=2)
    spoiled = swap(spoiled, sync, rev=2)
    place = which(spoiled, Kind.HEAD, device="ben-1", connection=2)
    late = [
        replace(e, connection=2, at=place.at) for e in events if e.kind is Kind.CHAT and e.device == "ben-1" and 3 <= e.seq <= 6
    ]  # type: ignore[operator]
    index = spoiled.index(place)
    return spoiled[:index] + late + spoiled[index:]


def gap_after_the_sync(events: Events) -> Events:
    """The first live frame is not the one after the cursor, although the device has the message from elsewhere."""
    lost = which(events, Kind.CHAT, device="ann-2", connection=2, seq=7)
    return [replace(event, kind=Kind.LOADED, connection=3) if event == lost else event for event in events]


def live_before_the_sync(events: Events) -> Events:
    return [e for e in events if not (e.device == "ann-2" and e.connection == 2 and e.kind in (Kind.SYNC, Kind.HEAD))]


def own_message_of_another_connection_is_missing(events: Events) -> Events:
    """Only what was sent on this very connection may be absent from it."""
    sent = which(events, Kind.SEND, msg_id="m9")
    return swap(events, sent, connection=1)


def stored_out_of_order(events: Events) -> Events:
    first, second = which(events, Kind.SEND, msg_id="m10"), which(events, Kind.SEND, msg_id="m11")
    spoiled = swap(events, first, msg_id="m11", text="text 11")
    return swap(spoiled, second, msg_id="m10", text="text 10")


def delivered_before_anybody_said_so(events: Events) -> Events:
    return without(events, *[e for e in events if e.kind is Kind.RECEIVED and e.seq == 12], which(events, Kind.READ, seq=12))


def delivered_on_the_word_of_its_sender(events: Events) -> Events:
    spoiled = delivered_before_anybody_said_so(events)
    chat = which(spoiled, Kind.SEND, msg_id="m12")
    return after(spoiled, chat, kind=Kind.RECEIVED, seq=12, msg_id=None, text=None)


def read_by_nobody(events: Events) -> Events:
    return without(events, which(events, Kind.READ, seq=12))


def time_falls(events: Events) -> Events:
    return everywhere(events, "m5", stamp=STAMP - 1)


def never_acknowledged(events: Events) -> Events:
    return [*events, replace(which(events, Kind.SEND, msg_id="m12"), msg_id="m13", at=events[-1].at)]


def no_last_sync(events: Events) -> Events:
    return without(events, which(events, Kind.SYNCED, device="ben-1", connection=3))


SPOILED: list[tuple[str, Callable[[Events], Events]]] = [
    ("missing", lost_on_one_device),
    ("doubled", msg_id_with_two_seqs),
    ("acknowledged_differently", second_ack_with_another_seq),
    ("acknowledged_differently", second_ack_with_another_time),
    ("holes", hole_in_seq),
    ("holes", seq_given_twice),
    ("disagreements", text_differs),
    ("disagreements", time_differs),
    ("live_order", live_twice),
    ("live_order", live_swapped),
    ("live_order", live_gap_that_the_next_sync_fills),
    ("live_order", gap_after_the_sync),
    ("live_order", live_before_the_sync),
    ("live_order", own_message_of_another_connection_is_missing),
    ("reordered", stored_out_of_order),
    ("unfounded_receipts", delivered_before_anybody_said_so),
    ("unfounded_receipts", delivered_on_the_word_of_its_sender),
    ("unfounded_receipts", read_by_nobody),
    ("falling_times", time_falls),
    ("unanswered", never_acknowledged),
    ("unanswered", no_last_sync),
]


def test_a_clean_history_passes() -> None:
    assert violations(clean()) == []


@pytest.mark.parametrize(("rule", "spoil"), SPOILED, ids=[spoil.__name__ for _, spoil in SPOILED])
def test_a_spoiled_history_is_found_out(rule: str, spoil: Callable[[Events], Events]) -> None:
    found = violations(spoil(clean()))
    assert [sentence for sentence in found if sentence.startswith(f"{rule}: ")], found


def test_every_rule_has_a_history_that_breaks_it() -> None:
    assert {rule for rule, _ in SPOILED} == {rule.__name__ for rule in RULES}


def test_what_is_legitimate_passes() -> None:
    """A repetition with the original ack, a rev that a later change overtook, and a message that came again by a page."""
    events = clean()
    repeated = after(events, which(events, Kind.ACK, seq=3, status="sent"))
    assert violations(repeated) == []
    loaded = after(events, which(events, Kind.CHAT, device="ben-1", seq=4), kind=Kind.LOADED)
    assert violations(loaded) == []
    lost = which(events, Kind.CHAT, device="ann-2", seq=7)
    updates = [replace(lost, kind=Kind.UPDATE, rev=13, device=d, user=u, connection=3, at=9) for d, u in DEVICES.items()]
    assert violations([*without(events, lost), *updates]) == []


def test_a_promise_broken_a_thousand_times_is_not_spelled_out_a_thousand_times() -> None:
    events = [event for event in clean() if event.kind is not Kind.RECEIVED and event.kind is not Kind.READ]
    found = [sentence for sentence in violations(events) if sentence.startswith("unfounded_receipts")]
    assert len(found) == MOST + 1
    assert "more" in found[-1]
