"""Live connections in the admin."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import changes
from presence.models import LiveConnection
from realtime.admin_times import shown


@admin.register(LiveConnection)
class LiveConnectionAdmin(admin.ModelAdmin):
    """Open sockets. A disconnected client may come back; sign its person out to keep it away."""

    list_display = ("user", "device", "address", "user_agent", "opened", "lease")
    list_select_related = ("user",)
    search_fields = ("user__username", "device", "address")
    fields = ("user", "device", "address", "user_agent", "opened", "lease")
    readonly_fields = ("opened",)
    actions = ("disconnect",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_disconnect_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("presence.change_liveconnection")

    @admin.display(description=_("opened"), ordering="opened_at")
    def opened(self, connection: LiveConnection) -> datetime | None:
        return shown(connection.opened_at)

    @admin.action(description=_("Disconnect"), permissions=["disconnect"])
    def disconnect(self, request: HttpRequest, queryset: QuerySet[LiveConnection]) -> None:
        for connection in queryset:
            changes.disconnect(user_id=connection.user_id, connection_id=connection.pk)
        count = len(queryset)
        self.message_user(request, ngettext("%d connection ended.", "%d connections ended.", count) % count, messages.SUCCESS)
