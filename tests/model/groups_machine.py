"""The machine over groups: people come and go while devices come and go, processes die, and the layer loses, doubles and
reorders."""

from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.model.membership import Clubs, Guest
from tests.model.resume_machine import fates, processes
from tests.model.world import World

KEYS = (20, 21)
# The first stays in both groups and writes; the others come and go.
OWNERS = (1, 2, 2, 3)

devices = st.integers(0, len(OWNERS) - 1)
keys = st.sampled_from((20, 20, 21))
mostly = st.sampled_from((True, True, True, False))


class Groups(RuleBasedStateMachine):
    """Real hubs, streams, sessions, backlog, resume, sweep and the log of rights in a world without time."""

    budget: ClassVar = {"examples": 10, "steps": 30}

    @initialize(seed=st.integers(0, 2**16), before=st.integers(0, 4), there=st.sets(st.integers(0, 3)))
    def begin(self, seed: int, before: int, there: set[int]) -> None:
        self.world = World(seed)
        self.clubs = Clubs(self.world)
        self.clubs.open(20, (1, 2))
        self.clubs.open(21, (1, 3))
        self.count = 0
        for _ in range(before):
            for key in KEYS:
                self.world.ledger.send(1, key, self._id(), "before", 1)
        self.devices = [Guest(self.world, user) for user in OWNERS]
        for number in there:
            self.devices[number].connect(self.world.processes[number % 2], slow=False)
        self.world.settle()

    def _id(self) -> UUID:
        self.count += 1
        return UUID(int=(7 << 100) + self.count)

    @rule(number=devices, process=processes, slow=st.sampled_from([False, False, True]), turns=st.integers(0, 30))
    def connect(self, number: int, process: int, slow: bool, turns: int) -> None:
        self.devices[number].connect(self.world.processes[process], slow=slow)
        self.world.run(turns)

    @rule(number=devices)
    def disconnect(self, number: int) -> None:
        self.devices[number].disconnect()

    @rule(number=devices, key=keys, many=st.integers(1, 3), turns=st.integers(0, 20))
    def write(self, number: int, key: int, many: int, turns: int) -> None:
        for _ in range(many):
            self.devices[number].write(key, self._id(), f"from {number}")
        self.world.run(turns)

    @rule(process=processes, key=keys, user=st.sampled_from((2, 2, 3)), told=mostly, turns=st.integers(0, 10))
    def come_or_go(self, process: int, key: int, user: int, told: bool, turns: int) -> None:
        """Whoever is a member leaves, and whoever is none comes in."""
        act = self.clubs.go if user in self.world.ledger.talks[key].marks else self.clubs.come
        act(self.world.processes[process], key, user, told=told)
        self.world.run(turns)

    @rule(process=processes, key=keys, back=st.lists(st.integers(0, 5), min_size=1, max_size=2))
    def edit(self, process: int, key: int, back: list[int]) -> None:
        log = self.world.ledger.talks[key].log
        for number in back:
            if number < len(log):
                self.clubs.edit(self.world.processes[process], key, len(log) - number)

    @rule(process=processes, fates=fates, turns=st.integers(0, 6))
    def layer(self, process: int, fates: list[tuple[str, int]], turns: int) -> None:
        at = self.world.processes[process]
        for fate, index in fates:
            if at.in_flight and fate == "lose":
                at.in_flight.pop(index % len(at.in_flight))
            elif at.in_flight:
                at.arrive(index % len(at.in_flight), keep=fate == "double")
            self.world.run(turns)

    @rule(process=processes)
    def follow(self, process: int) -> None:
        """The log of rights is read: in the world twice a second."""
        self.clubs.follow(self.world.processes[process])

    @rule(process=processes)
    def sweep(self, process: int) -> None:
        self.world.processes[process].sweep()

    @rule(turns=st.integers(1, 60))
    def time_goes_by(self, turns: int) -> None:
        self.world.run(turns)

    @rule(process=processes)
    def die(self, process: int) -> None:
        dead = self.world.processes[process]
        self.world.kill(process)
        self.clubs.read[self.world.processes[process]] = len(self.clubs.log)
        for device in self.devices:
            if device.link is not None and device.link.process is dead:
                device.lost(device.link)
        self.world.run(3)

    @invariant()
    def a_cursor_tells_the_truth(self) -> None:
        self.world.check()
        for device in self.devices:
            device.check()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                self._come_to_rest()
                self.world.check()
                for device in self.devices:
                    device.check_equal()
            finally:
                self.world.close()

    def _come_to_rest(self) -> None:
        """What is on its way arrives or is lost, who is away comes back, the log is read, what was lost is found."""
        for process in self.world.processes:
            while process.in_flight:
                if self.world.random.random() < 0.5:
                    process.in_flight.pop()
                else:
                    process.arrive(0, keep=False)
        for number, device in enumerate(self.devices):
            if device.link is None:
                device.connect(self.world.processes[number % 2], slow=False)
        for _ in range(2):
            self.world.settle()
            for process in self.world.processes:
                process.in_flight.clear()
                self.clubs.follow(process)
                process.sweep()
        self.world.settle()
