"""The REST endpoint of preferences."""

from typing import Any

import msgspec
from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from preferences import store
from preferences.models import Preferences
from realtime.fields import Truth
from realtime.rest import ErrorBody


class PreferencesBody(serializers.Serializer[Any]):
    """The `data` of a `preferences` frame."""

    theme = serializers.ChoiceField(choices=Preferences.Theme.choices)
    textSize = serializers.ChoiceField(choices=Preferences.TextSize.choices, source="text_size")
    rising = serializers.ChoiceField(choices=Preferences.Rising.choices, help_text="The colour of prices that rise.")
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, allow_blank=True, help_text="Blank: what the browser asks for."
    )
    sounds = Truth()
    desktopNotifications = Truth(source="desktop_notifications")
    notificationPreview = Truth(source="notification_preview", help_text="Whether notifications show what was said.")
    changedAt = serializers.IntegerField(read_only=True, help_text="Unix milliseconds; grows with every change.")


def _me(request: Request) -> int:
    assert request.user.pk is not None
    return request.user.pk


class MyPreferences(APIView):
    """What I prefer, on all my devices."""

    @extend_schema(responses=PreferencesBody)
    def get(self, request: Request) -> Response:
        """What I have chosen, and the defaults of the rest."""
        return Response(msgspec.to_builtins(store.data_of(store.of(_me(request)))))

    @extend_schema(request=PreferencesBody, responses={200: PreferencesBody, 400: ErrorBody})
    def patch(self, request: Request) -> Response:
        """Change some of it. My connections that were opened with `preferences=1` hear of it."""
        body = PreferencesBody(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changed = store.change(user_id=_me(request), changes=dict(body.validated_data))
        return Response(msgspec.to_builtins(store.data_of(changed)))
