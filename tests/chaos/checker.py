"""Judges a run by the clients' logs alone: which promises of the protocol were broken, in words.

Pure: no clock, no I/O. Each rule is a generator over a `History`; its name stands before each violation it finds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.events import Event, Kind

MOST = 5  # violations of one rule that are spelled out; a broken promise is often broken thousands of times
SHOWN = (Kind.CHAT, Kind.UPDATE, Kind.LOADED)


@dataclass(frozen=True)
class Held:
    """A message as a device holds it."""

    msg_id: str
    seq: int
    stamp: int | None
    text: str | None


class History:
    """The events of all devices in the order of time, and what several rules need of them."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.events = sorted(events, key=lambda event: event.at)  # stable: what happened at once stays in order
        self.users = {event.device: event.user for event in self.events}
        self.members: dict[int, set[int]] = defaultdict(set)
        self.sends: dict[str, list[Event]] = defaultdict(list)
        self.stored: dict[str, list[Event]] = defaultdict(list)  # acks `sent`
        self.held: dict[str, dict[int, dict[int, list[Held]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
        texts: dict[str, str | None] = {}
        for event in self.events:
            if event.kind is Kind.HEAD and event.conversation is not None:
                self.members[event.conversation].add(event.user)
            elif event.kind is Kind.SEND and event.msg_id is not None:
                self.sends[event.msg_id].append(event)
                texts[event.msg_id] = event.text
            elif event.kind is Kind.ACK and event.status == "sent" and event.msg_id is not None:
                self.stored[event.msg_id].append(event)
                self._hold(event, texts.get(event.msg_id))
            elif event.kind in SHOWN:
                self._hold(event, event.text)

    def _hold(self, event: Event, text: str | None) -> None:
        assert event.conversation is not None
        assert event.seq is not None
        assert event.msg_id is not None
        held = Held(event.msg_id, event.seq, event.stamp, text)
        found = self.held[event.device][event.conversation][event.seq]
        if held not in found:
            found.append(held)

    def devices(self, user: int) -> list[str]:
        return sorted(device for device, owner in self.users.items() if owner == user)

    def everywhere(self, conversation: int) -> dict[int, list[Held]]:
        """By seq, what any device holds of a conversation."""
        found: dict[int, list[Held]] = defaultdict(list)
        for device in self.held.values():
            for seq, messages in device.get(conversation, {}).items():
                found[seq] += [message for message in messages if message not in found[seq]]
        return dict(sorted(found.items()))

    def conversations(self) -> list[int]:
        return sorted({key for device in self.held.values() for key in device})

    def connections(self) -> dict[tuple[str, int], list[Event]]:
        """The events of each connection, in order."""
        found: dict[tuple[str, int], list[Event]] = defaultdict(list)
        for event in self.events:
            found[event.device, event.connection].append(event)
        return found


Rule = Callable[[History], Iterator[str]]


def missing(history: History) -> Iterator[str]:
    """What was acknowledged is on every device of every member."""
    for msg_id, acks in history.stored.items():
        conversation = acks[0].conversation
        assert conversation is not None
        for user in sorted(history.members[conversation]):
            for device in history.devices(user):
                found = history.held[device][conversation].values()
                if not any(held.msg_id == msg_id for messages in found for held in messages):
                    yield f"{msg_id} (seq {acks[0].seq} of {conversation}) was acknowledged and is not on {device}"


def doubled(history: History) -> Iterator[str]:
    """A msgId stands at one seq of one conversation."""
    places: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for device in history.held.values():
        for conversation, timeline in device.items():
            for seq, messages in timeline.items():
                for held in messages:
                    places[held.msg_id].add((conversation, seq))
    for msg_id, found in places.items():
        if len(found) > 1:
            yield f"{msg_id} stands at (conversation, seq) {sorted(found)}"


def acknowledged_differently(history: History) -> Iterator[str]:
    """A repetition gets the original ack."""
    for msg_id, acks in history.stored.items():
        answers = {(ack.conversation, ack.seq, ack.stamp) for ack in acks}
        if len(answers) > 1:
            yield f"{msg_id} was acknowledged as (conversation, seq, timestamp) {sorted(answers, key=str)}"


def holes(history: History) -> Iterator[str]:
    """seq is 1, 2, 3 … with one message each."""
    for conversation in history.conversations():
        found = history.everywhere(conversation)
        absent = sorted(set(range(1, max(found) + 1)) - set(found))
        if absent:
            yield f"conversation {conversation} has no seq {absent[:10]} of {max(found)}"
        for seq, messages in found.items():
            ids = {held.msg_id for held in messages}
            if len(ids) > 1:
                yield f"seq {seq} of conversation {conversation} was given to {sorted(ids)}"


def disagreements(history: History) -> Iterator[str]:
    """All devices hold the same bytes at the same place."""
    for conversation in history.conversations():
        for seq, messages in history.everywhere(conversation).items():
            by_id: dict[str, set[tuple[int | None, str | None]]] = defaultdict(set)
            for held in messages:
                by_id[held.msg_id].add((held.stamp, held.text))
            for msg_id, versions in by_id.items():
                if len(versions) > 1:
                    yield f"devices disagree on (createdAt, text) of {msg_id}, seq {seq}: {sorted(versions, key=str)}"


def live_order(history: History) -> Iterator[str]:
    """On one connection the changes of a conversation come in rev order, none twice, none missing.

    Legitimately absent: what was sent on this very connection, which has its ack instead, and a rev that a later change of
    its message has overtaken."""
    own, overtaken = _own_revs(history), _overtaken_revs(history)
    for (device, number), events in history.connections().items():
        sent = {event.msg_id for event in events if event.kind is Kind.SEND}
        for conversation, rev, last in _changes(events):
            place = f"{device}, connection {number}, conversation {conversation}"
            if last is None:
                yield f"{place}: rev {rev} came before a sync"
            elif rev <= last:
                yield f"{place}: rev {rev} came after rev {last}"
            else:
                skipped = set(range(last + 1, rev)) - overtaken[conversation]
                lost = sorted(r for r in skipped if own[conversation].get(r) not in sent)
                if lost:
                    yield f"{place}: rev {rev} came after rev {last} without {lost[:10]}"


def _own_revs(history: History) -> dict[int, dict[int, str]]:
    """conversation → rev → msgId, of what was acknowledged to its sender."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for msg_id, acks in history.stored.items():
        for ack in acks:
            if ack.conversation is not None and ack.rev is not None:
                found[ack.conversation][ack.rev] = msg_id
    return found


def _overtaken_revs(history: History) -> dict[int, set[int]]:
    """conversation → the revs whose message somebody saw with a later one."""
    revs: dict[tuple[int, int], set[int]] = defaultdict(set)
    for event in history.events:
        if event.conversation is not None and event.seq is not None and event.rev is not None and event.msg_id is not None:
            revs[event.conversation, event.seq].add(event.rev)
    found: dict[int, set[int]] = defaultdict(set)
    for (conversation, _), seen in revs.items():
        found[conversation] |= seen - {max(seen)}
    return found


def _changes(events: Sequence[Event]) -> Iterator[tuple[int, int, int | None]]:
    """(conversation, rev, the rev before it) of what one connection was sent; a sync sets the rev before.

    Cursor 0 and a reset bring no changes: what is live then goes on from the head."""
    last: dict[int, int] = {}
    from_head: set[int] = set()
    for event in events:
        key = event.conversation
        if event.kind is Kind.SYNC and key is not None:
            last[key] = event.rev or 0
            from_head.discard(key)
            if not event.rev:
                from_head.add(key)
        elif event.kind is Kind.RESET:
            from_head |= {key} if key is not None else set(last)
        elif event.kind is Kind.HEAD and key is not None and (key in from_head or key not in last):
            last[key] = event.rev or 0
            from_head.discard(key)
        elif event.kind in (Kind.CHAT, Kind.UPDATE) and key is not None and event.rev is not None:
            yield key, event.rev, last.get(key)
            last[key] = max(last.get(key, 0), event.rev)


def reordered(history: History) -> Iterator[str]:
    """Messages sent once, on one connection, are stored in the order sent. What had to be sent again may stand later."""
    before: dict[tuple[str, int, int], Event] = {}
    for event in history.events:
        if event.kind is not Kind.SEND or event.msg_id is None or len(history.sends[event.msg_id]) > 1:
            continue
        acks = history.stored.get(event.msg_id)
        if not acks or acks[0].conversation is None or acks[0].seq is None:
            continue
        key = (event.device, event.connection, acks[0].conversation)
        earlier = before.get(key)
        if earlier is not None and earlier.seq is not None and earlier.seq > acks[0].seq:
            yield f"{event.msg_id} was sent after {earlier.msg_id} on {event.device}, and stored before it"
        before[key] = acks[0]


def unfounded_receipts(history: History) -> Iterator[str]:
    """`delivered` and `read` follow from what a device of another member has said before."""
    said: dict[str, dict[tuple[int, int], int]] = {"delivered": defaultdict(int), "read": defaultdict(int)}
    for event in history.events:
        if event.conversation is None or event.seq is None:
            continue
        key = (event.conversation, event.user)
        if event.kind in (Kind.RECEIVED, Kind.READ):
            said["delivered"][key] = max(said["delivered"][key], event.seq)
        if event.kind is Kind.READ:
            said["read"][key] = max(said["read"][key], event.seq)
        if event.kind is Kind.ACK and event.status in said:
            others = history.members[event.conversation] - {event.user}
            known = max((said[event.status][event.conversation, user] for user in others), default=0)
            if event.seq > known:
                yield f"{event.device} was told {event.status} up to seq {event.seq}; nobody had said more than {known}"


def falling_times(history: History) -> Iterator[str]:
    """createdAt never falls within a conversation."""
    for conversation in history.conversations():
        last = 0
        for seq, messages in history.everywhere(conversation).items():
            stamps = [held.stamp for held in messages if held.stamp is not None]
            if stamps and min(stamps) < last:
                yield f"createdAt falls from {last} to {min(stamps)} at seq {seq} of conversation {conversation}"
            last = max([last, *stamps])


def unanswered(history: History) -> Iterator[str]:
    """Liveness: every send was acknowledged in the end, and every device came to a last sync."""
    for msg_id, sends in history.sends.items():
        if msg_id not in history.stored:
            yield f"{msg_id}, sent {len(sends)} times by {sends[0].device}, was never acknowledged"
    for device in history.users:
        kinds = [event.kind for event in history.events if event.device == device and event.kind in (Kind.SYNC, Kind.SYNCED)]
        if not kinds or kinds[-1] is not Kind.SYNCED:
            yield f"{device} did not come to the end of its last sync"


RULES: tuple[Rule, ...] = (
    missing, doubled, acknowledged_differently, holes, disagreements, live_order, reordered, unfounded_receipts,
    falling_times, unanswered,
)  # fmt: skip


def violations(events: Iterable[Event]) -> list[str]:
    """Every broken promise, as `rule: what happened`; at most MOST of each rule, and how many more there are."""
    history = History(events)
    found: list[str] = []
    for rule in RULES:
        broken = list(rule(history))
        found += [f"{rule.__name__}: {sentence}" for sentence in broken[:MOST]]
        if len(broken) > MOST:
            found.append(f"{rule.__name__}: … and {len(broken) - MOST} more")
    return found
