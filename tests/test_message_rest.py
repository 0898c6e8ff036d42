"""Pins, stars and forwarding."""

import uuid
from typing import Any

import pytest

from accounts import deletion, friends
from chat.models import Membership, Message, Star
from chat.sending import send_message
from push import recipients
from tests.support.people import Cast, make_person
from tests.support.push import GOOD
from tests.support.rest import API, ok, refused, say
from tests.test_message_acts import group_of, newest, path, told


def test_a_pin_stands_above_the_conversation_for_all(cast: Cast) -> None:
    group = group_of(cast)
    first, second = told(cast.bob, group, "one"), told(cast.bob, group, "two")
    refused(cast.bob.api.put(path(first, "/pin")), 403, "forbidden")
    for message in (first, second, first):
        ok(cast.alice.api.put(path(message, "/pin")), 204)
    listed = ok(cast.carol.api.get(f"{API}conversations/{group}/pins"))["results"]
    assert [(pin["msgId"], pin["pinnedBy"]) for pin in listed] == [(m["msgId"], cast.alice.id) for m in (second, first)]
    assert listed[0]["content"] == "two"
    assert listed[0]["pinnedAt"] >= listed[0]["createdAt"]
    said = newest(cast.bob, group)
    assert (said["seq"], said["contentType"], said["fromUserId"]) == (4, 5, cast.alice.id)
    assert said["system"] == {"action": "pinned", "actorId": cast.alice.id, "msgId": second["msgId"]}
    refused(cast.alice.api.put(path(said, "/pin")), 403, "forbidden")
    ok(cast.alice.api.delete(path(first, "/pin")), 204)
    ok(cast.alice.api.delete(path(first, "/pin")), 204)
    assert newest(cast.bob, group)["system"]["action"] == "unpinned"
    # What was taken back is pinned no more, and cannot be.
    ok(cast.alice.api.delete(path(second)))
    assert ok(cast.carol.api.get(f"{API}conversations/{group}/pins"))["results"] == []
    refused(cast.alice.api.put(path(second, "/pin")), 409, "too_late")
    stranger = make_person("dave")
    refused(stranger.api.put(path(first, "/pin")), 404, "not_found")
    refused(stranger.api.get(f"{API}conversations/{group}/pins"), 404, "not_found")


def test_both_of_a_direct_chat_pin_and_only_so_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.pins.MOST", 1)
    conversation = say(cast.alice, cast.bob, "one", "two")
    first, second = ok(cast.bob.api.get(f"{API}conversations/{conversation}/messages"))["results"]
    ok(cast.bob.api.put(path(first, "/pin")), 204)
    refused(cast.alice.api.put(path(second, "/pin")), 409, "too_many")
    ok(cast.alice.api.delete(path(first, "/pin")), 204)
    ok(cast.alice.api.put(path(second, "/pin")), 204)
    friends.block(user_id=cast.bob.id, other_id=cast.alice.id)
    refused(cast.alice.api.delete(path(second, "/pin")), 403, "forbidden")
    # What the server says is nothing unread.
    assert ok(cast.bob.api.get(f"{API}conversations/{conversation}"))["unread"] == 2


def test_stars_are_mine_alone(cast: Cast) -> None:
    group = group_of(cast)
    direct = newest(cast.bob, say(cast.alice, cast.bob, "direct"))
    first, second = told(cast.alice, group, "one"), told(cast.alice, group, "two")
    for message in (direct, first, second, first):
        ok(cast.bob.api.put(path(message, "/star")), 204)
    page = ok(cast.bob.api.get(f"{API}stars?limit=2"))
    assert [star["message"]["content"] for star in page["results"]] == ["two", "one"]
    assert page["results"][0]["conversation"] == {"id": group, "title": "Everybody", "kind": "group"}
    rest = ok(cast.bob.api.get(f"{API}stars?limit=2&before={page['next']}"))
    assert [(star["message"], star["conversation"]["title"]) for star in rest["results"]] == [(direct, "Alice")]
    assert rest["next"] is None
    assert ok(cast.alice.api.get(f"{API}stars"))["results"] == []
    refused(cast.carol.api.put(path(direct, "/star")), 404, "not_found")
    ok(cast.bob.api.delete(path(second, "/star")), 204)
    ok(cast.bob.api.delete(path(second, "/star")), 204)
    mine = Membership.objects.filter(conversation_id=group, user_id=cast.bob.id)
    mine.update(joined_seq=1)
    assert [star["message"]["content"] for star in ok(cast.bob.api.get(f"{API}stars"))["results"]] == ["direct"]
    mine.delete()
    refused(cast.bob.api.delete(path(first, "/star")), 404, "not_found")
    deletion.delete_account(user=cast.bob.user)
    assert not Star.objects.filter(user_id=cast.bob.id).exists()


