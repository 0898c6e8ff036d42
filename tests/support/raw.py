"""A socket client that may do what no WebSocket library would: half frames, bad masks, silence."""

import asyncio
import base64
import os
import struct
from urllib.parse import urlsplit


class RawSocket:
    """A TCP connection upgraded by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, ws_url: str, query: str, headers: str = "", host: str | None = None) -> "RawSocket":
        parts = urlsplit(ws_url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET {parts.path}?{query} HTTP/1.1\r\nHost: {host or parts.netloc}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n".encode()
        )
        socket = cls(reader, writer)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        socket.status = int(head.split()[1])
        socket.head = head.decode("latin-1")
        return socket

    status: int
    head: str

    def frame(
        self, payload: bytes, opcode: int = 1, *, fin: bool = True, masked: bool = True, length: int | None = None
    ) -> bytes:
        size = len(payload) if length is None else length
        first = bytes([(0x80 if fin else 0) | opcode])
        bit = 0x80 if masked else 0
        if size < 126:
            head = first + bytes([bit | size])
        elif size < 65536:
            head = first + bytes([bit | 126]) + struct.pack("!H", size)
        else:
            head = first + bytes([bit | 127]) + struct.pack("!Q", size)
        if not masked:
            return head + payload
        mask = os.urandom(4)
        return head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def receive(self) -> tuple[int, bytes]:
        """(opcode, payload) of the next frame."""
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            size = struct.unpack("!H", await self.reader.readexactly(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", await self.reader.readexactly(8))[0]
        return first & 0x0F, await self.reader.readexactly(size)

    async def close_code(self, timeout: float = 10) -> int:
        """The code of the server's close frame; 1006 when it drops the connection without one."""

        async def wait() -> int:
            try:
                while True:
                    opcode, payload = await self.receive()
                    if opcode == 8:
                        return int(struct.unpack("!H", payload[:2])[0]) if payload else 1005
            except (asyncio.IncompleteReadError, ConnectionError):
                return 1006

        return await asyncio.wait_for(wait(), timeout)

    def drop(self) -> None:
        """Vanish, as a torn cable does not even say."""
        self.writer.transport.abort()
