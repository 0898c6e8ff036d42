"""A message that an administrator takes back: its text is gone, its place stays, and everybody gets to know."""

import asyncio
import urllib.parse
import urllib.request
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from chat import journal, publication, recalling
from chat.models import Conversation, Message
from chat.sending import send_message
from realtime.database import in_database
from realtime.errors import Code, Refused
from realtime.hub import hub
from tests.conftest import Open
from tests.support.client import Device, until
from tests.support.http import call, sign_in
from tests.support.people import Cast, Person
from tests.support.servers import Server
from tests.test_groups import make_group
from tests.test_resume import sync


def moderator(who: Person) -> User:
    User.objects.filter(pk=who.id).update(is_staff=True, is_superuser=True)
    return User.objects.get(pk=who.id)


def take_back(by: User, message: Message, reason: str = "rude") -> Any:
    recall = recalling.moderation(moderator=by, msg_id=message.msg_id, reason=reason)
    journal.lane.write_blocking(recall, hub.loop)
    return recall


# ---- stored --------------------------------------------------------------------------------------------------------------


def test_the_text_is_gone_and_the_log_keeps_who_when_and_why(cast: Cast, client: Client) -> None:
    draft = send_message(sender_id=cast.bob.id, to_user_id=cast.carol.id, content="a secret word")
    later = send_message(sender_id=cast.carol.id, to_user_id=cast.bob.id, content="later")
    message = Message.objects.get(msg_id=draft.msg_id)
    client.force_login(moderator(cast.alice))
    path = f"/admin/chat/message/{message.pk}"
    asked = client.get(f"{path}/act/take_back/").content.decode()
    assert "secret" not in asked
    assert client.post(f"{path}/act/take_back/", {"confirmed": "1", "reason": " "}).status_code == 200
    message.refresh_from_db()
    assert message.recalled_at is None
    answer = client.post(f"{path}/act/take_back/", {"confirmed": "1", "reason": "insult"}, follow=True)
    assert "Taken back" in answer.content.decode()
    message.refresh_from_db()
    assert (message.content, message.moderated, message.seq, message.created_rev) == ("", True, draft.seq, draft.rev)
    assert message.recalled_at is not None
    assert message.rev == Conversation.objects.get(pk=message.conversation_id).last_rev == later.rev + 1
    event = AuditEvent.objects.get(action="take_back", target_id=str(message.pk))
    assert (event.actor_id, event.reason, event.target_kind) == (cast.alice.id, "insult", "chat.message")
    assert event.detail == {"conversation": message.conversation_id, "seq": draft.seq, "sender": cast.bob.id}
    # Once is enough.
    assert "There is nothing here" in client.get(f"{path}/act/take_back/").content.decode()
    assert take_back(User.objects.get(pk=cast.alice.id), message).is_changed is False
    assert AuditEvent.objects.filter(action="take_back", target_id=str(message.pk)).count() == 1


def test_the_sender_asking_again_gets_the_first_answer(cast: Cast) -> None:
    """The same msgId is the same message, taken back or not: it does not come back."""
    draft = send_message(sender_id=cast.bob.id, to_user_id=cast.carol.id, content="x")
    take_back(moderator(cast.alice), Message.objects.get(msg_id=draft.msg_id))
    again = send_message(sender_id=cast.bob.id, to_user_id=cast.carol.id, content="x", msg_id=draft.msg_id)
    assert (again.duplicate, again.seq) == (True, draft.seq)
    found = cast.carol.api.get(f"/api/v1/conversations/{draft.conversation_id}/messages").json()["results"]
    assert [(m["content"], m["moderated"], "recalledAt" in m) for m in found] == [("", True, True)]
    head = cast.carol.api.get("/api/v1/conversations").json()["results"][0]
    assert head["lastMessage"]["content"] == ""


def test_who_may_not_and_what_does_not_exist(cast: Cast, client: Client) -> None:
    draft = send_message(sender_id=cast.bob.id, to_user_id=cast.carol.id, content="x")
    message = Message.objects.get(msg_id=draft.msg_id)
    with pytest.raises(Refused) as refused:
        take_back(cast.bob.user, message)
    assert refused.value.code == Code.FORBIDDEN
    by = moderator(cast.alice)
    with pytest.raises(Refused) as refused:
        take_back(by, Message(msg_id=uuid.uuid4()))
    assert refused.value.code == Code.NOT_FOUND
    User.objects.filter(pk=cast.carol.id).update(is_staff=True)
    carol = User.objects.get(pk=cast.carol.id)
    carol.user_permissions.add(Permission.objects.get(codename="view_message"))
    client.force_login(carol)
    path = f"/admin/chat/message/{message.pk}"
    assert "take_back" not in client.get(f"{path}/change/").content.decode()
    answer = client.post(f"{path}/act/take_back/", {"confirmed": "1", "reason": "x"})
    assert answer.status_code == 403
    chosen = {"action": "take_back", "_selected_action": [str(message.pk)], "confirmed": "1", "reason": "x"}
    client.post("/admin/chat/message/", chosen)
    message.refresh_from_db()
    assert message.content == "x"


