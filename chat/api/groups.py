"""Groups: what they are called and how they work, their pictures, and finding them."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import pictures
from accounts.api.pictures import PARSERS
from accounts.authentication import caller
from chat import group_pictures, heads, joining
from chat.api import bodies
from chat.api import group_bodies as shapes
from chat.api.conversations import one_body
from realtime.errors import Code, Refused
from realtime.rest import ErrorBody

REFUSED = {403: ErrorBody, 404: ErrorBody}
SIZES = {str(size) for size in pictures.SIZES}
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
SIZE = OpenApiParameter("size", OpenApiTypes.INT, enum=pictures.SIZES, default=256, description="Pixels.")


def preview(group: Any, *, avatar: str | None) -> dict[str, Any]:
    """What somebody may know of a group before they join."""
    return {
        "conversationId": group.pk,
        "title": group.title,
        "description": group.description,
        "avatar": avatar,
        "memberCount": group.member_count,
        "access": group.access,
        "isMember": group.is_member,
    }


class FindGroups(APIView):
    """Groups to join."""

    @extend_schema(operation_id="groups_list", parameters=[shapes.FindQuery], responses=shapes.FoundGroupsBody)
    def get(self, request: Request) -> Response:
        """Open groups and those that can be asked, by name or description, the largest first."""
        query = shapes.FindQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = joining.find(user_id=caller(request).pk, **query.validated_data)
        results = [
            {**preview(group, avatar=heads.picture_url(group.pk, group.avatar)), "requested": group.requested}
            for group in found.groups
        ]
        return Response({"results": results, "next": found.next})


def _image(request: Request) -> bytes:
    """The image of a body: the body itself, or the field `picture` of a form. Raises Refused: bad_attachment."""
    data: Any = request.data
    if isinstance(data, bytes):
        return data
    file = request.FILES.get("picture")
    if file is None:
        raise Refused(Code.BAD_ATTACHMENT, "There is no image in the body.", field="picture")
    return bytes(file.read())


class _Form(MultiPartParser):
    """A form with one image in it. A larger one is not read at all."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.IM_AVATAR_BYTES + 10_000:
            raise Refused(Code.BAD_ATTACHMENT, f"The image has more than {settings.IM_AVATAR_BYTES:,} bytes.", field="picture")
        return super().parse(stream, media_type, parser_context)


class GroupPicture(APIView):
    """The picture of a group."""

    parser_classes = (*PARSERS, _Form)

    @extend_schema(
        request={**dict.fromkeys(pictures.TYPES, OpenApiTypes.BINARY), "multipart/form-data": OpenApiTypes.BINARY},
        responses={200: bodies.ConversationBody, 400: ErrorBody, 415: ErrorBody, **REFUSED},
    )
    def put(self, request: Request, conversation_id: int) -> Response:
        """Make the body's image, or the field `picture` of a form, the group's. For owner and admins."""
        me = caller(request).pk
        group_pictures.set_picture(user_id=me, conversation_id=conversation_id, data=_image(request))
        return Response(one_body(me, conversation_id))

    @extend_schema(responses={200: bodies.ConversationBody, **REFUSED})
    def delete(self, request: Request, conversation_id: int) -> Response:
        """Show its initials again. For owner and admins."""
        me = caller(request).pk
        group_pictures.remove_picture(user_id=me, conversation_id=conversation_id)
        return Response(one_body(me, conversation_id))


class _Served(APIView):
    """A picture as it is served."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Only errors are JSON: whoever accepts nothing but images gets the image."""
        return super().perform_content_negotiation(request, force=True)

    @staticmethod
    def size(request: Request) -> int:
        size = request.query_params.get("size", "256")
        return int(size) if size in SIZES else 0


class GroupPictureFile(_Served):
    """The picture of a group, for whoever may see it."""

    @extend_schema(
        operation_id="conversations_picture_file",
        parameters=[SIZE],
        responses={(200, "image/webp"): OpenApiTypes.BINARY, 404: ErrorBody},
    )
    def get(self, request: Request, conversation_id: int, digest: str) -> HttpResponse:
        """A square; the address is the `avatar` of the conversation, and means the same picture for ever."""
        me = caller(request).pk
        data = group_pictures.read(user_id=me, conversation_id=conversation_id, digest=digest, size=self.size(request))
        return HttpResponse(data, content_type="image/webp", headers=FOREVER)


class InvitePictureFile(_Served):
    """The picture of a group, for who has a link."""

    @extend_schema(
        operation_id="invites_picture_file",
        parameters=[SIZE],
        responses={(200, "image/webp"): OpenApiTypes.BINARY, 404: ErrorBody},
    )
    def get(self, request: Request, code: str, digest: str) -> HttpResponse:
        """A square; the address is the `avatar` of the link's answer."""
        data = group_pictures.read_by_link(code=code, digest=digest, size=self.size(request))
        return HttpResponse(data, content_type="image/webp", headers=FOREVER)
