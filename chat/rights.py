"""Who may listen to a group: told at once over the layer, and by the log of ended rights, without Redis (protocol §8)."""

from collections.abc import Iterable

from django.db.models import FilteredRelation, Q

from accounts.models import AccessChange
from chat.frames import Removed, RemovedData
from chat.models import Conversation
from realtime.clock import shared_ms
from realtime.codec import encode
from realtime.database import in_database
from realtime.hub import Group, Message, admission, dismissal, hub, user_group

Kind = AccessChange.Kind


def record(kind: Kind, *, conversation_id: int, user_ids: list[int], rev: int = 0) -> None:
    """Write to the log who may listen from now on, or since `rev` no longer, in the transaction that makes it so."""
    now, detail = shared_ms(), f"{conversation_id} {rev}"
    AccessChange.objects.bulk_create([AccessChange(kind=kind, user_id=user_id, detail=detail, at=now) for user_id in user_ids])


def admitted(*, conversation_id: int, user_ids: list[int], joined_rev: int, joined_seq: int) -> list[Message]:
    """What is published after people have become members: their devices hear what comes after `joined_rev`."""
    text = removed(conversation_id)
    return [admission(user_group(user_id), conversation_id, joined_rev, joined_seq, text) for user_id in user_ids]


def dismissed(*, conversation_id: int, user_ids: list[int], rev: int) -> list[Message]:
    """What is published after people have ceased to be members: `removed`, and nothing of the group after it."""
    text = removed(conversation_id)
    return [dismissal(user_group(user_id), conversation_id, rev, text) for user_id in user_ids]


def removed(conversation_id: int) -> str:
    """The frame that says so."""
    return encode(Removed(data=RemovedData(conversation_id)))


async def on_access_change(change: AccessChange) -> None:
    """The log says that somebody became a member or ceased to be one: make it so here, whatever was pushed."""
    if change.kind not in (Kind.JOINED, Kind.LEFT):
        return
    group = hub.groups.get(user_group(change.user_id))
    if group is None:
        return
    conversation_id, rev = (int(part) for part in change.detail.split())
    if change.kind == Kind.JOINED and hub.streams.listens(group, conversation_id):
        return  # a hundred who were added together are no reason for as many queries
    if change.kind == Kind.LEFT:
        if all(connection.opened_at > change.at for connection in group.connections):
            return  # they have read how it stands since
        # Also where they have come back already, which is not heard of here yet: what was of the old membership must go.
        hub.dismiss(group, conversation_id, rev, removed(conversation_id))
    await make_so(group, change.user_id, conversation_id)


def note(group: Group, stays: Iterable[tuple[int, int, int]]) -> None:
    """A new connection has read where its person is a member, as (conversation, joined_rev, joined_seq). Where that was not
    heard of here, it holds for the person's other connections too."""
    settled = any(connection.gate is None for connection in group.connections)
    for key, rev, seq in stays:
        if settled and not (hub.streams.listens(group, key) and group.hidden.get(key, 0) >= seq):
            hub.admit(group, key, rev, seq, removed(key))
        elif group.departed.get(key, -1) <= rev:
            group.admitted[key] = max(rev, group.admitted.get(key, -1))


async def make_so(group: Group, user_id: int, conversation_id: int) -> None:
    """Let a person's connections listen or not, as the database says now."""
    rev, joined = await in_database(_standing, user_id, conversation_id)
    if joined is not None:
        hub.admit(group, conversation_id, *joined, removed(conversation_id))
    elif hub.streams.listens(group, conversation_id):
        hub.dismiss(group, conversation_id, rev, removed(conversation_id))


def _standing(user_id: int, conversation_id: int) -> tuple[int, tuple[int, int] | None]:
    """(the rev of a group, where a member begins to listen), read together; None for who is no member."""
    mine = FilteredRelation("memberships", condition=Q(memberships__user_id=user_id))
    found = Conversation.objects.filter(pk=conversation_id).annotate(mine=mine)
    row = found.values_list("last_rev", "mine__joined_rev", "mine__joined_seq").first()
    if row is None:
        return 0, None
    return row[0], (row[1], row[2]) if row[1] is not None else None
