"""Friendships, requests and blocks in the admin: made and ended as by the people themselves, so that what they see of each
other follows at once."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import friends
from accounts.forms import BlockForm, FriendshipForm
from accounts.models import Block, FriendRequest, Friendship
from audit.acts import Act
from audit.looking import Looking
from realtime.admin_times import shown


def _end(request: HttpRequest, friendship: Friendship, reason: str) -> bool:
    friends.end_friendship(user_id=friendship.low_id, friend_id=friendship.high_id)
    return True


def _unblock(request: HttpRequest, block: Block, reason: str) -> bool:
    friends.unblock(user_id=block.blocker_id, other_id=block.blocked_id)
    return True


def _take_back(request: HttpRequest, asked: FriendRequest, reason: str) -> bool:
    friends.take_back(user_id=asked.sender_id, request_id=asked.pk)
    return True


END = Act(
    name="end_friendship",
    label=_("End friendship"),
    done=_("Friendship ended"),
    question=_("These people stop being friends. They are not told, but no longer see each other come and go."),
    permission="accounts.delete_friendship",
    perform=_end,
    needs_reason=True,
    is_harsh=True,
)
UNBLOCK = Act(
    name="take_block_away",
    label=_("Take the block away"),
    done=_("Block taken away"),
    question=_("Messages, requests and presence pass again, against the will of the one who blocked."),
    permission="accounts.delete_block",
    perform=_unblock,
    needs_reason=True,
    is_harsh=True,
)
TAKE_BACK = Act(
    name="remove_request",
    label=_("Remove the request"),
    done=_("Request removed"),
    question=_("The request is gone as if its sender had taken it back. It can be made again."),
    permission="accounts.delete_friendrequest",
    perform=_take_back,
    needs_reason=True,
    is_harsh=True,
)


class _Made(Looking):
    """Pairs that may be made here as well."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(f"accounts.add_{self.opts.model_name}")


@admin.register(Friendship)
class FriendshipAdmin(_Made):
    """Friendships."""

    list_display = ("__str__", "low", "high", "since")
    list_select_related = ("low", "high")
    search_fields = ("low__username", "high__username")
    autocomplete_fields = ("low", "high")
    fields = ("low", "high")
    form = FriendshipForm
    show_full_result_count = False
    acts = (END,)

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, friendship: Friendship) -> datetime | None:
        return shown(friendship.created_at)

    def save_model(self, request: HttpRequest, obj: Friendship, form: Any, change: bool) -> None:
        obj.pk = friends.make_friends(one=obj.low_id, other=obj.high_id).pk


@admin.register(Block)
class BlockAdmin(_Made):
    """Who has blocked whom."""

    list_display = ("__str__", "blocker", "blocked", "since")
    list_select_related = ("blocker", "blocked")
    search_fields = ("blocker__username", "blocked__username")
    autocomplete_fields = ("blocker", "blocked")
    fields = ("blocker", "blocked")
    form = BlockForm
    show_full_result_count = False
    acts = (UNBLOCK,)

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, block: Block) -> datetime | None:
        return shown(block.created_at)

    def save_model(self, request: HttpRequest, obj: Block, form: Any, change: bool) -> None:
        friends.block(user_id=obj.blocker_id, other_id=obj.blocked_id)
        obj.pk = Block.objects.get(blocker_id=obj.blocker_id, blocked_id=obj.blocked_id).pk


@admin.register(FriendRequest)
class FriendRequestAdmin(Looking):
    """Open requests."""

    list_display = ("__str__", "sender", "recipient", "asked")
    list_select_related = ("sender", "recipient")
    search_fields = ("sender__username", "recipient__username")
    fields = ("sender", "recipient", "asked")
    readonly_fields = fields
    show_full_result_count = False
    acts = (TAKE_BACK,)

    @admin.display(description=_("asked"), ordering="created_at")
    def asked(self, request: FriendRequest) -> datetime | None:
        return shown(request.created_at)
