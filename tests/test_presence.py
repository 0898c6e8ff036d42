"""Online, offline and last seen: for friends, from leases, right whatever dies (protocol §8)."""

import asyncio
import time

import pytest

from accounts import friends
from presence import leases
from presence.models import Lease, LiveConnection, Presence
from presence.services import Watch
from realtime.database import in_database
from tests.conftest import Open
from tests.support.client import Device
from tests.support.http import call
from tests.support.people import Cast
from tests.support.raw import RawSocket
from tests.support.servers import Server, running


async def test_only_friends_see_me(people: Cast, device: Open) -> None:
    bob, carol = await device(people.bob), await device(people.carol)
    await device(people.alice)
    await bob.get("online", lambda d: d["userId"] == people.alice.id)
    await carol.settled()
    assert [d for d in carol.all("online") if d["userId"] in (people.alice.id, people.bob.id)] == []


async def test_a_second_connection_is_no_news(people: Cast, device: Open) -> None:
    bob, first = await device(people.bob), await device(people.alice)
    await bob.get("online")
    bob.clear()
    second = await device(people.alice)
    await second.close()
    await asyncio.sleep(7)
    assert bob.all("online") == bob.all("offline") == []
    await first.settled()


async def test_a_short_absence_is_not_announced(people: Cast, device: Open) -> None:
    bob, alice = await device(people.bob), await device(people.alice)
    await bob.get("online")
    bob.clear()
    await alice.close()
    await asyncio.sleep(1)
    await device(people.alice)
    await asyncio.sleep(6)
    assert bob.all("online") == bob.all("offline") == []


async def test_coming_is_announced_even_when_the_first_connection_never_got_its_welcome(people: Cast, device: Open) -> None:
    """A page that is reloaded at once: its first socket goes while the backlog is still being pushed."""
    carol, bob = await device(people.carol), await device(people.bob)
    for number in range(300):
        await carol.chat("y" * 9_990 + str(number), to=people.alice.id)
    stuck = await RawSocket.open(bob.url.partition("?")[0], f"token={people.alice.access}")
    stuck.reader._transport.pause_reading()  # type: ignore[attr-defined]

    await _until_held(people.alice.id, True)
    assert len(bob.all("online")) <= 1  # the system's buffers may take the whole backlog, and then she has been welcomed
    stuck.drop()
    await _until_held(people.alice.id, False)
    await device(people.alice, backlog=0)
    await bob.get("online", lambda d: d["userId"] == people.alice.id)
    await bob.quiet()
    assert len(bob.all("online")) == 1


async def _until_held(user_id: int, wanted: bool) -> None:
    """Return when somebody holds a connection, or none any more."""
    for _ in range(400):
        if await in_database(LiveConnection.objects.filter(user_id=user_id).exists) is wanted:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"held is not {wanted}")


async def _everybody_has_gone() -> None:
    """Nobody of an earlier test is online any more, killed servers included."""
    deadline = time.monotonic() + 40
    while await in_database(Presence.objects.filter(online=True).exists):
        assert time.monotonic() < deadline, "Somebody stays online."
        await asyncio.sleep(0.2)


async def test_online_count_counts_people(people: Cast) -> None:
    with running(IM_OFFLINE_GRACE="1s") as (server,):
        await _everybody_has_gone()
        first = await Device.open(server.ws_url, people.alice.access)
        before = first.all("connected")[0]["onlineCount"]
        again = await Device.open(server.ws_url, people.alice.access)
        assert again.all("connected")[0]["onlineCount"] == before
        await asyncio.sleep(0.2)
        bob = await Device.open(server.ws_url, people.bob.access)
        assert bob.all("connected")[0]["onlineCount"] == before + 1
        for one in (first, again, bob):
            await one.close()


async def test_becoming_friends_shows_each_other(people: Cast, servers: list[Server], device: Open) -> None:
    alice, carol = await device(people.alice), await device(people.carol)
    status, body = await call(servers[0], "POST", "/api/v1/friend-requests", people.alice.access, {"userId": people.carol.id})
    assert status == 201
    status, _ = await call(servers[0], "POST", f"/api/v1/friend-requests/{body['id']}/accept", people.carol.access)
    assert status == 200
    await alice.get("online", lambda d: d["userId"] == people.carol.id)
    await carol.get("online", lambda d: d["userId"] == people.alice.id)


