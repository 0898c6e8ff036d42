"""The journal: the one door through which messages and watermarks are stored, in batches (see `realtime.commit`).

The socket, REST, commands and the admin come in here. What a batch stores is published by `publication`, after the commit."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.db import connection

from chat import directs, numbering, publication, receipts, statements
from chat.entries import Act, Batch, ChatEntry, Draft, Outcome, Row, Watermark
from chat.frames import View
from chat.numbering import Members
from realtime.clock import now_ms, shared_ms
from realtime.commit import Lane
from realtime.errors import Refused

READ_IDS = 100  # newly read ids that a `read` frame names at most (protocol §3)


def prepare(entries: list[ChatEntry]) -> None:
    """Find or open the conversation of each draft that names a person instead, and what acts are about. Runs before the
    storing transaction."""
    for entry in entries:
        try:
            if isinstance(entry, Act):
                entry.find()
            elif isinstance(entry, Draft) and entry.to_user_id is not None:
                entry.conversation_id = directs.open_direct(user_id=entry.sender_id, other_id=entry.to_user_id)
        except Refused as refused:
            entry.refused = refused


def store(entries: list[ChatEntry]) -> None:
    """Store a batch in the current transaction: lock, look up, number, insert, advance."""
    drafts = [entry for entry in entries if isinstance(entry, Draft)]
    marks = [entry for entry in entries if isinstance(entry, Watermark)]
    acts = [entry for entry in entries if isinstance(entry, Act) and entry.refused is None]
    ids = {entry.conversation_id for entry in entries if entry.refused is None and entry.conversation_id}
    if not ids:
        return
    locked = statements.lock_conversations(ids)
    loaded = statements.load_members(ids, set(_concerned(drafts, marks, acts)))
    found = statements.find_messages(set(_named(drafts))) if drafts else None
    rows, members = locked(), loaded()
    with connection.cursor() as cursor:
        if found is not None:
            fresh = numbering.number(drafts, rows, members, found(), now_ms())
            statements.insert_messages(cursor, fresh)
            _mention(cursor, fresh)
            _forget_missing(drafts, rows)
        if acts:
            _perform(acts, Batch(cursor, rows, members, now_ms(), shared_ms()))
        statements.save_conversations(cursor, rows.values())
        for mark in marks:
            _advance(cursor, mark, rows, members)
        statements.save_members(cursor, members.values())
        receipts.look(cursor, marks, rows)
        read = [mark for mark in marks if mark.outcome and (mark.outcome.passed or mark.outcome.status == "read")]
        _look_at_views(cursor, read, rows)


def _named(drafts: list[Draft]) -> Iterator[UUID]:
    """The messages that the batch must know: what was sent before, and what is replied to."""
    for draft in drafts:
        yield draft.msg_id
        if "reply_to" in draft.extras:
            yield draft.extras["reply_to"]


def _concerned(drafts: list[Draft], marks: list[Watermark], acts: list[Act]) -> Iterator[int]:
    """The people whose membership the batch must know."""
    for draft in drafts:
        yield draft.sender_id
        yield from draft.extras.get("mentions", ())
    for mark in marks:
        yield mark.user_id
    for act in acts:
        if act.actor_id is not None:
            yield act.actor_id


def _perform(acts: list[Act], batch: Batch) -> None:
    """Let each act write what it is, and add what the server says of it."""
    for act in acts:
        act.said = []
        try:
            act.store(batch)
        except Refused as refused:
            act.refused = refused
    statements.insert_messages(batch.cursor, batch.drafts)


def _mention(cursor: object, drafts: list[Draft]) -> None:
    for draft in drafts:
        if draft.extras.get("mention_all"):
            statements.mention(cursor, draft.conversation_id or 0, draft.seq, draft.sender_id, None)
        elif draft.extras.get("mentions"):
            statements.mention(cursor, draft.conversation_id or 0, draft.seq, draft.sender_id, draft.extras["mentions"])


def _forget_missing(drafts: list[Draft], rows: dict[int, Row]) -> None:
    """An administrator removed a conversation that this process remembers: the next message opens another."""
    for draft in drafts:
        if draft.to_user_id is not None and draft.conversation_id is not None:
            row = rows.get(draft.conversation_id)
            if row is None or not numbering.leads_to(row, draft):
                directs.forget(directs.pair(draft.sender_id, draft.to_user_id))


def _advance(cursor: object, mark: Watermark, rows: dict[int, Row], members: Members) -> None:
    """Move a member's watermarks, and look up what the others are to be told."""
    mark.outcome = None
    if mark.msg_ids:
        mark.read = max(mark.read, statements.highest_seq(cursor, mark.conversation_id, mark.msg_ids))
    try:
        outcome = numbering.advance(mark, rows.get(mark.conversation_id), members)
    except Refused as refused:
        mark.refused = refused
        return
    if outcome is None:
        return
    mark.outcome = outcome
    if rows[mark.conversation_id].kind == "direct":
        outcome.covered = _covered(cursor, mark, outcome)


def _covered(cursor: object, mark: Watermark, outcome: Outcome) -> list[tuple[int, UUID]]:
    """The messages of others that came under the watermark, newest first: for `delivered` only the newest matters."""
    if outcome.status is None:
        return []
    if outcome.status == "read":
        return statements.messages_of_others(
            cursor, mark.conversation_id, mark.user_id, outcome.old_read, outcome.new_read, READ_IDS
        )
    if mark.hint is not None and mark.hint[0] == outcome.new_delivered:
        return [mark.hint[:2]] if mark.hint[2] != mark.user_id else []
    return statements.messages_of_others(
        cursor, mark.conversation_id, mark.user_id, outcome.old_delivered, outcome.new_delivered, 1
    )


def _look_at_views(cursor: object, marks: list[Watermark], rows: dict[int, Row]) -> None:
    """Read what readers' other devices are to be told, and take away the marks of unread that they have passed."""
    if not marks:
        return
    views = statements.load_views(cursor, [(mark.conversation_id, mark.user_id) for mark in marks])
    passed = []
    for mark in marks:
        key, outcome = (mark.conversation_id, mark.user_id), mark.outcome
        assert outcome is not None
        unread_from, muted_until, pinned, archived, draft, mention_seq = views[key]
        if outcome.passed:
            passed.append(key)
            unread_from = None
        unread = 0
        if outcome.new_read < rows[mark.conversation_id].last_seq:
            unread = statements.count_unread(cursor, *key, outcome.new_read)
        outcome.view = View(
            conversation_id=key[0],
            last_seq=rows[key[0]].last_seq,
            read_seq=outcome.new_read,
            unread=unread,
            unread_from=unread_from,
            muted_until=muted_until,
            pinned=bool(pinned),
            archived=bool(archived),
            draft=draft,
            mention_seq=mention_seq if mention_seq > outcome.new_read else 0,
        )
    statements.clear_unread_from(cursor, passed)


lane: Lane[ChatEntry] = Lane(
    "the journal",
    prepare=prepare,
    store=store,
    publish=publication.publish,
    capacity=settings.IM_JOURNAL_QUEUE,
    batch=settings.IM_JOURNAL_BATCH,
)
