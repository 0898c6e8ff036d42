"""The connection of a faithful client: it comes back after every close that allows it, to another process where one refuses."""

import asyncio
import contextlib
import json
import random
import time
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from tests.chaos import sockets

FINAL = {1003, 1009}  # and 45xx: do not come back (protocol §7)
PATIENCE = 2.0  # seconds a server has for the handshake before another one is tried
SYNC = 10.0  # seconds from the handshake to `synced`
PING = 1.0  # seconds
BACKOFF = (0.05, 0.8)  # seconds before the first attempt to come back, and at most: what is measured is the server's part


class Address(NamedTuple):
    """Where a server process is, for sockets and for REST."""

    ws_url: str
    url: str


class Link:
    """Keeps one device connected. Subclasses say what a frame means (`handle`) and note what happens."""

    def __init__(self, *, query: dict[str, Any], servers: Sequence[Address]) -> None:
        self.query = urlencode(query)
        self.servers = list(servers)
        self.connection = 0
        self.codes: list[int | None] = []  # of every close
        self.ready = asyncio.Event()  # connected and synced
        self.stopped = False
        self._socket: ClientConnection | None = None
        self._leave: asyncio.Future[None] | None = None
        self._ghosts: list[ClientConnection] = []
        self._runner: asyncio.Task[None] | None = None

    # ---- what subclasses say --------------------------------------------------------------------------------------------

    def handle(self, type: str, data: Any, server: Address) -> None:
        raise NotImplementedError

    def opening(self) -> None:
        """A connection begins."""

    def closed(self, code: int | None, *, final: bool) -> None:
        """It has ended, `final`: for good."""

    def idle(self) -> None:
        """Called twice a second while connected."""

    # ---- what may happen to it ------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._runner = asyncio.create_task(self._run())

    def check(self) -> None:
        """Raises what the client itself failed with, if anything."""
        if self._runner is not None and self._runner.done() and not self._runner.cancelled():
            self._runner.result()

    async def leave(self) -> None:
        """Close for good."""
        self.stopped = True
        self.ready.clear()
        if self._runner is not None:
            if self._socket is not None:
                await self._socket.close()
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
        for ghost in self._ghosts:
            ghost.transport.abort()

    async def come_back(self) -> None:
        """Leave the connection and make another; returns after its sync, or when the server has sent it away for good."""
        self.ready.clear()
        if self._socket is not None:
            await self._socket.close()
        await self.is_ready()

    async def is_ready(self) -> None:
        """Return when it is connected and synced, or has ended for good."""
        assert self._runner is not None
        synced = asyncio.create_task(self.ready.wait())
        await asyncio.wait({synced, self._runner}, return_when=asyncio.FIRST_COMPLETED)
        synced.cancel()

    def tear(self) -> None:
        """Half of a message's frame, then a reset of the TCP connection."""
        if self._socket is not None:
            sockets.tear(self._socket.transport)

    def vanish(self, *, for_good: bool = False) -> None:
        """Neither read nor answer nor close: a device that lost its network. It comes back on another connection, unless
        `for_good`."""
        if self._socket is not None and self._leave is not None and not self._leave.done():
            self._socket.transport.pause_reading()
            self._ghosts.append(self._socket)
            self.stopped |= for_good
            self._leave.set_result(None)

    def send(self, type: str, data: Any) -> None:
        """A frame, where there is a connection that takes it."""
        if self._socket is not None:
            sockets.send(self._socket, json.dumps({"type": type, "data": data}))

    # ---- how it lives ---------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        home = failures = 0
        while not self.stopped:
            server = self.servers[home % len(self.servers)]
            try:
                socket = await connect(
                    f"{server.ws_url}?{self.query}", compression=None, max_size=None, ping_interval=None,
                    open_timeout=PATIENCE, close_timeout=1,
                )  # fmt: skip
            except (OSError, TimeoutError, WebSocketException):
                home += 1
            else:
                self.connection += 1
                code = await self._serve(socket, server)
                failures = 0 if self.ready.is_set() else failures
                self.ready.clear()
                final = code in FINAL or (code is not None and 4500 <= code < 5000)
                self.codes.append(code)
                self.closed(code, final=final)
                if final:
                    return
            failures += 1
            await asyncio.sleep(min(BACKOFF[1], BACKOFF[0] * 2 ** min(failures, 10)) * random.uniform(0.5, 1.0))

    async def _serve(self, socket: ClientConnection, server: Address) -> int | None:
        """Read a connection to its end; returns its close code, None where there was none."""
        self._socket = socket
        self._leave = asyncio.get_running_loop().create_future()
        self.opening()
        reader = asyncio.create_task(self._read(socket, server))
        beat = asyncio.create_task(self._beat(socket))
        try:
            await asyncio.wait({reader, self._leave}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._socket = None
            for task in (reader, beat):
                task.cancel()
            results = await asyncio.gather(reader, beat, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result
        return None if socket in self._ghosts else socket.close_code

    async def _read(self, socket: ClientConnection, server: Address) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in socket:
                frame = json.loads(text)
                self.handle(frame["type"], frame["data"], server)

    async def _beat(self, socket: ClientConnection) -> None:
        """Ping, and give up a connection that does not come to its sync."""
        opened = pinged = time.monotonic()
        while True:
            await asyncio.sleep(PING / 2)
            now = time.monotonic()
            if not self.ready.is_set() and now - opened > SYNC:
                socket.transport.abort()
            if now - pinged > PING:
                pinged = now
                self.send("ping", None)
            self.idle()
