"""Groups while people are connected: whoever comes hears it at once, and whoever goes hears nothing more."""

import asyncio
import time
from typing import Any

from accounts import friends
from chat import groups, journal, members, sending
from chat.models import Conversation, Membership
from realtime.clock import now_ms
from realtime.database import in_database
from tests.conftest import Open
from tests.support.client import Device, until
from tests.support.groups import make_group
from tests.support.http import call, post
from tests.support.people import Cast, Person, make_person
from tests.support.servers import Server

SOON = 2.0  # seconds: what the protocol promises
API = "/api/v1/conversations"


async def change(server: Server, who: Person, method: str, path: str, body: Any = None) -> Any:
    status, found = await call(server, method, f"{API}/{path}", who.access, body)
    assert status < 300, (status, found)
    return found


def of(device: Device, group: int) -> list[tuple[str, int]]:
    """What a device has heard of a group, in order: (type, seq)."""
    found = [f for f in device.frames if f["type"] in ("chat", "update", "typing", "removed", "state")]
    return [(f["type"], f["data"].get("seq", 0)) for f in found if f["data"]["conversationId"] == group]


def actions(device: Device) -> list[str]:
    return [message["system"]["action"] for message in device.all("chat") if "system" in message]


async def test_a_new_group_reaches_everybody_at_once(people: Cast, servers: list[Server], device: Open) -> None:
    alice, bob, phone, carol = [await device(who) for who in (people.alice, people.bob, people.bob, people.carol)]
    body = {"kind": "group", "title": "Lunch", "memberIds": [people.bob.id]}
    made = await post(servers[0], API, people.alice.access, body)
    began = time.monotonic()
    for each in (alice, bob, phone):
        first = (await each.get("chat"))["data"]
        assert (first["conversationId"], first["seq"], first["system"]["action"]) == (made["id"], 1, "created")
    assert time.monotonic() - began < 1.0
    await alice.chat("hello", conversation=made["id"])
    for each in (bob, phone):
        await each.get("chat", lambda data: data["content"] == "hello")
    await carol.settled()
    assert not carol.all("chat")


async def test_whoever_is_added_hears_what_follows_and_nothing_before(
    people: Cast, servers: list[Server], device: Open
) -> None:
    group = await in_database(make_group, people.alice, people.bob)
    alice, carol = await device(people.alice), await device(people.carol)
    await alice.chat("before", conversation=group)
    await change(servers[-1], people.alice, "POST", f"{group}/members", {"userIds": [people.carol.id]})
    await alice.chat("after", conversation=group)
    await carol.get("chat", lambda data: data["content"] == "after")
    assert of(carol, group) == [("chat", 3), ("chat", 4)]
    await carol.chat("hi", conversation=group)
    await alice.get("chat", lambda data: data["content"] == "hi")
    await carol.send("sync", {"cursors": {str(group): 3}})
    await carol.get("synced")
    head = next(item for frame in carol.all("heads") for item in frame["items"] if item["conversationId"] == group)
    assert (head["joinedSeq"], head["role"], head["memberCount"], head["unread"]) == (2, "member", 3, 1)
    assert of(carol, group) == [("chat", 3), ("chat", 4), ("chat", 4), ("chat", 5)]


async def test_removal_cuts_every_device_at_once(people: Cast, servers: list[Server], device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob, people.carol)
    alice, carol = await device(people.alice), await device(people.carol)
    bob, phone = await device(people.bob, on=servers[0]), await device(people.bob, on=servers[-1])
    ack = await bob.chat("mine", conversation=group)
    await change(servers[0], people.alice, "DELETE", f"{group}/members/{people.bob.id}")
    for each in (bob, phone):
        assert (await each.get("removed"))["data"] == {"conversationId": group}
    await alice.chat("behind their back", conversation=group)
    await alice.send("typing", {"conversationId": group, "typing": True})
    await carol.get("typing")
    await asyncio.sleep(SOON + 0.5)  # the log and the sweep have had their turn
    for each in (bob, phone):
        await each.settled()
        assert of(each, group)[-1] == ("removed", 0), of(each, group)
        assert len(each.all("removed")) == 1
    for type_, data in (
        ("chat", {"content": "x"}), ("typing", {"typing": True}), ("read", {"seq": 1}), ("received", {"seq": 1}), ("leave", {}),
    ):  # fmt: skip
        answer = await bob.ask(type_, {"conversationId": group, **data})
        assert answer["data"]["code"] == "not_found", (type_, answer)
    # The same message again gets its old answer all the same.
    assert await bob.chat("mine", conversation=group, msg_id=ack["msgId"]) == ack
    bob.clear()
    await bob.send("sync", {"cursors": {str(group): 2}})
    await bob.get("synced")
    assert of(bob, group) == [("removed", 0)]
    assert all(item["conversationId"] != group for frame in bob.all("heads") for item in frame["items"])


