"""A raw WebSocket client, as the specification's own: it knows frames, and nothing of the server."""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

WAIT = 8.0  # seconds; far more than anything takes, so that a slow machine fails no test

Frame = dict[str, Any]


async def until(check: Callable[[], bool], timeout: float = WAIT) -> None:
    """Return when the check holds. Fails when it does not within a time that is far more than it takes."""
    deadline = asyncio.get_running_loop().time() + timeout
    while not check():
        assert asyncio.get_running_loop().time() < deadline, "It did not become true."
        await asyncio.sleep(0.02)


class Device:
    """One socket of a person, and everything that came in on it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.frames: list[Frame] = []
        self.seen = 0
        self.socket: ClientConnection | None = None
        self._arrived = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls, ws_url: str, token: str | None = None, *, wait: bool = True, headers: Any = None, **query: Any
    ) -> "Device":
        """Connect, and wait for `connected` unless told otherwise."""
        parameters = {**({"token": token} if token is not None else {}), **{k: v for k, v in query.items() if v is not None}}
        device = cls(f"{ws_url}?{urlencode(parameters)}" if parameters else ws_url)
        device.socket = await connect(
            device.url, additional_headers=headers, compression=None, max_size=None, ping_interval=None
        )
        device._reader = asyncio.create_task(device._read())
        if wait:
            await device.get("connected")
        return device

    async def _read(self) -> None:
        assert self.socket is not None
        try:
            async for text in self.socket:
                frame = json.loads(text)
                self.frames.append(frame)
                self._arrived.set()
        except ConnectionClosed:
            pass
        finally:
            self._arrived.set()

    async def send(self, type: str, data: Any = None, **extra: Any) -> None:
        await self.raw(json.dumps({"type": type, "data": data, **extra}, ensure_ascii=False))

    async def raw(self, message: str | bytes) -> None:
        assert self.socket is not None
        await self.socket.send(message)

    async def chat(
        self, content: str, *, to: int | None = None, conversation: int | None = None, msg_id: str | None = None
    ) -> Frame:
        """Send a text; returns the data of its `ack`."""
        msg_id = msg_id or str(uuid.uuid4())
        address = {"toUserId": to} if to is not None else {"conversationId": conversation}
        await self.send("chat", {**address, "content": content, "contentType": 1, "msgId": msg_id})
        frame = await self.get("ack", lambda d: d["msgId"] == msg_id and d["status"] == "sent")
        return frame["data"]

    async def get(self, type: str, check: Callable[[Any], bool] = lambda data: True, timeout: float = WAIT) -> Frame:
        """The first frame of this type that passes the check, old or new. Fails with what came instead."""

        def find() -> Frame | None:
            return next((f for f in self.frames if f["type"] == type and check(f["data"])), None)

        deadline = asyncio.get_running_loop().time() + timeout
        while (found := find()) is None:
            left = deadline - asyncio.get_running_loop().time()
            self._arrived.clear()
            if left <= 0 or (self._reader is not None and self._reader.done()):
                raise AssertionError(f"No such {type!r} among {self.frames[-20:]} (close code {self.close_code})")
            try:
                await asyncio.wait_for(self._arrived.wait(), left)
            except TimeoutError:
                continue
        return found

    def all(self, type: str) -> list[Any]:
        """The data of every frame of a type so far."""
        return [frame["data"] for frame in self.frames if frame["type"] == type]

    async def quiet(self, seconds: float = 0.3) -> None:
        """Let this much time pass: for the claim that something does not arrive."""
        await asyncio.sleep(seconds)

    async def settled(self) -> None:
        """Return when the server has answered everything that was sent before."""
        marker = uuid.uuid4().hex
        await self.send("ping", None, id=marker)
        await self.answer(marker)

    async def answer(self, marker: str) -> Frame:
        """The direct reply to the frame that carried this id, old or new."""
        deadline = asyncio.get_running_loop().time() + WAIT
        while True:
            found = next((f for f in self.frames if f.get("id") == marker), None)
            if found is not None:
                return found
            if asyncio.get_running_loop().time() > deadline or (self._reader is not None and self._reader.done()):
                raise AssertionError(f"No answer to {marker}; close code {self.close_code}; {self.frames[-10:]}")
            await asyncio.sleep(0.005)

    async def ask(self, type: str, data: Any = None) -> Frame:
        """Send a frame and return the direct reply."""
        marker = uuid.uuid4().hex
        await self.send(type, data, id=marker)
        return await self.answer(marker)

    def clear(self) -> None:
        self.frames.clear()

    @property
    def close_code(self) -> int | None:
        return self.socket.close_code if self.socket is not None else None

    async def closed(self, timeout: float = WAIT) -> int:
        """Wait until the server has closed; returns the code."""
        assert self._reader is not None
        await asyncio.wait_for(asyncio.shield(self._reader), timeout)
        assert self.socket is not None
        await self.socket.wait_closed()
        return self.socket.close_code or 0

    async def close(self) -> None:
        if self.socket is not None:
            await self.socket.close()
        if self._reader is not None:
            await self._reader
