"""My sessions and devices, and the end of my account."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts import deletion, friends, invites, sessions, usage
from accounts.models import AccessChange, FriendRequest, Friendship, Invite, Session, User
from realtime.clock import now_ms
from realtime.database import in_database
from realtime.hub import hub
from tests.conftest import Open
from tests.support.client import Device
from tests.support.codes import set_up
from tests.support.http import call
from tests.support.people import PASSWORD, Cast
from tests.support.rest import API, ok, refused, say
from tests.support.servers import Server

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0"


def begin(who: Any, agent: str = "", kind: Session.Kind = Session.Kind.WEB) -> Session:
    return sessions.begin(user=who.user, kind=kind, address="192.0.2.7", user_agent=agent)


async def cut(device: Device, expected: int) -> None:
    began = time.monotonic()
    assert await device.closed() == expected
    assert time.monotonic() - began < 2


# ---- the list ------------------------------------------------------------------------------------------------------------


def test_where_i_am_signed_in(cast: Cast) -> None:
    for agent in (FIREFOX, IPHONE, EDGE):
        begin(cast.bob, agent)
    begin(cast.bob, "curl/8.5.0", Session.Kind.TOKEN)
    ended = begin(cast.bob, FIREFOX)
    sessions.end(session_id=str(ended.pk), user_id=cast.bob.id)
    begin(cast.alice, FIREFOX)
    found = ok(cast.bob.api.get(API + "sessions"))["results"]
    names = {entry["device"] for entry in found}
    assert names == {"Firefox on Linux", "Safari on iPhone", "Edge on Windows", "curl", "A program"}
    assert [entry["device"] for entry in found if entry["isPhone"]] == ["Safari on iPhone"]
    (current,) = [entry for entry in found if entry["isCurrent"]]
    assert current["id"] == str(cast.bob.session.pk)
    entry = next(entry for entry in found if entry["device"] == "curl")
    assert (entry["kind"], entry["address"]) == ("token", "192.0.2.7")
    assert abs(entry["createdAt"] - now_ms()) < 60_000
    refused(Client().get(API + "sessions"), 401, "unauthorized")


def test_a_session_is_seen_when_it_is_used(cast: Cast, client: Client) -> None:
    long_ago = now_ms() - 3_600_000
    client.post("/sign-in", {"username": cast.bob.user.username, "password": PASSWORD})
    page = Session.objects.get(user=cast.bob.user, kind="web")
    Session.objects.filter(user=cast.bob.user).update(last_seen_at=long_ago)
    ok(client.get(API + "users/me"))
    page.refresh_from_db()
    assert page.last_seen_at > long_ago
    assert Session.objects.get(pk=cast.bob.session.pk).last_seen_at == long_ago
    ok(cast.bob.api.get(API + "users/me"))
    assert Session.objects.get(pk=cast.bob.session.pk).last_seen_at > long_ago


async def test_a_session_whose_socket_is_open_is_in_use(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page may say nothing for hours."""
    long_ago = now_ms() - 3_600_000
    await in_database(Session.objects.filter(user=people.bob.user).update, last_seen_at=long_ago)
    connection = SimpleNamespace(session_id=str(people.bob.session.pk))
    monkeypatch.setattr(hub, "connections", {"1": connection, "2": connection, "3": SimpleNamespace(session_id=None)})
    await usage._look()
    seen = await in_database(Session.objects.get, pk=people.bob.session.pk)
    assert seen.last_seen_at > long_ago


def test_a_changed_password_empties_the_list_but_for_the_browser_that_changed_it(cast: Cast, client: Client) -> None:
    client.post("/sign-in", {"username": cast.bob.user.username, "password": PASSWORD})
    assert len(sessions.living(cast.bob.user)) == 2
    wrong = client.post("/account/password", {"oldpassword": "wrong", "password1": "another and better one"})
    assert "That is not your password." in wrong.content.decode()
    changed = client.post("/account/password", {"oldpassword": PASSWORD, "password1": "another and better one"})
    assert changed["Location"] == "/account"
    found = ok(client.get(API + "sessions"))["results"]
    assert [entry["isCurrent"] for entry in found] == [True]
    ok(client.post(API + "ws-tickets"), 201)
    refused(cast.bob.api.get(API + "users/me"), 401, "unauthorized")