async def test_ending_a_friendship_hides_each_other(people: Cast, device: Open) -> None:
    alice, _bob = await device(people.alice), await device(people.bob)
    await in_database(friends.end_friendship, user_id=people.bob.id, friend_id=people.alice.id)
    gone = (await alice.get("offline"))["data"]
    assert (gone["userId"], gone["lastSeen"]) == (people.bob.id, None)


async def test_rest_tells_presence_of_friends_only(people: Cast, servers: list[Server], device: Open) -> None:
    await device(people.bob)
    path = f"/api/v1/presence?users={people.bob.id},{people.carol.id},{people.alice.id},999999"
    _, body = await call(servers[0], "GET", path, people.alice.access)
    seen = {row["userId"]: row["online"] for row in body["results"]}
    assert seen == {people.alice.id: False, people.bob.id: True}
    for bad in ("x", "1,2,x", "-1", "9" * 19, ",".join(["1"] * 201)):
        assert (await call(servers[0], "GET", f"/api/v1/presence?users={bad}", people.alice.access))[1]["code"] == "bad_frame"


async def test_presence_is_right_after_the_server_was_killed(people: Cast, alone: None) -> None:
    """kill -9 takes everybody's connections along: who does not come back is announced within 30 s."""
    server = Server()
    server.start()
    try:
        alice, bob = await Device.open(server.ws_url, people.alice.access), await Device.open(server.ws_url, people.bob.access)
        await alice.get("online")
        killed = time.monotonic()
        await asyncio.to_thread(server.kill)
        assert await bob.closed() == 1006
        await alice.close()
        await asyncio.to_thread(server.start)
        back = await Device.open(server.ws_url, people.alice.access)
        gone = (await back.get("offline", lambda d: d["userId"] == people.bob.id, timeout=30))["data"]
        assert time.monotonic() - killed < 30
        assert gone["lastSeen"] is not None
        _, body = await call(server, "GET", f"/api/v1/presence?users={people.alice.id},{people.bob.id}", people.alice.access)
        assert {row["userId"]: row["online"] for row in body["results"]} == {people.alice.id: True, people.bob.id: False}
        await back.close()
    finally:
        await asyncio.to_thread(server.stop)


async def test_a_clean_stop_closes_with_1012_and_gives_its_leases_back(people: Cast) -> None:
    server = Server()
    server.start()
    alice = await Device.open(server.ws_url, people.alice.access)
    began = time.monotonic()
    await asyncio.to_thread(server.stop)
    assert time.monotonic() - began < 10
    assert await alice.closed() == 1012
    left = await in_database(LiveConnection.objects.filter(user_id=people.alice.id).exists)
    assert not left
    state = await in_database(Presence.objects.get, pk=people.alice.id)
    assert state.gone_at is not None


def test_a_dead_process_is_told_from_a_living_one() -> None:
    now, wall = [0.0], [1_000_000_000]
    watch = Watch(clock=lambda: now[0], wall=lambda: wall[0])

    def after(seconds: float, leases: dict[str, int]) -> list[str]:
        now[0] += seconds
        wall[0] += round(seconds * 1000)
        return watch.dead(leases)

    start = wall[0]
    assert after(0, {"a": start, "old": start - 60_000}) == []
    assert after(9, {"a": start + 8_000, "old": start - 60_000}) == []
    # Found long expired, and unchanged for longer than a renewal takes.
    assert after(2, {"a": start + 8_000, "old": start - 60_000}) == ["old"]
    # The clock jumps an hour ahead: whoever renews meanwhile lives.
    wall[0] += 3_600_000
    assert after(1, {"a": start + 8_000}) == []
    assert after(5, {"a": wall[0]}) == []
    # And an hour back: a lease from the future dies when it stops changing.
    wall[0] -= 7_200_000
    future = wall[0] + 3_600_000
    assert after(1, {"a": future}) == []
    assert after(19, {"a": future}) == []
    assert after(2, {"a": future}) == ["a"]


@pytest.mark.django_db
def test_a_process_that_was_swept_registers_again(cast: Cast) -> None:
    assert leases.renew() is False  # there was no lease: made now
    assert leases.renew() is True
    Lease.objects.all().delete()
    assert leases.renew() is False
