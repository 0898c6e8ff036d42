"""People, sessions, friendships and blocks in the admin. Every act goes through the same functions as everywhere."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import friends, sessions
from accounts.forms import FriendshipForm
from accounts.models import Block, FriendRequest, Friendship, Session, User
from realtime.admin_times import shown


@admin.register(User)
class UserAdmin(StockUserAdmin):
    """People. A deactivated account is cut off within two seconds, however it was deactivated."""

    list_display = ("username", "display_name", "email", "is_active", "is_staff", "last_login", "date_joined")
    search_fields = ("username", "display_name", "email")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("display_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    actions = ("deactivate", "reactivate", "sign_out_everywhere")

    @admin.action(description=_("Deactivate: sign out and refuse"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        count = queryset.exclude(username=request.user.get_username()).update(is_active=False)
        text = ngettext("%d person deactivated.", "%d people deactivated.", count) % count
        self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Reactivate"), permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        count = queryset.update(is_active=True)
        self.message_user(
            request, ngettext("%d person reactivated.", "%d people reactivated.", count) % count, messages.SUCCESS
        )

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            sessions.end_all(user_id=user.pk)
        count = len(queryset)
        self.message_user(request, ngettext("%d person signed out.", "%d people signed out.", count) % count, messages.SUCCESS)


class ReadOnly(admin.ModelAdmin):
    """Shows rows; they are made and changed elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Session)
class SessionAdmin(ReadOnly):
    """Sign-ins; ending one closes its sockets within two seconds."""

    list_display = ("user", "kind", "address", "user_agent", "began", "ended")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = ("user", "kind", "address", "user_agent", "began", "ended")
    readonly_fields = ("began", "ended")
    actions = ("end",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("began"), ordering="created_at")
    def began(self, session: Session) -> datetime | None:
        return shown(session.created_at)

    @admin.display(description=_("ended"), ordering="ended_at")
    def ended(self, session: Session) -> datetime | None:
        return shown(session.ended_at)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_session")

    @admin.action(description=_("End: close its sockets"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        for session in queryset:
            sessions.end(session_id=str(session.pk), user_id=session.user_id)
        count = len(queryset)
        self.message_user(request, ngettext("%d session ended.", "%d sessions ended.", count) % count, messages.SUCCESS)


@admin.register(Friendship)
class FriendshipAdmin(admin.ModelAdmin):
    """Friendships: made and ended as by the people themselves, so that they see each other come and go at once."""

    list_display = ("low", "high", "since")
    list_select_related = ("low", "high")
    search_fields = ("low__username", "high__username")
    autocomplete_fields = ("low", "high")
    fields = ("low", "high")
    form = FriendshipForm

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, friendship: Friendship) -> datetime | None:
        return shown(friendship.created_at)

    def save_model(self, request: HttpRequest, obj: Friendship, form: Any, change: bool) -> None:
        made = friends.make_friends(one=obj.low_id, other=obj.high_id)
        obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: Friendship) -> None:
        friends.end_friendship(user_id=obj.low_id, friend_id=obj.high_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Friendship]) -> None:
        for friendship in queryset:
            self.delete_model(request, friendship)


@admin.register(Block)
class BlockAdmin(ReadOnly):
    """Who has blocked whom; taking a block away is theirs, and an administrator's in need."""

    list_display = ("blocker", "blocked", "since")
    list_select_related = ("blocker", "blocked")
    search_fields = ("blocker__username", "blocked__username")

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, block: Block) -> datetime | None:
        return shown(block.created_at)

    def delete_model(self, request: HttpRequest, obj: Block) -> None:
        friends.unblock(user_id=obj.blocker_id, other_id=obj.blocked_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Block]) -> None:
        for block in queryset:
            self.delete_model(request, block)


@admin.register(FriendRequest)
class FriendRequestAdmin(ReadOnly):
    """Open requests."""

    list_display = ("sender", "recipient", "asked")
    list_select_related = ("sender", "recipient")
    search_fields = ("sender__username", "recipient__username")

    @admin.display(description=_("asked"), ordering="created_at")
    def asked(self, request: FriendRequest) -> datetime | None:
        return shown(request.created_at)