def test_text_is_searched_within_one_conversation_by_who_may_read_it(cast: Cast, client: Client) -> None:
    draft = send_message(sender_id=cast.bob.id, to_user_id=cast.carol.id, content="heather on the moor")
    place = f"{draft.conversation_id}/{draft.seq}"
    alice = moderator(cast.alice)
    client.force_login(alice)
    within = f"/admin/chat/message/?conversation__id__exact={draft.conversation_id}"
    assert place in client.get(within).content.decode()
    assert place not in client.get(f"{within}&q=heather").content.decode()
    alice.user_permissions.add(Permission.objects.get(codename="read_text"))
    assert place in client.get(f"{within}&q=heather").content.decode()
    assert place not in client.get("/admin/chat/message/?q=heather").content.decode()
    assert place in client.get(f"/admin/chat/message/?q={cast.bob.user.username}").content.decode()


# ---- heard ---------------------------------------------------------------------------------------------------------------


async def _taken_back_on_the_server(server: Server, by: Person, message: Message) -> None:
    """Through the admin's own page, as a browser does."""
    cookies = await sign_in(server, by)
    status, page = await call(server, "GET", f"/admin/chat/message/{message.pk}/act/take_back/", None, None, Cookie=cookies)
    assert status == 200
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    await asyncio.to_thread(_post_form, server, cookies, message, token)


def _post_form(server: Server, cookies: str, message: Message, token: str) -> None:
    path = f"{server.url}/admin/chat/message/{message.pk}/act/take_back/"
    form = urllib.parse.urlencode({"csrfmiddlewaretoken": token, "confirmed": "1", "reason": "rude"}).encode()
    request = urllib.request.Request(path, data=form, headers={"Cookie": cookies, "Referer": path})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200


def _message(msg_id: str) -> Message:
    return Message.objects.get(msg_id=msg_id)


async def test_connected_people_hear_it_and_those_away_get_it_with_their_resume(
    people: Cast, device: Open, servers: list[Server]
) -> None:
    alice, bob = await device(people.alice), await device(people.bob, device="phone")
    ack = await alice.chat("a word too many", to=people.bob.id)
    conversation = ack["conversationId"]
    await bob.get("chat")
    await bob.close()
    tablet = await device(people.bob, device="tablet")
    await tablet.get("chat")
    message = await in_database(_message, ack["msgId"])
    await in_database(moderator, people.carol)
    await _taken_back_on_the_server(servers[0], people.carol, message)
    for live in (alice, tablet):
        data = (await live.get("update"))["data"]
        assert (data["msgId"], data["seq"], data["rev"], data["content"]) == (ack["msgId"], ack["seq"], 2, "")
        assert data["moderated"] is True
        assert data["recalledAt"] >= data["createdAt"]
        assert (data["fromUserId"], data["toUserId"], data["contentType"]) == (people.alice.id, people.bob.id, 1)
    back = await device(people.bob, device="phone", backlog=0)
    await sync(back, {conversation: 1})
    assert back.all("update") == [data]
    await alice.chat("next", to=people.bob.id)
    assert (await tablet.get("chat", lambda d: d["seq"] == 2))["data"]["rev"] == 3


async def test_a_new_device_is_given_the_place_and_not_the_text(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("unread and gone", to=people.bob.id)
    message = await in_database(_message, ack["msgId"])
    await in_database(take_back, await in_database(moderator, people.carol), message)
    bob = await device(people.bob)
    data = bob.all("chat")[0]
    assert (data["content"], data["moderated"], data["seq"]) == ("", True, 1)


async def test_every_member_of_a_group_hears_it(people: Cast, device: Open, servers: list[Server]) -> None:
    group = await in_database(make_group, people.alice, people.bob)
    alice, bob = await device(people.alice), await device(people.bob)
    ack = await alice.chat("a word too many", conversation=group)
    await bob.get("chat")
    message = await in_database(_message, ack["msgId"])
    await in_database(moderator, people.carol)
    await _taken_back_on_the_server(servers[0], people.carol, message)
    for member in (alice, bob):
        data = (await member.get("update"))["data"]
        assert (data["conversationId"], data["rev"], data["content"], "toUserId" in data) == (group, 2, "", False)


async def test_a_taking_back_whose_push_was_lost_is_found(people: Cast, device: Open, monkeypatch: Any) -> None:
    """Nothing follows it, so no gap gives it away: the sweep finds it within 5 s."""
    alice, bob = await device(people.alice), await device(people.bob)
    ack = await alice.chat("lost", to=people.bob.id)
    await bob.get("chat")
    message = await in_database(_message, ack["msgId"])
    monkeypatch.setattr(publication, "update", lambda message, origin: (("nobody",), {"type": "frame"}))
    await in_database(take_back, await in_database(moderator, people.carol), message)
    heard: list[Device] = [alice, bob]
    await until(lambda: all(one.all("update") for one in heard), timeout=5.0)
    assert [one.all("update")[0]["rev"] for one in heard] == [2, 2]
