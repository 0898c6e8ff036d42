"""`sync` brings what was missed, complete and in order, or says that it cannot (protocol §4)."""

import asyncio
from typing import Any

from chat import epoch
from chat.models import Conversation, Membership, Message
from realtime.database import in_database
from tests.conftest import Open
from tests.support.client import Device
from tests.support.http import call
from tests.support.people import Cast
from tests.support.servers import Server


async def sync(device: Device, cursors: dict[int, int], epoch: str | None = None) -> dict[str, Any]:
    """Ask for a resume and wait for its end; returns the data of `synced`."""
    answer = await device.ask("sync", {"cursors": {str(key): rev for key, rev in cursors.items()}, "epoch": epoch})
    assert answer["type"] == "synced", answer
    return answer["data"]


async def test_nothing_is_pushed_before_a_client_that_syncs_asks(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("waiting", to=people.bob.id)
    bob = await device(people.bob, backlog=0)
    cut = bob.all("connected")[0]["backlog"]
    assert cut == [{"conversationId": ack["conversationId"], "pushed": 0, "more": True}]
    await alice.chat("live", to=people.bob.id)
    await bob.quiet()
    assert bob.all("chat") == []


async def test_a_first_sync_brings_heads_and_then_live_frames(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("one", to=people.bob.id)
    await alice.chat("two", to=people.bob.id)
    bob = await device(people.bob, backlog=0)
    done = await sync(bob, {})
    head = next(item for data in bob.all("heads") for item in data["items"])
    assert head["conversationId"] == ack["conversationId"]
    assert (head["kind"], head["title"], head["peerId"]) == ("direct", "Alice", people.alice.id)
    assert (head["lastSeq"], head["lastRev"], head["readSeq"], head["unread"]) == (2, 2, 0, 2)
    assert done["epoch"] == bob.all("connected")[0]["epoch"]
    assert bob.all("chat") == []
    await alice.chat("three", to=people.bob.id)
    assert (await bob.get("chat"))["data"]["seq"] == 3


async def test_what_was_missed_comes_in_order_and_once(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob, device="phone")
    ack = await alice.chat("0", to=people.bob.id)
    conversation = ack["conversationId"]
    await bob.get("chat")
    await bob.close()
    for number in range(1, 30):
        await alice.chat(str(number), to=people.bob.id)
    back = await device(people.bob, device="phone", backlog=0)
    sending = asyncio.create_task(_send_more(alice, people.bob.id, 30, 60))
    await sync(back, {conversation: 1})
    await sending
    await back.get("chat", lambda d: d["seq"] == 60)
    assert [m["seq"] for m in back.all("chat")] == list(range(2, 61))
    assert [m["rev"] for m in back.all("chat")] == list(range(2, 61))


async def _send_more(device: Device, to: int, start: int, end: int) -> None:
    for number in range(start, end):
        await device.chat(str(number), to=to)


async def test_a_changed_message_comes_as_an_update(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    acks = [await alice.chat(str(n), to=people.bob.id) for n in range(3)]
    conversation = acks[0]["conversationId"]
    await in_database(_change, conversation, 1, "changed")
    bob = await device(people.bob, backlog=0)
    await sync(bob, {conversation: 2})
    assert [(m["seq"], m["rev"]) for m in bob.all("chat")] == [(3, 3)]
    assert [(m["seq"], m["rev"], m["content"]) for m in bob.all("update")] == [(1, 4, "changed")]
    fresh = await device(people.bob)
    assert [m["content"] for m in fresh.all("chat")] == ["changed", "1", "2"]


def _change(conversation: int, seq: int, content: str) -> None:
    """As an edit will do it: the message takes the next rev."""
    row = Conversation.objects.get(pk=conversation)
    row.last_rev += 1
    row.save(update_fields=["last_rev"])
    Message.objects.filter(conversation_id=conversation, seq=seq).update(content=content, rev=row.last_rev)


async def test_a_message_born_after_the_cursor_is_new_however_long_the_answer(people: Cast, device: Open) -> None:
    """The answer is read in spans; the message was born in an earlier span than the one that holds its change."""
    alice = await device(people.alice)
    ack = await alice.chat("1", to=people.bob.id)
    conversation = ack["conversationId"]
    await in_database(_fill, conversation, people.alice.id, 600)
    await in_database(_change, conversation, 100, "changed")
    bob = await device(people.bob, backlog=0)
    await sync(bob, {conversation: 1})
    assert bob.all("update") == []
    assert [m["seq"] for m in bob.all("chat")] == [*range(2, 100), *range(101, 601), 100]


async def test_an_impossible_cursor_is_refused(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("one", to=people.bob.id)
    await sync(alice, {ack["conversationId"]: 7})
    assert [d["conversationId"] for d in alice.all("reset")] == [ack["conversationId"]]
    assert alice.all("heads")[0]["items"]


async def test_a_cursor_too_far_behind_is_refused(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("one", to=people.bob.id)
    conversation = ack["conversationId"]
    await in_database(_fill, conversation, people.alice.id, 1100)
    bob = await device(people.bob, backlog=0)
    await sync(bob, {conversation: 1})
    assert [d["conversationId"] for d in bob.all("reset")] == [conversation]
    assert bob.all("chat") == []
    bob.clear()
    await sync(bob, {conversation: 101})
    assert [m["rev"] for m in bob.all("chat")] == list(range(102, 1101))
    assert bob.all("heads")[0]["items"][0]["unread"] == 1000


def _fill(conversation: int, sender: int, up_to: int) -> None:
    """Messages as if they had been sent, up to a seq."""
    last = Conversation.objects.get(pk=conversation)
    Message.objects.bulk_create(
        Message(
            conversation_id=conversation, seq=n, rev=n, created_rev=n, sender_id=sender, content=str(n), created_at=last.last_at
        )
        for n in range(last.last_seq + 1, up_to + 1)
    )
    Conversation.objects.filter(pk=conversation).update(last_seq=up_to, last_rev=up_to)


async def test_a_cursor_of_nothing_brings_the_head_alone(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("one", to=people.bob.id)
    await in_database(_fill, ack["conversationId"], people.alice.id, 1100)
    bob = await device(people.bob, backlog=0)
    await sync(bob, {ack["conversationId"]: 0})
    assert bob.all("reset") == bob.all("chat") == []


async def test_another_life_of_the_database_is_refused(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("one", to=people.bob.id)
    done = await sync(alice, {ack["conversationId"]: 1}, epoch="00000000-0000-0000-0000-000000000000")
    assert alice.all("reset") == [{"conversationId": None, "reason": "epoch"}]
    alice.clear()
    await sync(alice, {ack["conversationId"]: 1}, epoch=done["epoch"])
    assert alice.all("reset") == []


async def test_a_conversation_that_is_not_mine_is_removed(people: Cast, device: Open) -> None:
    alice, carol = await device(people.alice), await device(people.carol)
    ack = await alice.chat("private", to=people.bob.id)
    await sync(carol, {ack["conversationId"]: 1, 987_654_321: 5})
    assert {d["conversationId"] for d in carol.all("removed")} == {ack["conversationId"], 987_654_321}
    assert carol.all("chat") == []


async def test_a_backlog_of_any_size_arrives(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("1", to=people.bob.id)
    await in_database(_fill, ack["conversationId"], people.alice.id, 3000)
    bob = await device(people.bob)
    assert [m["seq"] for m in bob.all("chat")] == list(range(1, 3001))
    await alice.get("ack", lambda d: d["status"] == "delivered" and d["seq"] == 3000)


async def test_live_frames_follow_the_backlog(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("1", to=people.bob.id)
    await in_database(_fill, ack["conversationId"], people.alice.id, 2000)
    bob = await device(people.bob, wait=False)
    await _send_more(alice, people.bob.id, 0, 50)
    await bob.get("chat", lambda d: d["seq"] == 2050)
    assert [m["seq"] for m in bob.all("chat")] == list(range(1, 2051))


async def test_rest_gives_a_cursor_for_the_sync(people: Cast, servers: list[Server], device: Open) -> None:
    alice = await device(people.alice)
    acks = [await alice.chat(str(n), to=people.bob.id) for n in range(5)]
    conversation = acks[0]["conversationId"]
    _, page = await call(servers[0], "GET", f"/api/v1/conversations/{conversation}/messages?limit=2", people.bob.access)
    assert ([m["seq"] for m in page["results"]], page["rev"]) == ([4, 5], 5)
    assert page["epoch"] == await in_database(epoch.current)
    await alice.chat("later", to=people.bob.id)
    bob = await device(people.bob, backlog=0)
    await sync(bob, {conversation: page["rev"]}, page["epoch"])
    assert [m["content"] for m in bob.all("chat")] == ["later"]


async def test_two_syncs_at_once_are_one_too_many(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    await alice.chat("x", to=people.bob.id)
    await alice.send("sync", {"cursors": {}}, id="one")
    await alice.send("sync", {"cursors": {}}, id="two")
    assert (await alice.answer("one"))["type"] == "synced"
    assert (await alice.answer("two"))["type"] in ("synced", "error")


async def test_a_sync_before_connected_is_too_early_and_harms_nothing(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    ack = await alice.chat("1", to=people.bob.id)
    for _ in range(5):
        bob = await device(people.bob, wait=False, backlog=0)
        answer = await bob.ask("sync", {"cursors": {}})
        await bob.get("connected")
        assert answer["type"] == "synced" or answer["data"]["code"] == "too_many"
        await sync(bob, {})
        assert bob.all("heads")[-1]["items"][0]["conversationId"] == ack["conversationId"]
        await bob.close()


async def test_a_lost_last_change_is_found(people: Cast, device: Open) -> None:
    """A process stored a message and died before it could tell anybody: the others find it within 5 s."""
    alice, bob = await device(people.alice), await device(people.bob)
    ack = await alice.chat("1", to=people.bob.id)
    await bob.get("chat")
    await in_database(_fill, ack["conversationId"], people.alice.id, 3)
    await bob.get("chat", lambda d: d["seq"] == 3, timeout=5)
    assert [m["seq"] for m in bob.all("chat")] == [1, 2, 3]
    await alice.chat("4", to=people.bob.id)
    await bob.get("chat", lambda d: d["seq"] == 4)


async def test_a_lost_first_message_is_found(people: Cast, device: Open) -> None:
    bob = await device(people.bob)
    conversation = await in_database(_unheard_of, people.carol.id, people.bob.id)
    message = (await bob.get("chat", timeout=5))["data"]
    assert (message["conversationId"], message["seq"]) == (conversation, 1)


def _unheard_of(sender: int, recipient: int) -> int:
    low, high = sorted((sender, recipient))
    made = Conversation.objects.create(low_id=low, high_id=high)
    Membership.objects.bulk_create(Membership(conversation=made, user_id=user) for user in (low, high))
    _fill(made.pk, sender, 1)
    return made.pk
