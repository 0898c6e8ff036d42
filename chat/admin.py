"""Conversations and messages in the admin. Who said how much when, but not what: that takes a permission of its own."""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import Act
from audit.looking import Looking
from chat import (
    group_admin,  # noqa: F401  (registers the members of groups)
    journal,
    recalling,
)
from chat.models import Conversation, Membership, Message
from realtime.admin_times import shown
from realtime.hub import hub


def may_read_text(user: Any) -> bool:
    """Whether `chat.read_text` was granted to this person or a group of theirs. Being a superuser does not grant it."""
    granted = Permission.objects.filter(content_type__app_label="chat", codename="read_text")
    return bool(user.is_active and granted.filter(Q(user=user) | Q(group__user=user)).exists())


def _reads_text(request: HttpRequest) -> bool:
    """The same, looked up once a request."""
    if not hasattr(request, "reads_text"):
        request.reads_text = may_read_text(request.user)  # type: ignore[attr-defined]
    return bool(request.reads_text)  # type: ignore[attr-defined]


class MembershipInline(admin.TabularInline):
    model = Membership
    fields = ("user", "read_seq", "delivered_seq")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Of a direct chat; groups may have thousands, who have a list of their own."""
        return Membership.objects.filter(conversation__kind=Conversation.Kind.DIRECT).select_related("user", "conversation")


@admin.register(Conversation)
class ConversationAdmin(Looking):
    """Conversations, with how far each of the two of a direct chat has been given it and has read it."""

    list_display = ("id", "kind", "title", "low", "high", "its_members", "last_seq", "last_activity", "its_messages")
    list_filter = ("kind", "access")
    list_select_related = ("low", "high")
    search_fields = ("title", "low__username", "high__username", "low__display_name", "high__display_name", "=id")
    search_help_text = _("By title, member of a direct chat, or number.")
    fields = ("kind", "title", "low", "high", "last_seq", "last_rev", "last_activity", "its_messages")
    group_fields = ("kind", "title", "description", "access", "posting", "history", "its_members", *fields[4:])
    readonly_fields = ("last_activity", "its_messages", "its_members")
    ordering = ("-last_at",)
    show_full_result_count = False
    inlines = (MembershipInline,)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.group_fields if obj is not None and obj.kind == Conversation.Kind.GROUP else self.fields

    @admin.display(description=_("members"), ordering="member_count")
    def its_members(self, conversation: Conversation) -> str:
        if conversation.kind == Conversation.Kind.DIRECT:
            return ""
        address = reverse("admin:chat_membership_changelist")
        return format_html(
            '<a href="{}?conversation__id__exact={}">{}</a>', address, conversation.pk, conversation.member_count
        )

    @admin.display(description=_("last activity"), ordering="last_at")
    def last_activity(self, conversation: Conversation) -> datetime | None:
        return shown(conversation.last_at or None)

    @admin.display(description=_("messages"))
    def its_messages(self, conversation: Conversation) -> str:
        address = reverse("admin:chat_message_changelist")
        return format_html('<a href="{}?conversation__id__exact={}">{}</a>', address, conversation.pk, _("Show"))


def _take_back(request: HttpRequest, message: Message, reason: str) -> bool:
    """Through the journal, which records it in the same transaction."""
    moderator = cast(User, request.user)
    address = request.META.get("REMOTE_ADDR", "")
    recall = recalling.moderation(moderator=moderator, msg_id=message.msg_id, reason=reason, address=address)
    journal.lane.write_blocking(recall, hub.loop)
    return recall.is_changed


TAKE_BACK = Act(
    name="take_back",
    label=_("Take back for everyone"),
    done=_("Taken back"),
    question=_("The text is deleted for good, for everybody, on every device. In its place stands that it was taken back."),
    permission="chat.moderate",
    perform=_take_back,
    fits=lambda request, message: message.recalled_at is None,
    needs_reason=True,
    is_harsh=True,
    records=True,
)


@admin.register(Message)
class MessageAdmin(Looking):
    """Messages, newest first."""

    list_display = ("place", "sender", "content_type", "sent", "taken_back", "text")
    list_filter = ("content_type", ("recalled_at", admin.EmptyFieldListFilter))
    list_select_related = ("sender",)
    search_fields = ("sender__username", "=msg_id")
    fields = ("conversation", "seq", "rev", "msg_id", "sender", "content_type", "sent", "taken_back", "text")
    readonly_fields = ("sent", "taken_back", "text")
    ordering = ("-id",)
    show_full_result_count = False
    acts = (TAKE_BACK,)

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._permitted(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._permitted(request, self.fields)

    @staticmethod
    def _permitted(request: HttpRequest, names: Any) -> list[Any]:
        return [name for name in names if name != "text" or _reads_text(request)]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "conversation__id__exact" or super().lookup_allowed(lookup, value, request)

    def _searches_text(self, request: HttpRequest) -> bool:
        """Within one conversation only: no index helps, and all messages are too many to be walked over."""
        return "conversation__id__exact" in request.GET and _reads_text(request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        within = _("By sender, message id, or text.")
        anywhere = _("By sender or message id; by text within one conversation, with the right to read it.")
        found.search_help_text = str(within if self._searches_text(request) else anywhere)
        return found

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Message], bool]:
        found, distinct = super().get_search_results(request, queryset, search_term)
        if search_term and self._searches_text(request):
            found = found | queryset.filter(content__icontains=search_term)
        return found, distinct

    @admin.display(description=_("place"), ordering="id")
    def place(self, message: Message) -> str:
        return f"{message.conversation_id}/{message.seq}"

    @admin.display(description=_("sent"), ordering="created_at")
    def sent(self, message: Message) -> datetime | None:
        return shown(message.created_at)

    @admin.display(description=_("taken back"), ordering="recalled_at")
    def taken_back(self, message: Message) -> datetime | None:
        return shown(message.recalled_at)

    @admin.display(description=_("text"))
    def text(self, message: Message) -> str:
        return message.content
