"""What the socket does about chat: a handler per frame, each of which calls one function."""

from functools import partial

from chat import delivery, editing, joining, journal, members, publication, reacting, recalling, resume, sending, typing
from chat.act_frames import Edit, GroupData, Join, Joined, Leave, Left, React, Recall
from chat.changing import MessageAct
from chat.entries import Draft, Watermark
from chat.frames import Chat, Read, Received, Sync, Typing, UpdateFrame
from chat.groups import GroupAct
from realtime.codec import encode
from realtime.connection import Connection
from realtime.consumer import answered
from realtime.frames import error_frame


def chat(connection: Connection, frame: Chat) -> None:
    """Store a message; the reply is its `ack`, when it is committed."""
    data = frame.data
    draft = sending.draft_message(
        sender_id=connection.user_id, to_user_id=data.to_user_id, conversation_id=data.conversation_id,
        content=data.content, content_type=data.content_type, msg_id=data.msg_id, reply_to=data.reply_to,
        mentions=data.mentions, mention_all=data.mention_all, origin=connection.id,
    )  # fmt: skip
    journal.lane.append(draft, partial(_stored, connection, frame.id))
    connection.in_flight += 1


def _stored(connection: Connection, frame_id: str | None, draft: Draft) -> None:
    answered(connection)
    if draft.refused is not None:
        connection.push(error_frame(draft.refused, msg_id=draft.msg_id, frame_id=frame_id))
    else:
        connection.push(publication.ack_sent(draft, frame_id))


async def read(connection: Connection, frame: Read) -> None:
    mark = await delivery.read_mark(connection=connection, data=frame.data)
    if mark is not None:
        journal.lane.append(mark, partial(_marked, connection, frame.id))


def received(connection: Connection, frame: Received) -> None:
    """This device holds everything up to seq."""
    data = frame.data
    mark = Watermark(user_id=connection.user_id, conversation_id=data.conversation_id, delivered=data.seq)
    journal.lane.append(mark, partial(_marked, connection, frame.id))


def _marked(connection: Connection, frame_id: str | None, mark: Watermark) -> None:
    if mark.refused is not None:
        connection.push(error_frame(mark.refused, frame_id=frame_id))


async def typing_(connection: Connection, frame: Typing) -> None:
    await typing.tell(connection=connection, data=frame.data)


def sync(connection: Connection, frame: Sync) -> None:
    resume.resume(connection, frame)


def edit(connection: Connection, frame: Edit) -> None:
    """Change what I have written; the reply is the `update`."""
    data = frame.data
    act = editing.edition(
        actor_id=connection.user_id, msg_id=data.msg_id, content=data.content, mentions=data.mentions, origin=connection.id
    )
    _perform(connection, frame.id, act)


def recall(connection: Connection, frame: Recall) -> None:
    act = recalling.Recall(actor_id=connection.user_id, msg_id=frame.data.msg_id, origin=connection.id)
    _perform(connection, frame.id, act)


def react(connection: Connection, frame: React) -> None:
    data = frame.data
    act = reacting.reaction(actor_id=connection.user_id, msg_id=data.msg_id, emoji=data.emoji, on=data.on, origin=connection.id)
    _perform(connection, frame.id, act)


def _perform(connection: Connection, frame_id: str | None, act: MessageAct) -> None:
    journal.lane.append(act, partial(_performed, connection, frame_id))
    connection.in_flight += 1


def _performed(connection: Connection, frame_id: str | None, act: MessageAct) -> None:
    """The asking connection is told what the message is now, whether this has changed it or it was so already."""
    answered(connection)
    if act.refused is not None:
        connection.push(error_frame(act.refused, msg_id=act.msg_id, frame_id=frame_id))
    elif act.message is not None:
        connection.push(encode(UpdateFrame(data=act.message, id=frame_id)))


def join(connection: Connection, frame: Join) -> None:
    """Come into an open group; the reply is `joined`, and the group's frames follow it."""
    act = joining.joining(user_id=connection.user_id, conversation_id=frame.data.conversation_id)
    _act(connection, frame.id, act, Joined)


def leave(connection: Connection, frame: Leave) -> None:
    """Leave a group; the reply is `left`."""
    act = members.leaving(user_id=connection.user_id, conversation_id=frame.data.conversation_id)
    _act(connection, frame.id, act, Left)


def _act(connection: Connection, frame_id: str | None, act: GroupAct, reply: type[Joined] | type[Left]) -> None:
    def done(act: GroupAct) -> None:
        answered(connection)
        if act.refused is not None:
            connection.push(error_frame(act.refused, frame_id=frame_id))
        else:
            connection.push(encode(reply(data=GroupData(act.conversation_id or 0), id=frame_id)))

    journal.lane.append(act, done)  # type: ignore[arg-type]
    connection.in_flight += 1
