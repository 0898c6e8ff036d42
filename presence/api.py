"""The REST endpoint of presence."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from presence import states
from realtime.errors import Code, Refused
from realtime.rest import ErrorBody

MOST = 200


class PresenceBody(serializers.Serializer[Any]):
    userId = serializers.IntegerField()
    online = serializers.BooleanField()
    lastSeen = serializers.IntegerField(allow_null=True, help_text="Unix milliseconds.")


class PresencesBody(serializers.Serializer[Any]):
    results = PresenceBody(many=True)


class PresenceOf(APIView):
    """Who is online."""

    @extend_schema(
        parameters=[OpenApiParameter("users", str, required=True, description=f"Up to {MOST} ids, separated by commas.")],
        responses={200: PresencesBody, 400: ErrorBody},
    )
    def get(self, request: Request) -> Response:
        """The presence of friends and of myself; people whose presence I may not know are left out."""
        results = states.of(viewer_id=caller(request).pk, user_ids=_ids(request.query_params.get("users", "")))
        return Response({"results": results})


def _ids(text: str) -> list[int]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    if len(words) > MOST or not all(word.isascii() and word.isdecimal() and len(word) < 19 for word in words):
        raise Refused(Code.BAD_FRAME, f"users: Up to {MOST} ids, separated by commas.", field="users")
    return [int(word) for word in words]
