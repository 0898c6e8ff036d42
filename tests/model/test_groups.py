"""Members come and go: every device ends as the database, and nobody is told what is not for them (protocol §4, §5b)."""

from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from chat import resume, rights
from realtime.hub import Group, Hub
from realtime.streams import Streams
from tests.model import membership, world
from tests.model.groups_machine import Groups
from tests.model.link import ResumeGate
from tests.model.profile import budget, must_find


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> type[Groups]:
    world.install(monkeypatch)
    monkeypatch.setattr(rights, "_standing", membership.standing)
    monkeypatch.setattr(resume, "Gate", ResumeGate)
    return Groups


def test_every_device_ends_as_the_database(machine: type[Groups]) -> None:
    run_state_machine_as_test(machine, settings=budget(**machine.budget))


real_register, real_dismiss = Streams.register, Hub.dismiss


def hides_nothing(self: Streams, group: Any, heads: Any, shared: Any = (), hidden: Any = None) -> None:
    real_register(self, group, heads, shared, {})


def only_says_so(self: Hub, group: Group, key: int, rev: int, text: str) -> None:
    for connection in tuple(group.connections):
        connection.push(text)


def lets_everybody_in(self: Hub, group: Group, key: int, rev: int, text: str) -> None:
    real_dismiss(self, group, key, rev, text)
    group.departed.clear()


async def reads_no_log(change: Any) -> None:
    return None


@pytest.mark.parametrize(
    ("where", "name", "planted"),
    [
        (Streams, "register", hides_nothing),
        (Hub, "dismiss", only_says_so),
        (Hub, "dismiss", lets_everybody_in),
        (rights, "on_access_change", reads_no_log),
    ],
)
def test_a_planted_bug_is_found(
    machine: type[Groups], monkeypatch: pytest.MonkeyPatch, where: Any, name: str, planted: Any
) -> None:
    monkeypatch.setattr(where, name, planted)
    must_find(machine, **machine.budget)