def test_the_admins_own_button_ends_the_session_too(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.bob.id).update(is_staff=True)
    client.post("/sign-in", {"username": cast.bob.user.username, "password": PASSWORD})
    assert client.get("/admin/password_change/")["Location"] == "/account/password"
    client.post("/admin/logout/")
    assert Session.objects.get(user=cast.bob.user, kind="web").ended_at is not None


# ---- ending them -----------------------------------------------------------------------------------------------------------


def test_only_my_own_sessions_end(cast: Cast) -> None:
    theirs, mine = begin(cast.alice), begin(cast.bob)
    for unknown in (theirs.pk, "00000000-0000-0000-0000-000000000000"):
        refused(cast.bob.api.delete(f"{API}sessions/{unknown}"), 404, "not_found")
    refused(cast.bob.api.delete(f"{API}sessions/1"), 404, "not_found")
    ok(cast.bob.api.delete(f"{API}sessions/{mine.pk}"), 204)
    refused(cast.bob.api.delete(f"{API}sessions/{mine.pk}"), 404, "not_found")
    assert Session.objects.get(pk=theirs.pk).ended_at is None


async def test_an_ended_session_is_cut_and_the_others_stay(people: Cast, servers: list[Server], device: Open) -> None:
    from accounts import tokens

    other = await in_database(begin, people.alice, FIREFOX, Session.Kind.TOKEN)
    issued = await in_database(tokens.issue, user=people.alice.user, session=other)
    here, there = await device(people.alice), await device(issued["access"])
    status, _ = await call(servers[0], "DELETE", f"/api/v1/sessions/{other.pk}", people.alice.access)
    assert status == 204
    await cut(there, 4504)
    await here.settled()
    assert (await call(servers[0], "GET", "/api/v1/users/me", issued["access"]))[0] == 401
    again = await in_database(begin, people.alice, FIREFOX, Session.Kind.TOKEN)
    issued = await in_database(tokens.issue, user=people.alice.user, session=again)
    there = await device(issued["access"])
    status, body = await call(servers[-1], "POST", "/api/v1/sessions/end-others", people.alice.access)
    assert (status, body["ended"]) == (200, 1)
    await cut(there, 4504)
    await here.settled()


# ---- the end of an account ---------------------------------------------------------------------------------------------------


