"""The life of a server process: its services start with the event loop and stop with it."""

import asyncio
import gc
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from realtime.commit import close_writer
from realtime.hub import hub
from realtime.supervision import spawn

logger = logging.getLogger(__name__)

Service = Callable[[], Coroutine[Any, Any, None]]

PROCESS_ID = secrets.token_hex(8)
_counter = 0


def new_connection_id() -> str:
    """24 characters that sort by time, and within this process by order of making: the later one wins a device."""
    global _counter
    _counter += 1
    return f"{time.time_ns() // 1_000_000:011x}{_counter & 0xFFFFFFFF:08x}{PROCESS_ID[:5]}"


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
