"""Colours for code."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller
from chat import highlighting
from realtime.fields import Text
from realtime.rest import ErrorBody


class CodeBody(serializers.Serializer[Any]):
    language = Text(max_length=32)
    text = Text(max_length=highlighting.MOST, trim_whitespace=False)


class PiecesBody(serializers.Serializer[Any]):
    pieces = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2), allow_null=True,
        help_text="[kind, part] in their order; together the parts are the text. Null where the language is not known.",
    )  # fmt: skip


class Highlight(APIView):
    """What the parts of a piece of code are."""

    @extend_schema(request=CodeBody, responses={200: PiecesBody, 400: ErrorBody, 429: ErrorBody, 503: ErrorBody})
    def post(self, request: Request) -> Response:
        """The code in pieces: k keyword, s string, n number, f name of a function or type, c comment, d deleted, or nothing."""
        wanted = CodeBody(data=request.data)
        wanted.is_valid(raise_exception=True)
        found = highlighting.highlight(
            user_id=caller(request).pk, language=wanted.validated_data["language"], text=wanted.validated_data["text"]
        )
        return Response({"pieces": found})