async def test_removal_bites_without_a_push(people: Cast, device: Open) -> None:
    """Somebody else's process, which cannot tell ours: the log of ended rights says it within two seconds."""
    group = await in_database(make_group, people.alice, people.bob, people.carol)
    bob, carol = await device(people.bob), await device(people.carol)
    began = time.monotonic()
    await in_database(_quietly, members.Remove(actor_id=people.alice.id, conversation_id=group, user_id=people.bob.id))
    await bob.get("removed")
    assert time.monotonic() - began < SOON
    await in_database(_quietly, members.Add(actor_id=people.alice.id, conversation_id=group, user_ids=[people.bob.id]))
    await bob.get("chat", lambda data: data["seq"] == 3)
    await carol.get("chat", lambda data: data["seq"] == 3)
    assert of(bob, group)[-2:] == [("removed", 0), ("chat", 3)]


def _quietly(act: groups.GroupAct) -> None:
    """Store an act and tell nobody."""
    journal.lane._commit([act])
    assert act.refused is None


async def test_whoever_comes_back_hears_again_but_nothing_of_between(people: Cast, servers: list[Server], device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob, access="open")
    alice, bob = await device(people.alice), await device(people.bob)
    await alice.chat("one", conversation=group)
    await bob.get("chat", lambda data: data["seq"] == 2)
    assert (await bob.ask("leave", {"conversationId": group}))["type"] == "left"
    await bob.get("removed")
    await alice.chat("between", conversation=group)
    assert (await bob.ask("join", {"conversationId": group}))["type"] == "joined"
    await bob.get("chat", lambda data: data["seq"] == 5)
    await alice.chat("after", conversation=group)
    await bob.get("chat", lambda data: data["seq"] == 6)
    await asyncio.sleep(SOON)
    assert of(bob, group) == [("chat", 1), ("chat", 2), ("removed", 0), ("chat", 5), ("chat", 6)]
    assert actions(alice) == ["left", "joined"]
    # A device that was away during all of it holds an older membership: it begins anew.
    away = await device(people.bob, backlog=0)
    await away.send("sync", {"cursors": {str(group): 2}})
    await away.get("synced")
    assert away.all("reset") == [{"conversationId": group, "reason": "joined_again"}]
    assert of(away, group) == []


async def test_joining_by_socket(people: Cast, device: Open) -> None:
    closed, asks, open_ = [await in_database(make_group, people.alice, access=a) for a in ("private", "request", "open")]
    bob = await device(people.bob)
    assert (await bob.ask("join", {"conversationId": closed}))["data"]["code"] == "not_found"
    assert (await bob.ask("join", {"conversationId": 999_999}))["data"]["code"] == "not_found"
    assert (await bob.ask("join", {"conversationId": asks}))["data"]["code"] == "forbidden"
    assert (await bob.ask("leave", {"conversationId": open_}))["data"]["code"] == "not_found"
    for _ in range(2):
        answer = await bob.ask("join", {"conversationId": open_})
        assert (answer["type"], answer["data"]) == ("joined", {"conversationId": open_})
    await bob.get("chat")
    assert of(bob, open_) == [("chat", 2)]


async def test_a_device_that_was_away_learns_what_became_of_its_groups(people: Cast, device: Open) -> None:
    kept, lost = [await in_database(make_group, people.alice, people.bob, people.carol) for _ in range(2)]
    await in_database(
        members.change, user_id=people.alice.id, conversation_id=kept, member_id=people.bob.id, changes={"role": "admin"}
    )
    await in_database(
        groups.describe, user_id=people.alice.id, conversation_id=kept, changes={"title": "New", "posting": "admins"}
    )
    await in_database(members.remove, user_id=people.alice.id, conversation_id=lost, member_id=people.bob.id)
    bob = await device(people.bob, backlog=0)
    await bob.send("sync", {"cursors": {str(kept): 1, str(lost): 1}})
    await bob.get("synced")
    assert actions(bob) == ["role", "renamed", "settings"]
    assert bob.all("removed") == [{"conversationId": lost}]
    head = next(item for frame in bob.all("heads") for item in frame["items"] if item["conversationId"] == kept)
    assert (head["role"], head["title"], head["posting"], head["unread"]) == ("admin", "New", "admins", 0)


async def test_silence_and_announcements_bite_at_once(people: Cast, servers: list[Server], device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob)
    alice, bob = await device(people.alice), await device(people.bob)
    until_ = now_ms() + 60_000
    await change(servers[0], people.alice, "PUT", f"{group}/members/{people.bob.id}", {"silencedUntil": until_})
    for type_, data in (("chat", {"content": "x"}), ("typing", {"typing": True})):
        error = (await bob.ask(type_, {"conversationId": group, **data}))["data"]
        assert (error["code"], error["retryAfterMs"] > 0) == ("forbidden", True)
    await change(servers[0], people.alice, "PUT", f"{group}/members/{people.bob.id}", {"silencedUntil": None})
    await bob.chat("back", conversation=group)
    await change(servers[0], people.alice, "PATCH", str(group), {"posting": "admins"})
    assert (await bob.ask("chat", {"conversationId": group, "content": "x"}))["data"]["code"] == "forbidden"
    await alice.chat("mine", conversation=group)


