"""Invitations in the admin: made there, shown once, and revoked."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts import invites
from accounts.models import Invite
from audit import log
from audit.acts import Act
from audit.looking import Looking
from realtime.admin_times import shown
from realtime.clock import now_ms
from realtime.errors import Refused

DAY = 86_400  # seconds


class InviteForm(forms.Form):
    """Whom to invite, and for how long."""

    uses = forms.IntegerField(label=_("How many people may use it"), min_value=1, max_value=invites.MAX_USES, initial=1)
    days = forms.IntegerField(label=_("Good for how many days"), min_value=1, max_value=365, initial=7)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Optional: the address that the account will have. Nothing is mailed.")
    )


def _is_open(invite: Invite) -> bool:
    return invite.revoked_at is None and invite.uses_left > 0 and invite.expires_at > now_ms()


def _revoke(request: HttpRequest, invite: Invite, reason: str) -> bool:
    invites.revoke(invite_id=invite.pk)
    return True


REVOKE = Act(
    name="revoke_invite",
    label=_("Revoke"),
    done=_("Invitation revoked"),
    question=_("The links of these invitations let nobody in any more. Accounts that were made with them stay."),
    permission="accounts.change_invite",
    perform=_revoke,
    fits=lambda request, invite: _is_open(invite),
    is_harsh=True,
)
log.NAMES.setdefault("invite", _("Invited"))


@admin.register(Invite)
class InviteAdmin(Looking):
    """Invitations. Whoever has the link of one may make an account; only a hash of it is kept."""

    list_display = ("__str__", "made_by", "email", "uses_left", "made", "until", "revoked")
    list_select_related = ("made_by",)
    search_fields = ("email", "made_by__username")
    fields = ("made_by", "email", "uses_left", "made", "until", "revoked")
    readonly_fields = ("made", "until", "revoked")
    ordering = ("-pk",)
    show_full_result_count = False
    acts = (REVOKE,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("accounts.add_invite")

    @admin.display(description=_("made"), ordering="created_at")
    def made(self, invite: Invite) -> datetime | None:
        return shown(invite.created_at)

    @admin.display(description=_("until"), ordering="expires_at")
    def until(self, invite: Invite) -> datetime | None:
        return shown(invite.expires_at)

    @admin.display(description=_("revoked"), ordering="revoked_at")
    def revoked(self, invite: Invite) -> datetime | None:
        return shown(invite.revoked_at)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A form; then the link, which is shown this once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InviteForm(request.POST or None)
        link = None
        if request.method == "POST" and form.is_valid():
            try:
                link = _invite(request, form.cleaned_data)
            except Refused as refused:
                form.add_error(None, refused.message)
        context = {**self.admin_site.each_context(request), "title": _("Invite people"), "opts": self.opts, "form": form}
        answer = TemplateResponse(request, "admin/accounts/invite/add.html", {**context, "link": link})
        answer["Cache-Control"] = "no-store"
        return answer


def _invite(request: HttpRequest, wanted: dict[str, Any]) -> str:
    with transaction.atomic():
        invite, link = invites.create(
            by=request.user,  # type: ignore[arg-type]
            email=wanted["email"],
            uses=wanted["uses"],
            lifetime=wanted["days"] * DAY,
            request=request,
        )
        log.record_in(request, "invite", invite, detail={"uses": wanted["uses"], "days": wanted["days"]})
    return link
