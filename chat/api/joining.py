"""Coming into groups: joining, requests, links."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from chat import invites, joining
from chat.api import bodies
from chat.api import group_bodies as shapes
from chat.api.conversations import one_body
from chat.api.groups import preview
from realtime.rest import ErrorBody

REFUSED = {403: ErrorBody, 404: ErrorBody}


class Join(APIView):
    """The way into a group that can be found."""

    @extend_schema(
        request=shapes.JoinBody,
        responses={200: bodies.ConversationBody, 202: shapes.RequestedGroupBody, 404: ErrorBody, 409: ErrorBody},
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Join an open group (200), or ask to be let in where the group wants that (202)."""
        body = shapes.JoinBody(data=request.data)
        body.is_valid(raise_exception=True)
        me = caller(request).pk
        if joining.join(user_id=me, conversation_id=conversation_id, note=body.validated_data["note"]):
            return Response(one_body(me, conversation_id))
        return Response({"status": "requested"}, status=202)


class JoinRequests(APIView):
    """Who asks to be let in."""

    @extend_schema(responses={200: shapes.JoinRequestsBody, **REFUSED})
    def get(self, request: Request, conversation_id: int) -> Response:
        """Open requests, the oldest first. For owner and admins."""
        found = joining.requests(user_id=caller(request).pk, conversation_id=conversation_id)
        return Response({"results": shapes.JoinRequestBody(found, many=True).data})


class OneJoinRequest(APIView):
    """Somebody's request to be let in."""

    @extend_schema(request=shapes.AnswerBody, responses={204: None, 409: ErrorBody, **REFUSED})
    def post(self, request: Request, conversation_id: int, user_id: int) -> Response:
        """Let them in, or decline; they are not told. For owner and admins."""
        body = shapes.AnswerBody(data=request.data)
        body.is_valid(raise_exception=True)
        accept = body.validated_data["accept"]
        joining.answer(user_id=caller(request).pk, conversation_id=conversation_id, asker_id=user_id, accept=accept)
        return Response(status=204)


class MyJoinRequest(APIView):
    """My request to be let in."""

    @extend_schema(responses={204: None, 404: ErrorBody})
    def delete(self, request: Request, conversation_id: int) -> Response:
        """Take it back."""
        joining.take_back(user_id=caller(request).pk, conversation_id=conversation_id)
        return Response(status=204)


class Invites(APIView):
    """The links into a group."""

    @extend_schema(operation_id="conversations_invites_list", responses={200: shapes.GroupInvitesBody, **REFUSED})
    def get(self, request: Request, conversation_id: int) -> Response:
        """Those that are good, newest first. For owner and admins; in open groups members see their own."""
        found = invites.of_group(user_id=caller(request).pk, conversation_id=conversation_id)
        return Response({"results": shapes.GroupInviteBody(found, many=True).data})

    @extend_schema(request=shapes.MakeInviteBody, responses={201: shapes.GroupInviteBody, 409: ErrorBody, **REFUSED})
    def post(self, request: Request, conversation_id: int) -> Response:
        """Make a link: admins may, in open groups every member. Without an end it is good until it is taken back."""
        body = shapes.MakeInviteBody(data=request.data)
        body.is_valid(raise_exception=True)
        made = invites.make(user_id=caller(request).pk, conversation_id=conversation_id, **body.validated_data)
        return Response(shapes.GroupInviteBody(made).data, status=201)


class OneInvite(APIView):
    """A link into a group."""

    @extend_schema(responses={204: None, **REFUSED})
    def delete(self, request: Request, conversation_id: int, invite_id: int) -> Response:
        """Make it good for nothing."""
        invites.revoke(user_id=caller(request).pk, conversation_id=conversation_id, invite_id=invite_id)
        return Response(status=204)


class InviteByCode(APIView):
    """A link as somebody has it who is invited."""

    @extend_schema(operation_id="invites_retrieve", responses={200: shapes.PreviewBody, 404: ErrorBody})
    def get(self, request: Request, code: str) -> Response:
        """What group it leads into."""
        group: Any = invites.look(user_id=caller(request).pk, code=code)
        avatar = f"/api/v1/invites/{code}/picture/{group.avatar}" if group.avatar else None
        return Response(preview(group, avatar=avatar))

    @extend_schema(request=None, responses={200: bodies.ConversationBody, 404: ErrorBody, 409: ErrorBody})
    def post(self, request: Request, code: str) -> Response:
        """Join by it."""
        me = caller(request).pk
        return Response(one_body(me, invites.accept(user_id=me, code=code)))
