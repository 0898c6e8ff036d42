"""The emoji that one can pick."""

import gzip
import hashlib
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from chat.emoji_catalogue import catalogue
from realtime.rest import ErrorBody

DAY = 86_400  # seconds


class EmojiGroupBody(serializers.Serializer[Any]):
    id = serializers.CharField()
    emoji = serializers.ListField(
        child=serializers.ListField(), help_text="[emoji, English name, Chinese name, other words, 1 where it has skin tones]."
    )


class EmojiBody(serializers.Serializer[Any]):
    groups = EmojiGroupBody(many=True)


@cache
def _packed() -> tuple[bytes, str]:
    """Compressed once, and its tag."""
    return gzip.compress(catalogue(), mtime=0), f'"{hashlib.sha256(catalogue()).hexdigest()[:16]}"'


class Emoji(APIView):
    """All emoji, in groups, with their names."""

    @extend_schema(responses={200: EmojiBody, 401: ErrorBody})
    def get(self, request: Request) -> HttpResponse:
        """All emoji. The answer is the same for everybody and changes with releases only; browsers keep it for a day."""
        packed, tag = _packed()
        answer = HttpResponse(content_type="application/json")
        if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
            answer.status_code = 304
        elif "gzip" in request.headers.get("Accept-Encoding", ""):
            answer.content = packed
            answer["Content-Encoding"] = "gzip"
        else:
            answer.content = catalogue()
        answer["ETag"] = tag
        answer["Cache-Control"] = f"private, max-age={DAY}"
        patch_vary_headers(answer, ["Accept-Encoding"])
        return answer
