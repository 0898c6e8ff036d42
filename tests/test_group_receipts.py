"""Receipts in groups: when everybody has it, when all have read it, who, and what large groups don't say (protocol §3.1)."""

import time
from typing import Any

from chat import journal, readers, receipts
from chat.entries import Watermark
from chat.models import Conversation, Membership, ReadTime
from realtime.database import in_database
from tests.conftest import Open
from tests.support.client import Device, until
from tests.support.people import Cast
from tests.support.rest import API, ok, refused
from tests.test_groups import make_group
from tests.test_message_acts import path, told


def acks(device: Device, status: str) -> list[int]:
    return [ack["seq"] for ack in device.all("ack") if ack["status"] == status]


async def test_everybody_has_it_and_everybody_has_read_it(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob, people.carol)
    alice, phone, bob = await device(people.alice), await device(people.alice), await device(people.bob)
    sent = [await alice.chat(text, conversation=group) for text in ("one", "two")]
    await bob.get("chat", lambda data: data["seq"] == 2)
    await alice.quiet(0.6)
    assert acks(alice, "delivered") == []  # carol has not
    carol = await device(people.carol)
    for each in (alice, phone):
        ack = (await each.get("ack", lambda data: data["status"] == "delivered" and data["seq"] == 2))["data"]
        assert (ack["msgId"], ack["conversationId"]) == (sent[1]["msgId"], group)
    await bob.send("read", {"conversationId": group, "seq": 2})
    for each in (alice, phone, carol):
        notice = (await each.get("read"))["data"]
        assert (notice["peerId"], notice["conversationId"], notice["seq"], notice["msgIds"]) == (people.bob.id, group, 2, [])
    await carol.send("read", {"conversationId": group, "seq": 1})
    await alice.get("ack", lambda data: data["status"] == "read" and data["seq"] == 1)
    await carol.send("read", {"conversationId": group, "seq": 2})
    await phone.get("ack", lambda data: data["status"] == "read" and data["seq"] == 2)
    assert acks(phone, "read") == [1, 2]
    assert acks(bob, "delivered") == acks(carol, "delivered") == acks(bob, "read") == []
    assert bob.all("read") == [] or {notice["peerId"] for notice in bob.all("read")} == {people.carol.id}
    head = await in_database(lambda: ok(people.alice.api.get(f"{API}conversations/{group}")))
    assert (head["othersDeliveredSeq"], head["othersReadSeq"]) == (2, 2)


async def test_each_sender_hears_of_their_own_newest(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob, people.carol)
    alice, bob = await device(people.alice), await device(people.bob)
    await alice.chat("one", conversation=group)
    await bob.get("chat")
    await bob.chat("two", conversation=group)
    await alice.get("chat")
    await device(people.carol)
    await alice.get("ack", lambda data: data["status"] == "delivered" and data["seq"] == 1)
    await bob.get("ack", lambda data: data["status"] == "delivered" and data["seq"] == 2)
    assert (acks(alice, "delivered"), acks(bob, "delivered")) == ([1], [2])


async def test_whoever_reads_fast_is_told_of_once_a_second(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob, people.carol)
    alice, bob = await device(people.alice), await device(people.bob)
    for number in range(8):
        await alice.chat(str(number), conversation=group)
    await bob.get("chat", lambda data: data["seq"] == 8)
    began = time.monotonic()
    for seq in range(1, 9):
        await bob.send("read", {"conversationId": group, "seq": seq})
    await alice.get("read", lambda data: data["seq"] == 8)
    assert len(alice.all("read")) <= 2 + (time.monotonic() - began)
    assert [notice["seq"] for notice in alice.all("read")] == sorted(notice["seq"] for notice in alice.all("read"))


async def test_a_large_group_says_nothing(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob)
    await in_database(Conversation.objects.filter(pk=group).update, member_count=receipts.SMALL + 1)
    alice, bob, phone = await device(people.alice), await device(people.bob), await device(people.bob)
    sent = await alice.chat("one", conversation=group)
    await bob.get("chat")
    await bob.send("read", {"conversationId": group, "seq": 1})
    await phone.get("state", lambda data: data["readSeq"] == 1)
    await alice.quiet(0.3)
    assert (acks(alice, "delivered"), acks(alice, "read"), alice.all("read")) == ([], [], [])
    assert not await in_database(ReadTime.objects.filter(conversation_id=group).exists)
    answer = await in_database(lambda: people.alice.api.get(path(sent, "/readers")))
    refused(answer, 409, "too_many")


def mark(user: int, group: int, **seqs: int) -> None:
    journal.lane.write_blocking(Watermark(user_id=user, conversation_id=group, **seqs), None)


def test_who_has_read_it_and_when(cast: Cast, settings: Any) -> None:
    group = make_group(cast.alice, cast.bob, cast.carol)
    message = told(cast.alice, group, "hello")
    asked = path(message, "/readers")
    assert ok(cast.alice.api.get(asked)) == {"results": [], "delivered": [], "count": 2}
    mark(cast.carol.id, group, delivered=1)
    before = int(time.time() * 1000)
    mark(cast.bob.id, group, read=1)
    told(cast.alice, group, "more")
    mark(cast.bob.id, group, read=2)
    found = ok(cast.alice.api.get(asked))
    assert [reader["user"]["id"] for reader in found["results"]] == [cast.bob.id]
    assert before <= found["results"][0]["readAt"] <= ReadTime.objects.order_by("pk")[0].at
    assert [user["displayName"] for user in found["delivered"]] == ["Carol"]
    # Nobody else asks; and who came later is not among them.
    refused(cast.bob.api.get(asked), 404, "not_found")
    Membership.objects.filter(conversation_id=group, user_id=cast.carol.id).update(joined_rev=1)
    assert ok(cast.alice.api.get(asked))["count"] == 1
    # The first time may be forgotten; a later one would be wrong.
    settings.IM_READ_TIMES = 0.0
    readers.prune()
    assert not ReadTime.objects.exists()
    assert ok(cast.alice.api.get(asked))["results"][0]["readAt"] is None


def test_a_direct_chat_has_no_list_of_readers(cast: Cast) -> None:
    ok(cast.alice.api.post(f"{API}conversations", {"kind": "direct", "userId": cast.bob.id}), 201)
    group = ok(cast.alice.api.get(f"{API}conversations"))["results"][0]["id"]
    message = told(cast.alice, group, "hello")
    refused(cast.alice.api.get(path(message, "/readers")), 404, "not_found")


async def test_a_process_that_is_asked_in_between_forgets_nothing(people: Cast, device: Open) -> None:
    """What is written to sockets is gathered for a while: the newest of it counts."""
    group = await in_database(make_group, people.alice, people.bob)
    alice, bob = await device(people.alice), await device(people.bob)
    for number in range(30):
        await alice.send("chat", {"conversationId": group, "content": str(number)})
    await bob.get("chat", lambda data: data["seq"] == 30)
    await until(lambda: 30 in acks(alice, "delivered"))
    assert len(acks(alice, "delivered")) < 10
