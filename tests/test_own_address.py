"""The page of my address: at once where there is no mail, else once it is confirmed."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.test import Client

from accounts import mail
from accounts.models import User
from tests.support.people import PASSWORD, Cast


@pytest.fixture
def bob(cast: Cast, client: Client) -> Client:
    """Bob, who has just typed his password."""
    User.objects.filter(pk=cast.bob.id).update(email="old@example.org")
    client.post("/sign-in", {"username": cast.bob.user.username, "password": PASSWORD})
    client.post("/account/confirm?next=/account", {"password": PASSWORD})
    return client


def address(cast: Cast) -> str:
    return User.objects.get(pk=cast.bob.id).email


def test_without_mail_it_changes_at_once(cast: Cast, bob: Client) -> None:
    page = bob.post("/account/email", {"email": "New@example.org", "action_add": ""}, follow=True)
    assert "Your address has changed." in page.content.decode()
    assert address(cast) == "new@example.org"
    assert Client().post("/sign-in", {"username": "new@example.org", "password": PASSWORD}).status_code == 302
    bob.post("/account/email", {"email": "new@example.org", "action_remove": ""})
    assert address(cast) == ""


def test_nobody_changes_it_at_a_screen_left_open(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob.user)
    answer = client.post("/account/email", {"email": "new@example.org", "action_add": ""})
    assert answer["Location"].startswith("/account/confirm?next=")
    assert address(cast) == ""
    # The password is all that was missing: the change goes on where it stopped.
    client.post(answer["Location"], {"password": PASSWORD})
    assert address(cast) == "new@example.org"


def test_with_mail_it_changes_once_it_is_confirmed(cast: Cast, bob: Client, settings: Any) -> None:
    settings.IM_EMAIL_URL, settings.IM_EMAIL_FROM = "memorymail://", "chat@example.org"
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    EmailAddress.objects.create(user=cast.bob.user, email="old@example.org", verified=True, primary=True)
    page = bob.post("/account/email", {"email": "new@example.org", "action_add": ""}, follow=True).content.decode()
    assert "A link is on its way to new@example.org." in page
    assert address(cast) == "old@example.org"
    mail.settle()
    link = re.search(r"https?://[^/]+(/confirm-address/\S+)", outbox.outbox[0].body)
    assert outbox.outbox[0].to == ["new@example.org"]
    assert link is not None
    assert "new@example.org" in bob.get(link[1]).content.decode()
    assert address(cast) == "old@example.org"  # a link that is only looked at does nothing
    assert bob.post(link[1])["Location"] == "/account"
    assert address(cast) == "new@example.org"
    assert not EmailAddress.objects.filter(email="old@example.org").exists()
    mail.settle()
    assert outbox.outbox[-1].to == ["old@example.org"]  # the old address hears of it


def test_whether_somebody_else_has_an_address_is_not_told(cast: Cast, bob: Client, settings: Any) -> None:
    settings.IM_EMAIL_URL, settings.IM_EMAIL_FROM = "memorymail://", "chat@example.org"
    EmailAddress.objects.create(user=cast.carol.user, email="carol@example.org", verified=True, primary=True)
    seen = set()
    for given in ("carol@example.org", "free@example.org"):
        page = bob.post("/account/email", {"email": given, "action_add": ""}, follow=True).content.decode()
        seen.add(re.sub(r'value="[^"]*"', "", page).replace(given, ""))
    assert len(seen) == 1
    mail.settle()
