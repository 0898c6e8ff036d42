"""Who may listen to a group: told at once over the layer, and by the log of ended rights, without Redis (protocol §8)."""

from accounts.models import AccessChange
from chat.frames import Removed, RemovedData
from chat.models import Membership
from realtime.clock import shared_ms
from realtime.codec import encode
from realtime.database import in_database
from realtime.hub import Message, admission, dismissal, hub, user_group

Kind = AccessChange.Kind


def record(kind: Kind, *, conversation_id: int, user_ids: list[int], rev: int = 0) -> None:
    """Write to the log who may listen from now on, or since `rev` no longer, in the transaction that makes it so."""
    now, detail = shared_ms(), f"{conversation_id} {rev}"
    AccessChange.objects.bulk_create([AccessChange(kind=kind, user_id=user_id, detail=detail, at=now) for user_id in user_ids])


def admitted(*, conversation_id: int, user_ids: list[int], joined_rev: int, joined_seq: int) -> list[Message]:
    """What is published after people have become members: their devices hear what comes after `joined_rev`."""
    return [admission(user_group(user_id), conversation_id, joined_rev, joined_seq) for user_id in user_ids]


def dismissed(*, conversation_id: int, user_ids: list[int], rev: int) -> list[Message]:
    """What is published after people have ceased to be members: `removed`, and nothing of the group after it."""
    text = _removed(conversation_id)
    return [dismissal(user_group(user_id), conversation_id, rev, text) for user_id in user_ids]


def _removed(conversation_id: int) -> str:
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
    if change.kind == Kind.LEFT and group.departed.get(conversation_id, -1) >= rev:
        return
    joined = await in_database(_joined, change.user_id, conversation_id)
    if joined is not None:
        hub.admit(group, conversation_id, *joined)
    elif change.kind == Kind.LEFT:
        hub.dismiss(group, conversation_id, rev, _removed(conversation_id))


def _joined(user_id: int, conversation_id: int) -> tuple[int, int] | None:
    """Where a member begins to listen; None for who is no member."""
    found = Membership.objects.filter(user_id=user_id, conversation_id=conversation_id)
    return found.values_list("joined_rev", "joined_seq").first()
