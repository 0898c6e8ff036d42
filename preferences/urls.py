"""Where the endpoint of preferences is, under /api/v1/."""

from django.urls import path

from preferences.api import MyPreferences

urlpatterns = [path("me/preferences", MyPreferences.as_view())]
