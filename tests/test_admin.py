"""The admin: for those with rights, through the one sign-in, without the text of messages."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts import friends
from accounts.models import AccessChange, Block, Friendship, Session, User
from chat.models import Message
from chat.sending import send_message
from presence.models import Lease, LiveConnection
from tests.support.people import Cast


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    """Alice as a superuser."""
    User.objects.filter(pk=cast.alice.id).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=cast.alice.id))
    return client


def act(client: Client, path: str, action: str, *ids: object, reason: str = "because") -> int:
    """Choose an act in the list, and confirm it with a reason."""
    data = {"action": action, "_selected_action": [str(one) for one in ids]}
    asked = client.post(f"/admin/{path}/", data)
    assert 'name="confirmed"' in asked.content.decode()
    return client.post(f"/admin/{path}/", {**data, "confirmed": "1", "reason": reason}, follow=True).status_code


def test_the_admin_signs_in_through_our_page(cast: Cast, client: Client) -> None:
    answer = client.get("/admin/chat/message/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")
    login = client.get(answer["Location"])
    assert login["Location"] == "/sign-in?next=%2Fadmin%2Fchat%2Fmessage%2F"
    client.force_login(cast.bob.user)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/"


def test_staff_without_rights_see_nothing(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.bob.id).update(is_staff=True)
    client.force_login(User.objects.get(pk=cast.bob.id))
    assert "You don’t have permission" in client.get("/admin/").content.decode()
    for path in ("accounts/user", "chat/message", "chat/conversation", "presence/liveconnection", "accounts/friendship"):
        assert client.get(f"/admin/{path}/").status_code == 403


def test_every_page_of_the_admin_opens(admin: Client, cast: Cast) -> None:
    draft = send_message(sender_id=cast.alice.id, to_user_id=cast.bob.id, content="x")
    friends.block(user_id=cast.bob.id, other_id=cast.carol.id)
    friends.ask(user_id=cast.alice.id, other_id=cast.carol.id)
    Lease.objects.create(process="p", started_at=1, renewed_at=1)
    LiveConnection.objects.create(id="c", lease_id="p", user_id=cast.bob.id, opened_at=1)
    pages = [
        "", "accounts/user/", f"accounts/user/{cast.bob.id}/change/", "accounts/user/add/",
        f"accounts/user/{cast.bob.id}/password/",
        "accounts/user/import/", "audit/auditevent/", "chat/message/", "accounts/block/add/",
        "accounts/session/", "accounts/friendship/", "accounts/friendship/add/", "accounts/block/", "accounts/friendrequest/",
        "presence/liveconnection/", "presence/liveconnection/c/change/", "chat/conversation/",
        f"chat/conversation/{draft.conversation_id}/change/", "chat/message/?q=ali", "auth/group/",
    ]  # fmt: skip
    for page in pages:
        assert admin.get(f"/admin/{page}").status_code == 200, page


def test_the_text_of_messages_takes_a_permission_of_its_own(admin: Client, cast: Cast) -> None:
    """Not even a superuser has it, until somebody grants it."""
    send_message(sender_id=cast.bob.id, to_user_id=cast.carol.id, content="for Carol's eyes")
    message = f"/admin/chat/message/{_newest()}/change/"
    for page in ("/admin/chat/message/", message):
        answer = admin.get(page)
        assert answer.status_code == 200
        assert "for Carol" not in answer.content.decode()
    User.objects.get(pk=cast.alice.id).user_permissions.add(Permission.objects.get(codename="read_text"))
    for page in ("/admin/chat/message/", message):
        assert "for Carol" in admin.get(page).content.decode()


def _newest() -> int:
    return Message.objects.latest("id").pk


def test_messages_and_conversations_are_not_changed_here(admin: Client, cast: Cast) -> None:
    draft = send_message(sender_id=cast.bob.id, to_user_id=cast.carol.id, content="x")
    assert admin.get("/admin/chat/message/add/").status_code == 403
    assert admin.post(f"/admin/chat/message/{_newest()}/delete/", {"post": "yes"}).status_code == 403
    assert admin.post(f"/admin/chat/conversation/{draft.conversation_id}/delete/", {"post": "yes"}).status_code == 403


def test_deactivating_reactivating_and_signing_out(admin: Client, cast: Cast) -> None:
    assert act(admin, "accounts/user", "deactivate", cast.bob.id, cast.alice.id) == 200
    assert not User.objects.get(pk=cast.bob.id).is_active
    assert User.objects.get(pk=cast.alice.id).is_active  # nobody locks themselves out
    assert AccessChange.objects.filter(kind="disabled", user_id=cast.bob.id).exists()
    act(admin, "accounts/user", "reactivate", cast.bob.id)
    assert User.objects.get(pk=cast.bob.id).is_active
    act(admin, "accounts/user", "sign_out_everywhere", cast.bob.id)
    assert not Session.objects.filter(user_id=cast.bob.id, ended_at=None).exists()
    assert AccessChange.objects.filter(kind="sessions", user_id=cast.bob.id).exists()


def test_ending_sessions_and_connections(admin: Client, cast: Cast) -> None:
    act(admin, "accounts/session", "end_session", cast.bob.session.pk)
    assert Session.objects.get(pk=cast.bob.session.pk).ended_at is not None
    Lease.objects.create(process="p", started_at=1, renewed_at=1)
    LiveConnection.objects.create(id="c1", lease_id="p", user_id=cast.bob.id, opened_at=1)
    act(admin, "presence/liveconnection", "disconnect", "c1")
    logged = AccessChange.objects.get(kind="connection")
    assert (logged.user_id, logged.detail) == (cast.bob.id, "c1")


def test_friendships_are_made_and_ended_as_by_the_people(admin: Client, cast: Cast) -> None:
    added = admin.post("/admin/accounts/friendship/add/", {"low": cast.carol.id, "high": cast.alice.id})
    assert added.status_code == 302
    made = Friendship.objects.get(low_id=cast.alice.id, high_id=cast.carol.id)
    assert AccessChange.objects.filter(kind="friends", other_id__in=(cast.alice.id, cast.carol.id)).exists()
    act(admin, "accounts/friendship", "end_friendship", made.pk)
    assert AccessChange.objects.filter(kind="unfriends").exists()
    assert not Friendship.objects.filter(pk=made.pk).exists()
    same = admin.post("/admin/accounts/friendship/add/", {"low": cast.carol.id, "high": cast.carol.id})
    assert "These are the same person." in same.content.decode()


def test_a_block_can_be_taken_away(admin: Client, cast: Cast) -> None:
    friends.block(user_id=cast.bob.id, other_id=cast.carol.id)
    block = Block.objects.get()
    act(admin, "accounts/block", "take_block_away", block.pk)
    assert not Block.objects.exists()
    assert AccessChange.objects.filter(kind="unblock").exists()
