"""New people: by invitation or by themselves, and what the pages tell strangers."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail as outbox
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import invites, mail
from accounts.models import CacheEntry, Invite, User
from imsite import checks
from realtime.clock import now_ms
from realtime.errors import Refused
from realtime.redaction import redact
from tests.support.people import PASSWORD, Cast

FIELDS = {"display_name": "Isla Renn", "username": "isla", "email": "", "password1": "a ferry at dawn 7"}


@pytest.fixture
def mails(settings: Any, db: None) -> Callable[[], list[Any]]:
    """Mail is configured; returns what was sent so far."""
    settings.IM_EMAIL_URL = "memorymail://"
    settings.IM_EMAIL_FROM = "SkyeIM <chat@example.org>"
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True

    def sent() -> list[Any]:
        mail.settle()
        return outbox.outbox

    return sent


def path_of(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)


# ---- invitations ---------------------------------------------------------------------------------------------------------


def test_an_invitation_makes_one_account_and_signs_it_in(cast: Cast, client: Client) -> None:
    invite, url = invites.create(by=cast.alice.user)
    assert url.startswith("/join/")
    assert invite.token_hash not in url
    assert "Create an account" in client.get(url).content.decode()
    answer = client.post(url, FIELDS)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get(username="isla")
    assert (user.name, user.sessions.count()) == ("Isla Renn", 1)
    assert client.get("/api/v1/users/me").json()["username"] == "isla"
    again = Client().post(url, {**FIELDS, "username": "isla2"})
    assert again.status_code == 404
    assert not User.objects.filter(username="isla2").exists()


def test_an_invitation_ends_by_time_by_hand_and_by_setting(cast: Cast, client: Client, settings: Any) -> None:
    old, old_url = invites.create(by=None, lifetime=60)
    Invite.objects.filter(pk=old.pk).update(expires_at=now_ms() - 1)
    revoked, revoked_url = invites.create(by=None, uses=5)
    invites.revoke(invite_id=revoked.pk)
    _good, good_url = invites.create(by=None)
    for url in (old_url, revoked_url, "/join/nonsense"):
        page = client.get(url)
        assert page.status_code == 404
        assert "no longer good" in page.content.decode()
    assert client.get(good_url).status_code == 200
    settings.IM_SIGN_UP = "closed"
    assert client.get(good_url).status_code == 404
    with pytest.raises(Refused):
        invites.create(by=None)
    settings.IM_SIGN_UP = "invite"
    for bad in ({"uses": 0}, {"uses": 10**6}, {"lifetime": 0}):
        with pytest.raises(Refused):
            invites.create(by=None, **bad)


def test_an_invitation_for_an_address_makes_an_account_with_that_address(cast: Cast, client: Client) -> None:
    _, url = invites.create(by=cast.alice.user, email="Isla@Example.org")
    client.post(url, {**FIELDS, "email": "somebody@else.example"})
    assert User.objects.get(username="isla").email == "isla@example.org"


def test_a_mistake_keeps_the_invitation(cast: Cast, client: Client) -> None:
    invite, url = invites.create(by=None)
    taken = cast.bob.user.username.upper()
    for wrong, words in (
        ({"username": taken}, "Somebody has this name already."),
        ({"username": "a@b.example"}, "A name holds no @."),
        ({"password1": "12345678"}, "password"),
        ({"display_name": " "}, "required"),
    ):
        page = client.post(url, {**FIELDS, **wrong})
        assert page.status_code == 200
        assert words in page.content.decode()
    invite.refresh_from_db()
    assert invite.uses_left == 1


def test_nobody_signs_up_alone_unless_it_is_open(cast: Cast, client: Client, settings: Any) -> None:
    assert client.get("/sign-up").status_code == 403
    assert client.post("/sign-up", FIELDS).status_code == 403
    assert "Create an account" not in client.get("/sign-in").content.decode()
    settings.IM_SIGN_UP = "open"
    assert "Create an account" in client.get("/sign-in").content.decode()
    assert client.post("/sign-up", FIELDS).status_code == 302
    assert User.objects.filter(username="isla").exists()


def test_signing_up_again_and_again_is_slowed_down(cast: Cast, client: Client, settings: Any) -> None:
    """Counted in the database, so for all processes."""
    settings.IM_SIGN_UP = "open"
    for _ in range(20):
        assert client.post("/sign-up", {}).status_code == 200
    page = client.post("/sign-up", FIELDS)
    assert page.status_code == 429
    assert "A little slower" in page.content.decode()
    assert CacheEntry.objects.exists()
    assert not User.objects.filter(username="isla").exists()


# ---- what strangers learn --------------------------------------------------------------------------------------------------


def test_the_pages_tell_nothing_about_addresses(cast: Cast, settings: Any, mails: Any) -> None:
    """Sign-up and a forgotten password answer the same whether an address is known or not."""
    settings.IM_SIGN_UP = "open"
    User.objects.filter(pk=cast.bob.id).update(email="bob@example.org")
    for verification in ("none", "optional", "mandatory"):
        settings.IM_EMAIL_VERIFICATION = settings.ACCOUNT_EMAIL_VERIFICATION = verification
        cache.clear()
        seen = []
        for number, address in enumerate(("bob@example.org", f"new-{verification}@example.org")):
            answer = Client().post("/sign-up", {**FIELDS, "username": f"i-{verification}-{number}", "email": address})
            seen.append((answer.status_code, answer["Location"]))
        assert seen[0] == seen[1], verification
    seen = []
    for address in ("bob@example.org", "nobody@example.org"):
        answer = Client().post("/forgot", {"email": address}, follow=True)
        seen.append((answer.redirect_chain, re.sub(r'value="[^"]+"', "", answer.content.decode())))
    assert seen[0] == seen[1]


def test_signing_in_takes_as_long_for_nobody_as_for_somebody(cast: Cast, client: Client, monkeypatch: Any) -> None:
    """One password is hashed, whatever was typed."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hashed: list[str] = []
    original, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *args: hashed.append("made") or original(*args))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *args: hashed.append("checked") or verify(*args))
    User.objects.filter(pk=cast.bob.id).update(email="bob@example.org")
    User.objects.filter(pk=cast.carol.id).update(is_active=False)
    pages = set()
    for name in (cast.bob.user.username, "nobody-at-all", "bob@example.org", "nobody@example.org", cast.carol.user.username):
        before = len(hashed)
        page = client.post("/sign-in", {"username": name, "password": "wrong"}).content.decode()
        pages.add(re.sub(r'value="[^"]*"', "", page))
        assert len(hashed) == before + 1, name
    assert len(pages) == 1


