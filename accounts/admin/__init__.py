"""People, invitations, sessions and friendships in the admin. Every act goes through the same functions as everywhere."""

from accounts.admin.friendships import BlockAdmin, FriendRequestAdmin, FriendshipAdmin
from accounts.admin.groups import GroupAdmin
from accounts.admin.invites import InviteAdmin
from accounts.admin.people import UserAdmin
from accounts.admin.sessions import SessionAdmin

__all__ = ["BlockAdmin", "FriendRequestAdmin", "FriendshipAdmin", "GroupAdmin", "InviteAdmin", "SessionAdmin", "UserAdmin"]
