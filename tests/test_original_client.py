"""The specification's own client works without any change: token in the URL, no msgId, no device, no ping of its own."""

import asyncio
import json
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.support.client import Device, until
from tests.support.people import Cast, Person
from tests.support.servers import Server


class OriginalClient:
    """`new WebSocket("ws://…/ws?token=…")`; reads connected, chat, ack, online, offline; comes back 3 s after any close."""

    def __init__(self, server: Server, who: Person) -> None:
        self.url = f"{server.ws_url}?token={who.access}"
        self.seen: list[dict[str, Any]] = []
        self.opened = 0
        self.task = asyncio.create_task(self.live())

    async def live(self) -> None:
        while True:
            try:
                async with connect(self.url) as self.socket:
                    self.opened += 1
                    async for text in self.socket:
                        assert "\n" not in text
                        self.seen.append(json.loads(text))
            except (OSError, ConnectionClosed):
                pass
            await asyncio.sleep(3)

    async def send(self, message: dict[str, Any]) -> None:
        await self.socket.send(json.dumps(message, ensure_ascii=False))

    def of(self, type: str) -> list[Any]:
        return [frame["data"] for frame in self.seen if frame["type"] == type]

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def test_the_original_client_talks_in_two_tabs(people: Cast, servers: list[Server]) -> None:
    tab, other_tab = OriginalClient(servers[0], people.alice), OriginalClient(servers[-1], people.alice)
    bob = OriginalClient(servers[0], people.bob)
    clients = (tab, other_tab, bob)
    try:
        await until(lambda: all(client.of("connected") for client in clients))
        await tab.send({"type": "chat", "data": {"toUserId": people.bob.id, "content": "你好", "contentType": 1}})
        await until(lambda: bool(bob.of("chat")) and bool(other_tab.of("chat")))
        assert bob.of("chat")[0]["content"] == "你好"
        await until(lambda: [ack["status"] for ack in tab.of("ack")] == ["sent", "delivered"])
        assert tab.of("ack")[0]["msgId"] == tab.of("ack")[1]["msgId"] == bob.of("chat")[0]["msgId"]
        await bob.send({"type": "read", "data": {"peerId": people.alice.id, "msgIds": []}})
        await until(lambda: "read" in [ack["status"] for ack in tab.of("ack")])
        await until(lambda: "read" in [ack["status"] for ack in other_tab.of("ack")])
        await bob.send({"type": "chat", "data": {"toUserId": people.alice.id, "content": "back", "contentType": 1}})
        await until(lambda: all("back" in [m["content"] for m in client.of("chat")] for client in (tab, other_tab)))
        for frame in (*tab.seen, *other_tab.seen, *bob.seen):
            assert frame["type"] != "error"
    finally:
        for client in clients:
            await client.stop()


async def test_the_original_client_comes_back_after_a_restart(people: Cast) -> None:
    server = Server()
    server.start()
    alice = OriginalClient(server, people.alice)
    try:
        await until(lambda: alice.opened == 1)
        await alice.send({"type": "chat", "data": {"toUserId": people.bob.id, "content": "before", "contentType": 1}})
        await until(lambda: bool(alice.of("ack")))
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        await until(lambda: alice.opened == 2, timeout=15)
        await alice.send({"type": "chat", "data": {"toUserId": people.bob.id, "content": "after", "contentType": 1}})
        await until(lambda: len([a for a in alice.of("ack") if a["status"] == "sent"]) == 2)
        bob = OriginalClient(server, people.bob)
        await until(lambda: len(bob.of("chat")) == 2)
        assert [message["content"] for message in bob.of("chat")] == ["before", "after"]
        await bob.stop()
    finally:
        await alice.stop()
        await asyncio.to_thread(server.stop)


async def test_every_acked_message_survives_kill_nine(people: Cast) -> None:
    """The server dies in the middle of a conversation: what was acked is there afterwards, once and in order."""
    server = Server(IM_RATE_CHAT="100000/s:100000")
    server.start()
    acked: dict[str, int] = {}
    try:
        for _ in range(3):
            alice = await Device.open(server.ws_url, people.alice.access)
            kill = asyncio.create_task(_kill_soon(server))
            number = 0
            while alice.close_code is None:
                try:
                    await alice.send("chat", {"toUserId": people.bob.id, "content": f"{len(acked)} {number}"})
                except ConnectionClosed:
                    break
                number += 1
                await asyncio.sleep(0.001)
            await kill
            await alice.closed()
            acked |= {ack["msgId"]: ack["seq"] for ack in alice.all("ack") if ack["status"] == "sent"}
            await asyncio.to_thread(server.start)
        assert len(acked) > 50
        bob = await Device.open(server.ws_url, people.bob.access, wait=False)
        await bob.get("connected", timeout=20)
        received = {message["msgId"]: message["seq"] for message in bob.all("chat")}
        assert acked.items() <= received.items()
        assert [message["seq"] for message in bob.all("chat")] == list(range(1, len(received) + 1))
        await bob.close()
    finally:
        await asyncio.to_thread(server.stop)


async def _kill_soon(server: Server) -> None:
    await asyncio.sleep(0.5)
    await asyncio.to_thread(server.kill)
