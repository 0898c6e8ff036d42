"""Live connections in the admin."""

from datetime import datetime

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import changes
from audit.acts import Act
from audit.looking import Looking
from presence.models import LiveConnection
from realtime.admin_times import shown


def _disconnect(request: HttpRequest, connection: LiveConnection, reason: str) -> bool:
    changes.disconnect(user_id=connection.user_id, connection_id=connection.pk)
    return True


DISCONNECT = Act(
    name="disconnect",
    label=_("Disconnect"),
    done=_("Disconnected"),
    question=_("Cuts these connections within two seconds. A client may come back; sign its person out to keep it away."),
    permission="presence.change_liveconnection",
    perform=_disconnect,
    needs_reason=True,
    is_harsh=True,
)


@admin.register(LiveConnection)
class LiveConnectionAdmin(Looking):
    """Open sockets: whose, since when, from where, and which process holds them."""

    list_display = ("user", "opened", "address", "device", "user_agent", "lease", "heard")
    list_select_related = ("user", "lease")
    search_fields = ("user__username", "user__display_name", "device", "=address")
    search_help_text = _("By person, device or address.")
    fields = ("user", "opened", "address", "device", "user_agent", "lease", "heard", "id")
    readonly_fields = ("opened", "heard", "id")
    ordering = ("-id",)
    show_full_result_count = False
    acts = (DISCONNECT,)

    @admin.display(description=_("since"), ordering="opened_at")
    def opened(self, connection: LiveConnection) -> datetime | None:
        return shown(connection.opened_at)

    @admin.display(description=_("process renewed"), ordering="lease__renewed_at")
    def heard(self, connection: LiveConnection) -> datetime | None:
        """A process that stands still is swept with its connections after IM_LEASE_LIFETIME."""
        return shown(connection.lease.renewed_at)
