"""Groups on the engine: one publish for all members, the same order and guarantees as between two people."""

import asyncio
import uuid

from chat.models import Conversation, Membership
from realtime.database import in_database
from tests.conftest import Open
from tests.support.client import Device
from tests.support.people import Cast, Person, make_person
from tests.support.servers import Server, running


def make_group(*people: Person) -> int:
    group = Conversation.objects.create(kind="group", title="Everybody", member_count=len(people))
    Membership.objects.bulk_create([Membership(conversation=group, user=person.user) for person in people])
    return group.pk


async def test_everybody_in_a_group_gets_every_message_in_order(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob, people.carol)
    stranger = await device(await in_database(make_person, "dave"))
    alice, phone, bob, carol = [
        await device(who, device=name)
        for who, name in ((people.alice, "a"), (people.alice, "b"), (people.bob, "a"), (people.carol, "a"))
    ]
    sent = [await sender.chat(f"number {n}", conversation=group) for n, sender in enumerate([alice, bob, carol, alice])]
    assert [ack["seq"] for ack in sent] == [1, 2, 3, 4]
    for each, seqs in ((alice, [2, 3]), (phone, [1, 2, 3, 4]), (bob, [1, 3, 4]), (carol, [1, 2, 4])):
        await each.get("chat", lambda data, last=seqs[-1]: data["seq"] == last)
        got = each.all("chat")
        assert [message["seq"] for message in got] == seqs
        assert all("toUserId" not in message and message["conversationId"] == group for message in got)
    await stranger.send("chat", {"conversationId": group, "content": "hello", "msgId": str(uuid.uuid4())})
    assert (await stranger.get("error"))["data"]["code"] == "not_found"
    assert not stranger.all("chat")


async def test_a_member_who_was_away_is_given_what_was_said(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob)
    alice = await device(people.alice)
    for number in range(5):
        await alice.chat(str(number), conversation=group)
    bob = await device(people.bob)
    assert [message["seq"] for message in bob.all("chat")] == [1, 2, 3, 4, 5]
    await alice.chat("live", conversation=group)
    await bob.get("chat", lambda data: data["seq"] == 6)
    await bob.send("sync", {"cursors": {str(group): 3}})
    await bob.get("synced")
    head = next(item for frame in bob.all("heads") for item in frame["items"] if item["conversationId"] == group)
    assert (head["kind"], head["lastSeq"], head["unread"]) == ("group", 6, 6)
    assert [message["seq"] for message in bob.all("chat")] == [1, 2, 3, 4, 5, 6, 4, 5, 6]


async def test_a_group_that_begins_while_its_members_are_here_reaches_them_all(people: Cast, live_database: None) -> None:
    """All of them on one process, which nobody told: the sweep finds the first message."""
    with running() as (server,):
        alice, bob, carol = [await _visit(server, who) for who in (people.alice, people.bob, people.carol)]
        group = await in_database(make_group, people.alice, people.bob, people.carol)
        await alice.chat("one", conversation=group)
        for member in (bob, carol):
            await member.get("chat", lambda data: data["seq"] == 1)
        await alice.chat("two", conversation=group)
        for member in (bob, carol):
            await member.get("chat", lambda data: data["seq"] == 2)
            assert [message["seq"] for message in member.all("chat")] == [1, 2]
        for member in (alice, bob, carol):
            await member.close()


async def test_reading_a_group_shows_on_my_other_device(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob)
    desk, phone = await device(people.bob, device="desk"), await device(people.bob, device="phone")
    alice = await device(people.alice)
    await alice.chat("hello", conversation=group)
    await desk.get("chat")
    await desk.send("read", {"conversationId": group, "seq": 1})
    state = await phone.get("state")
    assert (state["data"]["readSeq"], state["data"]["unread"]) == (1, 0)


async def test_a_group_is_left_when_its_last_member_here_goes(people: Cast, live_database: None) -> None:
    """And joined again by the next: what is said in between is in the backlog, what follows comes live."""
    group = await in_database(make_group, people.alice, people.bob)
    with running() as (server,):
        alice = await Device.open(server.ws_url, people.alice.access)
        for round_ in range(3):
            bob = await _visit(server, people.bob)
            before = await alice.chat("while bob is here", conversation=group)
            await bob.get("chat", lambda data, seq=before["seq"]: data["seq"] == seq)
            await bob.close()
            await asyncio.sleep(0.1 * round_)
            await alice.chat("while bob is away", conversation=group)
        bob = await _visit(server, people.bob)
        assert [message["seq"] for message in bob.all("chat")] == list(range(1, 7))
        await alice.close()
        await bob.close()


async def _visit(server: Server, who: Person) -> Device:
    return await Device.open(server.ws_url, who.access)
