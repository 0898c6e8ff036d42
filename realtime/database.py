"""The bridge from the event loop to the ORM: a few threads of our own, a bounded wait, and shared look-ups.

Channels' own bridge runs every query of a process on one thread."""

import asyncio
import itertools
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, ParamSpec, TypeVar

from django.conf import settings
from django.db import connections
from django.db.utils import Error as DatabaseError

from realtime.clock import monotonic
from realtime.errors import Code, Refused

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

WAITING = 5_000  # calls that may wait for a thread
GATHER = 0.03  # seconds between two shared queries: in a storm of connections they carry many each instead of one or two

_pool: ThreadPoolExecutor | None = None
_waiting = 0


def release_connections(*, broken: bool = False) -> None:
    """Give this thread's pooled connections back; drop those that are broken. SQLite's stay open, as opening costs more."""
    for connection in connections.all(initialized_only=True):
        if broken or connection.settings_dict["CONN_MAX_AGE"] == 0:
            connection.close()


def _guarded(function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    try:
        result = function(*args, **kwargs)
    except DatabaseError:
        release_connections(broken=True)
        raise
    except BaseException:
        release_connections()
        raise
    release_connections()
    return result


async def in_database(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that uses the ORM in a database thread. Raises Refused (overloaded) when too many wait already."""
    global _pool, _waiting
    if _waiting >= WAITING:
        raise Refused(Code.OVERLOADED, "The database is busy. Try again.")
    if _pool is None:
        _pool = ThreadPoolExecutor(settings.IM_DB_THREADS, "database")
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool, _guarded, function, args, kwargs)
    finally:
        _waiting -= 1


class Shared(Generic[K, T]):
    """Look-ups by key that share queries: one is answered at once; those that ask while its query runs, or within GATHER
    seconds of its beginning, are answered by the next one, together.

    `load(keys)` returns a dict; a key that it leaves out is answered with KeyError."""

    def __init__(self, load: Callable[[list[K]], dict[K, T]], size: int = 200) -> None:
        self.load = load
        self.size = size
        self._asked: dict[K, asyncio.Future[T]] = {}
        self._running: asyncio.Task[None] | None = None
        self._next = 0.0

    async def get(self, key: K) -> T:
        future = self._asked.get(key)
        if future is None:
            future = self._asked[key] = asyncio.get_running_loop().create_future()
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await asyncio.shield(future)

    async def _run(self) -> None:
        while self._asked:
            if (early := self._next - monotonic()) > 0:
                await asyncio.sleep(early)
            self._next = monotonic() + GATHER
            keys = list(itertools.islice(self._asked, self.size))
            asked = {key: self._asked.pop(key) for key in keys}
            try:
                found = await in_database(self.load, keys)
            except Exception as error:
                for future in asked.values():
                    future.set_exception(error)
                    future.exception()  # whoever asked may be gone
                continue
            for key, future in asked.items():
                if key in found:
                    future.set_result(found[key])
                else:
                    future.set_exception(KeyError(key))
                    future.exception()
