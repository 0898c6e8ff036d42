"""Where faults happen: a database, a Redis, two server processes, and six people who talk meanwhile.

Ann and Ben are the load: two devices each, crosswise on the processes, and every device may change to the other process.
Cat and Dan are bystanders, both on the process that a fault of one process does not hit. Eve and Fay are the probes: one on
each process and bound to it, they show when the way between the processes works again."""

import asyncio
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Self

from tests.chaos import clock
from tests.chaos.checker import violations
from tests.chaos.client import Client
from tests.chaos.events import Event, Kind
from tests.chaos.link import Address
from tests.support.servers import ROOT, Server
from tests.support.services import OwnPostgres, OwnRedis

HIT, SPARED = 0, 1  # the server processes
UP = 15.0  # seconds for everybody to connect
TEMPLATE = "people"

# What an outage of the database or Redis may leave in a log: the last line of a traceback.
OUTAGE = re.compile(
    r"(psycopg\.(errors\.\w+|\w+Error)|psycopg_pool\.\w+|django\.db\.utils\.(Operational|Interface|Internal)Error"
    r"|realtime\.errors\.Refused: overloaded|redis\.exceptions\.\w+|TimeoutError|Connection\w*Error|OSError|BrokenPipeError)\b"
)


@dataclass
class Cast:
    """Who is there: name → (id, token), pair → conversation."""

    people: dict[str, tuple[int, str]]
    talks: dict[str, int]


