"""The one Channels consumer: from the handshake to the close, for every socket.

It has its own loop instead of Channels' dispatch, which takes a hop through a thread for every event, and no layer channel
of its own: what other people send arrives through the hub."""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from channels.consumer import AsyncConsumer
from django.conf import settings

from realtime import closing, handshake
from realtime.clock import shared_ms
from realtime.closing import Close, Rejected
from realtime.codec import ClientFrame, Decoder
from realtime.connection import Connection
from realtime.errors import BadFrame, Code, RateLimited, Refused
from realtime.frames import error_frame
from realtime.hub import hub
from realtime.process import new_connection_id
from realtime.streams import Gate

logger = logging.getLogger(__name__)

Handler = Callable[[Connection, Any], Awaitable[None] | None]
Hook = Callable[[Connection], Awaitable[None]]
Authenticate = Callable[[handshake.Scope, Connection], Awaitable[None]]

BAD_FRAMES = 20  # in a row: close 4505
LIMITED_FRAMES = 1000  # refused for their rate in a row: close 4029
WINDOW = 64  # unanswered sends per connection before its socket is no longer read


class Routes:
    """The routing table of the socket: frame type → (handler, kind of limit); and the hooks of a connection's life."""

    def __init__(
        self,
        *,
        handlers: Mapping[type[ClientFrame], tuple[Handler, str]],
        authenticate: Authenticate,
        connect: Sequence[Hook],
        disconnect: Sequence[Hook],
    ) -> None:
        self.handlers = handlers
        self.authenticate = authenticate
        self.connect = connect
        self.disconnect = disconnect
        self.decode = Decoder(handlers).decode


