"""Who is told of messages by push, in the admin: neither addresses nor keys are shown."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from push.models import Subscription
from realtime.admin_times import shown


@admin.register(Subscription)
class SubscriptionAdmin(admin.ModelAdmin):
    """Browsers that are told of messages. Deleting one stops that; its person may turn it on again."""

    list_display = ("user", "service", "language", "created", "failures")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = ("user", "service", "language", "created", "failures")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("push service"))
    def service(self, subscription: Subscription) -> str:
        return subscription.endpoint.split("/")[2]

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, subscription: Subscription) -> datetime | None:
        return shown(subscription.created_at)
