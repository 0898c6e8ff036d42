"""What one does with a single message."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from chat import editing, history, journal, reacting, recalling
from chat.access import access_message
from chat.api import bodies
from chat.changing import MessageAct
from chat.frames import to_builtins
from chat.models import Message
from realtime.hub import hub
from realtime.rest import ErrorBody

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
