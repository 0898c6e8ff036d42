"""Conversations and their messages."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from chat import delivery, directs, epoch, groups, heads, history, publication, sending, views
from chat.access import access_membership
from chat.api import bodies
from chat.api.group_bodies import CreateBody, DescribeBody
from chat.frames import to_builtins
from chat.heads import Overview, Peer
from chat.models import Message
from realtime.errors import not_found
from realtime.rest import ErrorBody

NOT_FOUND = {404: ErrorBody}


def _conversations(found: list[Overview]) -> list[dict[str, Any]]:
    """Bodies with the last message of each, in one query for all of them."""
    heads_ = [overview.head for overview in found if overview.head.last_seq > overview.head.joined_seq]
    ids = [head.conversation_id for head in heads_]
    newest = Message.objects.filter(conversation_id__in=ids, seq__in=[head.last_seq for head in heads_])
    last = {(record.conversation_id, record.seq): to_builtins(history.message_of(record)) for record in history.records(newest)}
    return [_conversation(overview, last.get((overview.head.conversation_id, overview.head.last_seq))) for overview in found]


def _conversation(overview: Overview, last: Any) -> dict[str, Any]:
    return {
        "id": overview.head.conversation_id,
        **to_builtins(overview.head),
        "lastAt": overview.last_at,
        "peer": _peer(overview.peer) if overview.peer else None,
        "lastMessage": last,
        "description": overview.description,
    }


def _peer(peer: Peer) -> dict[str, Any]:
    return {
        "id": peer.id,
        "username": peer.username,
        "displayName": peer.name,
        "avatar": peer.avatar_url,
        "status": peer.status,
    }


def one_body(user_id: int, conversation_id: int) -> dict[str, Any]:
    """The body of a conversation of somebody's. Raises Refused: not_found."""
    found = heads.one(user_id, conversation_id)
    if found is None:
        raise not_found("There is no such conversation.")
    return _conversations([found])[0]


class Conversations(APIView):
    """My conversations."""

    @extend_schema(
        operation_id="conversations_list", parameters=[bodies.ConversationsQuery], responses=bodies.ConversationsBody
    )
    def get(self, request: Request) -> Response:
        """My conversations, last activity first."""
        query = bodies.ConversationsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        before, limit = query.validated_data.get("before"), query.validated_data["limit"]
        cursor = tuple(int(part) for part in before.split("-")) if before else None
        found = heads.listed(caller(request).pk, before=cursor, limit=limit + 1)  # type: ignore[arg-type]
        page = found[:limit]
        last = page[-1] if len(found) > limit else None
        following = f"{last.last_at}-{last.head.conversation_id}" if last else None
        return Response({"results": _conversations(page), "next": following})

    @extend_schema(
        request=PolymorphicProxySerializer("Start", [bodies.StartBody, CreateBody], resource_type_field_name=None),
        responses={200: bodies.ConversationBody, 201: bodies.ConversationBody, 403: ErrorBody, 409: ErrorBody, **NOT_FOUND},
    )
    def post(self, request: Request) -> Response:
        """Open the direct chat with somebody; 201 when it is new. With myself it is notes to self. Or begin a group: the answer
        also names, in `skipped`, who could not be added."""
        if isinstance(request.data, dict) and request.data.get("kind") == "group":
            return self._create(request)
        body = bodies.StartBody(data=request.data)
        body.is_valid(raise_exception=True)
        me, other = caller(request).pk, body.validated_data["userId"]
        existed = directs.find(directs.pair(me, other)) is not None
        conversation_id = directs.open_direct(user_id=me, other_id=other, opened=True)
        return Response(one_body(me, conversation_id), status=200 if existed else 201)

    def _create(self, request: Request) -> Response:
        body = CreateBody(data=request.data)
        body.is_valid(raise_exception=True)
        me, wanted = caller(request).pk, {name: value for name, value in body.validated_data.items() if name != "kind"}
        act = groups.create(user_id=me, **wanted)
        assert act.conversation_id is not None
        return Response({**one_body(me, act.conversation_id), "skipped": act.skipped}, status=201)


