"""Group commit: everything that arrived while the last transaction ran is stored by the next one.

A lane is one kind of entry with its queue, its store function and its publish function. All lanes of a process share one
writer thread, which keeps a database connection of its own, so that writers of this process never wait for each other's
locks. An entry is published only after its transaction has been committed, fsync included."""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future as ThreadFuture
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from django.db import InterfaceError, InternalError, OperationalError, connection, transaction
from django.db.utils import IntegrityError

from realtime.clock import monotonic
from realtime.errors import Code, Refused
from realtime.sql import together

logger = logging.getLogger(__name__)

ATTEMPTS = 6
PAUSE = 0.02  # seconds before the first repetition; doubles
# The database is away or in trouble, which is no fault of what was to be stored. PostgreSQL's InternalError is among them: a
# transaction that it ended for standing still, or a log that it has no room for.
TROUBLE = (OperationalError, InterfaceError, InternalError)
LINGER = 0.005  # seconds that patient entries wait for one that is not
IDLE = 500  # milliseconds that a transaction may stand still between two statements


class Entry:
    """Something to be stored. `refused` says why it was not; a store function may be called again and must reset it.

    `patient`: it may wait a moment for others, so that a transaction and its fsync carry more than this."""

    __slots__ = ("done", "refused")
    patient = False

    def __init__(self) -> None:
        self.refused: Refused | None = None
        self.done: Callable[[Any], None] | None = None


E = TypeVar("E", bound=Entry)
_writer: ThreadPoolExecutor | None = None


async def close_writer() -> None:
    """End the writer thread and its database connection, after what it is doing."""
    global _writer
    writer, _writer = _writer, None
    if writer is not None:
        await asyncio.get_running_loop().run_in_executor(writer, lambda: connection.close())  # that thread's own
        writer.shutdown()