async def test_a_deleted_account_is_gone_and_its_messages_stay(people: Cast, servers: list[Server], device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    ack = await bob.chat("what I said", to=people.alice.id)
    wrong = await call(servers[0], "DELETE", "/api/v1/me", people.bob.access, {"password": "wrong"})
    assert (wrong[0], wrong[1]["field"]) == (403, "password")
    await bob.settled()
    status, _ = await call(servers[0], "DELETE", "/api/v1/me", people.bob.access, {"password": PASSWORD})
    assert status == 204
    began = time.monotonic()
    assert await bob.closed() in (4502, 4504)
    assert time.monotonic() - began < 2
    await alice.get("offline", lambda data: data["userId"] == people.bob.id)
    for method, path, body in (("GET", "users/me", None), ("POST", "auth/token/refresh", {"refresh": people.bob.refresh})):
        assert (await call(servers[0], method, f"/api/v1/{path}", people.bob.access if body is None else None, body))[0] == 401
    credentials = {"username": people.bob.user.username, "password": PASSWORD}
    assert (await call(servers[0], "POST", "/api/v1/auth/token", None, credentials))[0] == 401
    again = await device(people.bob, wait=False)
    assert await again.closed() == 4502
    status, body = await call(servers[0], "GET", f"/api/v1/conversations/{ack['conversationId']}/messages", people.alice.access)
    assert [message["content"] for message in body["results"]] == ["what I said"]
    status, body = await call(servers[0], "GET", "/api/v1/conversations", people.alice.access)
    (chat,) = [one for one in body["results"] if one["id"] == ack["conversationId"]]
    assert chat["peer"]["displayName"] == "Deleted account"
    assert people.bob.user.username not in str(body)
    assert (await call(servers[0], "GET", f"/api/v1/users/{people.bob.id}", people.alice.access))[0] == 404


def test_nothing_of_a_deleted_person_is_kept_but_what_they_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    erased: list[int] = []
    monkeypatch.setattr(deletion, "erasers", [erased.append])
    User.objects.filter(pk=cast.bob.id).update(email="bob@example.org", first_name="Bob", last_name="Lindqvist")
    set_up(cast.bob.user)
    friends.ask(user_id=cast.carol.id, other_id=cast.bob.id)
    friends.block(user_id=cast.bob.id, other_id=cast.carol.id)
    invites.create(by=cast.bob.user)
    say(cast.bob, cast.alice, "stays")
    old = cast.bob.user.username
    deletion.delete_account(user=cast.bob.user)
    deletion.delete_account(user=cast.bob.user)
    gone = User.objects.get(pk=cast.bob.id)
    assert erased == [cast.bob.id]
    assert (gone.email, gone.first_name, gone.last_name, gone.is_active) == ("", "", "", False)
    assert gone.name == "Deleted account"
    assert not gone.has_usable_password()
    assert not gone.authenticator_set.exists()
    assert not FriendRequest.objects.filter(recipient=gone).exists()
    assert not Friendship.objects.filter(low=gone).exists()
    assert not Friendship.objects.filter(high=gone).exists()
    assert not Invite.objects.filter(made_by=gone, revoked_at=None).exists()
    assert {"disabled", "password", "sessions"} <= set(
        AccessChange.objects.filter(user_id=gone.pk).values_list("kind", flat=True)
    )
    User.objects.create(username=old)  # the name is free


def test_a_recent_sign_in_is_enough_and_an_old_one_is_not(cast: Cast) -> None:
    Session.objects.filter(pk=cast.bob.session.pk).update(created_at=now_ms() - 3_600_000)
    assert refused(cast.bob.api.delete(API + "me"), 403, "forbidden")["field"] == "password"
    ok(cast.carol.api.delete(API + "me"), 204)
    assert not User.objects.get(pk=cast.carol.id).is_active


def test_guessing_the_password_there_is_guessing_it_anywhere(cast: Cast, settings: Any) -> None:
    settings.IM_RATE_SIGN_IN_NAME = (1 / 600, 3)
    for _ in range(3):
        refused(cast.bob.api.delete(API + "me", {"password": "wrong"}), 403, "forbidden")
    refused(cast.bob.api.delete(API + "me", {"password": PASSWORD}), 429, "rate_limited")
    refused(
        Client().post(API + "auth/token", {"username": cast.bob.user.username, "password": PASSWORD}, "application/json"),
        429,
        "rate_limited",
    )
    assert User.objects.get(pk=cast.bob.id).is_active


def test_the_only_administrator_stays(cast: Cast, client: Client) -> None:
    User.objects.filter(is_superuser=True).update(is_superuser=False)
    User.objects.filter(pk=cast.bob.id).update(is_superuser=True)
    refused(cast.bob.api.delete(API + "me", {"password": PASSWORD}), 403, "forbidden")
    client.force_login(User.objects.get(pk=cast.bob.id))
    assert "only administrator" in client.post("/account/delete", {"password": PASSWORD}).content.decode()
    User.objects.filter(pk=cast.alice.id).update(is_superuser=True)
    assert "not your password" in client.post("/account/delete", {"password": "wrong"}).content.decode()
    assert client.post("/account/delete", {"password": PASSWORD})["Location"] == "/account-deleted"
    assert "Your account is deleted" in client.get("/account-deleted").content.decode()
    assert client.get("/account").status_code == 302
