"""Fixtures: the cast, the servers, and devices that connect to them."""

import os
import signal
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from chat import directs
from tests.environment import POSTGRES
from tests.support.client import Device
from tests.support.people import Cast, Person, make_cast, make_person
from tests.support.servers import Server, running


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A database of this test process's own, also for tests that share it with servers and so carry no marker."""
    connection.settings_dict["TEST"]["NAME"] = (
        str(settings.IM_VAR_DIR / "test.sqlite3") if not POSTGRES else f"skyeim_{os.getpid()}"
    )
    with django_db_blocker.unblock():
        old = setup_databases(verbosity=0, interactive=False)
        yield
        teardown_databases(old, verbosity=0)


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Alice, Bob and Carol, in a transaction that is rolled back, and with it what the process remembers of it."""
    monkeypatch.setattr(directs, "_known", OrderedDict())
    return make_cast()


@pytest.fixture(scope="session")
def live_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The tests' database for tests that share it with server processes: what they write stays."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def servers(live_database: None) -> Iterator[list[Server]]:
    """The product as it runs: one process on the embedded default, two on PostgreSQL and Redis."""
    with running(2 if POSTGRES else 1) as started:
        yield started


@pytest.fixture
def alone(servers: list[Server]) -> Iterator[None]:
    """The shared servers stand still: without Redis, what they would announce of a dead process nobody else hears."""
    for server in servers:
        server.signal(signal.SIGSTOP)
    yield
    for server in servers:
        server.signal(signal.SIGCONT)


@pytest.fixture
def people(live_database: None) -> Cast:
    """Alice, Bob and Carol, new for each test, on the live database."""
    return make_cast()


@pytest.fixture
def person(live_database: None) -> Callable[..., Person]:
    """More people on the live database."""
    return make_person


Open = Callable[..., Awaitable[Device]]


@pytest.fixture
async def device(servers: list[Server]) -> AsyncIterator[Open]:
    """Open a socket of a person: `await device(alice, backlog=0)`. Each person is on one of the processes."""
    opened: list[Device] = []

    async def open_device(who: Person | str, *, on: Server | None = None, **query: Any) -> Device:
        token = who if isinstance(who, str) else who.access
        number = 0 if isinstance(who, str) else who.id
        made = await Device.open((on or servers[number % len(servers)]).ws_url, token, **query)
        opened.append(made)
        return made

    yield open_device
    for made in opened:
        await made.close()
