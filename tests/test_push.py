"""Web Push: what only a browser can read, who may subscribe with what, and who is told of which message."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, override_settings

from accounts import friends, sessions
from chat import journal
from chat.entries import Draft
from chat.models import Membership
from push import endpoints, payloads, recipients, services
from push.encryption import MOST, encrypt, private_key, to_bytes, to_text
from push.models import Subscription, Turn
from tests.support.groups import make_group
from tests.support.people import PASSWORD, Cast, Person
from tests.support.push import GOOD, decrypt
from tests.support.rest import API, ok, refused, say

# ---- encryption --------------------------------------------------------------------------------------------------------


def test_the_example_of_rfc_8291() -> None:
    """Appendix A: the very bytes."""
    own = private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    body = encrypt(
        b"When I grow up, I want to be a watermelon", **GOOD["keys"], salt=to_bytes("DGv6ra1nlYgDCS1FRnbzlw"), own=own, step=1
    )
    assert to_text(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    browser = private_key("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
    text = decrypt(body, key=browser, auth=to_bytes("BTBZMqHH6r4Tts7J_aSIgg"))
    assert text == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize("length", [0, 1, 511, 512, 513, MOST - 1, MOST])
def test_the_length_of_a_push_tells_little_and_never_too_much(length: int) -> None:
    body = encrypt(b"x" * length, p256dh=GOOD["keys"]["p256dh"], auth=GOOD["keys"]["auth"])
    assert len(body) <= 4096
    assert (len(body) - 103) % 512 == 0 or len(body) == 4096
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (MOST + 1), p256dh=GOOD["keys"]["p256dh"], auth=GOOD["keys"]["auth"])


# ---- subscriptions -----------------------------------------------------------------------------------------------------


@pytest.fixture
def on() -> Iterator[None]:
    with override_settings(IM_PUSH=True):
        yield


def test_a_browser_subscribes_once_and_may_change_its_mind(cast: Cast, on: None) -> None:
    api = cast.alice.api
    key = ok(api.get(API + "push-subscriptions/key"))["publicKey"]
    assert len(to_bytes(key)) == 65
    assert ok(cast.bob.api.get(API + "push-subscriptions/key"))["publicKey"] == key
    first = ok(api.post(API + "push-subscriptions", GOOD), 201)
    assert first["current"] is True
    assert ok(api.post(API + "push-subscriptions", GOOD))["id"] == first["id"]
    listed = ok(api.get(API + "push-subscriptions"))["results"]
    assert [one["id"] for one in listed] == [first["id"]]
    assert "push.example.org" not in str(listed)
    path = f"{API}push-subscriptions/{first['id']}"
    refused(cast.bob.api.delete(path), 404, "not_found")
    ok(api.delete(path), 204)
    refused(api.delete(path), 404, "not_found")
    ok(api.post(API + "push-subscriptions", GOOD), 201)
    ok(api.delete(API + "push-subscriptions"), 204)
    assert ok(api.get(API + "push-subscriptions"))["results"] == []


def test_a_browser_that_somebody_else_uses_now_is_theirs(cast: Cast, on: None) -> None:
    ok(cast.alice.api.post(API + "push-subscriptions", GOOD), 201)
    ok(cast.bob.api.post(API + "push-subscriptions", GOOD))
    assert ok(cast.alice.api.get(API + "push-subscriptions"))["results"] == []
    assert len(ok(cast.bob.api.get(API + "push-subscriptions"))["results"]) == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/x", "https://localhost/x", "https://127.0.0.1/x", "https://[::1]/x", "https://10.1.2.3/x",
        "https://192.168.0.7:8443/x", "https://169.254.169.254/latest", "https://[::ffff:127.0.0.1]/x", "https://[fd00::1]/x",
        "https://[64:ff9b::7f00:1]/x", "https://router/x", "https://db.internal/x", "https://user@push.example.org/x", "https:///x",
        "https://push.example.org:0/x", "https://push.example.org/\r\nHost: x", "ftp://push.example.org", "", "https://[",
        "https://224.0.0.1/x", "https://0.0.0.0/x", "https://metadata.local/x",
    ],
)  # fmt: skip
def test_an_address_that_this_server_must_not_call_is_refused(cast: Cast, on: None, endpoint: str) -> None:
    body = refused(cast.alice.api.post(API + "push-subscriptions", {**GOOD, "endpoint": endpoint}), 400, "bad_frame")
    assert body["field"] == "endpoint"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_name_that_leads_into_the_own_network_is_not_called(host: str) -> None:
    with pytest.raises(endpoints.Forbidden):
        endpoints.resolve(host, 443)
    with override_settings(IM_PUSH_PRIVATE_HOSTS=[host]):
        assert endpoints.resolve(host, 443)[1] == 443


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ({}, "keys.p256dh"),
        ({"p256dh": "x", "auth": GOOD["keys"]["auth"]}, "keys.p256dh"),
        ({"p256dh": "BA" * 43 + "A", "auth": GOOD["keys"]["auth"]}, "keys.p256dh"),
        ({**GOOD["keys"], "auth": "short"}, "keys.auth"),
        ({**GOOD["keys"], "auth": "+" * 22}, "keys.auth"),
        ({**GOOD["keys"], "auth": 5}, "keys.auth"),
    ],
)
def test_keys_that_are_none_are_refused(cast: Cast, on: None, keys: dict[str, Any], field: str) -> None:
    body = refused(cast.alice.api.post(API + "push-subscriptions", {**GOOD, "keys": keys}), 400, "bad_frame")
    assert body["field"] == field


def test_a_person_has_a_bounded_number(cast: Cast, on: None) -> None:
    for number in range(20):
        ok(cast.alice.api.post(API + "push-subscriptions", {**GOOD, "endpoint": f"https://push.example.org/{number}"}), 201)
    refused(cast.alice.api.post(API + "push-subscriptions", GOOD), 409, "too_many")
    ok(cast.alice.api.post(API + "push-subscriptions", {**GOOD, "endpoint": "https://push.example.org/3"}))


def test_a_session_that_ends_with_the_window_cannot_subscribe(cast: Cast, client: Client, on: None) -> None:
    form = {"username": cast.alice.user.username, "password": PASSWORD}
    client.post("/sign-in", form)
    body = client.post(API + "push-subscriptions", GOOD, content_type="application/json")
    refused(body, 403, "forbidden")
    client.post("/sign-out", {"user": cast.alice.id})
    client.post("/sign-in", {**form, "stay": "on"})
    ok(client.post(API + "push-subscriptions", GOOD, content_type="application/json"), 201)


def test_a_server_without_push_says_so(cast: Cast) -> None:
    assert ok(cast.alice.api.get(API + "push-subscriptions/key")) == {"publicKey": None}
    refused(cast.alice.api.post(API + "push-subscriptions", GOOD), 404, "not_found")
    refused(cast.alice.api.post(API + "push-subscriptions/test"), 404, "not_found")
    assert ok(cast.alice.api.get(API + "push-subscriptions")) == {"results": []}


@pytest.mark.parametrize("end", ["session", "all", "password", "disabled"])
def test_a_subscription_ends_with_its_session(cast: Cast, on: None, end: str) -> None:
    ok(cast.alice.api.post(API + "push-subscriptions", GOOD), 201)
    stored = stored_by(cast.bob, cast.alice, "hello")
    assert recipients.deliveries(stored)
    if end == "session":
        sessions.end(session_id=str(cast.alice.session.pk), user_id=cast.alice.id)
    elif end == "all":
        sessions.end_all(user_id=cast.alice.id)
    elif end == "password":
        cast.alice.user.set_password("another one, longer")
        cast.alice.user.save()
    else:
        type(cast.alice.user).objects.filter(pk=cast.alice.id).update(is_active=False)
    assert recipients.deliveries(stored) == []  # at once, whatever has been tidied up


def test_the_switches_of_a_person(cast: Cast) -> None:
    api = cast.alice.api
    assert ok(api.get(API + "push-settings")) == {"directs": True, "groups": True, "preview": True}
    assert ok(api.patch(API + "push-settings", {"preview": False})) == {"directs": True, "groups": True, "preview": False}
    assert ok(api.patch(API + "push-settings", {}))["preview"] is False
    assert refused(api.patch(API + "push-settings", {"groups": 1}), 400, "bad_frame")["field"] == "groups"
    assert ok(cast.bob.api.get(API + "push-settings"))["preview"] is True


# ---- whom, and what ----------------------------------------------------------------------------------------------------


def stored_by(sender: Person, to: Person, *texts: str) -> list[recipients.Stored]:
    before = recipients.newest()
    say(sender, to, *texts)
    with override_settings(IM_PUSH=True):
        return recipients.due(before, 0)[0]


def bodies(stored: list[recipients.Stored]) -> list[Any]:
    return [json.loads(delivery.text) for delivery in recipients.deliveries(stored)]


@pytest.fixture
def alice_subscribed(cast: Cast, on: None) -> Cast:
    ok(cast.alice.api.post(API + "push-subscriptions", GOOD), 201)
    return cast


def test_one_push_of_a_conversation_names_sender_text_and_place(alice_subscribed: Cast) -> None:
    cast = alice_subscribed
    stored = stored_by(cast.bob, cast.alice, "first", "second\n line") + stored_by(cast.carol, cast.alice, "third")
    first, second = sorted(bodies(stored), key=lambda body: body["title"])
    assert (first["title"], first["body"], first["seq"], first["userId"]) == ("Bob", "second line", 2, cast.alice.id)
    assert (second["title"], second["body"]) == ("Carol", "third")
    assert set(first["unread"]) == {first["conversationId"], second["conversationId"]}
    assert recipients.deliveries(stored)[0].topic.startswith("chat-")
    assert len(recipients.deliveries(stored)[0].topic) <= 32


def test_nobody_is_pushed_what_they_wrote_read_muted_switched_off_or_blocked(alice_subscribed: Cast) -> None:
    cast = alice_subscribed
    assert stored_by(cast.bob, cast.carol, "not for her") == []
    assert bodies(stored_by(cast.alice, cast.bob, "her own")) == []
    stored = stored_by(cast.bob, cast.alice, "hello")
    membership = Membership.objects.filter(user_id=cast.alice.id, conversation_id=stored[0].conversation_id)
    membership.update(read_seq=stored[0].seq)
    assert bodies(stored) == []
    membership.update(read_seq=0, muted_until=8_640_000_000_000_000)
    assert bodies(stored) == []
    membership.update(muted_until=1)
    assert len(bodies(stored)) == 1
    ok(cast.alice.api.patch(API + "push-settings", {"directs": False}))
    assert bodies(stored) == []
    ok(cast.alice.api.patch(API + "push-settings", {"directs": True}))
    friends.block(user_id=cast.alice.id, other_id=cast.bob.id)
    assert bodies(stored) == []


def test_a_muted_group_pushes_what_mentions_and_nothing_else(alice_subscribed: Cast) -> None:
    cast = alice_subscribed
    group = make_group(cast.bob, cast.alice, cast.carol)
    Membership.objects.filter(user_id=cast.alice.id, conversation_id=group).update(muted_until=8_640_000_000_000_000)

    def stored(**extras: Any) -> list[recipients.Stored]:
        before = recipients.newest()
        draft = Draft(sender_id=cast.bob.id, conversation_id=group, content="x", msg_id=uuid4(), extras=extras)
        journal.lane.write_blocking(draft, None)
        with override_settings(IM_PUSH=True):
            return recipients.due(before, 0)[0]

    assert bodies(stored()) == []
    assert bodies(stored(mentions=[cast.carol.id])) == []
    assert [body["unread"] for body in bodies(stored(mentions=[cast.alice.id]))] == [[group]]
    assert len(bodies(stored(mention_all=True))) == 1
    ok(cast.alice.api.patch(API + "push-settings", {"groups": False}))
    assert bodies(stored(mention_all=True)) == []


def test_the_text_may_be_kept_back(alice_subscribed: Cast) -> None:
    cast = alice_subscribed
    ok(cast.alice.api.patch(API + "push-settings", {"preview": False}))
    deliveries = recipients.deliveries(stored_by(cast.bob, cast.alice, "a secret"))
    assert b"secret" not in deliveries[0].text
    assert b"New message" in deliveries[0].text
    assert b"Bob" in deliveries[0].text


def test_a_long_text_in_any_script_fits(alice_subscribed: Cast) -> None:
    cast = alice_subscribed
    type(cast.bob.user).objects.filter(pk=cast.bob.id).update(display_name="😀" * 80)
    delivery = recipients.deliveries(stored_by(cast.bob, cast.alice, "界😀" * 4_000))[0]
    assert len(delivery.text) <= MOST
    assert "界😀" in delivery.text.decode()


def test_a_message_is_looked_at_after_its_delay_and_not_for_ever(alice_subscribed: Cast) -> None:
    cast = alice_subscribed
    before = recipients.newest()
    say(cast.bob, cast.alice, "hello")
    assert recipients.due(before, 60)[0] == []
    found, reached = recipients.due(before, 0)
    assert (len(found), reached) == (1, recipients.newest())


def test_one_process_has_the_turn_and_another_takes_it_over(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    Turn.objects.filter(pk=1).delete()
    assert services.take_turn() == recipients.newest()
    monkeypatch.setattr(services, "PROCESS_ID", "another")
    assert services.take_turn() is None
    Turn.objects.filter(pk=1).update(holder="", position=7)  # it stopped and gave the turn back
    assert services.take_turn() == 7
    monkeypatch.setattr(services, "PROCESS_ID", "a third")
    lifetime = round(settings.IM_LEASE_LIFETIME * 1000)
    Turn.objects.filter(pk=1).update(renewed_at=Turn.objects.get(pk=1).renewed_at - lifetime - 1)  # it was killed
    assert services.take_turn() == 7


def test_a_preview_is_in_the_language_of_the_browser(cast: Cast, on: None) -> None:
    ok(cast.alice.api.post(API + "push-subscriptions", GOOD, headers={"Accept-Language": "zh-hans"}), 201)
    assert Subscription.objects.get(user_id=cast.alice.id).language == "zh-hans"
    assert payloads.test(Subscription(user_id=1, language="en")).startswith(b'{"type":"test"')
