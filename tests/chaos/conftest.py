"""One PostgreSQL and one Redis for all faults, and a table of what was measured at the end of the run."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.chaos.arena import Services
from tests.support.services import OwnPostgres, OwnRedis

_measured: list[str] = []


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with OwnPostgres() as postgres, OwnRedis() as redis:
        yield Services(postgres, redis).prepare()


@pytest.fixture
def measured() -> list[str]:
    """Lines for the table."""
    return _measured


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _measured:
        terminalreporter.section("what the faults measured")
        for line in _measured:
            terminalreporter.write_line(line)
