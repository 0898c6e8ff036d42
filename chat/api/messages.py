"""What one does with a single message."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from chat import editing, forwarding, history, journal, pins, reacting, readers, recalling, stars
from chat.access import access_message
from chat.api import bodies
from chat.changing import MessageAct
from chat.entries import Draft
from chat.frames import to_builtins
from chat.models import Message
from realtime.hub import hub
from realtime.rest import ErrorBody
from realtime.rest import body as error_body

REFUSED = {403: ErrorBody, 404: ErrorBody, 409: ErrorBody}


def _performed(act: MessageAct) -> Response:
    """Store an act; the answer is the message as it is now."""
    journal.lane.write_blocking(act, hub.loop)
    return Response(to_builtins(act.message))


class OneMessage(APIView):
    """A message."""

    @extend_schema(responses={200: bodies.MessageBody, 404: ErrorBody})
    def get(self, request: Request, msg_id: UUID) -> Response:
        """As it is now."""
        message = access_message(user_id=caller(request).pk, msg_id=msg_id)
        found = history.records(Message.objects.filter(pk=message.pk))
        return Response(to_builtins(history.message_of(found[0])))

    @extend_schema(request=bodies.EditBody, responses={200: bodies.MessageBody, **REFUSED})
    def patch(self, request: Request, msg_id: UUID) -> Response:
        """Change what I have written, within `IM_EDIT_WINDOW`. What it said before is kept."""
        body = bodies.EditBody(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        return _performed(
            editing.edition(
                actor_id=caller(request).pk, msg_id=msg_id, content=wanted["content"], mentions=wanted.get("mentions")
            )
        )

    @extend_schema(responses={200: bodies.MessageBody, **REFUSED})
    def delete(self, request: Request, msg_id: UUID) -> Response:
        """Take it back for everybody: my own within `IM_RECALL_WINDOW`, as an admin of a group any."""
        return _performed(recalling.Recall(actor_id=caller(request).pk, msg_id=msg_id))


class Editions(APIView):
    """What a message has said."""

    @extend_schema(operation_id="messages_edits", responses={200: bodies.EditionsBody, 404: ErrorBody})
    def get(self, request: Request, msg_id: UUID) -> Response:
        """Oldest first; the last is what it says now. Empty when it was taken back."""
        found = editing.read_editions(user_id=caller(request).pk, msg_id=msg_id)
        return Response({"results": [version._asdict() for version in found]})


class Reactions(APIView):
    """Who reacted to a message."""

    @extend_schema(operation_id="messages_reactions", responses={200: bodies.ReactionsBody, 404: ErrorBody})
    def get(self, request: Request, msg_id: UUID) -> Response:
        """Oldest first, at most 1,000."""
        found = reacting.read_reactions(user_id=caller(request).pk, msg_id=msg_id)
        return Response({"results": bodies.ReactionBody(found, many=True).data})


class OneReaction(APIView):
    """My emoji under a message."""

    @extend_schema(request=None, responses={200: bodies.MessageBody, **REFUSED})
    def put(self, request: Request, msg_id: UUID, emoji: str) -> Response:
        """Put it there."""
        return _performed(reacting.reaction(actor_id=caller(request).pk, msg_id=msg_id, emoji=emoji, on=True))

    @extend_schema(responses={200: bodies.MessageBody, **REFUSED})
    def delete(self, request: Request, msg_id: UUID, emoji: str) -> Response:
        """Take it away."""
        return _performed(reacting.reaction(actor_id=caller(request).pk, msg_id=msg_id, emoji=emoji, on=False))


class Pin(APIView):
    """A message above its conversation."""

    @extend_schema(request=None, responses={204: None, **REFUSED})
    def put(self, request: Request, msg_id: UUID) -> Response:
        """Pin it: in direct chats both may, in groups admins. At most 50 of a conversation (`too_many`)."""
        journal.lane.write_blocking(pins.Pinning(actor_id=caller(request).pk, msg_id=msg_id, on=True), hub.loop)
        return Response(status=204)

    @extend_schema(responses={204: None, **REFUSED})
    def delete(self, request: Request, msg_id: UUID) -> Response:
        """Unpin it."""
        journal.lane.write_blocking(pins.Pinning(actor_id=caller(request).pk, msg_id=msg_id, on=False), hub.loop)
        return Response(status=204)


class Pins(APIView):
    """The pinned messages of a conversation."""

    @extend_schema(operation_id="conversations_pins", responses={200: bodies.PinsBody, 404: ErrorBody})
    def get(self, request: Request, conversation_id: int) -> Response:
        """The newest pin first."""
        found = pins.read_pins(user_id=caller(request).pk, conversation_id=conversation_id)
        return Response({"results": [{**to_builtins(one.message), "pinnedBy": one.by, "pinnedAt": one.at} for one in found]})


class Star(APIView):
    """My star on a message."""

    @extend_schema(request=None, responses={204: None, 404: ErrorBody})
    def put(self, request: Request, msg_id: UUID) -> Response:
        """Star it, for myself."""
        stars.set_star(user_id=caller(request).pk, msg_id=msg_id, on=True)
        return Response(status=204)

    @extend_schema(responses={204: None, 404: ErrorBody})
    def delete(self, request: Request, msg_id: UUID) -> Response:
        """Take the star away."""
        stars.set_star(user_id=caller(request).pk, msg_id=msg_id, on=False)
        return Response(status=204)


class Stars(APIView):
    """My stars."""

    @extend_schema(operation_id="stars_list", parameters=[bodies.StarsQuery], responses=bodies.StarsBody)
    def get(self, request: Request) -> Response:
        """The newest first, where I may still see the message."""
        query = bodies.StarsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        found, following = stars.read_stars(user_id=caller(request).pk, before=wanted.get("before"), limit=wanted["limit"])
        results = [
            {
                "message": to_builtins(one.message),
                "conversation": {"id": one.conversation.pk, "title": one.title, "kind": one.conversation.kind},
                "starredAt": one.at,
            }
            for one in found
        ]
        return Response({"results": results, "next": str(following) if following else None})


class Forward(APIView):
    """A message, sent on to others."""

    @extend_schema(request=bodies.ForwardBody, responses={200: bodies.ForwardedBody, **REFUSED})
    def post(self, request: Request, msg_id: UUID) -> Response:
        """Send it on; each target is answered on its own, in their order: with where it stands, or with an error."""
        body = bodies.ForwardBody(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data["to"]
        targets = [forwarding.Target(one.get("conversationId"), one.get("userId"), one.get("msgId")) for one in wanted]
        drafts = forwarding.forward(user_id=caller(request).pk, msg_id=msg_id, targets=targets)
        return Response({"results": [_forwarded(draft) for draft in drafts]})


def _forwarded(draft: Draft) -> dict[str, Any]:
    if draft.refused is not None:
        return {"error": error_body(draft.refused)}
    return {"conversationId": draft.conversation_id, "msgId": str(draft.msg_id), "seq": draft.seq}


class Readers(APIView):
    """Who has read a message of mine."""

    @extend_schema(operation_id="messages_readers", responses={200: bodies.ReadersBody, 404: ErrorBody, 409: ErrorBody})
    def get(self, request: Request, msg_id: UUID) -> Response:
        """In a group of up to 256 members; `too_many` in larger ones."""
        return Response(bodies.ReadersBody(readers.read_readers(user_id=caller(request).pk, msg_id=msg_id)).data)
