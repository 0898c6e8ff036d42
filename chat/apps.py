"""The Django application of chat."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = _("Chat")

    def ready(self) -> None:
        from accounts import deletion
        from chat import members, stars

        deletion.erasers += [members.forget, stars.erase]
