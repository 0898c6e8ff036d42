"""Limits: how fast, how much, how long without a sign of life (protocol §6, §7, §8)."""

import asyncio
import json
import time
import uuid

import psutil

from tests.conftest import Open
from tests.support.client import Device, until
from tests.support.people import Cast
from tests.support.raw import RawSocket
from tests.support.servers import Server, running


async def test_messages_that_come_too_fast_are_refused_with_a_time(people: Cast) -> None:
    with running(IM_RATE_CHAT="2/s:5") as (server,):
        alice = await Device.open(server.ws_url, people.alice.access)
        for number in range(8):
            await alice.send(
                "chat", {"toUserId": people.bob.id, "content": str(number), "msgId": str(uuid.uuid4())}, id=str(number)
            )
        await alice.settled()
        errors = alice.all("error")
        assert len(errors) == 3
        assert {error["code"] for error in errors} == {"rate_limited"}
        assert all(0 < error["retryAfterMs"] <= 500 and error["msgId"] for error in errors)
        await asyncio.sleep(errors[-1]["retryAfterMs"] / 1000 + 0.05)
        await alice.chat("again", to=people.bob.id)
        await alice.close()


async def test_each_kind_of_frame_has_its_own_limit(people: Cast) -> None:
    with running(IM_RATE_TYPING="1/s:2", IM_RATE_FRAMES="1/s:3") as (server,):
        alice = await Device.open(server.ws_url, people.alice.access)
        await alice.chat("x", to=people.bob.id)
        for _ in range(4):
            await alice.send("typing", {"toUserId": people.bob.id, "typing": True})
        for _ in range(5):
            await alice.send("ping", None)
        await until(lambda: len(alice.all("error")) == 4)
        assert len(alice.all("pong")) == 3
        await alice.chat("still", to=people.bob.id)
        await alice.close()


async def test_the_limit_is_a_persons_not_a_sockets(people: Cast) -> None:
    with running(IM_RATE_CHAT="1/m:4") as (server,):
        sockets = [await Device.open(server.ws_url, people.alice.access) for _ in range(3)]
        for socket in sockets:
            for _ in range(2):
                await socket.send("chat", {"toUserId": people.bob.id, "content": "x"})
        await until(lambda: sum(len(s.all("ack")) + len(s.all("error")) for s in sockets) == 6)
        assert sum(len(socket.all("error")) for socket in sockets) == 2
        for socket in sockets:
            await socket.close()


async def test_a_flood_is_cut_off(people: Cast) -> None:
    with running(IM_RATE_FRAMES="1/m:1") as (server,):
        alice = await Device.open(server.ws_url, people.alice.access)
        for _ in range(1100):
            if alice.close_code is not None:
                break
            await alice.send("ping", None)
        assert await alice.closed() == 4029


async def test_a_full_journal_says_overloaded_and_nothing_is_stored(people: Cast) -> None:
    with running(IM_JOURNAL_QUEUE="3", IM_RATE_CHAT="10000/s:10000") as (server,):
        alice, bob = await Device.open(server.ws_url, people.alice.access), await Device.open(server.ws_url, people.bob.access)
        raw = [json.dumps({"type": "chat", "data": {"toUserId": people.bob.id, "content": str(n)}}) for n in range(300)]
        assert alice.socket is not None
        for text in raw:
            await alice.socket.send(text)
        await until(lambda: len([a for a in alice.all("ack") if a["status"] == "sent"]) + len(alice.all("error")) == 300)
        sent = [a for a in alice.all("ack") if a["status"] == "sent"]
        assert {error["code"] for error in alice.all("error")} <= {"overloaded"}
        await bob.get("chat", lambda d: d["seq"] == len(sent))
        assert [m["seq"] for m in bob.all("chat")] == list(range(1, len(sent) + 1))
        await alice.close()
        await bob.close()


async def test_a_reader_that_stops_is_cut_off_and_can_come_back(people: Cast, servers: list[Server], device: Open) -> None:
    """12 MB for somebody who reads nothing: the server's memory stays, others notice nothing, and nothing is lost."""
    with running(IM_RATE_CHAT="100000/s:100000", IM_HEARTBEAT_TIMEOUT="600s") as (server,):  # no ping ends it first
        assert server.process is not None
        slow = await RawSocket.open(server.ws_url, f"token={people.bob.access}")
        slow.reader._transport.pause_reading()  # type: ignore[attr-defined]
        alice, carol = (
            await Device.open(server.ws_url, people.alice.access),
            await Device.open(server.ws_url, people.carol.access),
        )
        await alice.chat("x" * 100, to=people.bob.id)
        memory = psutil.Process(server.process.pid).memory_info
        before, worst = memory().rss, 0.0
        count = 1200
        for number in range(count):
            await alice.send(
                "chat", {"toUserId": people.bob.id, "content": "y" * 9_990 + str(number), "msgId": str(uuid.uuid4())}
            )
            if number % 100 == 0:
                began = time.monotonic()
                await carol.settled()
                worst = max(worst, time.monotonic() - began)
        await alice.get("ack", lambda d: d["status"] == "sent" and d["seq"] == count + 1, timeout=60)
        assert memory().rss - before < 32 * 2**20
        assert worst < 2
        slow.reader._transport.resume_reading()  # type: ignore[attr-defined]
        assert await slow.close_code(timeout=40) == 4000
        back = await Device.open(server.ws_url, people.bob.access, wait=False)
        await back.get("connected", timeout=60)
        assert [m["seq"] for m in back.all("chat")] == list(range(1, count + 2))
        for one in (alice, carol, back):
            await one.close()


async def test_a_silent_client_lives_as_long_as_it_answers_pings(people: Cast) -> None:
    with running(IM_HEARTBEAT_INTERVAL="1s", IM_HEARTBEAT_TIMEOUT="3s") as (server,):
        silent = await Device.open(server.ws_url, people.alice.access)
        assert silent.all("connected")[0]["heartbeat"] == {"intervalMs": 1000, "timeoutMs": 3000}
        dead = await RawSocket.open(server.ws_url, f"token={people.bob.access}")  # answers nothing
        began = time.monotonic()
        assert await dead.close_code() in (1006, 1011)
        assert 2.5 < time.monotonic() - began < 5
        await asyncio.sleep(2)
        await silent.settled()
        await silent.close()


async def test_frames_are_a_sign_of_life_too(people: Cast) -> None:
    """A client that never answers a WebSocket ping, but sends a `ping` of its own now and then."""
    with running(IM_HEARTBEAT_INTERVAL="1s", IM_HEARTBEAT_TIMEOUT="2s") as (server,):
        talking = await RawSocket.open(server.ws_url, f"token={people.bob.access}")
        for _ in range(9):
            await talking.send(talking.frame(b'{"type":"ping","data":null}'))
            await asyncio.sleep(0.6)
        began = time.monotonic()
        assert await talking.close_code() == 1011
        assert 1 < time.monotonic() - began < 4


async def test_an_idle_socket_still_hears(people: Cast, device: Open) -> None:
    """Longer than any client library's idle time-out (redis-py 8 ends sockets after 5 s under other layers)."""
    alice, bob = await device(people.alice), await device(people.bob)
    await asyncio.sleep(7)
    await alice.chat("still there?", to=people.bob.id)
    await bob.get("chat")
