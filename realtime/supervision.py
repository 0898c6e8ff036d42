"""Background work of a process: tasks that are kept alive, and whose failures are logged instead of lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

logger = logging.getLogger(__name__)

_running: set[asyncio.Task[Any]] = set()


def spawn(coroutine: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
    """Start a task that nobody awaits. It is kept from the garbage collector, and an exception in it is logged."""
    task = asyncio.create_task(coroutine, name=name)
    _running.add(task)
    task.add_done_callback(_finished)
    return task


def _finished(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("%s failed.", task.get_name(), exc_info=error)


async def every(seconds: float, work: Callable[[], Awaitable[None]], name: str) -> None:
    """Do `work` again and again, `seconds` apart, whatever it raises: the database may be away for a while."""
    failing = False
    while True:
        try:
            await work()
            if failing:
                logger.warning("%s works again.", name)
            failing = False
        except Exception as error:
            if not failing:
                logger.warning("%s failed and will be tried again.", name, exc_info=error)
            failing = True
        await asyncio.sleep(seconds)
