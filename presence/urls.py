"""Where the endpoint of presence is, under /api/v1/."""

from django.urls import path

from presence.api import PresenceOf

urlpatterns = [path("presence", PresenceOf.as_view())]
