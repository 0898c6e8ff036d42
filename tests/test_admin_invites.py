"""Invitations in the admin, and the second factor that somebody has lost."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import second_factor
from accounts.models import Invite, Session, User
from audit.models import AuditEvent
from tests.support.people import Cast
from tests.test_admin_acts import confirm, enter, newest

WANTED = {"uses": "2", "days": "3", "email": ""}


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    """Alice as a superuser."""
    return enter(client, cast.alice.id, is_superuser=True)


def test_an_invitation_is_made_shown_once_and_revoked(admin: Client, cast: Cast) -> None:
    page = admin.post("/admin/accounts/invite/add/", WANTED)
    assert "no-store" in page.headers["Cache-Control"]
    found = re.search(r'value="http://testserver(/join/[^"]+)"', page.content.decode())
    assert found is not None
    invite = Invite.objects.latest("pk")
    assert (invite.made_by_id, invite.uses_left) == (cast.alice.id, 2)
    assert (newest().action, newest().detail) == ("invite", {"uses": 2, "days": 3})

    guest = Client()
    assert guest.get(found[1]).status_code == 200
    token = found[1].rsplit("/", 1)[1]
    assert token not in admin.get("/admin/accounts/invite/").content.decode()
    assert token not in str(list(AuditEvent.objects.values()))

    confirm(admin, f"accounts/invite/{invite.pk}/act/revoke_invite")
    invite.refresh_from_db()
    assert invite.revoked_at is not None
    assert guest.get(found[1]).status_code == 404
    assert newest().action == "revoke_invite"


@pytest.mark.parametrize("wrong", [{"uses": "0"}, {"days": "0"}, {"days": "366"}, {"email": "nobody"}, {"uses": "x"}])
def test_a_wrong_invitation_is_not_made(admin: Client, wrong: dict[str, str]) -> None:
    before = Invite.objects.count()
    page = admin.post("/admin/accounts/invite/add/", WANTED | wrong)
    assert 'class="errorlist"' in page.content.decode()
    assert Invite.objects.count() == before


def test_nobody_invites_where_sign_up_is_closed(admin: Client, settings: object) -> None:
    settings.IM_SIGN_UP = "closed"  # type: ignore[attr-defined]
    before = Invite.objects.count()
    assert "IM_SIGN_UP=closed" in admin.post("/admin/accounts/invite/add/", WANTED).content.decode()
    assert Invite.objects.count() == before


def test_staff_invite_with_the_right_alone(cast: Cast, client: Client) -> None:
    staff = enter(client, cast.bob.id, "accounts.view_invite")
    before = Invite.objects.count()
    assert staff.post("/admin/accounts/invite/add/", WANTED).status_code == 403
    assert Invite.objects.count() == before
    enter(client, cast.bob.id, "accounts.add_invite")
    assert staff.post("/admin/accounts/invite/add/", WANTED).status_code == 200
    assert Invite.objects.count() == before + 1


def test_a_lost_second_factor_is_reset(admin: Client, cast: Cast) -> None:
    act = f"accounts/user/{cast.bob.id}/act/reset_second_factor"
    confirm(admin, act)  # there is none, so nothing is done
    assert not AuditEvent.objects.filter(action="reset_second_factor").exists()
    assert Session.objects.filter(user=cast.bob.user, ended_at=None).exists()
    Authenticator.objects.create(user=cast.bob.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    confirm(admin, act, "lost his telephone")
    bob = User.objects.get(pk=cast.bob.id)
    assert not second_factor.has(bob)
    assert not Session.objects.filter(user=bob, ended_at=None).exists()
    assert (newest().action, newest().reason) == ("reset_second_factor", "lost his telephone")


def test_staff_reset_no_factor_of_other_staff(cast: Cast, client: Client) -> None:
    staff = enter(client, cast.bob.id, "accounts.view_user", "accounts.change_user")
    User.objects.filter(pk=cast.carol.id).update(is_staff=True)
    Authenticator.objects.create(user=cast.carol.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    confirm(staff, f"accounts/user/{cast.carol.id}/act/reset_second_factor")
    assert second_factor.has(cast.carol.user)
