"""A small world for the resume and the fan-out: one ledger as the database, processes with the real hub, streams, backlog,
resume and sweep, and between them a layer that does what the machine says. One event loop, no thread, no time."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from types import SimpleNamespace
from typing import Any

from chat import backlog, consumers, delivery, epoch, history, publication, resume, rights, sweep
from chat.act_frames import Edit, React, Recall
from chat.changing import MessageAct
from chat.entries import Draft, Watermark
from chat.frames import Chat, Read, Received, Sync
from realtime import consumer
from realtime.connection import Connection
from realtime.consumer import Routes
from realtime.errors import Code, Refused
from realtime.hub import Hub, Message
from tests.model import answers, reading
from tests.model.ledger import Ledger

here: ContextVar["Process"] = ContextVar("here")  # the process whose code runs
worlds: list["World"] = []  # the one world there is


class World:
    """The database, the processes and the loop on which everything runs."""

    def __init__(self, seed: int, processes: int = 2) -> None:
        worlds[:] = [self]
        delivery._written.clear()
        self.loop = asyncio.new_event_loop()
        self.loop.set_task_factory(_owned)
        self.random = random.Random(seed)
        self.ledger = Ledger()
        self.origins: dict[tuple[int, int], str | None] = {}  # (conversation, rev) → the connection that sent it
        self.now = 1_000
        self.waiting = 0
        self.failures: list[Exception] = []  # what connections and clients found wrong
        self.connections = 0
        self.tasks: set[asyncio.Task[Any]] = set()
        self.processes = [Process(self) for _ in range(processes)]
        self.settle()

    async def pause(self) -> None:
        """Something takes a while: a few turns of the loop, or none."""
        self.waiting += 1
        try:
            for _ in range(self.random.choice((0, 0, 1, 2, 6))):
                await asyncio.sleep(0)
        finally:
            self.waiting -= 1

    def run(self, turns: int) -> None:
        async def spend() -> None:
            for _ in range(turns):
                await asyncio.sleep(0)

        self.loop.run_until_complete(spend())

    def check(self) -> None:
        """Nobody has found anything wrong."""
        for failure in self.failures:
            raise failure

    def settle(self) -> None:
        """Until nothing happens any more by itself."""
        quiet = 0
        for _ in range(400):
            self.run(10)
            busy = self.waiting or any(process.lane.busy for process in self.processes)
            quiet = 0 if busy else quiet + 1
            if quiet == 3:
                return
        raise AssertionError("It does not come to rest.")

    def close(self) -> None:
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.run(5)
        self.loop.close()

    def client(self, work: Coroutine[Any, Any, None]) -> None:
        """Start something that a client does: it outlives the process that answered it."""
        self.tasks.add(task := Context().run(self.loop.create_task, work))
        task.add_done_callback(self.tasks.discard)

    def kill(self, number: int) -> None:
        """A process dies: its tasks, its memory and what was on its way to it are gone. Another one starts."""
        dead = self.processes[number]
        dead.alive = False
        for task in tuple(dead.tasks):
            task.cancel()
        self.processes[number] = Process(self)


class Process:
    """One server process: a hub of its own, a lane that stores in the ledger, and what is on its way to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alive = True
        self.tasks: set[asyncio.Task[Any]] = set()
        self.groups: set[str] = set()
        self.in_flight: list[dict[str, Any]] = []
        self.sweeps: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self.lane = Lane(self)
        self.hub = Hub()
        self.hub._layer, self.hub._channel, self.hub.loop = Layer(self), "channel", world.loop
        self.hub.streams.read_changes = self._read_changes  # as imsite.routing wires it
        self.context: Context = copy_context()
        self.context.run(here.set, self)
        self.start(sweep.run())

    async def _read_changes(self, key: int, after: int) -> Any:
        return await in_database(reading.read_changes, key, after)

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        return self.context.run(self.world.loop.create_task, work)

    def call(self, function: Callable[..., Any], *args: Any) -> None:
        """Run something as code of this process, on the loop."""

        async def work() -> None:
            function(*args)

        self.world.loop.run_until_complete(self.start(work()))

    def sweep(self) -> None:
        """Look for lost changes. The real sweep finds later changes by the time that they carry, and none passes
        here: they are found by hand."""
        talks = self.world.ledger.talks
        newest = {key: max((entry.changes[0] for entry in talk.log), default=0) for key, talk in talks.items()}
        for work in self.sweeps:
            self.start(work())
        self.world.settle()
        for key, talk in talks.items():
            stream = self.hub.streams.get(key)
            if stream is not None and stream.rev < len(talk.changes):
                assert stream.rev >= newest[key], "the sweep missed a message"
                self.call(self.hub.streams.repair, stream)

    def arrive(self, index: int, *, keep: bool) -> None:
        """A message of the layer arrives; `keep`: and will arrive again."""
        message = self.in_flight[index] if keep else self.in_flight.pop(index)
        self.call(self.hub._arrived, message)


