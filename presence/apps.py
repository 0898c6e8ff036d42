"""The Django application of presence."""

from django.apps import AppConfig


class PresenceConfig(AppConfig):
    name = "presence"