def _limit_idling() -> None:
    """A process that is stopped in its tracks within a transaction (a paused machine, no memory) would keep its row locks,
    and with them the writers of all other processes. PostgreSQL ends such a transaction; when it goes on, it is repeated."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = {IDLE}")


class Lane(Generic[E]):
    """A queue of entries and the functions that store and publish a batch of them.

    `store(entries)` runs in a transaction, in the writer thread; it refuses single entries by setting `refused` and
    raises only for what concerns all. `publish(entries)` runs after the commit, on the event loop where there is one.
    `gather`: seconds between the beginnings of two batches at least, where a storm is likelier than a hurry."""

    def __init__(
        self,
        name: str,
        *,
        store: Callable[[list[E]], None],
        publish: Callable[[list[E]], None],
        capacity: int,
        batch: int,
        prepare: Callable[[list[E]], None] | None = None,
        gather: float = 0.0,
    ) -> None:
        self.name = name
        self.store = store
        self.publish = publish
        self.prepare = prepare
        self.capacity = capacity
        self.batch = batch
        self.gather = gather
        self.batches = 0
        self._queue: list[E] = []
        self._busy = False
        self._hasty = 0  # entries in the queue that are not patient
        self._timer: asyncio.TimerHandle | None = None
        self._idle: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._earliest = 0.0

    # ---- ways in ------------------------------------------------------------------------------------------------------

    def append(self, entry: E, done: Callable[[E], None] | None = None) -> None:
        """Queue an entry; `done(entry)` is called on this loop when it is stored or refused. Raises Refused: overloaded."""
        if len(self._queue) >= self.capacity:
            raise Refused(Code.OVERLOADED, "Too much waits to be stored. Nothing was stored; try again.")
        entry.done = done
        self._queue.append(entry)
        self._hasty += not entry.patient
        if not self._busy:
            self._loop = asyncio.get_running_loop()
            self._wake()

    async def write(self, entry: E) -> E:
        """Store an entry and return it. Raises Refused when it was refused."""
        future: asyncio.Future[E] = asyncio.get_running_loop().create_future()
        self.append(entry, lambda stored: None if future.done() else future.set_result(stored))
        await future
        if entry.refused is not None:
            raise entry.refused
        return entry

    def write_blocking(self, entry: E, loop: asyncio.AbstractEventLoop | None) -> E:
        """The same from a thread of a server process (`loop`: its event loop), or in place where none runs (None)."""
        if loop is None:
            self._commit([entry])
            self.publish([entry])
        else:
            future: ThreadFuture[E] = ThreadFuture()
            loop.call_soon_threadsafe(self._append_for_thread, entry, future)
            future.result(timeout=30)
        if entry.refused is not None:
            raise entry.refused
        return entry

    def _append_for_thread(self, entry: E, future: "ThreadFuture[E]") -> None:
        try:
            self.append(entry, future.set_result)
        except Refused as refused:
            entry.refused = refused
            future.set_result(entry)

    async def drain(self) -> None:
        """Return when the queue is empty and the last batch is published."""
        if self._timer is not None:
            self._begin()
        if self._busy:
            self._idle = asyncio.Event()
            await self._idle.wait()

    # ---- batches ------------------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """There is something in the queue and no batch runs: begin one, at once (also when somebody waits for the last of
        it) or when patience ends."""
        assert self._loop is not None
        if self._hasty or self._idle is not None:
            self._begin()
        elif self._timer is None:
            self._timer = self._loop.call_later(LINGER, self._begin)

    def _begin(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._busy = True
        self._schedule()

    def _schedule(self) -> None:
        """Begin the next batch in the next turn of the loop, so that what arrives in this one joins it; but not within
        `gather` seconds of the last one's beginning."""
        assert self._loop is not None
        early = self._earliest - monotonic()
        if early > 0:
            self._loop.call_later(early, self._next)
        else:
            self._loop.call_soon(self._next)

    def _next(self) -> None:
        global _writer
        if _writer is None:
            _writer = ThreadPoolExecutor(1, "writer")
        entries, self._queue = self._queue[: self.batch], self._queue[self.batch :]
        self._hasty = sum(not entry.patient for entry in self._queue)
        self._earliest = monotonic() + self.gather
        assert self._loop is not None
        job = self._loop.run_in_executor(_writer, self._commit, entries)
        job.add_done_callback(lambda finished: self._finish(entries, finished))

    def _finish(self, entries: list[E], job: "asyncio.Future[None]") -> None:
        self.batches += 1
        if not job.cancelled() and (error := job.exception()) is not None:
            self._refuse_all(entries, error)
        for entry in entries:
            if entry.done is not None:
                try:
                    entry.done(entry)
                except Exception:
                    logger.exception("Nobody could be told what became of an entry of %s.", self.name)
        try:
            self.publish(entries)
        except Exception:
            logger.exception("A batch of %s is stored but could not be published.", self.name)
        self._busy = False
        if self._queue:
            self._wake()
        elif self._idle is not None:
            self._idle.set()

    # ---- in the writer thread -----------------------------------------------------------------------------------------

    def _commit(self, entries: list[E]) -> None:
        """Store a batch. When it fails as a whole for what one entry brings along, each is stored alone."""
        try:
            self._attempt(entries)
        except TROUBLE as error:
            logger.error("%s: the database does not answer.", self.name, exc_info=error)
            for entry in entries:
                entry.refused = Refused(Code.OVERLOADED, "The database does not answer. Try again.")
        except Exception as error:
            if len(entries) == 1:
                self._refuse_all(entries, error)
            else:
                logger.warning("%s: a batch of %d is stored one by one.", self.name, len(entries), exc_info=error)
                for entry in entries:
                    self._commit([entry])

    def _attempt(self, entries: list[E]) -> None:
        """Try a few times: another process may have stored the same id or held a lock, or the connection was cut."""
        pause = PAUSE
        for attempt in range(1, ATTEMPTS + 1):
            for entry in entries:
                entry.refused = None
            try:
                if self.prepare is not None:
                    self.prepare(entries)
                within = connection.in_atomic_block  # a caller's own transaction, whose pauses are its own
                with transaction.atomic(), together():
                    if not within:
                        _limit_idling()
                    self.store(entries)
                return
            except (IntegrityError, *TROUBLE) as error:
                if connection.in_atomic_block or attempt == ATTEMPTS:
                    raise
                if not isinstance(error, IntegrityError):
                    connection.close()
                time.sleep(pause)
                pause *= 2

    def _refuse_all(self, entries: list[E], error: BaseException) -> None:
        reference = uuid.uuid4().hex[:8]
        logger.error("%s: not stored, reference %s.", self.name, reference, exc_info=error)
        for entry in entries:
            entry.refused = Refused(Code.SERVER_ERROR, f"Something went wrong here. Reference {reference}.")