class Layer:
    """The channel layer of a process: what it sends is on its way to every process that listens."""

    def __init__(self, process: Process) -> None:
        self.process = process

    async def group_add(self, name: str, channel: str) -> None:
        await self.process.world.pause()
        self.process.groups.add(name)

    async def group_discard(self, name: str, channel: str) -> None:
        self.process.groups.discard(name)

    def put(self, group: str, message: dict[str, Any]) -> None:
        for process in self.process.world.processes if self.process.alive else ():
            if group in process.groups:
                process.in_flight.append(message)


class Lane:
    """The journal's lane of a process: stores in the ledger, answers, publishes; a death may come between any two."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.queue: list[tuple[Any, Any]] = []
        self.busy = False

    def append(self, entry: Any, done: Callable[[Any], None] | None = None) -> None:
        self.queue.append((entry, done))
        if not self.busy:
            self.busy = True
            self.process.start(self._work())

    async def _work(self) -> None:
        world = self.process.world
        while self.queue:
            batch, self.queue = self.queue, []
            await world.pause()
            for entry, _ in batch:
                self._store(entry)
            await world.pause()
            for entry, done in batch:
                if done is not None:
                    done(entry)
            publication.publish([entry for entry, _ in batch])
        self.busy = False

    def _store(self, entry: Draft | Watermark | MessageAct) -> None:
        world = self.process.world
        ledger = world.ledger
        key = entry.conversation_id or 0
        if isinstance(entry, MessageAct):
            self._change(entry)
            return
        if isinstance(entry, Watermark):
            ledger.mark(entry.user_id, key, read=entry.read, delivered=entry.delivered)
            return
        world.now += 1
        answer = ledger.send(entry.sender_id, key, entry.msg_id, entry.content, world.now)
        if answer.code is not None:
            entry.refused = Refused(Code(answer.code), "refused")
            return
        entry.seq, entry.rev, entry.created_at, entry.duplicate = answer[1:]
        if not entry.duplicate:
            world.origins[key, entry.rev] = entry.origin
        entry.members = tuple(ledger.talks[key].marks) if ledger.talks[key].pair is not None else ()  # a group has its own
        entry.to_user = ledger.talks[key].other(entry.sender_id)

    def _change(self, act: MessageAct) -> None:
        world = self.process.world
        answer = world.ledger.act(*answers.described(act))
        if answer.code is not None:
            act.refused = Refused(Code(answer.code), "refused")
            return
        entry = world.ledger.messages[act.msg_id]
        act.message = history.message_of(reading.record_of(world.ledger, entry))
        act.is_changed = not answer.duplicate
        if act.is_changed:
            world.origins[entry.conversation, entry.rev] = act.origin


class HubHere:
    """Stands for `realtime.hub.hub` in the modules under test: the hub of the process whose code runs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(here.get().hub, name)

    def publish(self, messages: list[Message]) -> None:
        here.get().hub._publish(messages)


class LaneHere:
    """The same for `chat.journal.lane`."""

    def append(self, entry: Any, done: Any = None) -> None:
        here.get().lane.append(entry, done)


async def in_database(function: Callable[..., Any], *args: Any) -> Any:
    """A look at the database: at some moment between the question and the answer."""
    world = worlds[0]
    await world.pause()
    found = function(*args)
    await world.pause()
    return found


async def keep_for_later(seconds: float, work: Any, name: str) -> None:
    """In place of `every`: the machine says when."""
    here.get().sweeps.append(work)
    await work()


async def welcome(connection: Connection) -> None:
    connection.welcome = {}
    connection.push('{"type":"connected","data":{}}')


def routes() -> Routes:
    handlers: dict[Any, Any] = {
        Chat: (consumers.chat, "CHAT"),
        Read: (consumers.read, "FRAMES"),
        Received: (consumers.received, "FRAMES"),
        Sync: (consumers.sync, "FRAMES"),
        Edit: (consumers.edit, "FRAMES"),
        Recall: (consumers.recall, "FRAMES"),
        React: (consumers.react, "FRAMES"),
    }
    return Routes(handlers=handlers, authenticate=_nobody, connect=[backlog.connect, welcome], disconnect=[])


async def _nobody(scope: Any, connection: Connection) -> None:
    raise NotImplementedError


async def _same_epoch() -> str:
    return reading.EPOCH


def install(patch: Any) -> None:
    """Put the world in the place of the database, the journal and the hub of the modules under test."""
    for module in (consumer, backlog, resume, sweep, delivery, publication, rights):
        patch.setattr(module, "hub", HubHere())
    for module in (backlog, resume, sweep, rights):
        patch.setattr(module, "in_database", in_database)
    for module in (consumers, delivery):
        patch.setattr(module, "journal", SimpleNamespace(lane=LaneHere()))
    patch.setattr(backlog, "positions", SimpleNamespace(get=lambda user_id: in_database(reading.positions, user_id)))
    patch.setattr(epoch, "current_async", _same_epoch)
    patch.setattr(sweep, "every", keep_for_later)
    reading.install(patch, lambda: worlds[0].ledger)


def _owned(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
    """Every task belongs to the process whose code started it, and dies with it."""
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **options)
    process = here.get(None)
    if process is not None:
        process.tasks.add(task)
        task.add_done_callback(process.tasks.discard)
    return task
