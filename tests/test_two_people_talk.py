"""The main job over the socket: messages, acknowledgements, receipts and presence between two people."""

from tests.conftest import Open
from tests.support.people import Cast


async def test_a_message_is_stored_delivered_and_read(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    ack = await alice.chat("你好", to=people.bob.id)
    message = (await bob.get("chat"))["data"]
    assert message["content"] == "你好"
    assert message["fromUserId"] == people.alice.id
    assert message["toUserId"] == people.bob.id
    assert (message["seq"], message["rev"]) == (ack["seq"], 1)
    delivered = (await alice.get("ack", lambda d: d["status"] == "delivered"))["data"]
    assert delivered["msgId"] == ack["msgId"]
    await bob.send("read", {"peerId": people.alice.id, "msgIds": []})
    read = (await alice.get("ack", lambda d: d["status"] == "read"))["data"]
    assert read["msgId"] == ack["msgId"]
    notice = (await alice.get("read"))["data"]
    assert notice["peerId"] == people.bob.id
    assert notice["msgIds"] == [ack["msgId"]]


async def test_friends_see_each_other_come_and_go(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    bob = await device(people.bob)
    assert (await alice.get("online"))["data"]["userId"] == people.bob.id
    assert bob.all("connected")[0]["onlineFriends"] == [people.alice.id]
    await bob.close()
    gone = (await alice.get("offline", timeout=12))["data"]
    assert gone["userId"] == people.bob.id
    assert gone["lastSeen"] <= gone["timestamp"]


async def test_what_was_sent_to_somebody_offline_is_there_when_they_come_back(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    for number in range(5):
        await alice.chat(f"message {number}", to=people.bob.id)
    bob = await device(people.bob)
    assert [message["content"] for message in bob.all("chat")] == [f"message {number}" for number in range(5)]
    assert [frame["type"] for frame in bob.frames[:6]] == ["chat"] * 5 + ["connected"]
    assert (await alice.get("ack", lambda d: d["status"] == "delivered"))["data"]["seq"] == 5
