"""Acknowledgements and receipts: what each promises, to whom it goes, and what it never does (protocol §3.1)."""

import asyncio
import uuid

from tests.conftest import Open
from tests.support.people import Cast, Person


async def test_the_same_message_again_gets_the_first_answer(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    msg_id = str(uuid.uuid4())
    first = await alice.chat("once", to=people.bob.id, msg_id=msg_id)
    alice.clear()
    assert await alice.chat("once", to=people.bob.id, msg_id=msg_id) == first
    assert await alice.chat("once", conversation=first["conversationId"], msg_id=msg_id) == first
    await bob.settled()
    assert len(bob.all("chat")) == 1


async def test_many_retries_at_once_store_one_message(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    data = {"toUserId": people.bob.id, "content": "again and again", "msgId": str(uuid.uuid4())}
    for _ in range(20):
        await alice.send("chat", data)
    await alice.settled()
    await bob.get("chat")
    await asyncio.sleep(0.3)
    acks = [ack for ack in alice.all("ack") if ack["status"] == "sent"]
    assert len(acks) == 20
    assert len({(ack["seq"], ack["timestamp"]) for ack in acks}) == 1
    assert len(bob.all("chat")) == 1


async def test_an_id_belongs_to_one_message(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    ack = await alice.chat("mine", to=people.bob.id)
    await bob.send("chat", {"toUserId": people.alice.id, "content": "theft", "msgId": ack["msgId"]})
    assert (await bob.get("error"))["data"] | {"message": ""} == {
        "code": "msg_id_conflict",
        "message": "",
        "msgId": ack["msgId"],
    }
    await alice.send("chat", {"toUserId": people.carol.id, "content": "elsewhere", "msgId": ack["msgId"]})
    assert (await alice.get("error"))["data"]["code"] == "msg_id_conflict"


async def test_sent_comes_before_delivered(people: Cast, device: Open) -> None:
    alice, _bob = await device(people.alice), await device(people.bob)
    for number in range(30):
        await alice.send("chat", {"toUserId": people.bob.id, "content": str(number), "msgId": str(uuid.uuid4())})
    await alice.get("ack", lambda d: d["status"] == "delivered" and d["seq"] == 30)
    sent: set[int] = set()
    for ack in alice.all("ack"):
        if ack["status"] == "sent":
            sent.add(ack["seq"])
        else:
            assert ack["seq"] in sent


async def test_delivered_goes_to_every_device_of_the_sender(people: Cast, device: Open) -> None:
    phone, laptop = await device(people.alice), await device(people.alice)
    _bob = await device(people.bob)
    ack = await phone.chat("hi", to=people.bob.id)
    assert (await laptop.get("chat"))["data"]["msgId"] == ack["msgId"]
    for one in (phone, laptop):
        delivered = (await one.get("ack", lambda d: d["status"] == "delivered"))["data"]
        assert delivered["msgId"] == ack["msgId"]
    assert phone.all("chat") == []
    assert [a for a in laptop.all("ack") if a["status"] == "sent"] == []


async def test_nothing_is_delivered_to_who_is_not_there(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    await alice.chat("are you there", to=people.bob.id)
    await alice.quiet(0.5)
    assert [a["status"] for a in alice.all("ack")] == ["sent"]
    await device(people.bob)
    await alice.get("ack", lambda d: d["status"] == "delivered")


async def test_a_client_that_confirms_itself_is_waited_for(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob, receipts=1)
    acks = [await alice.chat(str(n), to=people.bob.id) for n in range(3)]
    await bob.get("chat", lambda d: d["seq"] == 3)
    await alice.quiet(0.5)
    assert {a["status"] for a in alice.all("ack")} == {"sent"}
    await bob.send("received", {"conversationId": acks[0]["conversationId"], "seq": 2})
    delivered = (await alice.get("ack", lambda d: d["status"] == "delivered"))["data"]
    assert (delivered["seq"], delivered["msgId"]) == (2, acks[1]["msgId"])
    await bob.send("received", {"conversationId": acks[0]["conversationId"], "seq": 10**15})
    await alice.get("ack", lambda d: d["status"] == "delivered" and d["seq"] == 3)


async def test_a_cut_backlog_is_no_delivery_of_what_was_cut(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    for number in range(5):
        await alice.chat(str(number), to=people.bob.id)
    bob = await device(people.bob, backlog=2)
    assert [m["content"] for m in bob.all("chat")] == ["3", "4"]
    conversation = bob.all("chat")[0]["conversationId"]
    assert bob.all("connected")[0]["backlog"] == [{"conversationId": conversation, "pushed": 2, "more": True}]
    await alice.quiet(0.5)
    assert {a["status"] for a in alice.all("ack")} == {"sent"}
    await bob.send("received", {"conversationId": conversation, "seq": 5})
    await alice.get("ack", lambda d: d["status"] == "delivered" and d["seq"] == 5)


async def test_reading_says_so_once_and_never_goes_back(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    acks = [await alice.chat(str(n), to=people.bob.id) for n in range(4)]
    conversation = acks[0]["conversationId"]
    await bob.get("chat", lambda d: d["seq"] == 4)
    await bob.send("read", {"conversationId": conversation, "msgIds": [acks[2]["msgId"], acks[0]["msgId"]]})
    notice = (await alice.get("read"))["data"]
    assert (notice["seq"], notice["msgIds"]) == (3, [a["msgId"] for a in acks[:3]])
    await bob.send("read", {"conversationId": conversation, "seq": 1})
    await bob.send("read", {"conversationId": conversation, "seq": 10**12})
    await alice.get("read", lambda d: d["seq"] == 4)
    assert [r["seq"] for r in alice.all("read")] == [3, 4]
    assert [a["seq"] for a in alice.all("ack") if a["status"] == "read"] == [3, 4]


async def test_reading_everything_pushed_so_far(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    for number in range(3):
        await alice.chat(str(number), to=people.bob.id)
    bob = await device(people.bob)
    await bob.send("read", {"peerId": people.alice.id})
    assert (await alice.get("read"))["data"]["seq"] == 3
    await alice.chat("more", to=people.bob.id)
    await bob.get("chat", lambda d: d["seq"] == 4)
    await bob.send("read", {"peerId": people.alice.id, "msgIds": []})
    await alice.get("read", lambda d: d["seq"] == 4)


async def test_a_read_notice_names_the_newest_hundred(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    acks = [await alice.chat(str(n), to=people.bob.id) for n in range(120)]
    await bob.get("chat", lambda d: d["seq"] == 120)
    await bob.send("read", {"peerId": people.alice.id})
    assert (await alice.get("read"))["data"]["msgIds"] == [a["msgId"] for a in acks[20:]]


async def test_my_other_devices_learn_what_i_have_read(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    phone, laptop = await device(people.bob), await device(people.bob)
    ack = await alice.chat("hi", to=people.bob.id)
    await phone.get("chat")
    await phone.send("read", {"conversationId": ack["conversationId"], "seq": 1})
    state = (await laptop.get("state"))["data"]
    assert (state["readSeq"], state["unread"], state["conversationId"]) == (1, 0, ack["conversationId"])
    await phone.settled()
    assert phone.all("state") == []


async def test_reading_a_chat_that_does_not_exist_is_harmless(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    await alice.send("read", {"peerId": people.carol.id, "msgIds": []})
    await alice.settled()
    assert alice.all("error") == []


async def test_notes_to_self_reach_my_other_devices_and_nobody_else(people: Cast, device: Open) -> None:
    phone, laptop, bob = await device(people.alice), await device(people.alice), await device(people.bob)
    ack = await phone.chat("milk", to=people.alice.id)
    note = (await laptop.get("chat"))["data"]
    assert (note["fromUserId"], note["toUserId"], note["seq"]) == (people.alice.id, people.alice.id, ack["seq"])
    await bob.settled()
    assert bob.all("chat") == []
    again = await device(people.alice)
    assert again.all("chat") == []  # my own are never unread


async def test_messages_of_both_sides_are_numbered_together(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)

    async def talk(who: Person, socket: object, to: int) -> None:
        for number in range(25):
            await socket.chat(f"{who.id} {number}", to=to)  # type: ignore[attr-defined]

    await asyncio.gather(talk(people.alice, alice, people.bob.id), talk(people.bob, bob, people.alice.id))
    await alice.get("chat", lambda d: d["content"].endswith(" 24"))
    await bob.get("chat", lambda d: d["content"].endswith(" 24"))
    mine = [a for a in alice.all("ack") if a["status"] == "sent"]
    theirs = alice.all("chat")
    assert sorted(m["seq"] for m in (*mine, *theirs)) == list(range(1, 51))
    for socket in (alice, bob):
        received = socket.all("chat")
        assert [m["rev"] for m in received] == sorted(m["rev"] for m in received)
        assert [m["createdAt"] for m in received] == sorted(m["createdAt"] for m in received)
