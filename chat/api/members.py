"""Who is in a group."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from chat import members, roster
from chat.api import group_bodies as shapes
from realtime.rest import ErrorBody

REFUSED = {403: ErrorBody, 404: ErrorBody}


class Members(APIView):
    """The members of a group."""

    @extend_schema(
        operation_id="conversations_members_list",
        parameters=[shapes.MembersQuery],
        responses={200: shapes.MembersBody, 404: ErrorBody},
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        """A page: owner, admins, members, each by name. `search` looks for names."""
        query = shapes.MembersQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        page = roster.read_members(user_id=caller(request).pk, conversation_id=conversation_id, **query.validated_data)
        found = {"results": page.members, "next": page.next, "count": page.total}
        return Response(shapes.MembersBody(found).data)

    @extend_schema(request=shapes.AddBody, responses={200: shapes.AddedBody, 409: ErrorBody, **REFUSED})
    def post(self, request: Request, conversation_id: int) -> Response:
        """Add people: admins may, in open groups every member."""
        body = shapes.AddBody(data=request.data)
        body.is_valid(raise_exception=True)
        user_ids = body.validated_data["userIds"]
        act = members.add(user_id=caller(request).pk, conversation_id=conversation_id, user_ids=user_ids)
        return Response({"added": act.added, "skipped": act.skipped})


class OneMember(APIView):
    """A member of a group."""

    @extend_schema(responses={200: shapes.MemberBody, 404: ErrorBody})
    def get(self, request: Request, conversation_id: int, user_id: int) -> Response:
        """What somebody is in the group."""
        return Response(_member(caller(request).pk, conversation_id, user_id))

    @extend_schema(request=shapes.MemberChangeBody, responses={200: shapes.MemberBody, 409: ErrorBody, **REFUSED})
    def put(self, request: Request, conversation_id: int, user_id: int) -> Response:
        """Change role or silence; adds who is no member yet. The owner hands the group over with `role: owner`."""
        body = shapes.MemberChangeBody(data=request.data)
        body.is_valid(raise_exception=True)
        me, changes = caller(request).pk, dict(body.validated_data)
        members.change(user_id=me, conversation_id=conversation_id, member_id=user_id, changes=changes)
        return Response(_member(me, conversation_id, user_id))

    @extend_schema(responses={204: None, **REFUSED})
    def delete(self, request: Request, conversation_id: int, user_id: int) -> Response:
        """Remove somebody, or leave, where it is me."""
        members.remove(user_id=caller(request).pk, conversation_id=conversation_id, member_id=user_id)
        return Response(status=204)


def _member(viewer_id: int, conversation_id: int, user_id: int) -> Any:
    found = roster.read_member(user_id=viewer_id, conversation_id=conversation_id, member_id=user_id)
    return shapes.MemberBody(found).data
