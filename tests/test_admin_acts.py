"""Acts of the admin: asked about, with a reason, recorded for ever, and only by those who may."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import friends
from accounts.models import Block, FriendRequest, Friendship, Session, User
from audit import log, triggers
from audit.models import AuditEvent
from tests.support.people import Cast, make_person


def enter(client: Client, user_id: int, *permissions: str, **fields: bool) -> Client:
    """Sign somebody in as staff with these permissions ("accounts.change_user")."""
    User.objects.filter(pk=user_id).update(is_staff=True, **fields)
    user = User.objects.get(pk=user_id)
    for permission in permissions:
        app, name = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=name))
    client.force_login(User.objects.get(pk=user_id))
    return client


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    """Alice as a superuser."""
    return enter(client, cast.alice.id, is_superuser=True)


def newest() -> AuditEvent:
    return AuditEvent.objects.latest("pk")


def confirm(client: Client, path: str, reason: str = "because") -> Any:
    return client.post(f"/admin/{path}/", {"confirmed": "1", "reason": reason}, follow=True)


# ---- the log -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["update", "delete", "save", "sql"])
def test_no_path_changes_or_deletes_a_row_of_the_log(db: None, path: str) -> None:
    triggers.install()  # a second time changes nothing
    event = log.record(actor_id=1, actor="somebody", action="add", target="a thing")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        match path:
            case "update":
                AuditEvent.objects.filter(pk=event.pk).update(actor="nobody")
            case "delete":
                event.delete()
            case "save":
                event.reason = "another"
                event.save()
            case "sql":
                with connection.cursor() as cursor:
                    cursor.execute("DELETE FROM audit_auditevent")
    event = AuditEvent.objects.get(pk=event.pk)
    assert (event.actor, event.reason) == ("somebody", "")


def test_the_log_is_read_filtered_and_searched_but_not_written(admin: Client, cast: Cast) -> None:
    act = f"accounts/user/{cast.bob.id}/act/sign_out_everywhere"
    confirm(admin, act, "lost his <b>telephone</b>")
    event = newest()
    page = admin.get("/admin/audit/auditevent/?q=telephone&action=sign_out_everywhere&target_kind=accounts.user&days=1")
    text = page.content.decode()
    assert "lost his &lt;b&gt;telephone&lt;/b&gt;" in text
    assert "lost his <b>" not in text
    assert "Signed out everywhere" in text
    about_bob = f"/admin/audit/auditevent/?target_kind=accounts.user&target_id={cast.bob.id}"
    assert about_bob.replace("&", "&amp;") in admin.get(f"/admin/accounts/user/{cast.bob.id}/change/").content.decode()
    assert "telephone" in admin.get(about_bob).content.decode()
    assert "telephone" not in admin.get(about_bob.replace(str(cast.bob.id), "0")).content.decode()
    assert admin.get(f"/admin/audit/auditevent/{event.pk}/change/").status_code == 200
    for forbidden in ("add/", f"{event.pk}/delete/"):
        assert admin.post(f"/admin/audit/auditevent/{forbidden}", {"post": "yes"}).status_code == 403
    assert admin.post(f"/admin/audit/auditevent/{event.pk}/change/", {"reason": "x"}).status_code == 403


def test_what_is_added_changed_and_deleted_anywhere_is_in_the_log(admin: Client, cast: Cast) -> None:
    """Also in an admin that Django brings along; and the name of who did it outlives their account."""
    admin.post("/admin/auth/group/add/", {"name": "Helpers"})
    group = Group.objects.get(name="Helpers")
    admin.post(f"/admin/auth/group/{group.pk}/change/", {"name": "Hands"})
    admin.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"})
    told = AuditEvent.objects.filter(target_kind="auth.group", target_id=str(group.pk)).order_by("pk")
    assert list(told.values_list("action", "target")) == [("add", "Helpers"), ("change", "Hands"), ("delete", "Hands")]
    assert told[1].detail == {"message": [{"changed": {"fields": ["Name"]}}]}
    name = cast.alice.user.username
    User.objects.filter(pk=cast.alice.id).delete()
    assert set(told.values_list("actor", "actor_id", "address")) == {(name, cast.alice.id, "127.0.0.1")}


# ---- acts ----------------------------------------------------------------------------------------------------------------


def test_an_act_that_hurts_needs_a_reason(admin: Client, cast: Cast) -> None:
    path = f"accounts/user/{cast.bob.id}/act/deactivate"
    assert "Signs these people out" in admin.get(f"/admin/{path}/").content.decode()
    for reason in ("", "   ", "x" * 501, "\0"):
        assert 'role="alert"' in confirm(admin, path, reason).content.decode()
        assert User.objects.get(pk=cast.bob.id).is_active
    events = AuditEvent.objects.count()
    answer = confirm(admin, path, "spam")
    assert f"Deactivated: {cast.bob.user.username}" in answer.content.decode()
    assert not User.objects.get(pk=cast.bob.id).is_active
    event = newest()
    assert AuditEvent.objects.count() == events + 1
    assert (event.action, event.target_id, event.reason) == ("deactivate", str(cast.bob.id), "spam")
    again = admin.get(f"/admin/{path}/").content.decode()
    assert "There is nothing here that this could be done to." in again
    confirm(admin, f"accounts/user/{cast.bob.id}/act/reactivate", "")
    assert User.objects.get(pk=cast.bob.id).is_active


def test_an_act_on_a_list_leaves_out_whom_it_does_not_fit(admin: Client, cast: Cast) -> None:
    ids = [str(cast.alice.id), str(cast.bob.id), str(cast.carol.id)]
    data = {"action": "deactivate", "_selected_action": ids}
    asked = admin.post("/admin/accounts/user/", data).content.decode()
    assert f"<li>{cast.bob.user.username}</li>" in asked
    assert f"<li>{cast.alice.user.username}</li>" not in asked
    admin.post("/admin/accounts/user/", {**data, "confirmed": "1", "reason": "x"})
    found = User.objects.filter(pk__in=ids).order_by("pk").values_list("is_active", flat=True)
    assert list(found) == [True, False, False]
    assert AuditEvent.objects.filter(action="deactivate").count() == 2


def test_friendships_requests_and_blocks_go_through_the_functions_of_the_people(admin: Client, cast: Cast) -> None:
    alice, bob, carol = cast.alice.id, cast.bob.id, cast.carol.id
    friendship = Friendship.objects.get(low_id=alice, high_id=bob)
    ended = confirm(admin, f"accounts/friendship/{friendship.pk}/act/end_friendship")
    assert ended.redirect_chain == [("/admin/accounts/friendship/", 302)]  # its own page is gone with it
    assert not friends.are_friends(alice, bob)
    friends.ask(user_id=bob, other_id=carol)
    asked = FriendRequest.objects.get(sender_id=bob)
    confirm(admin, f"accounts/friendrequest/{asked.pk}/act/remove_request")
    assert not FriendRequest.objects.filter(sender_id=bob).exists()
    friends.ask(user_id=bob, other_id=carol)
    assert admin.post("/admin/accounts/block/add/", {"blocker": carol, "blocked": bob}).status_code == 302
    assert not FriendRequest.objects.filter(sender_id=bob).exists()  # a block ends what was asked
    block = Block.objects.get(blocker_id=carol)
    confirm(admin, f"accounts/block/{block.pk}/act/take_block_away")
    assert not Block.objects.filter(blocker_id=carol).exists()
    same = admin.post("/admin/accounts/block/add/", {"blocker": carol, "blocked": carol})
    assert "These are the same person." in same.content.decode()
    acts = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"end_friendship", "remove_request", "add", "take_block_away"} <= acts


# ---- who may -------------------------------------------------------------------------------------------------------------


def test_staff_cannot_raise_themselves_or_touch_other_staff(cast: Cast, client: Client) -> None:
    staff = enter(client, cast.bob.id, "accounts.view_user", "accounts.change_user", "accounts.add_user", "auth.change_group")
    User.objects.filter(pk=cast.alice.id).update(is_staff=True, is_superuser=True)
    form = {"username": cast.bob.user.username, "display_name": "Robert", "email": "", "is_staff": "on", "is_superuser": "on"}
    form |= {"user_permissions": [str(Permission.objects.get(codename="read_text").pk)], "is_active": "on"}
    assert staff.post(f"/admin/accounts/user/{cast.bob.id}/change/", form).status_code == 302
    bob = User.objects.get(pk=cast.bob.id)
    assert (bob.display_name, bob.is_superuser) == ("Robert", False)
    assert not bob.has_perm("chat.read_text")
    form["username"] = cast.carol.user.username
    staff.post(f"/admin/accounts/user/{cast.carol.id}/change/", form)
    assert not User.objects.get(pk=cast.carol.id).is_staff
    # Another's password would be another's rights.
    assert staff.get(f"/admin/accounts/user/{cast.alice.id}/password/").status_code == 403
    assert staff.post(f"/admin/accounts/user/{cast.alice.id}/change/", form).status_code == 403
    for act in ("deactivate", "sign_out_everywhere"):
        confirm(staff, f"accounts/user/{cast.alice.id}/act/{act}")
    assert User.objects.get(pk=cast.alice.id).is_active
    assert Session.objects.filter(user_id=cast.alice.id, ended_at=None).exists()
    group = Group.objects.create(name="Helpers")
    bob.groups.add(group)
    rights = {"name": "Helpers", "permissions": [str(Permission.objects.get(codename="read_text").pk)]}
    assert staff.post(f"/admin/auth/group/{group.pk}/change/", rights).status_code == 403
    assert staff.post(f"/admin/accounts/user/{cast.carol.id}/delete/", {"post": "yes"}).status_code == 403


def test_a_superuser_gives_rights_but_not_to_themselves(admin: Client, cast: Cast) -> None:
    form = {"username": cast.alice.user.username, "display_name": "Alice", "email": ""}
    assert admin.post(f"/admin/accounts/user/{cast.alice.id}/change/", form).status_code == 302
    assert User.objects.get(pk=cast.alice.id).is_superuser  # nobody locks themselves out
    form = {"username": cast.bob.user.username, "display_name": "Bob", "email": "", "is_staff": "on"}
    assert admin.post(f"/admin/accounts/user/{cast.bob.id}/change/", form).status_code == 302
    assert User.objects.get(pk=cast.bob.id).is_staff


ACTS = [
    ("accounts/user/{bob}/act/deactivate", "accounts.view_user"),
    ("accounts/user/{bob}/act/sign_out_everywhere", "accounts.view_user"),
    ("accounts/user/import", "accounts.view_user"),
    ("accounts/session/{session}/act/end_session", "accounts.view_session"),
    ("accounts/friendship/{friendship}/act/end_friendship", "accounts.view_friendship"),
    ("accounts/friendship/add", "accounts.view_friendship"),
    ("accounts/block/add", "accounts.view_block"),
]


@pytest.mark.parametrize(("path", "seeing"), ACTS)
def test_seeing_is_not_doing(cast: Cast, client: Client, path: str, seeing: str) -> None:
    """By its address, too, an act takes a right of its own; and so does seeing what it is about."""
    carol = enter(client, cast.carol.id)
    friendship = Friendship.objects.get(low_id=cast.alice.id, high_id=cast.bob.id)
    path = path.format(bob=cast.bob.id, session=cast.bob.session.pk, friendship=friendship.pk)
    for _ in range(2):
        assert carol.get(f"/admin/{path}/").status_code == 403
        assert confirm(carol, path).status_code == 403
        carol = enter(client, cast.carol.id, seeing)
    assert User.objects.get(pk=cast.bob.id).is_active
    assert not AuditEvent.objects.exclude(action="change").filter(actor_id=cast.carol.id).exists()
    if "/act/" in path:
        name = path.rpartition("/")[2]
        chosen = {"action": name, "_selected_action": [path.split("/")[2]], "confirmed": "1", "reason": "x"}
        assert f'value="{name}"' not in carol.get(f"/admin/{'/'.join(path.split('/')[:2])}/").content.decode()
        carol.post(f"/admin/{'/'.join(path.split('/')[:2])}/", chosen)
        assert Session.objects.filter(pk=cast.bob.session.pk, ended_at=None).exists()
        assert Friendship.objects.filter(pk=friendship.pk).exists()


def test_an_act_or_row_that_does_not_exist_is_not_found(admin: Client, cast: Cast) -> None:
    assert admin.get(f"/admin/accounts/user/{cast.bob.id}/act/promote/").status_code == 404
    assert admin.get("/admin/accounts/user/987654321/act/deactivate/").status_code == 404
    assert admin.get("/admin/accounts/session/nonsense/act/end_session/").status_code == 404


def test_one_act_takes_a_bounded_number_of_rows(admin: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.acts.MOST", 2)
    chosen = [str(person.id) for person in (cast.bob, cast.carol, make_person("dora"))]
    data = {"action": "sign_out_everywhere", "_selected_action": chosen, "confirmed": "1", "reason": "x"}
    assert "At most 2 at once." in admin.post("/admin/accounts/user/", data, follow=True).content.decode()
    assert Session.objects.filter(user_id__in=chosen, ended_at=None).count() == 3
