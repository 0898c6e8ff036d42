"""The Django application of chat."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "chat"
