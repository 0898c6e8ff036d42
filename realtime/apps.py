"""The Django application of the socket engine."""

from django.apps import AppConfig

from realtime import redaction


class RealtimeConfig(AppConfig):
    name = "realtime"

    def ready(self) -> None:
        redaction.install()