class OneConversation(APIView):
    """A conversation of mine."""

    @extend_schema(responses={200: bodies.ConversationBody, **NOT_FOUND})
    def get(self, request: Request, conversation_id: int) -> Response:
        """How it stands."""
        return Response(one_body(caller(request).pk, conversation_id))

    @extend_schema(request=DescribeBody, responses={200: bodies.ConversationBody, 403: ErrorBody, **NOT_FOUND})
    def patch(self, request: Request, conversation_id: int) -> Response:
        """Change what a group is called and how it works. For owner and admins."""
        body = DescribeBody(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        me = caller(request).pk
        groups.describe(user_id=me, conversation_id=conversation_id, changes=dict(body.validated_data))
        return Response(one_body(me, conversation_id))


class Messages(APIView):
    """The messages of a conversation."""

    @extend_schema(parameters=[bodies.HistoryQuery], responses={200: bodies.HistoryBody, **NOT_FOUND})
    def get(self, request: Request, conversation_id: int) -> Response:
        """A page in seq order: around a seq, before one, after one, or the newest."""
        query = bodies.HistoryQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        page = history.read_page(
            user_id=caller(request).pk, conversation_id=conversation_id, before=wanted.get("before"),
            after=wanted.get("after"), around=wanted.get("around"), limit=wanted["limit"],
        )  # fmt: skip
        return Response({"results": to_builtins(page.messages), "rev": page.rev, "epoch": epoch.current()})

    @extend_schema(
        request=bodies.SendBody,
        responses={201: bodies.MessageBody, 200: bodies.MessageBody, 403: ErrorBody, 409: ErrorBody, **NOT_FOUND},
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Send a message. The same msgId again gets the first answer (200); nothing is stored or delivered twice."""
        body = bodies.SendBody(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        draft = sending.send_message(
            sender_id=caller(request).pk, conversation_id=conversation_id, content=wanted["content"],
            content_type=wanted["contentType"], msg_id=wanted.get("msgId"), reply_to=wanted.get("replyTo"),
            mentions=wanted.get("mentions"), mention_all=wanted.get("mentionAll", False),
        )  # fmt: skip
        if draft.duplicate:
            stored = history.records(Message.objects.filter(msg_id=draft.msg_id))
            return Response(to_builtins(history.message_of(stored[0])))
        return Response(to_builtins(publication.message_of(draft)), status=201)


class ReadMark(APIView):
    """How far I have read."""

    @extend_schema(request=bodies.ReadBody, responses={200: bodies.ViewBody, **NOT_FOUND})
    def post(self, request: Request, conversation_id: int) -> Response:
        """I have read up to here; never goes back."""
        body = bodies.ReadBody(data=request.data)
        body.is_valid(raise_exception=True)
        me, msg_ids = caller(request).pk, body.validated_data.get("msgIds")
        seq = body.validated_data.get("seq")
        if seq is None:
            seq = 0 if msg_ids else access_membership(user_id=me, conversation_id=conversation_id).conversation.last_seq
        delivery.mark_read(user_id=me, conversation_id=conversation_id, seq=seq, msg_ids=msg_ids)
        return Response(to_builtins(views.view_of(user_id=me, conversation_id=conversation_id)))


class State(APIView):
    """My own view of a conversation."""

    @extend_schema(request=bodies.StateBody, responses={200: bodies.ViewBody, **NOT_FOUND})
    def patch(self, request: Request, conversation_id: int) -> Response:
        """Mute, pin, archive, mark unread, keep a draft. My other devices hear of it."""
        body = bodies.StateBody(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        view = views.change_view(user_id=caller(request).pk, conversation_id=conversation_id, changes=dict(body.validated_data))
        return Response(to_builtins(view))
