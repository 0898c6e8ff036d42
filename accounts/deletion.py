"""The end of an account: its person is gone from everywhere, and what they said to others stays with those."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts import friends, pictures, sessions
from accounts.models import Block, FriendRequest, Friendship, Invite, User
from preferences.models import Preferences
from realtime.clock import now_ms
from realtime.errors import Code, Refused

# What other floors keep of a person and nobody else needs; each is called with the user id, in the deleting transaction.
erasers: list[Callable[[int], None]] = []


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Delete somebody's account. Tokens and sessions end, sockets close within 2 s, nobody signs in with it again. Messages
    stay, under "Deleted account", and the name is free. Deleting twice changes nothing.

    Raises Refused: forbidden for the only administrator, without whom nobody could let anybody in."""
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.deleted_at is not None:
        return
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    if person.is_superuser and not others.exists():
        raise Refused(Code.FORBIDDEN, "You are the only administrator.")
    _leave_everybody(person.pk)
    for erase in erasers:
        erase(person.pk)
    _forget(person)
    sessions.end_all(user_id=person.pk)


def _leave_everybody(user_id: int) -> None:
    """Friends hear that they are gone, as if the friendship had ended."""
    for friend_id in friends.friend_ids(user_id):
        friends.end_friendship(user_id=user_id, friend_id=friend_id)
    Friendship.objects.filter(Q(low_id=user_id) | Q(high_id=user_id)).delete()
    FriendRequest.objects.filter(Q(sender_id=user_id) | Q(recipient_id=user_id)).delete()
    Block.objects.filter(Q(blocker_id=user_id) | Q(blocked_id=user_id)).delete()
    Invite.objects.filter(made_by_id=user_id, revoked_at=None).update(revoked_at=now_ms())


def _forget(person: User) -> None:
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    person.groups.clear()
    person.user_permissions.clear()
    person.username = f"deleted@{person.pk}"  # nobody else's: names that people choose hold no @
    person.first_name = person.last_name = person.email = ""
    person.status = person.avatar = ""
    person.display_name = gettext_noop("Deleted account")  # for whoever reads the column; `User.name` says it in one's language
    person.is_active = person.is_staff = person.is_superuser = False
    person.last_login = None
    person.deleted_at = now_ms()
    person.set_unusable_password()
    person.save()
    person.sessions.update(address="", user_agent="")
    Preferences.objects.filter(pk=person.pk).delete()
    transaction.on_commit(lambda: pictures.forget(owner_id=person.pk), robust=True)
