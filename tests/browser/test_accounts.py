"""Accounts as people meet them: coming in, second factors, passkeys, forgotten passwords, leaving for good."""

import re
import time
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts import invites
from accounts.models import Session, User
from tests.browser.conftest import Enter
from tests.browser.screen import Browsers, Screen
from tests.support.codes import code
from tests.support.people import PASSWORD, Cast
from tests.support.servers import Server, running

NEW_PASSWORD = "a ferry at dawn 7"


@pytest.fixture(scope="module")
def mailing(live_database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server that writes its mails into a folder."""
    folder = tmp_path_factory.mktemp("mails")
    mail = {"IM_EMAIL_URL": f"filemail:///{folder}", "IM_EMAIL_FROM": "SkyeIM <chat@example.org>"}
    with running(IM_RATE_SIGN_IN_ADDRESS="1000/s:100000", **mail) as (started,):
        yield started, folder


def sign_out(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Account menu").click()
    screen.page.get_by_role("menuitem", name="Sign out").click()
    expect(screen.page.get_by_role("heading", name="Good to see you")).to_be_visible()


def it_is_me(screen: Screen) -> None:
    """The password, before something delicate."""
    expect(screen.page.get_by_role("heading", name="Is it you?")).to_be_visible()
    screen.page.get_by_label("Password", exact=True).fill(PASSWORD)
    screen.page.get_by_role("button", name="Go on").click()


def test_somebody_joins_by_invitation_and_writes(people: Cast, enter: Enter) -> None:
    _, link = invites.create(by=people.alice.user)
    new = enter(None, path=link, phone=True)
    new.allow("404")  # the used invitation, at the end
    name = f"isla-{time.time_ns()}"
    new.page.get_by_label("Your name").fill("Isla Renn")
    new.page.get_by_label("Username").fill(people.bob.user.username)
    new.page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    new.page.get_by_role("button", name="Create account").click()
    expect(new.page.get_by_text("Somebody has this name already.")).to_be_visible()
    new.page.get_by_label("Username").fill(name)
    new.page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    new.page.get_by_role("button", name="Create account").click()
    new.start_chat(people.bob.user.username, "Bob")
    new.write("the first thing I say")
    new.page.get_by_role("button", name="Send").click()
    new.tick("the first thing I say", "Sent")
    bob = enter(people.bob)
    bob.open("Isla Renn")
    bob.sees("the first thing I say")
    again = enter(None, path=link)
    again.allow("404")
    expect(again.page.get_by_role("heading", name="This invitation is no longer good")).to_be_visible()


def test_an_authenticator_app_is_set_up_and_asked_for(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.ready()
    alice.page.goto(f"{alice.url}/account")
    alice.page.get_by_role("link", name="Authenticator app").click()
    it_is_me(alice)
    expect(alice.page.get_by_role("img", name="QR code")).to_be_visible()
    assert alice.page.locator(".qr").evaluate("image => image.complete && image.naturalWidth > 0")
    secret = alice.page.get_by_label("Secret").input_value()
    alice.page.get_by_label("Code").fill(code(secret))
    alice.page.get_by_role("button", name="Turn on").click()
    codes = alice.page.get_by_role("list", name="Unused codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    spare = codes.first.inner_text()
    alice.page.goto(alice.url)
    sign_out(alice)
    alice.sign_in(people.alice)
    expect(alice.page.get_by_role("heading", name="One more step")).to_be_visible()
    alice.page.get_by_label("Code").fill("000000")
    alice.page.get_by_role("button", name="Sign in").click()
    expect(alice.page.get_by_role("alert").filter(has_text="That code is not right.")).to_be_visible()
    alice.page.get_by_label("Code").fill(spare)
    alice.page.get_by_role("button", name="Sign in").click()
    alice.ready()


def test_a_passkey_signs_in(people: Cast, browsers: Browsers, server: Server) -> None:
    """Made and used with a virtual authenticator. Passkeys belong to host names, so the page is asked for by its own."""
    bob = Screen(browsers, server.url.replace("127.0.0.1", "localhost"))
    devtools = bob.context.new_cdp_session(bob.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    bob.page.goto(f"{bob.url}/sign-in?next=/account")
    bob.sign_in(people.bob)
    bob.page.get_by_role("link", name="Passkeys").click()
    bob.page.get_by_role("link", name="Add a passkey").click()
    it_is_me(bob)
    bob.page.get_by_label("Name").fill("My laptop")
    bob.page.get_by_role("button", name="Add a passkey").click()
    expect(bob.page.get_by_role("list", name="Unused codes")).to_be_visible()
    bob.page.goto(f"{bob.url}/account/passkeys")
    expect(bob.page.get_by_text("My laptop")).to_be_visible()
    bob.page.goto(bob.url)
    bob.ready()
    sign_out(bob)
    bob.page.goto(f"{bob.url}/sign-in?next=/account")
    bob.page.get_by_role("button", name="Use a passkey").click()
    expect(bob.page.get_by_role("heading", name="Account")).to_be_visible()
    bob.page.goto(bob.url)
    bob.ready()
    sign_out(bob)
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})  # another one, which holds no key of theirs
    bob.page.get_by_role("button", name="Use a passkey").click()
    expect(bob.page.get_by_text("The passkey was not used.")).to_be_visible()
    bob.close()


def test_a_forgotten_password_is_replaced(people: Cast, enter: Enter, mailing: tuple[Server, Path]) -> None:
    server, folder = mailing
    User.objects.filter(pk=people.carol.id).update(email=f"{people.carol.user.username}@example.org")
    carol = enter(None, on=server, path="/sign-in")
    carol.page.get_by_role("link", name="Forgot it?").click()
    carol.page.get_by_label("E-mail").fill(f"{people.carol.user.username}@example.org")
    carol.page.get_by_role("button", name="Send the link").click()
    expect(carol.page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    deadline = time.monotonic() + 8
    while not (written := list(folder.iterdir())):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    mail = message_from_string(written[0].read_text().split("-" * 79)[0])
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    link = re.search(r"http://\S+/forgot/\S+", body.decode())
    assert link is not None
    carol.page.goto(link[0])
    carol.page.get_by_label("New password").fill(NEW_PASSWORD)
    carol.page.get_by_role("button", name="Change password").click()
    carol.page.get_by_role("link", name="Sign in").click()
    carol.sign_in(people.carol)
    expect(carol.page.get_by_role("alert").filter(has_text="don’t match")).to_be_visible()
    carol.sign_in(people.carol, NEW_PASSWORD)
    carol.ready()


def test_a_session_is_ended_from_elsewhere(people: Cast, enter: Enter) -> None:
    alice = enter(people.alice)
    alice.ready()
    page = Session.objects.get(user_id=people.alice.id, kind="web")
    listed = people.alice.api.get("/api/v1/sessions").json()["results"]
    assert next(one["device"] for one in listed if one["id"] == str(page.pk)) == "Chrome on Linux"
    assert people.alice.api.post("/api/v1/sessions/end-others").json() == {"ended": 1}
    expect(alice.pill).to_contain_text("You were signed out on this device", timeout=3_000)


def test_an_account_is_deleted_and_its_messages_stay(people: Cast, enter: Enter) -> None:
    bob, alice = enter(people.bob), enter(people.alice)
    bob.start_chat(people.alice.user.username, "Alice")
    bob.say("what stays")
    bob.tick("what stays", "Delivered")
    page = bob.another_tab("/account")
    page.page.get_by_role("link", name="Delete account").click()
    page.page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.page.get_by_role("button", name="Delete account").click()
    expect(page.page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    expect(bob.pill).to_contain_text("You were signed out")
    expect(bob.page.get_by_text("what stays")).to_have_count(0)
    alice.page.reload()
    alice.open("Deleted account")
    alice.sees("what stays")
    page.page.goto(f"{page.url}/sign-in")
    page.sign_in(people.bob)
    expect(page.page.get_by_role("alert").filter(has_text="don’t match")).to_be_visible()
    page.close()