async def test_typing_is_told_to_the_others_of_a_group(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob, people.carol)
    alice, desk, bob, carol = [await device(who) for who in (people.alice, people.alice, people.bob, people.carol)]
    stranger = await device(await in_database(make_person, "dave"))
    for typing in (True, False):
        await alice.send("typing", {"conversationId": group, "typing": typing})
        for each in (bob, carol):
            heard = await each.get("typing", lambda data, now=typing: data["typing"] is now)
            assert heard["data"] == {"conversationId": group, "userId": people.alice.id, "typing": typing}
    for each in (alice, desk, stranger):
        await each.settled()
        assert not each.all("typing")


async def test_nobody_types_aloud_in_a_large_group(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob)
    await in_database(_pretend_many, group)
    alice, bob = await device(people.alice), await device(people.bob)
    await alice.send("typing", {"conversationId": group, "typing": True})
    await alice.chat("hello", conversation=group)
    await bob.get("chat")
    await bob.quiet()
    assert not bob.all("typing")


def _pretend_many(group: int) -> None:
    Conversation.objects.filter(pk=group).update(member_count=257)


async def test_a_block_does_not_part_people_in_a_group(people: Cast, device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob)
    await in_database(friends.block, user_id=people.bob.id, other_id=people.alice.id)
    alice, bob = await device(people.alice), await device(people.bob)
    await alice.chat("still here", conversation=group)
    await bob.get("chat", lambda data: data["content"] == "still here")


async def test_a_message_and_an_admission_at_the_same_moment(people: Cast, servers: list[Server], device: Open) -> None:
    """Whatever is stored while somebody is let in: they get what came after they joined, in order, none twice."""
    for round_ in range(4):
        group = await in_database(make_group, people.alice, people.bob)
        alice, carol = await device(people.alice), await device(people.carol)
        talk = [asyncio.create_task(alice.chat(f"{round_}.{n}", conversation=group)) for n in range(20)]
        await asyncio.sleep(0.005 * round_)
        body = {"userIds": [people.carol.id]}
        await change(servers[round_ % len(servers)], people.alice, "POST", f"{group}/members", body)
        await asyncio.gather(*talk)
        last = (await alice.chat("last", conversation=group))["seq"]
        await carol.get("chat", lambda data, g=group, s=last: (data["conversationId"], data["seq"]) == (g, s))
        joined = await in_database(
            lambda g: Membership.objects.get(conversation_id=g, user=people.carol.user).joined_seq, group
        )
        heard = [seq for _, seq in of(carol, group)]
        assert heard == list(range(joined + 1, last + 1))
        await alice.close()
        await carol.close()


async def test_a_removal_while_a_resume_is_delivered(people: Cast, servers: list[Server], device: Open) -> None:
    """However far it has got: nothing of the group follows `removed`, not even its head."""
    others = [await in_database(make_person, f"member{n}") for n in range(5)]
    group = await in_database(make_group, people.alice, *others)
    await in_database(_much, group, people.alice)
    for pause, who in zip((0.0, 0.01, 0.02, 0.04, 0.1), others, strict=True):
        bob = await device(who, backlog=0)
        await bob.send("sync", {"cursors": {str(group): 1}})
        await asyncio.sleep(pause)
        await change(servers[0], people.alice, "DELETE", f"{group}/members/{who.id}")
        await bob.get("removed")
        await bob.get("synced")
        await bob.settled()
        at = next(n for n, f in enumerate(bob.frames) if f["type"] == "removed")
        for frame in bob.frames[at + 1 :]:
            ids = [item["conversationId"] for item in frame["data"]["items"]] if frame["type"] == "heads" else []
            ids += [frame["data"]["conversationId"]] if frame["type"] in ("chat", "update", "reset", "state") else []
            assert group not in ids, frame["type"]


def _much(group: int, who: Person) -> None:
    for number in range(600):
        sending.send_message(sender_id=who.id, conversation_id=group, content=f"{number} {'x' * 500}")


async def test_a_member_who_is_removed_while_typing_stops(people: Cast, servers: list[Server], device: Open) -> None:
    group = await in_database(make_group, people.alice, people.bob)
    alice, bob = await device(people.alice), await device(people.bob)
    await bob.send("typing", {"conversationId": group, "typing": True})
    await alice.get("typing", lambda data: data["typing"])
    await change(servers[0], people.alice, "DELETE", f"{group}/members/{people.bob.id}")
    await bob.get("removed")
    await until(lambda: bool(alice.all("chat")))
    await asyncio.sleep(1.1)
    assert (await bob.ask("typing", {"conversationId": group, "typing": True}))["data"]["code"] == "not_found"