# ---- signing in by address, mail -------------------------------------------------------------------------------------------


def test_a_name_or_an_address_signs_in(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.bob.id).update(email="Bob@Example.org")
    for door in (
        lambda name: client.post("/sign-in", {"username": name, "password": PASSWORD}).status_code == 302,
        lambda name: (
            "access"
            in client.post(
                "/api/v1/auth/token", {"username": name, "password": PASSWORD}, content_type="application/json"
            ).json()
        ),
    ):
        assert door("bob@example.ORG")
        client.logout()
        assert door(cast.bob.user.username)
        client.logout()
        # An address that two people gave and none confirmed is nobody's; confirmed, it is one's.
        User.objects.filter(pk=cast.carol.id).update(email="bob@example.org")
        assert not door("bob@example.org")
        EmailAddress.objects.create(user=cast.bob.user, email="bob@example.org", verified=True, primary=True)
        assert door("bob@example.org")
        client.logout()
        EmailAddress.objects.all().delete()
        User.objects.filter(pk=cast.carol.id).update(email="")


def test_a_forgotten_password_comes_back_by_mail(cast: Cast, client: Client, mails: Any) -> None:
    User.objects.filter(pk=cast.bob.id).update(email="bob@example.org")
    assert client.post("/forgot", {"email": "BOB@example.org"}).status_code == 302
    (message,) = mails()
    assert message.to == ["bob@example.org"]
    assert message.subject == "Choose a new password"
    assert cast.bob.user.username in message.body
    assert message.from_email == "SkyeIM <chat@example.org>"
    link = path_of(re.search(r"https?://\S+/forgot/\S+", message.body)[0])  # type: ignore[index]
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    assert client.post(form, {"password1": "a new and better one"}).status_code == 302
    assert User.objects.get(pk=cast.bob.id).check_password("a new and better one")
    assert cast.bob.api.get("/api/v1/users/me").status_code == 401  # as after every change
    assert [sent.subject for sent in mails()] == ["Choose a new password", "Your password has changed"]
    assert "no longer good" in Client().get(link, follow=True).content.decode()