@dataclass
class Services:
    """A PostgreSQL with a database of people to copy, and a Redis."""

    postgres: OwnPostgres
    redis: OwnRedis
    cast: Cast = field(default_factory=lambda: Cast({}, {}))

    def prepare(self) -> Self:
        """Make the database of people. Raises RuntimeError with what went wrong."""
        environment = {**os.environ, "DATABASE_URL": self.postgres.create_database(TEMPLATE), "REDIS_URL": ""}
        made = subprocess.run(
            [sys.executable, "-m", "tests.chaos.people"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
        )
        if made.returncode != 0:
            raise RuntimeError(f"There are no people:\n{made.stderr}")
        found = json.loads(made.stdout)
        self.cast = Cast({name: (row[0], row[1]) for name, row in found["people"].items()}, found["talks"])
        return self


class ArenaServer(Server):
    """A server process that can be stopped in its tracks, and where it `jumps`, has its clock put elsewhere."""

    probe = "/healthz"  # the page's first answer loads much that nothing here needs

    def __init__(self, *, jumps: bool = False, **environment: str) -> None:
        super().__init__(**environment)
        self.module = clock.MODULE if jumps else "uvicorn"
        self.ahead = 0  # hours

    def jump(self, hours: int) -> None:
        """Put its clock on or back, as somebody does by hand: at once."""
        for _ in range(abs(hours)):
            self.signal(signal.SIGUSR1 if hours > 0 else signal.SIGUSR2)
            time.sleep(0.1)  # two signals at once would be one
        self.ahead += hours

    def pause(self) -> None:
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def address(self) -> Address:
        return Address(self.ws_url, self.url)

    def strange_tracebacks(self) -> list[str]:
        """The ends of tracebacks in the log that no outage explains."""
        lines = self.log.splitlines()
        found = []
        for number, line in enumerate(lines):
            if line.lstrip(" +|").startswith("Traceback (most recent call last)"):
                end = next((text for text in lines[number + 1 :] if text and not text.startswith(" ")), "")
                if not OUTAGE.match(end):
                    found.append(end)
        return found


class Arena:
    """`async with Arena(services) as arena`: everything runs and everybody is connected; afterwards everything is gone."""

    def __init__(self, services: Services, *, jumps: bool = False, **environment: str) -> None:
        self.services = services
        self.postgres, self.redis = services.postgres, services.redis
        self.database = f"arena_{secrets.token_hex(4)}"
        self.environment = {
            "DATABASE_URL": self.postgres.url(self.database), "REDIS_URL": self.redis.url,
            "IM_REDIS_PREFIX": self.database, **environment,
        }  # fmt: skip
        self.servers = [ArenaServer(jumps=jumps and number == HIT, **self.environment) for number in (HIT, SPARED)]
        self.log: list[Event] = []
        self.clients: dict[str, Client] = {}

    async def __aenter__(self) -> Self:
        try:
            await asyncio.to_thread(self.postgres.create_database, self.database, TEMPLATE)
            await asyncio.gather(*(asyncio.to_thread(server.start) for server in self.servers))
            self._populate()
            for client in self.clients.values():
                client.start()
            await self.all_ready(UP)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    def _populate(self) -> None:
        hit, spared = (server.address for server in self.servers)
        places = {
            "ann-1": [hit, spared], "ann-2": [spared, hit], "ben-1": [spared, hit], "ben-2": [hit, spared],
            "cat-1": [spared], "dan-1": [spared], "eve-1": [hit], "fay-1": [spared],
        }  # fmt: skip
        for device, servers in places.items():
            user, token = self.services.cast.people[device[:3]]
            self.clients[device] = Client(user=user, device=device, token=token, servers=servers, log=self.log)

    async def __aexit__(self, *error: object) -> None:
        await asyncio.gather(*(client.leave() for client in self.clients.values()))
        for server in self.servers:
            if server.is_running:
                server.kill()
        if self.postgres.is_running():
            await asyncio.to_thread(self.postgres.drop_database, self.database)

    # ---- who is there ---------------------------------------------------------------------------------------------------

    def talk(self, device: str) -> int:
        """The conversation of a device's pair."""
        return next(key for pair, key in self.services.cast.talks.items() if device[:3] in pair)

    async def all_ready(self, timeout: float) -> None:
        async with asyncio.timeout(timeout):
            await asyncio.gather(*(client.ready.wait() for client in self.clients.values()))

    async def restart(self, server: ArenaServer) -> None:
        """Bring a killed server process back, on its port."""
        await asyncio.to_thread(server.start)

    # ---- what is measured -----------------------------------------------------------------------------------------------

    async def recovery(self, timeout: float = 30.0) -> float:
        """Seconds from now until a message of each probe is acknowledged and at the other, on the other process."""
        began = time.monotonic()
        eve, fay = self.clients["eve-1"], self.clients["fay-1"]
        talk = self.talk("eve-1")
        ways = [(eve, fay, eve.say(talk, "Is anybody there?")), (fay, eve, fay.say(talk, "And there?"))]
        while not all(msg_id in one.acked and msg_id in other.seen for one, other, msg_id in ways):
            if time.monotonic() - began > timeout:
                return float("inf")
            await asyncio.sleep(0.01)
        return time.monotonic() - began

    async def settle(self, timeout: float = 20.0) -> None:
        """Let everything be answered, then let every device come back for a last sync. What does not come about in time, the
        checker finds in the logs."""
        try:
            async with asyncio.timeout(timeout):
                await self._all_settled()
                await asyncio.gather(*(client.come_back() for client in self.clients.values()))
                await self._all_settled()
        except TimeoutError:
            return

    async def _all_settled(self) -> None:
        clients = self.clients.values()
        while not all(client.settled for client in clients):
            for client in clients:
                client.check()
            await asyncio.sleep(0.05)

    def broken(self) -> list[str]:
        """Every broken promise: what the checker finds, and what must not happen to anybody."""
        found = violations(self.log)
        for event in self.log:
            if event.kind is Kind.STOP or event.code == 1011:
                found.append(f"{event.device} was closed with {event.code}")
            if event.kind is Kind.ERROR and event.status not in ("overloaded", "rate_limited", "too_many"):
                found.append(f"{event.device} was told {event.status}")
        for name, server in zip(("the process that is hit", "the other process"), self.servers, strict=True):
            if not server.is_running:
                found.append(f"{name} died: {server.log[-2000:]}")
            found += [f"{name} wrote a traceback: {line}" for line in server.strange_tracebacks()]
        return found
