"""Who is typing: told to the others, stored nowhere, over by itself after five seconds (protocol §3)."""

import asyncio

from chat import directs
from chat.access import Audience, audiences
from chat.frames import TypingData, TypingFrame, TypingNotice
from realtime.codec import encode
from realtime.connection import Connection
from realtime.hub import aside, frame, hub, user_group

LASTS = 5.0  # seconds, unless repeated
AT_ONCE = 10  # conversations in which one connection may be typing


async def tell(*, connection: Connection, data: TypingData) -> None:
    """Tell the others of a conversation that this person has begun or stopped typing. Raises Refused as writing would."""
    conversation_id = data.conversation_id
    if conversation_id is None:
        assert data.to_user_id is not None
        conversation_id = await directs.find_for(user_id=connection.user_id, other_id=data.to_user_id)
        if conversation_id is None:
            return  # nothing has been said yet: there is no conversation to show it in
    others = await audiences.of(user_id=connection.user_id, conversation_id=conversation_id)
    timers = connection.typing = connection.typing or {}
    known = timers.pop(conversation_id, None)
    if known is not None:
        known[0].cancel()
    if data.typing and len(timers) < AT_ONCE:
        timer = asyncio.get_running_loop().call_later(LASTS, stop, connection, conversation_id, others)
        timers[conversation_id] = (timer, others)
    _publish(connection, conversation_id, others, data.typing)


def stop(connection: Connection, conversation_id: int, others: Audience) -> None:
    """The five seconds are over, or the connection is."""
    if connection.typing and connection.typing.pop(conversation_id, None) is not None:
        _publish(connection, conversation_id, others, False)


async def disconnect(connection: Connection) -> None:
    """Nobody types on a connection that is gone."""
    for conversation_id, (timer, others) in list((connection.typing or {}).items()):
        timer.cancel()
        stop(connection, conversation_id, others)


def _publish(connection: Connection, conversation_id: int, others: Audience, typing: bool) -> None:
    text = encode(TypingFrame(data=TypingNotice(conversation_id, connection.user_id, typing)))
    me = user_group(connection.user_id)
    if others.shared:
        hub.publish([aside(conversation_id, text, besides=me)])
    else:
        hub.publish([frame(user_group(user_id), text) for user_id in others.others])