def test_a_message_is_sent_on_with_its_writers_name(cast: Cast) -> None:
    group = group_of(cast)
    message = told(cast.bob, group, "look", mentions=[cast.carol.id])
    msg_id = str(uuid.uuid4())
    targets = [{"userId": cast.carol.id, "msgId": msg_id}, {"conversationId": group}, {"conversationId": 10**9}]
    results = ok(cast.alice.api.post(path(message, "/forward"), {"to": targets}))["results"]
    assert results[0]["msgId"] == msg_id
    assert results[1] == {"conversationId": group, "msgId": results[1]["msgId"], "seq": 2}
    assert results[2]["error"]["code"] == "not_found"
    sent_on = newest(cast.carol, results[0]["conversationId"])
    assert (sent_on["content"], sent_on["fromUserId"], sent_on["forwardedFrom"]) == ("look", cast.alice.id, cast.bob.id)
    assert "mentions" not in sent_on
    # The same again is the same message; sent on again, it still names who wrote it first.
    assert ok(cast.alice.api.post(path(message, "/forward"), {"to": targets[:1]}))["results"] == results[:1]
    further = ok(cast.carol.api.post(path(sent_on, "/forward"), {"to": [{"userId": cast.bob.id}]}))["results"][0]
    assert newest(cast.bob, further["conversationId"])["forwardedFrom"] == cast.bob.id
    # Nobody puts words into another's mouth.
    refused(cast.alice.api.patch(path(sent_on), {"content": "something else"}), 403, "forbidden")


def test_what_cannot_be_sent_on(cast: Cast) -> None:
    conversation = say(cast.alice, cast.bob, "x")
    message = newest(cast.bob, conversation)
    to = [{"userId": cast.carol.id}]
    refused(cast.carol.api.post(path(message, "/forward"), {"to": to}), 404, "not_found")
    for wrong in ([], [{}], [{"userId": 1, "conversationId": 1}], to * 21):
        refused(cast.bob.api.post(path(message, "/forward"), {"to": wrong}), 400, "bad_frame")
    Message.objects.update(content_type=5)
    refused(cast.bob.api.post(path(message, "/forward"), {"to": to}), 403, "forbidden")
    Message.objects.update(content_type=1)
    ok(cast.alice.api.delete(path(message)))
    refused(cast.bob.api.post(path(message, "/forward"), {"to": to}), 409, "too_late")


def test_a_push_that_waits_follows_its_message(cast: Cast, settings: Any) -> None:
    """Between two attempts: an edit changes what is sent, a taking back ends it, and so does leaving."""
    settings.IM_PUSH = True
    ok(cast.alice.api.post(f"{API}push-subscriptions", GOOD), 201)
    draft = send_message(sender_id=cast.bob.id, to_user_id=cast.alice.id, content="a slip")
    pk = Message.objects.get(msg_id=draft.msg_id).pk
    told_of = recipients.Stored(pk, draft.conversation_id or 0, cast.bob.id, draft.seq)
    waiting = recipients.deliveries([told_of])[0]
    assert b"a slip" in waiting.text
    assert recipients.current(waiting) is waiting
    message = newest(cast.alice, told_of.conversation_id)
    ok(cast.bob.api.patch(path(message), {"content": "what I meant"}))
    later = recipients.current(waiting)
    assert later is not None
    assert b"what I meant" in later.text
    assert recipients.current(later) is later
    ok(cast.bob.api.delete(path(message)))
    assert recipients.current(later) is None
    assert recipients.deliveries([told_of]) == []
