"""The pictures of people."""

from typing import IO, Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import pictures, profiles
from accounts.api import bodies
from accounts.authentication import caller
from realtime.errors import Code, Refused
from realtime.rest import ErrorBody


class _Image(BaseParser):
    """The bytes of the body, up to IM_AVATAR_BYTES. Others are told so before they are read further."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        data: bytes = stream.read(settings.IM_AVATAR_BYTES + 1)
        if len(data) > settings.IM_AVATAR_BYTES:
            raise Refused(Code.BAD_ATTACHMENT, f"The image has more than {settings.IM_AVATAR_BYTES:,} bytes.", field="image")
        return data


PARSERS = [type("Image", (_Image,), {"media_type": media_type}) for media_type in pictures.TYPES]


class MyPicture(APIView):
    """My picture."""

    parser_classes = PARSERS

    @extend_schema(
        request=dict.fromkeys(pictures.TYPES, OpenApiTypes.BINARY),
        responses={200: bodies.MeBody, 400: ErrorBody, 415: ErrorBody},
    )
    def put(self, request: Request) -> Response:
        """Make the body's image (JPEG, PNG, WebP or GIF) mine: its middle square, its first frame, nothing else of the file."""
        data: Any = request.data
        if not isinstance(data, bytes) or not data:  # an empty body is not parsed at all
            raise Refused(Code.BAD_ATTACHMENT, "There is no image in the body.", field="image")
        return Response(bodies.MeBody(profiles.set_picture(user=caller(request), data=data)).data)

    @extend_schema(responses=bodies.MeBody)
    def delete(self, request: Request) -> Response:
        """Show my initials again."""
        return Response(bodies.MeBody(profiles.remove_picture(user=caller(request))).data)


class Picture(APIView):
    """The picture of a person."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Only errors are JSON: whoever accepts nothing but images gets the image."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        parameters=[OpenApiParameter("size", OpenApiTypes.INT, enum=pictures.SIZES, default=256, description="Pixels.")],
        responses={(200, "image/webp"): OpenApiTypes.BINARY, 404: ErrorBody},
    )
    def get(self, request: Request, user_id: int, digest: str) -> HttpResponse:
        """A square; the address is the `avatar` of the person, and means the same picture for ever."""
        size = request.query_params.get("size", "256")
        data = profiles.picture(
            viewer_id=caller(request).pk, person_id=user_id, digest=digest, size=int(size) if size in _SIZES else 0
        )
        headers = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
        return HttpResponse(data, content_type="image/webp", headers=headers)


_SIZES = {str(size) for size in pictures.SIZES}
