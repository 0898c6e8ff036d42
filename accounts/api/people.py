"""People: myself, others, friends, requests and blocks."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import friends, people, profiles, relations
from accounts.api import bodies
from accounts.authentication import caller
from accounts.models import Block, FriendRequest, User
from realtime.rest import ErrorBody

NOT_FOUND = {404: ErrorBody}


class Me(APIView):
    """Myself."""

    @extend_schema(responses=bodies.MeBody)
    def get(self, request: Request) -> Response:
        """What I am called here."""
        return Response(bodies.MeBody(caller(request)).data)

    @extend_schema(request=bodies.ProfileBody, responses=bodies.MeBody)
    def patch(self, request: Request) -> Response:
        """Change the name and the status line that others see. Friends hear of it."""
        body = bodies.ProfileBody(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        return Response(bodies.MeBody(profiles.change(user=caller(request), **body.validated_data)).data)


class Users(APIView):
    """Other people."""

    @extend_schema(operation_id="users_list", parameters=[bodies.SearchQuery], responses=bodies.SeenPeopleBody)
    def get(self, request: Request) -> Response:
        """Find people by name. E-mail addresses are neither searched nor shown."""
        query = bodies.SearchQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        search, limit = query.validated_data["search"], query.validated_data["limit"]
        me = caller(request).pk
        found = people.search_people(viewer_id=me, text=search, limit=limit)
        return Response({"results": bodies.SeenBody(relations.seen(viewer_id=me, people=found), many=True).data})


class Person(APIView):
    """One person."""

    @extend_schema(responses={200: bodies.SeenBody, **NOT_FOUND})
    def get(self, request: Request, user_id: int) -> Response:
        """A person by id."""
        me = caller(request).pk
        person = people.access_person(viewer_id=me, person_id=user_id)
        return Response(bodies.SeenBody(relations.seen(viewer_id=me, people=[person])[0]).data)


class Friends(APIView):
    """My friends."""

    @extend_schema(responses=bodies.FriendsBody)
    def get(self, request: Request) -> Response:
        """Everybody I am friends with."""
        me = caller(request)
        results = []
        for friendship in friends.friendships(me.pk):
            friend = friendship.low if friendship.high_id == me.pk else friendship.high
            results.append({**bodies.PersonBody(friend).data, "since": friendship.created_at})
        return Response({"results": results})


class Friend(APIView):
    """One friend."""

    @extend_schema(responses={204: None, **NOT_FOUND})
    def delete(self, request: Request, user_id: int) -> Response:
        """Stop being friends."""
        friends.end_friendship(user_id=caller(request).pk, friend_id=user_id)
        return Response(status=204)


def _request_bodies(viewer_id: int, found: list[tuple[FriendRequest, User]]) -> list[dict[str, object]]:
    common = relations.friends_in_common(viewer_id=viewer_id, person_ids=[person.pk for _, person in found])
    return [
        {
            "id": request.pk,
            "user": bodies.PersonBody(person).data,
            "note": request.note,
            "friendsInCommon": common[person.pk],
            "createdAt": request.created_at,
        }
        for request, person in found
    ]


class FriendRequests(APIView):
    """Requests to be friends."""

    @extend_schema(responses=bodies.RequestsBody)
    def get(self, request: Request) -> Response:
        """Open requests to me and from me."""
        me = caller(request).pk
        incoming = [(found, found.sender) for found in relations.requests_to(me)]
        outgoing = [(found, found.recipient) for found in relations.requests_of(me)]
        return Response({"incoming": _request_bodies(me, incoming), "outgoing": _request_bodies(me, outgoing)})

    @extend_schema(
        request=bodies.AskBody,
        responses={201: bodies.RequestedBody, 200: bodies.RequestedBody, 403: ErrorBody, 409: ErrorBody, **NOT_FOUND},
    )
    def post(self, request: Request) -> Response:
        """Ask somebody. Asking again is the same request; asking somebody who has asked me accepts theirs (200)."""
        body = bodies.AskBody(data=request.data)
        body.is_valid(raise_exception=True)
        other_id, note = body.validated_data["userId"], body.validated_data["note"]
        request_id, accepted = friends.ask(user_id=caller(request).pk, other_id=other_id, note=note)
        answer = {"id": request_id, "userId": other_id, "status": "accepted" if accepted else "pending"}
        return Response(answer, status=200 if accepted else 201)


class OneFriendRequest(APIView):
    """A request of mine."""

    @extend_schema(responses={204: None, **NOT_FOUND})
    def delete(self, request: Request, request_id: int) -> Response:
        """Take it back."""
        friends.take_back(user_id=caller(request).pk, request_id=request_id)
        return Response(status=204)


class Accept(APIView):
    """A request to me."""

    @extend_schema(request=None, responses={200: bodies.UserIdBody, **NOT_FOUND})
    def post(self, request: Request, request_id: int) -> Response:
        """Accept it: we are friends."""
        return Response({"userId": friends.accept(user_id=caller(request).pk, request_id=request_id)})


class Decline(APIView):
    """A request to me."""

    @extend_schema(request=None, responses={204: None, **NOT_FOUND})
    def post(self, request: Request, request_id: int) -> Response:
        """Decline it; they are not told."""
        friends.decline(user_id=caller(request).pk, request_id=request_id)
        return Response(status=204)


class Blocks(APIView):
    """People I have blocked."""

    @extend_schema(responses=bodies.PeopleBody)
    def get(self, request: Request) -> Response:
        """Everybody I have blocked."""
        found = Block.objects.filter(blocker_id=caller(request).pk).select_related("blocked").order_by("pk")
        return Response({"results": bodies.PersonBody([block.blocked for block in found], many=True).data})


class OneBlock(APIView):
    """A block."""

    @extend_schema(request=None, responses={204: None, **NOT_FOUND})
    def put(self, request: Request, user_id: int) -> Response:
        """Block somebody: no messages, no requests, no presence, either way. They are not told."""
        friends.block(user_id=caller(request).pk, other_id=user_id)
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, user_id: int) -> Response:
        """Take a block back."""
        friends.unblock(user_id=caller(request).pk, other_id=user_id)
        return Response(status=204)
