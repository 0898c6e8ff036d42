"""The load generator: sockets that cost little, people in pairs who write to each other, and what each message took."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

TEXT = "x" * 100
_MSG_ID = b'"msgId":'


class Socket(WSListener):  # type: ignore[misc]
    """A WebSocket that hands each text frame to `on_text`. `closed`: the server's close code, once it came."""

    def __init__(self) -> None:
        self.on_text: Callable[[bytes], None] | None = None
        self.transport: WSTransport | None = None
        self.closed: int | None = None
        self.welcomed = False
        self.welcome: asyncio.Future[None] | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            text = frame.get_payload_as_bytes()
            if not self.welcomed and text.startswith(b'{"type":"connected"'):
                self.welcomed = True
                if self.welcome is not None:
                    self.welcome.set_result(None)
            elif self.on_text is not None:
                self.on_text(text)
        elif frame.msg_type == WSMsgType.PING:
            transport.send_pong(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.CLOSE:
            self.closed = int(frame.get_close_code() or 1005)
            transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.closed = self.closed or 1006

    def send(self, text: bytes) -> None:
        assert self.transport is not None
        self.transport.send(WSMsgType.TEXT, text)


async def connect(url: str, *, welcomed: bool) -> Socket:
    """Open a socket; `welcomed`: the server says `connected` when it is open in earnest."""
    _, socket = await ws_connect(Socket, url, websocket_handshake_timeout=30, read_buffer_init_size=2048)
    if welcomed and not socket.welcomed:
        socket.welcome = asyncio.get_running_loop().create_future()
        await asyncio.wait_for(socket.welcome, 30)
        socket.welcome = None
    return socket


async def connect_all(urls: list[str], *, welcomed: bool, at_once: int = 64) -> list[Socket]:
    """Open many, `at_once` at a time."""
    sockets: list[Any] = [None] * len(urls)
    numbers = iter(range(len(urls)))

    async def worker() -> None:
        for number in numbers:
            sockets[number] = await connect(urls[number], welcomed=welcomed)

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return sockets


class Talk:
    """People 0 … n-1 who write to each other in pairs. Times in seconds are kept while `measuring`.

    `window`: each keeps so many messages under way (as many as come back as `delivered`); 0: `offer` sends them."""

    def __init__(self, sockets: list[Socket], conversations: list[int], window: int) -> None:
        self.sockets = sockets
        self.conversations = conversations
        self.window = window
        self.measuring = False
        self.sent: list[float] = []
        self.arrived: list[float] = []
        self.delivered: list[float] = []
        self.completed = self.errors = 0
        self._run = random.getrandbits(16)  # ids of another round must not be taken for repetitions
        self._numbers = [0] * len(sockets)
        self._begun: dict[bytes, float] = {}
        self._waiting: list[deque[tuple[int, float]]] = [deque() for _ in sockets]
        for user, socket in enumerate(sockets):
            socket.on_text = self._listener(user)

    def send(self, user: int) -> None:
        number = self._numbers[user] = self._numbers[user] + 1
        msg_id = self._msg_id(user, number)
        now = time.perf_counter()
        self._begun[msg_id] = now
        self._waiting[user].append((number, now))
        self.sockets[user].send(
            b'{"type":"chat","data":{"conversationId":%d,"msgId":"%s","content":"%s"}}'
            % (self.conversations[user // 2], msg_id, TEXT.encode())
        )

    def _msg_id(self, user: int, number: int) -> bytes:
        return b"%08x-%04x-4000-8000-%012x" % (user, self._run, number)

    def begin(self) -> None:
        for user in range(len(self.sockets)):
            for _ in range(self.window):
                self.send(user)

    async def offer(self, per_second: float) -> None:
        """Send at random moments, at a fixed mean rate, until cancelled; whether the server keeps up or not."""
        at = time.perf_counter()
        while True:
            at += random.expovariate(per_second)
            left = at - time.perf_counter()
            if left > 0:
                await asyncio.sleep(left)
            self.send(random.randrange(len(self.sockets)))

    def _listener(self, user: int) -> Callable[[bytes], None]:
        begun, waiting, clock = self._begun, self._waiting[user], time.perf_counter

        def on_text(text: bytes) -> None:
            place = text.find(_MSG_ID)
            if place < 0 or text.startswith(b'{"type":"error"'):
                self.errors += 1
                return
            start = text.index(b'"', place + 8) + 1
            msg_id = text[start : start + 36]
            if text.startswith((b'{"type":"chat"', b'{"type": "chat"')):
                if self.measuring and msg_id in begun:
                    self.arrived.append(clock() - begun[msg_id])
            elif b'"delivered"' in text:
                self._deliver(user, int(msg_id[-12:], 16), waiting, clock())
            elif self.measuring and msg_id in begun:
                self.sent.append(clock() - begun[msg_id])

        return on_text

    def _deliver(self, user: int, number: int, waiting: "deque[tuple[int, float]]", now: float) -> None:
        """`delivered` means this message and all earlier ones of mine."""
        while waiting and waiting[0][0] <= number:
            earlier, begun = waiting.popleft()
            self._begun.pop(self._msg_id(user, earlier), None)
            self.completed += 1
            if self.measuring:
                self.delivered.append(now - begun)
            if self.window:
                self.send(user)

    @property
    def unanswered(self) -> int:
        return sum(len(waiting) for waiting in self._waiting)

    @property
    def lost_sockets(self) -> int:
        return sum(socket.closed is not None for socket in self.sockets)


class Echoes:
    """Sockets that each have one message under way to a server that sends it back."""

    def __init__(self, sockets: list[Socket]) -> None:
        self.sockets = sockets
        self.completed = 0
        for socket in sockets:
            socket.on_text = self._listener(socket)

    def begin(self) -> None:
        for socket in self.sockets:
            socket.send(TEXT.encode())

    def _listener(self, socket: Socket) -> Callable[[bytes], None]:
        def on_text(text: bytes) -> None:
            self.completed += 1
            socket.send(text)

        return on_text
