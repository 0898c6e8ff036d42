"""The Django application of push."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PushConfig(AppConfig):
    name = "push"
    verbose_name = _("Web Push")

    def ready(self) -> None:
        from accounts import deletion
        from push import subscriptions

        deletion.erasers.append(subscriptions.erase)
