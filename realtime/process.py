"""The life of a server process: its services start with the event loop and stop with it."""

import asyncio
import gc
import logging
import resource
import secrets
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from django.conf import settings

from realtime.clock import shared_ms
from realtime.commit import close_writer
from realtime.hub import hub
from realtime.supervision import spawn

logger = logging.getLogger(__name__)

Service = Callable[[], Coroutine[Any, Any, None]]

PROCESS_ID = secrets.token_hex(8)
SPARE_FILES = 500  # for what is no socket: the database, Redis, static files, handshakes
_counter = 0
_made_at = 0


def new_connection_id() -> str:
    """24 characters that sort by time, and within this process by order of making: the later one wins a device.

    The time is the one that all processes agree on: by a clock put back, a device would come back older than the connection
    that it has lost, and be sent away for good."""
    global _counter, _made_at
    _counter += 1
    _made_at = max(_made_at, shared_ms())
    return f"{_made_at:011x}{_counter & 0xFFFFFFFF:08x}{PROCESS_ID[:5]}"


def allow_open_files(connections: int) -> None:
    """Raise this process's own limit of open files, as far as it may: Debian's 1,024 are used up by 1,000 sockets."""
    wanted = connections + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
    if allowed < connections:
        logger.warning("Only %d files may be open: IM_MAX_CONNECTIONS would need %d.", allowed, wanted)


class Process:
    """Starts the hub and the services once per event loop, whoever asks first, and stops them in reverse.

    `services` run until cancelled; `stopping` are awaited at the stop, before the services end."""

    def __init__(self, services: Sequence[Service], stopping: Sequence[Service]) -> None:
        self.services = services
        self.stopping = stopping
        self._ready: asyncio.Future[None] | None = None
        self._tasks: list[asyncio.Task[Any]] = []
        self.stopping_now = False

    async def ensure_started(self) -> None:
        """Return when the process can serve. With a network layer the start suspends: everybody waits for the same one."""
        if self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            try:
                await self._start()
            except BaseException as error:
                ready, self._ready = self._ready, None
                ready.set_exception(error)
                ready.exception()
                raise
            self._ready.set_result(None)
        elif not self._ready.done():
            await asyncio.shield(self._ready)

    async def _start(self) -> None:
        allow_open_files(settings.IM_MAX_CONNECTIONS)
        self._tasks = [spawn(hub.run(), "the hub")]
        while not hub.running:
            await asyncio.sleep(0)
            if self._tasks[0].done():
                self._tasks[0].result()
                raise RuntimeError("The hub ended while it started.")
        self._tasks += [spawn(service(), getattr(service, "__qualname__", "a service")) for service in self.services]
        # Thousands of connections are long-lived objects: keep full collections rare.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)

    async def stop(self) -> None:
        """Finish what is in flight, then end every service."""
        self.stopping_now = True
        for work in self.stopping:
            try:
                await work()
            except Exception:
                logger.exception("A part of the stop failed.")
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await close_writer()
        self._tasks = []
        self._ready = None
