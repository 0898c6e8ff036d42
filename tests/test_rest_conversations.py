"""The REST interface of chat: conversations, history, sending, reading, and what it all costs."""

import uuid
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Message
from tests.support.people import Cast, make_person
from tests.support.rest import API, ok, refused, say


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
    ok(cast.bob.api.patch(f"{API}conversations/{conversation}/state", {"unreadFrom": 1}))  # all of it is read already
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
