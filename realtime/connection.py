"""One socket, from accept to close: who it is, and a bounded way out to it that never waits for a slow reader."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any

from django.conf import settings

from realtime import closing
from realtime.closing import Close
from realtime.limits import Bucket

if TYPE_CHECKING:
    from realtime.streams import Change, Gate

GOODBYE = 30.0  # seconds a peer that does not read has to take its close frame


class Connection:
    """What the server knows of one open socket.

    `options` names the query parameters that were given as `1`: what the client asks for beyond version 1.
    `expires_at` (Unix ms) is None for a socket that lives as long as its session. `backlog` is None when all unread is to
    be pushed. `gate` is set while streams are held back for a resume;
    `incomplete` names the streams of which this connection was not given
    everything, so that writing a later frame proves nothing about the earlier ones."""

    __slots__ = (
        "__weakref__",
        "_drained",
        "_outbox",
        "_outbox_bytes",
        "_reader",
        "_send",
        "address",
        "backlog",
        "bad_frames",
        "buckets",
        "closing",
        "device",
        "expires_at",
        "finished",
        "floors",
        "gate",
        "id",
        "in_flight",
        "incomplete",
        "limited",
        "on_written",
        "opened_at",
        "options",
        "pushed",
        "receipts",
        "resuming",
        "room",
        "session_id",
        "tasks",
        "typing",
        "user_agent",
        "user_id",
        "welcome",
    )  # fmt: skip

    def __init__(self, *, id: str, user_id: int, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self.id = id
        self.user_id = user_id
        self.device: str | None = None
        self.address = ""
        self.user_agent = ""
        self.session_id: str | None = None
        self.expires_at: int | None = None
        self.receipts = False
        self.backlog: int | None = None
        self.options: frozenset[str] = frozenset()
        self.opened_at = 0
        self.gate: Gate | None = None
        self.floors: dict[Any, int] | None = None
        self.incomplete: set[Any] | None = None
        self.pushed: dict[Any, int] | None = None
        self.welcome: dict[str, Any] = {}
        self.resuming = False
        self.closing: Close | None = None
        self.finished = False
        self.bad_frames = 0
        self.limited = 0
        self.buckets: dict[str, Bucket] = {}
        self.in_flight = 0
        self.room: asyncio.Event | None = None
        self.typing: dict[int, tuple[asyncio.TimerHandle, Any]] | None = None
        self.tasks: set[asyncio.Task[Any]] | None = None
        self.on_written: Callable[[Connection, Change], None] | None = None
        self._send = send
        self._outbox: deque[tuple[str, Change | None]] | None = None
        self._outbox_bytes = 0
        self._drained: asyncio.Event | None = None
        self._reader = asyncio.current_task()

    # ---- out ----------------------------------------------------------------------------------------------------------

    def push(self, text: str, change: "Change | None" = None) -> None:
        """Send a frame without waiting: at once when the socket takes it, else through the outbox.

        `change` is what the frame delivers; `on_written` hears of it when the server has finished writing the frame."""
        if self.closing is not None or self.finished:
            return
        if self._outbox is not None:
            self._queue(text, change)
            return
        # The server's send() normally completes without suspending. Stepping it by hand saves a task per frame.
        step = self._send({"type": "websocket.send", "text": text})
        if not hasattr(step, "send"):
            self._outbox = deque()
            self._spawn_drain(step, change)
            return
        try:
            first = step.send(None)
        except StopIteration:
            if change is not None and self.on_written is not None:
                self.on_written(self, change)
        except Exception:  # the peer is gone: the reader hears of it and cleans up
            self.finished = True
        else:
            self._outbox = deque()
            self._spawn_drain(_Rest(step, first), change)

    async def deliver(self, text: str, change: "Change | None" = None) -> None:
        """Send a frame and wait until the socket has taken it: for backlogs and resumes, which may be of any size."""
        self.push(text, change)
        while self._outbox is not None and self.closing is None and not self.finished:
            if self._drained is None:
                self._drained = asyncio.Event()
            await self._drained.wait()

    def close(self, close: Close) -> None:
        """End the connection: nothing more is pushed, and its reader says goodbye."""
        if self.closing is not None:
            return
        self.closing = close
        self._outbox = None
        self._wake()
        reader = self._reader
        if reader is not None and reader is not asyncio.current_task():
            reader.cancel()

    async def say_goodbye(self) -> None:
        """Send the close frame. A peer that does not take it in time is cut off, or it would hold memory for ever."""
        if self.closing is None or self.finished:
            return
        self.finished = True
        frame = {"type": "websocket.close", "code": self.closing.code, "reason": self.closing.reason}
        try:
            await asyncio.wait_for(_awaitable(self._send(frame)), GOODBYE)
        except TimeoutError:
            self.abort()
        except Exception:  # already gone
            return

    def abort(self) -> None:
        """Drop the TCP connection without flushing, where the server gives us its protocol object."""
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is not None:
            transport.abort()

    def spawn(self, coroutine: Any) -> asyncio.Task[Any]:
        """Run something for this connection beside its reader; it is cancelled when the connection ends."""
        task: asyncio.Task[Any] = asyncio.create_task(coroutine)
        if self.tasks is None:
            self.tasks = set()
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    def bucket(self, kind: str) -> Bucket:
        """The token bucket of this connection's user for `kind`; shared by the user's connections in this process."""
        bucket = self.buckets.get(kind)
        if bucket is None:
            bucket = self.buckets[kind] = Bucket(getattr(settings, f"IM_RATE_{kind}")[1])
        return bucket

    # ---- the outbox ---------------------------------------------------------------------------------------------------

    def _queue(self, text: str, change: "Change | None") -> None:
        assert self._outbox is not None
        self._outbox.append((text, change))
        self._outbox_bytes += len(text) if text.isascii() else len(text.encode())
        if len(self._outbox) > settings.IM_OUTBOX_FRAMES or self._outbox_bytes > settings.IM_OUTBOX_BYTES:
            self.close(closing.SLOW_CONSUMER)

    def _spawn_drain(self, first: Awaitable[Any], change: "Change | None") -> None:
        self._outbox_bytes = 0
        self.spawn(self._drain(first, change))

    async def _drain(self, pending: Awaitable[Any], change: "Change | None") -> None:
        try:
            while True:
                await pending
                if change is not None and self.on_written is not None:
                    self.on_written(self, change)
                if not self._outbox:
                    break
                text, change = self._outbox.popleft()
                self._outbox_bytes -= len(text) if text.isascii() else len(text.encode())
                pending = self._send({"type": "websocket.send", "text": text})
        except Exception:  # the peer is gone: the reader hears of it and cleans up
            self.finished = True
        finally:
            self._outbox = None
            self._wake()

    def _wake(self) -> None:
        if self._drained is not None:
            self._drained.set()
            self._drained = None


async def _awaitable(pending: Awaitable[None]) -> None:
    await pending


class _Rest:
    """Finishes, inside a task, a coroutine that was started outside one (what eager tasks do from Python 3.12 on)."""

    def __init__(self, coroutine: Any, first: Any) -> None:
        self.coroutine = coroutine
        self.first = first

    def __await__(self) -> Generator[Any, Any, None]:
        yielded = self.first
        while True:
            try:
                value = yield yielded
            except BaseException as error:
                step, argument = self.coroutine.throw, error
            else:
                step, argument = self.coroutine.send, value
            try:
                yielded = step(argument)
            except StopIteration:
                return