def test_without_mail_nothing_that_takes_mail_is_offered(cast: Cast, client: Client) -> None:
    assert client.get("/forgot").status_code == 404
    assert "/forgot" not in client.get("/sign-in").content.decode()


def test_a_confirmed_address_is_asked_for_at_every_door(cast: Cast, settings: Any, mails: Any) -> None:
    settings.IM_SIGN_UP, settings.IM_EMAIL_VERIFICATION = "open", "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    browser = Client()
    signed_up = browser.post("/sign-up", {**FIELDS, "email": "isla@example.org"})
    assert signed_up["Location"] == "/confirm-address"
    assert browser.get("/api/v1/users/me").status_code == 401
    credentials = {"username": "isla", "password": FIELDS["password1"]}
    refused = browser.post("/api/v1/auth/token", credentials, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert Client().post("/sign-in", credentials)["Location"] == "/confirm-address"
    link = path_of(re.search(r"https?://\S+/confirm-address/\S+", mails()[0].body)[0])  # type: ignore[index]
    assert "isla@example.org" in browser.get(link).content.decode()
    assert browser.post(link).status_code == 302
    assert Client().post("/sign-in", credentials)["Location"] == "/"
    # Whom an administrator made without an address is not asked.
    assert Client().post("/sign-in", {"username": cast.bob.user.username, "password": PASSWORD})["Location"] == "/"


def test_settings_that_cannot_be(settings: Any) -> None:
    assert checks.accounts(None) == []
    settings.IM_SIGN_UP = "perhaps"
    settings.IM_EMAIL_VERIFICATION = "mandatory"
    assert [found.id for found in checks.accounts(None)] == ["skyeim.E020", "skyeim.E022"]
    settings.IM_EMAIL_URL = "smtp://localhost"
    settings.IM_EMAIL_VERIFICATION = "maybe"
    assert [found.id for found in checks.accounts(None)] == ["skyeim.E020", "skyeim.E021", "skyeim.E023"]


def test_nonsense_is_answered_and_crashes_nothing(cast: Cast, client: Client, mails: Any) -> None:
    odd = "a\x00b", "\ud83d" * 2, "x" * 5000, "%s' OR 1=1"
    for text in odd:
        text = text.encode("utf-8", "replace").decode()
        assert client.post("/sign-in", {"username": text, "password": text}).status_code == 200
        _, url = invites.create(by=None)
        for field in FIELDS:
            assert client.post(url, {**FIELDS, "username": "", field: text}).status_code == 200, (field, text)
        assert client.post("/forgot", {"email": text}).status_code == 200
    for path in ("/join/%00", "/join/" + "x" * 2000, "/forgot/zzzzzzzzzzzzz-x", "/forgot/0-x", "/confirm-address/x:y:z"):
        assert client.get(path).status_code in (200, 302, 404), path
    client.force_login(cast.bob.user)
    for path in (f"/account/passkeys/{2**70}/remove", "/account/passkeys/0/name"):
        assert client.get(path, follow=True).status_code in (200, 404)
    for text in odd[:1] + odd[2:]:
        for path, field in (("email", "email"), ("delete", "password"), ("confirm", "password"), ("password", "oldpassword")):
            assert client.post(f"/account/{path}", {field: text, "action_add": ""}).status_code == 200


@pytest.mark.parametrize("path", ["/join/Secret-1_x", "/forgot/3-secret-key", "/confirm-address/MQ:secret"])
def test_links_stay_out_of_the_log(path: str) -> None:
    line = redact(f'127.0.0.1:1 - "GET {path} HTTP/1.1" 200')
    assert "ecret" not in line
    assert "200" in line


def test_an_operator_invites_from_the_command_line(cast: Cast, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("invite", "--uses", "2", "--site", "https://chat.example.org/")
    link = capsys.readouterr().out.strip()
    assert link.startswith("https://chat.example.org/join/")
    assert client.get(path_of(link)).status_code == 200
    with pytest.raises(CommandError):
        call_command("invite", "--uses", "0")
