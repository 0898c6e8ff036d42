"""The members of groups in the admin: what they are, and what an administrator of the site does where a group has nobody left
who could."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import Act
from audit.looking import Looking
from chat.groups import perform
from chat.members import Appoint, Remove
from chat.models import Conversation, Membership
from realtime.admin_times import shown


def _event(request: HttpRequest, action: str, reason: str) -> dict[str, Any]:
    """What the audit log is told, in the transaction that does it."""
    operator = cast(User, request.user)
    return {
        "action": action, "actor_id": operator.pk, "actor": operator.get_username(), "reason": reason,
        "address": request.META.get("REMOTE_ADDR", ""), "kind": Conversation._meta.label_lower,
    }  # fmt: skip


def _appoint(request: HttpRequest, member: Membership, reason: str) -> bool:
    operator = cast(User, request.user)
    event = _event(request, "make_owner", reason)
    perform(Appoint(actor_id=operator.pk, conversation_id=member.conversation_id, user_id=member.user_id, event=event))
    return True


def _remove(request: HttpRequest, member: Membership, reason: str) -> bool:
    operator = cast(User, request.user)
    event = _event(request, "remove_member", reason)
    perform(Remove(actor_id=operator.pk, conversation_id=member.conversation_id, user_id=member.user_id, event=event))
    return True


MAKE_OWNER = Act(
    name="make_owner",
    label=_("Make owner of the group"),
    done=_("Made owner of the group"),
    question=_("Who owns the group now stays in it as an admin. The group is told."),
    permission="chat.moderate",
    perform=_appoint,
    fits=lambda request, member: member.role != Membership.Role.OWNER and member.user.is_active,
    needs_reason=True,
    records=True,
)
REMOVE = Act(
    name="remove_member",
    label=_("Remove from the group"),
    done=_("Removed from the group"),
    question=_("They hear nothing more of the group, on any device. The group is told."),
    permission="chat.moderate",
    perform=_remove,
    needs_reason=True,
    is_harsh=True,
    records=True,
)


@admin.register(Membership)
class MembershipAdmin(Looking):
    """The members of groups; of direct chats the conversation says all there is."""

    list_display = ("conversation", "user", "role", "since", "silenced", "read_seq", "delivered_seq")
    list_filter = ("role",)
    list_select_related = ("conversation", "user")
    search_fields = ("user__username", "user__display_name", "conversation__title", "=conversation__id")
    search_help_text = _("By person, or name or number of the group.")
    fields = ("conversation", "user", "role", "since", "silenced", "read_seq", "delivered_seq")
    readonly_fields = ("since", "silenced")
    ordering = ("conversation", "pk")
    show_full_result_count = False
    acts = (MAKE_OWNER, REMOVE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).filter(conversation__kind=Conversation.Kind.GROUP)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "conversation__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("member since"), ordering="joined_at")
    def since(self, member: Membership) -> datetime | None:
        return shown(member.joined_at)

    @admin.display(description=_("may not write until"), ordering="silenced_until")
    def silenced(self, member: Membership) -> datetime | None:
        return shown(member.silenced_until)
