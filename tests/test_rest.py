"""The REST interface: what it answers, to whom, and that its errors have one shape with the codes of the protocol."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts import friends
from accounts.models import User
from chat.models import Message
from chat.sending import send_message
from tests.support.people import PASSWORD, Cast, Person, make_person

API = "/api/v1/"


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, (answer.status_code, answer.content)
    return answer.json() if answer.content else None


def refused(answer: Any, status: int, code: str) -> Any:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), (answer.status_code, body)
    assert body["message"]
    return body


def say(sender: Person, to: Person, *texts: str) -> int:
    """Send texts; returns the conversation."""
    for text in texts:
        draft = send_message(sender_id=sender.id, to_user_id=to.id, content=text)
    assert draft.conversation_id is not None
    return draft.conversation_id


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


# ---- conversations -------------------------------------------------------------------------------------------------------


def test_a_direct_chat_is_opened_once(cast: Cast) -> None:
    first = ok(cast.alice.api.post(API + "conversations", {"kind": "direct", "userId": cast.carol.id}), 201)
    assert (first["kind"], first["title"], first["peer"]["id"]) == ("direct", "Carol", cast.carol.id)
    assert ok(cast.alice.api.post(API + "conversations", {"kind": "direct", "userId": cast.carol.id}))["id"] == first["id"]
    assert ok(cast.carol.api.post(API + "conversations", {"kind": "direct", "userId": cast.alice.id}))["id"] == first["id"]
    refused(cast.alice.api.post(API + "conversations", {"kind": "direct", "userId": 999_999}), 404, "not_found")
    refused(cast.alice.api.post(API + "conversations", {"kind": "nonsense", "userId": 1}), 400, "bad_frame")


def test_an_opened_chat_is_listed_for_me_alone_until_something_is_said(cast: Cast) -> None:
    opened = ok(cast.alice.api.post(API + "conversations", {"kind": "direct", "userId": cast.carol.id}), 201)["id"]
    assert [c["id"] for c in ok(cast.alice.api.get(API + "conversations"))["results"]] == [opened]
    assert ok(cast.carol.api.get(API + "conversations"))["results"] == []
    say(cast.alice, cast.carol, "hi")
    assert [c["id"] for c in ok(cast.carol.api.get(API + "conversations"))["results"]] == [opened]


def test_the_list_shows_what_a_row_needs(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, "one", "two")
    row = ok(cast.bob.api.get(API + "conversations"))["results"][0]
    assert row["conversationId"] == row["id"] == conversation
    assert (row["unread"], row["readSeq"], row["lastSeq"], row["lastRev"]) == (2, 0, 2, 2)
    assert row["lastMessage"]["content"] == "two"
    assert row["lastAt"] == row["lastMessage"]["createdAt"]
    assert row["peer"]["displayName"] == "Alice"
    mine = ok(cast.alice.api.get(f"{API}conversations/{conversation}"))
    assert (mine["unread"], mine["othersReadSeq"], mine["othersDeliveredSeq"]) == (0, 0, 0)


def test_the_list_comes_in_pages_last_activity_first(cast: Cast) -> None:
    ids = [say(cast.alice, make_person("friend"), "hi") for _ in range(5)]
    first = ok(cast.alice.api.get(API + "conversations", {"limit": 2}))
    second = ok(cast.alice.api.get(API + "conversations", {"limit": 2, "before": first["next"]}))
    third = ok(cast.alice.api.get(API + "conversations", {"limit": 2, "before": second["next"]}))
    assert [c["id"] for page in (first, second, third) for c in page["results"]] == ids[::-1]
    assert third["next"] is None
    for bad in ("x", "1", "1-", "1-x", "9" * 30 + "-1"):
        refused(cast.alice.api.get(API + "conversations", {"before": bad}), 400, "bad_frame")


def test_history_comes_by_seq(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, *map(str, range(1, 11)))
    path = f"{API}conversations/{conversation}/messages"

    def seqs(**query: int) -> list[int]:
        return [message["seq"] for message in ok(cast.bob.api.get(path, query))["results"]]

    assert seqs() == list(range(1, 11))
    assert seqs(limit=3) == [8, 9, 10]
    assert seqs(before=8, limit=3) == [5, 6, 7]
    assert seqs(after=3, limit=3) == [4, 5, 6]
    assert seqs(after=3, before=6) == [4, 5]
    assert seqs(before=1) == seqs(after=10) == []
    assert ok(cast.bob.api.get(path))["rev"] == 10
    for bad in ({"limit": 0}, {"limit": 201}, {"before": -1}, {"before": 2**63}, {"after": "x"}):
        refused(cast.bob.api.get(path, bad), 400, "bad_frame")


def test_sending_by_rest_is_idempotent_too(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, "first")
    path, msg_id = f"{API}conversations/{conversation}/messages", str(uuid.uuid4())
    sent = ok(cast.alice.api.post(path, {"content": " as it is ", "msgId": msg_id}), 201)
    assert (sent["seq"], sent["content"], sent["msgId"], sent["toUserId"]) == (2, " as it is ", msg_id, cast.bob.id)
    assert ok(cast.alice.api.post(path, {"content": " as it is ", "msgId": msg_id})) == sent
    assert Message.objects.filter(conversation_id=conversation).count() == 2
    refused(cast.bob.api.post(path, {"content": "x", "msgId": msg_id}), 409, "msg_id_conflict")
    refused(cast.alice.api.post(path, {"content": " \u3000"}), 400, "content_empty")
    refused(cast.alice.api.post(path, {"content": "a" * 10_001}), 400, "content_too_long")
    refused(cast.alice.api.post(path, {"content": "x", "contentType": 2}), 400, "bad_attachment")
    refused(cast.alice.api.post(path, {"content": "x", "contentType": 5}), 400, "bad_frame")
    refused(cast.alice.api.post(path, {"content": "a\0b"}), 400, "bad_frame")
    refused(cast.alice.api.post(path, {"content": "x", "msgId": "x"}), 400, "bad_frame")
    refused(cast.alice.api.post(path, {}), 400, "bad_frame")


def test_reading_by_rest(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, "1", "2", "3")
    path = f"{API}conversations/{conversation}/read"
    state = ok(cast.bob.api.post(path, {"seq": 2}))
    assert (state["readSeq"], state["unread"]) == (2, 1)
    assert ok(cast.bob.api.post(path, {"seq": 1}))["readSeq"] == 2
    third = Message.objects.get(conversation_id=conversation, seq=3)
    assert ok(cast.bob.api.post(path, {"msgIds": [str(third.msg_id)]}))["readSeq"] == 3
    say(cast.alice, cast.bob, "4")
    assert ok(cast.bob.api.post(path, {}))["unread"] == 0
    assert ok(cast.bob.api.post(path, {"seq": 2**62}))["readSeq"] == 4


def test_my_own_view_of_a_conversation(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, "1", "2")
    path = f"{API}conversations/{conversation}/state"
    changed = {"mutedUntil": 1_900_000_000_000, "pinned": True, "archived": True, "draft": "half a th", "unreadFrom": 2}
    state = ok(cast.bob.api.patch(path, changed))
    assert {key: state[key] for key in changed} == changed
    assert ok(cast.alice.api.get(f"{API}conversations/{conversation}"))["pinned"] is False
    assert ok(cast.bob.api.post(f"{API}conversations/{conversation}/read", {"seq": 2}))["unreadFrom"] is None
    assert ok(cast.bob.api.patch(path, {"mutedUntil": None}))["mutedUntil"] is None
    assert ok(cast.bob.api.patch(path, {}))["draft"] == "half a th"
    for bad in ({"unreadFrom": 99}, {"unreadFrom": 0}, {"pinned": "maybe"}, {"draft": "x" * 10_001}, {"mutedUntil": -1}):
        refused(cast.bob.api.patch(path, bad), 400, "bad_frame")


def test_what_is_not_mine_does_not_exist(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, "private")
    for number in (conversation, 999_999):
        path = f"{API}conversations/{number}"
        refused(cast.carol.api.get(path), 404, "not_found")
        refused(cast.carol.api.get(path + "/messages"), 404, "not_found")
        refused(cast.carol.api.post(path + "/messages", {"content": "x"}), 404, "not_found")
        refused(cast.carol.api.post(path + "/read", {"seq": 1}), 404, "not_found")
        refused(cast.carol.api.post(path + "/read", {}), 404, "not_found")
        refused(cast.carol.api.patch(path + "/state", {"pinned": True}), 404, "not_found")


# ---- errors --------------------------------------------------------------------------------------------------------------


def test_errors_have_one_shape(cast: Cast) -> None:
    api = cast.alice.api
    refused(api.get(API + "nonsense"), 404, "not_found")
    refused(api.get(API), 404, "not_found")
    refused(api.delete(API + "users/me"), 405, "bad_frame")
    refused(api.post(API + "friend-requests", "{", content_type="application/json"), 400, "bad_json")
    refused(api.post(API + "friend-requests", b"\xff", content_type="application/json"), 400, "bad_json")
    refused(api.post(API + "friend-requests", "[" * 50_000, content_type="application/json"), 400, "bad_json")
    refused(api.post(API + "friend-requests", "a=1", content_type="application/x-www-form-urlencoded"), 415, "bad_frame")
    refused(api.post(API + "friend-requests", "[1]", content_type="application/json"), 400, "bad_frame")
    refused(api.post(API + "friend-requests", '{"userId": 1e400}', content_type="application/json"), 400, "bad_frame")
    refused(api.post(API + "friend-requests", '{"userId": "\\ud800"}', content_type="application/json"), 400, "bad_frame")
    refused(api.post(API + "friend-requests", {"userId": 1, "x": "a" * 300_000}), 413, "bad_frame")
    refused(api.get(API + "users/me", headers={"Host": "evil.example"}), 400, "bad_frame")


def test_a_slash_at_the_end_is_forgiven(cast: Cast) -> None:
    ok(cast.alice.api.get(API + "users/me/"))
    ok(cast.alice.api.post(API + "ws-tickets/"), 201)


def test_a_crash_gives_a_reference_and_no_internals(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(friends, "friendships", crash)
    answer = cast.alice.api.get(API + "friends")
    body = refused(answer, 500, "server_error")
    assert "secret" not in answer.content.decode()
    assert "Reference" in body["message"]


def test_the_openapi_document_is_complete(client: Client) -> None:
    document = client.get(API + "schema", headers={"Accept": "application/vnd.oai.openapi+json"}).json()
    paths = set(document["paths"])
    for path in ("users/me", "conversations/{conversation_id}/messages", "auth/token", "presence", "ws-tickets"):
        assert API + path in paths
    assert "bearer" in document["components"]["securitySchemes"]


def test_the_page_of_the_document_needs_nobody_else(client: Client) -> None:
    page = client.get(API + "docs")
    assert page.status_code == 200
    assert b"https://" not in page.content


# ---- what it costs -------------------------------------------------------------------------------------------------------


def queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert call().status_code == 200
    return len(captured)


def test_query_counts_do_not_grow_with_history(cast: Cast) -> None:
    """Listing and opening cost the same with one message and with many, with one conversation and with many."""
    bob = cast.bob
    conversation = say(cast.alice, bob, "first")
    calls = {
        "list": lambda: bob.api.get(API + "conversations"),
        "one": lambda: bob.api.get(f"{API}conversations/{conversation}"),
        "open": lambda: bob.api.get(f"{API}conversations/{conversation}/messages"),
    }
    for call in calls.values():
        call()  # the epoch is remembered from the first
    before = {name: queries(call) for name, call in calls.items()}
    for number in range(20):
        say(make_person("friend"), bob, "hello")
        say(cast.alice, bob, str(number))
    assert {name: queries(call) for name, call in calls.items()} == before
    assert max(before.values()) <= 5  # two or three of them find out who is asking