class SocketConsumer(AsyncConsumer):  # type: ignore[misc]
    """Serves one socket by a routing table."""

    def __init__(self, routes: Routes) -> None:
        self.routes = routes

    async def __call__(self, scope: handshake.Scope, receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        await receive()  # websocket.connect
        if not (handshake.host_allowed(scope) and handshake.origin_allowed(scope)):
            await self._deny(403, closing.UNAUTHENTICATED)
        elif len(hub.connections) >= settings.IM_MAX_CONNECTIONS:
            await self._deny(503, closing.TRY_LATER)
        else:
            await self._accept(receive)

    async def _deny(self, status: int, instead: Close) -> None:
        """Answer over HTTP without an upgrade; a server that cannot do that closes with a code or its own 403."""
        if "websocket.http.response" in (self.scope.get("extensions") or {}):
            head = [(b"content-type", b"text/plain"), (b"content-length", b"0"), (b"connection", b"close")]
            await self.base_send({"type": "websocket.http.response.start", "status": status, "headers": head})
            await self.base_send({"type": "websocket.http.response.body", "body": b""})
            return
        if status == 503:
            await self.base_send({"type": "websocket.accept"})
        await self.base_send({"type": "websocket.close", "code": instead.code, "reason": instead.reason})

    async def _accept(self, receive: Any) -> None:
        """Upgrade first: a browser can read a close code, but not an HTTP status."""
        connection = Connection(id="", user_id=0, send=self.base_send)
        try:
            if handshake.too_fast(self.scope):
                raise Rejected(closing.FLOOD)
            describe(connection, self.scope)
            connection.opened_at = shared_ms()  # before the check: a right that ends meanwhile finds this connection older
            await self.routes.authenticate(self.scope, connection)
        except Rejected as rejected:
            await self._reject(rejected.close)
            return
        except Exception:
            logger.exception("Credentials could not be checked.")
            await self._reject(closing.TRY_LATER)
            return
        connection.id = new_connection_id()
        await self.base_send({"type": "websocket.accept"})
        await Session(connection, self.routes).serve(receive)

    async def _reject(self, close: Close) -> None:
        await self.base_send({"type": "websocket.accept"})
        await self.base_send({"type": "websocket.close", "code": close.code, "reason": close.reason})


def describe(connection: Connection, scope: handshake.Scope) -> None:
    """Read the query parameters that are not credentials (protocol §1.1); an unusable one counts as absent."""
    query = handshake.query(scope)
    device = query.get("device", [""])[-1]
    if handshake.DEVICE.fullmatch(device):
        connection.device = device
    connection.options = frozenset(
        name for name, values in query.items() if values[-1] == "1" and handshake.OPTION.fullmatch(name)
    )
    connection.receipts = "receipts" in connection.options
    backlog = query.get("backlog", [""])[-1]
    if backlog.isascii() and backlog.isdecimal() and len(backlog) < 10:
        connection.backlog = int(backlog)
    connection.address = handshake.address(scope)
    connection.user_agent = "".join(handshake.headers(scope, b"user-agent")[:1])[:200]


class Session:
    """One accepted socket: joins the hub, runs the hooks, reads frames until the end, and cleans up."""

    def __init__(self, connection: Connection, routes: Routes) -> None:
        self.connection = connection
        self.routes = routes

    async def serve(self, receive: Any) -> None:
        connection = self.connection
        try:
            connection.gate = Gate()  # nothing live before what came earlier
            connection.welcome = {"backlog": []}  # what `connected` will say; until it has, the connection is being opened
            await hub.join(connection)  # first the groups, then the state: nothing can fall between
            connection.spawn(self._open())
            await self._read(receive)
        except asyncio.CancelledError:
            if connection.closing is None:
                raise
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
        finally:
            await self._clean_up()

    async def _open(self) -> None:
        try:
            for hook in self.routes.connect:
                await hook(self.connection)
        except Rejected as rejected:
            self.connection.close(rejected.close)
        except Exception:
            logger.exception("A connection could not be opened.")
            self.connection.close(closing.TRY_LATER)

    async def _read(self, receive: Any) -> None:
        connection = self.connection
        limit = settings.IM_MAX_MESSAGE_SIZE
        while connection.closing is None:
            message = await receive()
            if message["type"] != "websocket.receive":
                connection.finished = True
                return
            text = message.get("text")
            if text is None:
                connection.close(closing.UNSUPPORTED)
            elif len(text) > limit or (len(text) * 4 > limit and len(text.encode()) > limit):
                connection.close(closing.TOO_BIG)
            else:
                await self._handle(text)

    async def _clean_up(self) -> None:
        """Free the socket first, then do what may be slow."""
        connection = self.connection
        hub.leave(connection)
        goodbye = asyncio.create_task(connection.say_goodbye())
        for task in tuple(connection.tasks or ()):
            task.cancel()
        for hook in self.routes.disconnect:
            try:
                await hook(connection)
            except Exception:
                logger.exception("A connection could not be cleaned up after.")
        await goodbye

    async def _handle(self, text: str) -> None:
        """Decode a frame and hand it to its handler. Whatever happens is answered; nothing that a frame says closes with
        1011."""
        connection = self.connection
        frame: ClientFrame | None = None
        try:
            frame = self.routes.decode(text)
            handler, kind = self.routes.handlers[type(frame)]
            connection.bucket(kind).take(getattr(settings, f"IM_RATE_{kind}"))
            connection.bad_frames = connection.limited = 0
            pending = handler(connection, frame)
            if pending is not None:
                await pending
            if connection.in_flight >= WINDOW:
                await self._wait_for_room()
        except BadFrame as error:
            if frame is not None:  # it was decoded, and its handler found it wrong
                self._refuse(error, frame)
            else:
                connection.push(error_frame(error, msg_id=error.msg_id, frame_id=error.frame_id))
            connection.bad_frames += 1
            if connection.bad_frames >= BAD_FRAMES:
                connection.close(closing.PROTOCOL_ERRORS)
        except RateLimited as error:
            self._refuse(error, frame)
            connection.limited += 1
            if connection.limited >= LIMITED_FRAMES:
                connection.close(closing.FLOOD)
        except Refused as error:
            self._refuse(error, frame)
        except Exception:
            reference = uuid.uuid4().hex[:8]
            logger.exception("A frame could not be handled, reference %s.", reference)
            self._refuse(Refused(Code.SERVER_ERROR, f"Something went wrong here. Reference {reference}."), frame)

    def _refuse(self, error: Refused, frame: ClientFrame | None) -> None:
        msg_id = getattr(getattr(frame, "data", None), "msg_id", None)
        self.connection.push(error_frame(error, msg_id=msg_id, frame_id=frame.id if frame else None))

    async def _wait_for_room(self) -> None:
        """Stop reading: the client feels TCP's backpressure until its earlier sends are stored."""
        connection = self.connection
        connection.room = asyncio.Event()
        try:
            await connection.room.wait()
        finally:
            connection.room = None


def answered(connection: Connection) -> None:
    """One of the connection's sends has been answered: read on, if its socket waits for room."""
    connection.in_flight -= 1
    if connection.room is not None and connection.in_flight < WINDOW:
        connection.room.set()
