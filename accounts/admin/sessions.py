"""Sign-ins in the admin."""

from datetime import datetime

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import sessions
from accounts.admin.people import may_touch
from accounts.models import Session
from audit.acts import Act
from audit.looking import Looking
from realtime.admin_times import shown


def _end(request: HttpRequest, session: Session, reason: str) -> bool:
    sessions.end(session_id=str(session.pk), user_id=session.user_id)
    return True


END = Act(
    name="end_session",
    label=_("End: close its sockets"),
    done=_("Session ended"),
    question=_("Ends these sign-ins, their tokens and their connections within two seconds. Their people may sign in again."),
    permission="accounts.change_session",
    perform=_end,
    fits=lambda request, session: session.ended_at is None and may_touch(request, session.user),
    needs_reason=True,
    is_harsh=True,
)


@admin.register(Session)
class SessionAdmin(Looking):
    """Sign-ins; ending one closes its sockets within two seconds."""

    list_display = ("user", "kind", "address", "user_agent", "began", "ended")
    list_filter = ("kind", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__username", "address")
    fields = ("user", "kind", "address", "user_agent", "began", "ended")
    readonly_fields = ("began", "ended")
    show_full_result_count = False
    acts = (END,)

    @admin.display(description=_("began"), ordering="created_at")
    def began(self, session: Session) -> datetime | None:
        return shown(session.created_at)

    @admin.display(description=_("ended"), ordering="ended_at")
    def ended(self, session: Session) -> datetime | None:
        return shown(session.ended_at)
