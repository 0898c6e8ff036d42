"""The core of the journal, without I/O: who may write, which number a message gets, and how watermarks move.

Every message gets the next seq and the next rev of its conversation; a message id that is known gets the answer it
got the first time; watermarks never go back and never pass the last seq (protocol §2, §3.1, §4)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from chat.entries import Draft, Member, Outcome, Row, Stored, Watermark
from realtime.errors import Code, Refused, not_found

Members = Mapping[tuple[int, int], Member]  # (conversation, user) → member


def number(
    drafts: Iterable[Draft], rows: Mapping[int, Row], members: Members, known: dict[UUID, Stored], now: int
) -> list[Draft]:
    """Number the drafts that are new, in order; returns them. The others are answered as duplicates or refused."""
    fresh = []
    for draft in drafts:
        if draft.refused is not None:
            continue
        stored = known.get(draft.msg_id)
        if stored is not None:
            _repeat(draft, stored)
            continue
        try:
            row = _admit(draft, rows, members, now)
            _refuse_reply(draft, members[row.id, draft.sender_id], known)
        except Refused as refused:
            draft.refused = refused
            continue
        _keep_members(draft, row, members)
        _number(draft, row, members[row.id, draft.sender_id], now)
        known[draft.msg_id] = Stored(draft.sender_id, row.id, draft.seq, draft.rev, draft.created_at)
        fresh.append(draft)
    return fresh


def _number(draft: Draft, row: Row, me: Member, now: int) -> None:
    row.number(draft, now)
    me.wrote(draft.seq)


def _keep_members(draft: Draft, row: Row, members: Members) -> None:
    """Only members can be mentioned; others are left out."""
    if "mentions" in draft.extras:
        mentioned = [user for user in draft.extras["mentions"] if (row.id, user) in members]
        draft.extras = {name: value for name, value in draft.extras.items() if name != "mentions"}
        if mentioned:
            draft.extras["mentions"] = mentioned


def _repeat(draft: Draft, stored: Stored) -> None:
    """The same message again: the same answer, also where its sender may not write any more."""
    if (stored.sender_id, stored.conversation_id) != (draft.sender_id, draft.conversation_id):
        draft.refused = Refused(Code.MSG_ID_CONFLICT, "This msgId belongs to another message.")
        return
    draft.seq, draft.rev, draft.created_at, draft.duplicate = stored.seq, stored.rev, stored.created_at, True


def _admit(draft: Draft, rows: Mapping[int, Row], members: Members, now: int) -> Row:
    """The conversation that the draft may be written to. Raises Refused."""
    row = rows.get(draft.conversation_id or 0)
    me = members.get((row.id, draft.sender_id)) if row else None
    if row is None or me is None or not leads_to(row, draft):
        raise not_found("There is no such conversation.")
    if not me.active:
        raise Refused(Code.UNAUTHORIZED, "This account is disabled.")
    if row.kind == "direct":
        _refuse_blocked(row, me, members)
    else:
        refuse_silent(row.posting, me.role, me.silenced_until, now)
    if draft.extras.get("mention_all") and (row.kind == "direct" or me.role == "member"):
        raise Refused(Code.FORBIDDEN, "Only admins of a group may mention everybody.", field="mentionAll")
    return row


def refuse_silent(posting: str, role: str, silenced_until: int | None, now: int) -> None:
    """Who may write in a group. Raises Refused: forbidden."""
    if posting == "admins" and role == "member":
        raise Refused(Code.FORBIDDEN, "Only admins write in this group.")
    refuse_muted(silenced_until, now)


def refuse_muted(silenced_until: int | None, now: int) -> None:
    """Whom an admin of the group has muted. Raises Refused: forbidden."""
    if silenced_until is not None and silenced_until > now:
        raise Refused(Code.FORBIDDEN, "An admin has muted you in this group.", retry_after_ms=silenced_until - now)


def _refuse_reply(draft: Draft, me: Member, known: Mapping[UUID, Stored]) -> None:
    """A reply is to a message of the same conversation that its writer may see; one that was taken back is still there."""
    if "reply_to" in draft.extras:
        found = known.get(draft.extras["reply_to"])
        if found is None or found.conversation_id != draft.conversation_id or found.seq <= me.joined_seq:
            raise Refused(Code.NOT_FOUND, "There is no such message in this conversation.", field="replyTo")


def refuse_change(row: Row, me: Member, members: Members) -> None:
    """Who may do something about a message. Raises Refused."""
    if not me.active:
        raise Refused(Code.UNAUTHORIZED, "This account is disabled.")
    if row.kind == "direct":
        _refuse_blocked(row, me, members)


def leads_to(row: Row, draft: Draft) -> bool:
    """Whether a draft for a person has found the conversation with that person: what is remembered is not believed."""
    return draft.to_user_id is None or {row.low, row.high} == {draft.sender_id, draft.to_user_id}


def _refuse_blocked(row: Row, me: Member, members: Members) -> None:
    if me.blocks:
        raise Refused(Code.BLOCKED, "You have blocked this person.")
    other = members.get((row.id, row.other(me.user_id) or 0))
    if other is not None and other.user_id != me.user_id and other.blocks:
        raise Refused(Code.FORBIDDEN, "You may not write here.")


def advance(mark: Watermark, row: Row | None, members: Members) -> Outcome | None:
    """Move a member's watermarks. None: nothing moved. Raises Refused for who is not a member."""
    me = members.get((mark.conversation_id, mark.user_id))
    if row is None or me is None:
        raise not_found("There is no such conversation.")
    read = min(mark.read, row.last_seq)
    delivered = min(max(mark.delivered, read), row.last_seq)
    outcome = Outcome(me.delivered_seq, max(me.delivered_seq, delivered), me.read_seq, max(me.read_seq, read))
    outcome.passed = me.unread_from is not None and read >= me.unread_from
    if outcome.status is None:
        return outcome if outcome.passed else None
    me.delivered_seq, me.read_seq, me.changed = outcome.new_delivered, outcome.new_read, True
    if row.kind == "direct" and row.low != row.high:
        outcome.to_user = row.other(mark.user_id)
        other = members.get((row.id, outcome.to_user or 0))
        outcome.hidden = me.blocks or (other is not None and other.blocks)
    return outcome
