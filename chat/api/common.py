"""What two people have in common."""

from django.db.models import Count
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from accounts.people import access_person
from chat.api import bodies
from chat.models import Conversation, Membership
from realtime.rest import ErrorBody

MOST = 100  # groups that are named


class GroupsInCommon(APIView):
    """Groups that somebody and I are in."""

    @extend_schema(operation_id="users_groups_list", responses={200: bodies.GroupsBody, 404: ErrorBody})
    def get(self, request: Request, user_id: int) -> Response:
        """The groups that this person and I are members of, last activity first, at most 100."""
        me = caller(request).pk
        access_person(viewer_id=me, person_id=user_id)
        mine = Membership.objects.filter(user_id=me).values("conversation_id")
        theirs = Membership.objects.filter(user_id=user_id).values("conversation_id")
        found = Conversation.objects.filter(kind=Conversation.Kind.GROUP, pk__in=mine).filter(pk__in=theirs)
        groups = found.annotate(members=Count("memberships")).order_by("-last_at", "-pk")[:MOST]
        return Response({"results": bodies.GroupBody(groups, many=True).data})
