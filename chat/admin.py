"""Conversations and messages in the admin. Who said how much when, but not what: that takes a permission of its own."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chat.models import Conversation, Membership, Message
from realtime.admin_times import shown


def may_read_text(user: Any) -> bool:
    """Whether `chat.read_text` was granted to this person or a group of theirs. Being a superuser does not grant it."""
    granted = Permission.objects.filter(content_type__app_label="chat", codename="read_text")
    return user.is_active and granted.filter(Q(user=user) | Q(group__user=user)).exists()


class Looking(admin.ModelAdmin):
    """Shows rows and changes none."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MembershipInline(admin.TabularInline):
    model = Membership
    fields = ("user", "read_seq", "delivered_seq")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Conversation)
class ConversationAdmin(Looking):
    """Conversations, with how far each member has been given them and has read them."""

    list_display = ("id", "kind", "title", "low", "high", "last_seq", "last_activity")
    list_filter = ("kind",)
    list_select_related = ("low", "high")
    search_fields = ("title", "low__username", "high__username")
    fields = ("kind", "title", "low", "high", "last_seq", "last_rev", "last_activity")
    readonly_fields = ("last_activity",)
    ordering = ("-last_at",)
    inlines = (MembershipInline,)

    @admin.display(description=_("last activity"), ordering="last_at")
    def last_activity(self, conversation: Conversation) -> datetime | None:
        return shown(conversation.last_at or None)


@admin.register(Message)
class MessageAdmin(Looking):
    """Messages, newest first."""

    list_display = ("conversation_id", "seq", "sender", "content_type", "sent", "text")
    list_select_related = ("sender",)
    search_fields = ("sender__username",)
    search_help_text = _("By sender. The text of messages is not searched.")
    fields = ("conversation", "seq", "rev", "msg_id", "sender", "content_type", "sent", "text")
    readonly_fields = ("sent", "text")
    ordering = ("-id",)
    show_full_result_count = False

    def get_list_display(self, request: HttpRequest) -> Any:
        return self._permitted(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._permitted(request, self.fields)

    @staticmethod
    def _permitted(request: HttpRequest, names: Any) -> list[Any]:
        return [name for name in names if name != "text" or may_read_text(request.user)]

    @admin.display(description=_("sent"), ordering="created_at")
    def sent(self, message: Message) -> datetime | None:
        return shown(message.created_at)

    @admin.display(description=_("text"))
    def text(self, message: Message) -> str:
        return message.content
