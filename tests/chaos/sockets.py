"""What the client does to a socket below the WebSocket library: write without waiting, tear it, cut it."""

import asyncio
import socket
import struct

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State


def send(connection: ClientConnection, text: str) -> None:
    """Write a text frame now. A connection that is closing takes none; its end is heard of by its reader."""
    if connection.protocol.state is not State.OPEN:
        return
    try:
        connection.protocol.send_text(text.encode())
    except ConnectionClosed:
        return
    connection.send_data()


def reset(transport: asyncio.Transport) -> None:
    """End a TCP connection with RST instead of FIN."""
    found = transport.get_extra_info("socket")
    if found is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def tear(transport: asyncio.Transport) -> None:
    """Half of a masked text frame, then RST."""
    if transport.is_closing():
        return
    payload = b'{"type":"chat","data":{"conversationId":1,"content":"' + b"x" * 60 + b'"}}'
    head = bytes([0x81, 0x80 | len(payload)]) if len(payload) < 126 else bytes([0x81, 0xFE]) + struct.pack("!H", len(payload))
    transport.write(head + b"\0\0\0\0" + payload[: len(payload) // 2])
    reset(transport)
