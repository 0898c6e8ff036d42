"""The second factor: nothing opens with the password alone, at whichever door."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from accounts import second_factor
from accounts.models import CacheEntry, User
from tests.support.codes import code, set_up
from tests.support.people import PASSWORD, Cast, Person
from tests.support.rest import API, ok, refused


def sign_in(client: Client, who: Person) -> Any:
    return client.post("/sign-in?next=/chat/1", {"username": who.user.username, "password": PASSWORD, "stay": "on"})


def token(who: Person, **more: str) -> Any:
    body = {"username": who.user.username, "password": PASSWORD, **more}
    return Client().post(API + "auth/token", body, content_type="application/json")


def is_in(client: Client) -> bool:
    return client.get(API + "users/me").status_code == 200


def test_it_is_set_up_on_the_page_after_the_password(cast: Cast, client: Client) -> None:
    sign_in(client, cast.bob)
    page = client.get("/account/app", follow=True)
    assert page.redirect_chain[-1][0].startswith("/account/confirm")
    wrong = client.post("/account/confirm?next=/account/app", {"password": "wrong"})
    assert "That is not your password." in wrong.content.decode()
    page = client.post("/account/confirm?next=/account/app", {"password": PASSWORD}, follow=True)
    assert "data:image/svg+xml" in page.content.decode()
    secret = re.search(r'id="authenticator_secret" value="([A-Z2-7]+)"', page.content.decode())
    assert secret is not None
    assert "not right" in client.post("/account/app", {"code": "000000"}).content.decode()
    done = client.post("/account/app", {"code": code(secret[1])}, follow=True)
    assert done.redirect_chain[-1][0] == "/account/recovery-codes"
    assert len(re.findall(r"<li>\d{8}</li>", done.content.decode())) == 10
    assert second_factor.has(cast.bob.user)
    kept = Authenticator.objects.get(user=cast.bob.user, type="totp").data["secret"]
    assert secret[1] not in kept  # unreadable in the database


def test_the_page_asks_for_the_code_and_lets_nobody_in_before(cast: Cast, client: Client) -> None:
    secret, recovery = set_up(cast.bob.user)
    assert sign_in(client, cast.bob)["Location"] == "/sign-in/code"
    assert not is_in(client)
    assert client.get("/account").status_code == 302
    assert "not right" in client.post("/sign-in/code", {"code": "12345678"}).content.decode()
    assert not is_in(client)
    shown = code(secret)
    assert client.post("/sign-in/code", {"code": f" {shown[:3]} {shown[3:]} "})["Location"] == "/chat/1"
    assert is_in(client)
    # A code is good once, in whichever process: what is used stands in the database.
    assert CacheEntry.objects.exists()
    other = Client()
    sign_in(other, cast.bob)
    assert "not right" in other.post("/sign-in/code", {"code": shown}).content.decode()
    cache.delete(f"allauth.mfa.totp.used?user={cast.bob.id}&code={shown}")  # as after 30 seconds, while it is still good
    assert "not right" in other.post("/sign-in/code", {"code": shown}).content.decode()
    assert other.post("/sign-in/code", {"code": recovery[0]})["Location"] == "/chat/1"
    third = Client()
    sign_in(third, cast.bob)
    assert "not right" in third.post("/sign-in/code", {"code": recovery[0]}).content.decode()


def test_the_second_step_cannot_be_reached_without_the_first(cast: Cast, client: Client) -> None:
    set_up(cast.bob.user)
    for answer in (client.get("/sign-in/code"), client.post("/sign-in/code", {"code": "1"})):
        assert answer["Location"] == "/sign-in"


def test_the_token_endpoint_demands_it(cast: Cast) -> None:
    secret, recovery = set_up(cast.bob.user)
    assert refused(token(cast.bob), 401, "second_factor_required")["field"] == "code"
    assert refused(token(cast.bob, code="000000"), 401, "unauthorized")["field"] == "code"
    for odd in ("", "二三四五六七", "9" * 33):
        refused(token(cast.bob, code=odd), 401 if odd else 400, "unauthorized" if odd else "bad_frame")
    ok(token(cast.bob, code=code(secret)))
    refused(token(cast.bob, code=code(secret)), 401, "unauthorized")
    ok(token(cast.bob, code=recovery[3]))
    refused(token(cast.bob, code=recovery[3]), 401, "unauthorized")
    wrong = Client().post(
        API + "auth/token", {"username": cast.bob.user.username, "password": "wrong", "code": recovery[4]},
        content_type="application/json",
    )  # fmt: skip
    assert "password" in refused(wrong, 401, "unauthorized")["message"]  # the password is asked first
    ok(token(cast.carol))


def test_the_admin_cannot_be_entered_around_it(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.bob.id).update(is_staff=True, is_superuser=True)
    secret, _ = set_up(cast.bob.user)
    credentials = {"username": cast.bob.user.username, "password": PASSWORD, "next": "/admin/"}
    assert client.post("/admin/login/", credentials)["Location"].startswith("/sign-in")
    assert client.post("/sign-in", credentials)["Location"] == "/sign-in/code"
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.post("/sign-in/code", {"code": code(secret)})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/mfa/authenticator/").status_code == 404  # nobody reads secrets there


def test_codes_and_passwords_share_one_budget(cast: Cast, client: Client, settings: Any) -> None:
    settings.IM_RATE_SIGN_IN_NAME = (1 / 600, 4)
    secret, _ = set_up(cast.bob.user)
    sign_in(client, cast.bob)
    for _ in range(2):
        client.post("/sign-in/code", {"code": "000000"})
    for _ in range(2):
        refused(token(cast.bob, code="000000"), 401, "unauthorized")
    assert refused(token(cast.bob, code=code(secret)), 429, "rate_limited")["retryAfterMs"] > 1000
    page = client.post("/sign-in/code", {"code": code(secret)})
    assert "Too many attempts" in page.content.decode()
    assert not is_in(client)
    assert "Too many attempts" in sign_in(Client(), cast.bob).content.decode()
    assert sign_in(Client(), cast.carol).status_code == 302


def test_an_administrator_takes_a_lost_one_away(cast: Cast, client: Client) -> None:
    set_up(cast.bob.user)
    assert second_factor.has(cast.bob.user)
    assert second_factor.reset(cast.bob.user) == 2
    assert not second_factor.has(cast.bob.user)
    assert sign_in(client, cast.bob)["Location"] == "/chat/1"
    assert second_factor.reset(cast.bob.user) == 0


def test_it_is_turned_off_after_the_password_and_its_codes_go_with_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob.user)
    set_up(cast.bob.user)
    assert client.post("/account/app/remove")["Location"].startswith("/account/confirm")
    assert second_factor.has(cast.bob.user)
    client.post("/account/confirm?next=/account", {"password": PASSWORD})
    assert client.post("/account/app/remove").status_code == 302
    assert not Authenticator.objects.filter(user=cast.bob.user).exists()


def test_with_another_secret_key_no_code_fits(cast: Cast, settings: Any) -> None:
    secret, recovery = set_up(cast.bob.user)
    settings.SECRET_KEY = "another key that is long enough for it"
    cache.clear()
    assert not second_factor.check(user=cast.bob.user, code=code(secret))
    assert not second_factor.check(user=cast.bob.user, code=recovery[0])


@pytest.mark.parametrize("path", ["", "/password", "/email", "/delete", "/passkeys", "/confirm"])
def test_the_pages_of_an_account_open_and_are_somebodys(cast: Cast, client: Client, path: str) -> None:
    assert client.get(f"/account{path}")["Location"].startswith("/sign-in?next=/account")
    client.force_login(cast.bob.user)
    assert client.get(f"/account{path}").status_code == 200


def test_nobody_touches_the_passkeys_of_others(cast: Cast, client: Client) -> None:
    data = {"name": "key", "credential": {}}
    theirs = Authenticator.objects.create(user=cast.carol.user, type="webauthn", data=data)
    sign_in(client, cast.bob)
    client.post("/account/confirm?next=/account", {"password": PASSWORD})
    for deed in ("remove", "name"):
        assert client.post(f"/account/passkeys/{theirs.pk}/{deed}", {"name": "mine"}).status_code == 404
    assert Authenticator.objects.get(pk=theirs.pk).data == data


def test_a_credential_that_is_nonsense_is_refused(cast: Cast, client: Client) -> None:
    client.get("/sign-in/passkey", headers={"Accept": "application/json"})
    for credential in ("", "nonsense", "{}", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}'):
        answer = client.post("/sign-in/passkey", {"credential": credential})
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in")
    assert not is_in(client)
