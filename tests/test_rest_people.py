"""The REST interface of accounts: tokens, people, friends and blocks."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts import friends
from accounts.models import User
from chat.models import Conversation, Membership
from tests.support.people import PASSWORD, Cast, Person, make_person
from tests.support.rest import API, ok, refused

# ---- tokens --------------------------------------------------------------------------------------------------------------


def test_a_program_signs_in_and_stays_signed_in(cast: Cast) -> None:
    client = APIClient()
    name = cast.alice.user.username
    issued = ok(client.post(API + "auth/token", {"username": name, "password": PASSWORD}))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issued['access']}")
    assert ok(client.get(API + "users/me"))["username"] == name
    client.credentials()
    renewed = ok(client.post(API + "auth/token/refresh", {"refresh": issued["refresh"]}))
    refused(client.post(API + "auth/token/refresh", {"refresh": issued["refresh"]}), 401, "unauthorized")
    ok(client.post(API + "auth/token/refresh", {"refresh": renewed["refresh"]}))


@pytest.mark.parametrize(
    "body", [{}, {"username": "x"}, {"username": "x", "password": ""}, {"username": ["x"], "password": "y"}, []]
)
def test_incomplete_credentials_are_named(db: None, body: Any) -> None:
    refused(APIClient().post(API + "auth/token", body), 400, "bad_frame")


def test_wrong_credentials_sound_the_same_for_every_name(cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.id).update(is_active=False)
    bodies = [
        refused(APIClient().post(API + "auth/token", {"username": name, "password": "wrong"}), 401, "unauthorized")
        for name in (cast.alice.user.username, cast.bob.user.username, "nobody-at-all")
    ]
    assert bodies[0] == bodies[1] == bodies[2]
    right = {"username": cast.bob.user.username, "password": PASSWORD}
    assert refused(APIClient().post(API + "auth/token", right), 401, "unauthorized") == bodies[0]


def test_guessing_is_slowed_down_by_name_and_by_address(cast: Cast, settings: Any) -> None:
    settings.IM_RATE_SIGN_IN_NAME = (0.001, 3)
    settings.IM_RATE_SIGN_IN_ADDRESS = (0.001, 5)
    client = APIClient()

    def attempt(name: str, password: str = "wrong", address: str = "203.0.113.1") -> Any:
        return client.post(API + "auth/token", {"username": name, "password": password}, REMOTE_ADDR=address)

    name = cast.alice.user.username
    for _ in range(3):
        refused(attempt(name), 401, "unauthorized")
    limited = attempt(name, PASSWORD)
    assert refused(limited, 429, "rate_limited")["retryAfterMs"] > 0
    assert int(limited["Retry-After"]) > 0
    refused(attempt(name.upper(), address="203.0.113.2"), 429, "rate_limited")
    for _ in range(2):
        refused(attempt("somebody else"), 401, "unauthorized")
    refused(attempt(cast.bob.user.username, PASSWORD), 429, "rate_limited")
    ok(attempt(cast.bob.user.username, PASSWORD, address="203.0.113.3"))


def test_refreshing_after_a_changed_password_or_a_deleted_person_is_no_crash(cast: Cast) -> None:
    cast.alice.user.set_password("another one")
    cast.alice.user.save()
    refused(APIClient().post(API + "auth/token/refresh", {"refresh": cast.alice.refresh}), 401, "unauthorized")
    cast.bob.user.delete()
    refused(APIClient().post(API + "auth/token/refresh", {"refresh": cast.bob.refresh}), 401, "unauthorized")
    refused(APIClient().post(API + "auth/token/refresh", {"refresh": cast.carol.access}), 401, "unauthorized")
    refused(APIClient().post(API + "auth/token/blacklist", {"refresh": "x"}), 401, "unauthorized")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer a.b.c"])
def test_everything_else_needs_credentials(db: None, header: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    for path in ("users/me", "users", "friends", "friend-requests", "blocks", "conversations", "presence?users=1"):
        answer = client.get(API + path)
        refused(answer, 401, "unauthorized")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_the_page_needs_its_csrf_token(cast: Cast) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.alice.user)
    ok(client.get(API + "users/me"))
    refused(client.post(API + "ws-tickets"), 403, "forbidden")


# ---- people --------------------------------------------------------------------------------------------------------------


def test_my_name_can_be_changed(cast: Cast) -> None:
    api = cast.alice.api
    assert ok(api.patch(API + "users/me", {"displayName": " 林 "}))["displayName"] == "林"
    assert ok(api.patch(API + "users/me", {"displayName": ""}))["displayName"] == cast.alice.user.username
    refused(api.patch(API + "users/me", {"displayName": "   "}), 400, "bad_frame")
    refused(api.patch(API + "users/me", {"displayName": "x" * 81}), 400, "bad_frame")
    refused(api.patch(API + "users/me", {"displayName": "a\0b"}), 400, "bad_frame")
    assert "isStaff" in ok(api.patch(API + "users/me", {"isStaff": True}))
    assert not User.objects.get(pk=cast.alice.id).is_staff


def test_people_are_found_by_name_and_never_by_address(cast: Cast) -> None:
    target = make_person("zebra", display_name="Quirin Q", email="secret.address@example.org")
    make_person("hidden", display_name="Quirin Gone", is_active=False)

    def found(search: str) -> list[int]:
        return [person["id"] for person in ok(cast.alice.api.get(API + "users", {"search": search}))["results"]]

    assert found("quirin") == [target.id]
    assert found("QUIR") == [target.id]
    assert found(target.user.username) == [target.id]
    assert found("secret.address") == found("example.org") == []
    assert cast.alice.id not in found("alice")
    body = cast.alice.api.get(API + "users", {"search": "quirin"}).content.decode()
    assert "example.org" not in body
    refused(cast.alice.api.get(API + "users", {"limit": "0"}), 400, "bad_frame")
    refused(cast.alice.api.get(API + "users", {"limit": "x"}), 400, "bad_frame")


def test_a_person_by_id(cast: Cast) -> None:
    assert ok(cast.alice.api.get(f"{API}users/{cast.carol.id}"))["id"] == cast.carol.id
    for nobody in ("999999", "0", "99999999999999999999", str(2**63)):
        refused(cast.alice.api.get(f"{API}users/{nobody}"), 404, "not_found")


def test_friendship_from_request_to_end(cast: Cast) -> None:
    alice, carol = cast.alice, cast.carol
    asked = ok(alice.api.post(API + "friend-requests", {"userId": carol.id}), 201)
    assert ok(alice.api.post(API + "friend-requests", {"userId": carol.id}), 201)["id"] == asked["id"]
    assert [r["user"]["id"] for r in ok(carol.api.get(API + "friend-requests"))["incoming"]] == [alice.id]
    assert [r["user"]["id"] for r in ok(alice.api.get(API + "friend-requests"))["outgoing"]] == [carol.id]
    for meddler in (alice, cast.bob):
        refused(meddler.api.post(f"{API}friend-requests/{asked['id']}/accept"), 404, "not_found")
        refused(meddler.api.post(f"{API}friend-requests/{asked['id']}/decline"), 404, "not_found")
    refused(carol.api.delete(f"{API}friend-requests/{asked['id']}"), 404, "not_found")
    assert ok(carol.api.post(f"{API}friend-requests/{asked['id']}/accept"))["userId"] == alice.id
    assert carol.id in [friend["id"] for friend in ok(alice.api.get(API + "friends"))["results"]]
    assert ok(alice.api.post(API + "friend-requests", {"userId": carol.id}))["status"] == "accepted"
    ok(carol.api.delete(f"{API}friends/{alice.id}"), 204)
    refused(carol.api.delete(f"{API}friends/{alice.id}"), 404, "not_found")
    assert carol.id not in [friend["id"] for friend in ok(alice.api.get(API + "friends"))["results"]]


def test_requests_are_declined_taken_back_and_met_half_way(cast: Cast) -> None:
    alice, carol = cast.alice, cast.carol
    first = ok(alice.api.post(API + "friend-requests", {"userId": carol.id}), 201)["id"]
    ok(carol.api.post(f"{API}friend-requests/{first}/decline"), 204)
    second = ok(alice.api.post(API + "friend-requests", {"userId": carol.id}), 201)["id"]
    ok(alice.api.delete(f"{API}friend-requests/{second}"), 204)
    third = ok(alice.api.post(API + "friend-requests", {"userId": carol.id}), 201)["id"]
    met = ok(carol.api.post(API + "friend-requests", {"userId": alice.id}))
    assert (met["id"], met["status"]) == (third, "accepted")
    assert friends.are_friends(alice.id, carol.id)


def test_who_cannot_be_asked(cast: Cast) -> None:
    alice = cast.alice
    refused(alice.api.post(API + "friend-requests", {"userId": alice.id}), 400, "bad_frame")
    for nobody in (999_999, 2**63 - 1):
        refused(alice.api.post(API + "friend-requests", {"userId": nobody}), 404, "not_found")
    for bad in (2**63, -1, "x", None, 1.5):
        refused(alice.api.post(API + "friend-requests", {"userId": bad}), 400, "bad_frame")
    friends.block(user_id=cast.carol.id, other_id=alice.id)
    refused(alice.api.post(API + "friend-requests", {"userId": cast.carol.id}), 403, "forbidden")
    refused(cast.carol.api.post(API + "friend-requests", {"userId": alice.id}), 403, "blocked")


def test_blocks(cast: Cast) -> None:
    alice, carol = cast.alice, cast.carol
    ok(carol.api.post(API + "friend-requests", {"userId": alice.id}), 201)
    ok(alice.api.put(f"{API}blocks/{carol.id}"), 204)
    ok(alice.api.put(f"{API}blocks/{carol.id}"), 204)
    assert [person["id"] for person in ok(alice.api.get(API + "blocks"))["results"]] == [carol.id]
    assert ok(carol.api.get(API + "blocks"))["results"] == []
    assert ok(carol.api.get(API + "friend-requests"))["outgoing"] == []
    ok(alice.api.delete(f"{API}blocks/{carol.id}"), 204)
    ok(alice.api.delete(f"{API}blocks/{carol.id}"), 204)
    refused(alice.api.put(f"{API}blocks/{alice.id}"), 400, "bad_frame")
    refused(alice.api.put(f"{API}blocks/999999"), 404, "not_found")


def test_a_request_carries_a_note_and_whom_we_both_know(cast: Cast) -> None:
    alice, bob, carol = cast.alice, cast.bob, cast.carol
    friends.make_friends(one=bob.id, other=carol.id)
    asked = ok(alice.api.post(API + "friend-requests", {"userId": carol.id, "note": " From the harbour 🚤 "}), 201)
    incoming = ok(carol.api.get(API + "friend-requests"))["incoming"][0]
    assert (incoming["note"], incoming["friendsInCommon"]) == ("From the harbour 🚤", 1)
    again = ok(alice.api.post(API + "friend-requests", {"userId": carol.id, "note": "It is me"}), 201)
    assert again["id"] == asked["id"]
    ok(alice.api.post(API + "friend-requests", {"userId": carol.id}), 201)
    assert ok(carol.api.get(API + "friend-requests"))["incoming"][0]["note"] == "It is me"
    refused(alice.api.post(API + "friend-requests", {"userId": carol.id, "note": "x" * 201}), 400, "bad_frame")
    for bad in (5, None, ["x"], "a\0b"):
        assert (
            refused(alice.api.post(API + "friend-requests", {"userId": carol.id, "note": bad}), 400, "bad_frame")["field"]
            == "note"
        )


def test_what_somebody_is_to_me(cast: Cast) -> None:
    alice, bob, carol = cast.alice, cast.bob, cast.carol

    def seen(viewer: Person, person: Person) -> tuple[str, int | None]:
        body = ok(viewer.api.get(f"{API}users/{person.id}"))
        listed = ok(viewer.api.get(API + "users", {"search": person.user.username}))["results"]
        assert listed == ([] if viewer is person else [body])
        return body["relation"], body["requestId"]

    assert seen(alice, alice) == ("self", None)
    assert seen(alice, bob) == seen(bob, alice) == ("friend", None)
    assert seen(alice, carol) == ("none", None)
    asked = ok(alice.api.post(API + "friend-requests", {"userId": carol.id, "note": "hello"}), 201)["id"]
    assert seen(alice, carol) == ("asked", asked)
    assert seen(carol, alice) == ("asks", asked)
    assert ok(carol.api.get(f"{API}users/{alice.id}"))["note"] == "hello"
    friends.block(user_id=carol.id, other_id=alice.id)
    assert seen(carol, alice) == ("blocked", None)
    assert seen(alice, carol) == ("none", None)  # as if it had been declined
    friends.block(user_id=bob.id, other_id=alice.id)
    assert seen(bob, alice) == ("blocked", None)
    assert seen(alice, bob) == ("friend", None)


def test_friends_made_by_an_administrator_have_no_open_requests(cast: Cast) -> None:
    friends.ask(user_id=cast.alice.id, other_id=cast.carol.id)
    friends.make_friends(one=cast.alice.id, other=cast.carol.id)
    assert ok(cast.carol.api.get(API + "friend-requests")) == {"incoming": [], "outgoing": []}


def test_who_is_gone_can_be_neither_asked_nor_accepted(cast: Cast) -> None:
    request_id, _ = friends.ask(user_id=cast.alice.id, other_id=cast.carol.id)
    User.objects.filter(pk=cast.alice.id).update(is_active=False)
    assert ok(cast.carol.api.get(API + "friend-requests"))["incoming"] == []
    refused(cast.carol.api.post(f"{API}friend-requests/{request_id}/accept"), 404, "not_found")
    refused(cast.carol.api.get(f"{API}users/{cast.alice.id}"), 404, "not_found")
    refused(cast.carol.api.post(API + "friend-requests", {"userId": cast.alice.id}), 404, "not_found")


def test_groups_in_common(cast: Cast) -> None:
    both = Conversation.objects.create(kind="group", title="Harbour Studio")
    mine = Conversation.objects.create(kind="group", title="Without Bob")
    for group, members in ((both, (cast.alice, cast.bob, cast.carol)), (mine, (cast.alice, cast.carol))):
        for member in members:
            Membership.objects.create(conversation=group, user_id=member.id)
    path = f"{API}users/{cast.bob.id}/groups"
    assert ok(cast.alice.api.get(path))["results"] == [{"conversationId": both.pk, "title": "Harbour Studio", "members": 3}]
    assert ok(make_person("dave").api.get(path))["results"] == []
    refused(cast.alice.api.get(f"{API}users/999999/groups"), 404, "not_found")
    refused(APIClient().get(path), 401, "unauthorized")
