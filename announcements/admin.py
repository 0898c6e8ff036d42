"""Announcements in the admin: written, looked at, sent; and who sent what."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from announcements import announcing
from announcements.models import MAX_TEXT, Announcement
from audit import log
from audit.acts import Act
from audit.looking import Looking
from realtime.admin_times import shown
from realtime.clock import now_ms
from realtime.errors import Refused

HOUR = 3_600_000  # milliseconds
LIFETIMES = [(1, _("1 hour")), (8, _("8 hours")), (24, _("1 day")), (168, _("1 week"))]

log.NAMES.setdefault("announce", _("Announced"))


class AnnouncementForm(forms.Form):
    """What to say, how loud, and for how long."""

    text = forms.CharField(label=_("Text"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 3}))
    level = forms.ChoiceField(label=_("Level"), choices=Announcement.Level.choices, initial=Announcement.Level.INFO)
    hours = forms.TypedChoiceField(
        label=_("For"), choices=LIFETIMES, coerce=int, initial=24, help_text=_("Whoever comes within this time is told, too.")
    )


def _end(request: HttpRequest, announcement: Announcement, reason: str) -> bool:
    return announcing.end(announcement_id=announcement.pk)


END = Act(
    name="end_announcement",
    label=_("End early"),
    done=_("Ended early"),
    question=_("The announcement disappears from everybody's screen."),
    permission="announcements.change_announcement",
    perform=_end,
    fits=lambda request, announcement: announcement.expires_at > now_ms(),
)


@admin.register(Announcement)
class AnnouncementAdmin(Looking):
    """The history, newest first. Sending is the page behind “Add”."""

    list_display = ("__str__", "level", "sender", "sent", "until")
    list_filter = ("level",)
    search_fields = ("text", "sender")
    fields = ("text", "level", "sender", "sent", "until")
    readonly_fields = ("sent", "until")
    ordering = ("-id",)
    show_full_result_count = False
    acts = (END,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("announcements.add_announcement")

    @admin.display(description=_("sent"), ordering="created_at")
    def sent(self, announcement: Announcement) -> datetime | None:
        return shown(announcement.created_at)

    @admin.display(description=_("until"), ordering="expires_at")
    def until(self, announcement: Announcement) -> datetime | None:
        return shown(announcement.expires_at)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A form; then the same as everybody will see it, to be confirmed; then it is sent."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AnnouncementForm(request.POST or None)
        is_ready = request.method == "POST" and form.is_valid() and "edit" not in request.POST
        if is_ready and "confirmed" in request.POST:
            try:
                _send(request, form.cleaned_data)
            except Refused as refused:
                form.add_error(None, refused.message)
                is_ready = False
            else:
                self.message_user(request, _("Everybody is being told."), messages.SUCCESS)
                may_look = self.has_view_or_change_permission(request)
                return HttpResponseRedirect(
                    reverse("admin:announcements_announcement_changelist" if may_look else "admin:index")
                )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Announce"), "opts": self.opts, "form": form, "is_ready": is_ready,
        }  # fmt: skip
        return TemplateResponse(request, "admin/announcements/announce.html", context)


def _send(request: HttpRequest, wanted: dict[str, Any]) -> None:
    with transaction.atomic():
        sent = announcing.announce(
            text=wanted["text"], level=wanted["level"], lifetime=wanted["hours"] * HOUR,
            sender_id=request.user.pk, sender=request.user.get_username(),
        )  # fmt: skip
        log.record_in(request, "announce", sent, detail={"level": sent.level, "hours": wanted["hours"]})
