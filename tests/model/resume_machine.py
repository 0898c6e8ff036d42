"""The machine over resume and fan-out: devices come and go, processes die, and the layer loses, doubles and reorders."""

from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.model.devices import Bot, Device, Page
from tests.model.world import World

TALKS = {10: (1, 2), 11: (1, 3)}
# Two devices of one person, two of the other, one of a third; the bot is that one's only device.
OWNERS = (1, 1, 2, 2)
BOT = 3

devices = st.integers(0, len(OWNERS) - 1)
processes = st.integers(0, 1)
acts = st.tuples(st.sampled_from(["edit", "edit", "react", "react", "recall"]), st.integers(0, 5), st.sampled_from("👍🎉"))
fates = st.lists(st.tuples(st.sampled_from(["arrive", "arrive", "arrive", "lose", "double"]), st.integers(0, 9)), max_size=8)


class Resume(RuleBasedStateMachine):
    """Real hubs, streams, sessions, backlog, resume and sweep in a world without time."""

    budget: ClassVar = {"examples": 140, "steps": 40}
    page: ClassVar[type[Page]] = Page

    @initialize(seed=st.integers(0, 2**16), before=st.integers(0, 5), there=st.sets(st.integers(0, 4)))
    def begin(self, seed: int, before: int, there: set[int]) -> None:
        self.world = World(seed)
        for key, pair in TALKS.items():
            self.world.ledger.open(key, pair, pair)
        self.count = 0
        for _ in range(before):
            for key, pair in TALKS.items():
                self.world.ledger.send(pair[1], key, self._id(), "before", 1)
        self.devices = [self.page(self.world, user) for user in OWNERS]
        self.bot = Bot(self.world, BOT)
        for number in there:
            self._everybody()[number].connect(self.world.processes[number // 2 % 2], slow=False)
        self.world.settle()

    def _id(self) -> UUID:
        self.count += 1
        return UUID(int=(7 << 100) + self.count)

    # ---- what happens -------------------------------------------------------------------------------------------------

    @rule(number=devices, process=processes, slow=st.sampled_from([False, False, True]), turns=st.integers(0, 30))
    def connect(self, number: int, process: int, slow: bool, turns: int) -> None:
        self.devices[number].connect(self.world.processes[process], slow=slow)
        self.world.run(turns)

    @rule(number=devices)
    def disconnect(self, number: int) -> None:
        self.devices[number].disconnect()

    @rule(process=processes, turns=st.integers(0, 30))
    def connect_bot(self, process: int, turns: int) -> None:
        self.bot.connect(self.world.processes[process], slow=False)
        self.world.run(turns)

    @rule(more=st.booleans(), turns=st.integers(0, 10))
    def bot_reads(self, more: bool, turns: int) -> None:
        """While it says so, somebody may be writing to it."""
        if more and self.devices[0].link is not None:
            self.devices[0].write(11, self._id(), "to the bot")
        self.world.run(turns)
        self.bot.read(11)
        self.world.run(turns)

    @rule(number=devices, key=st.sampled_from([10, 10, 11]), many=st.integers(1, 4), turns=st.integers(0, 20))
    def write(self, number: int, key: int, many: int, turns: int) -> None:
        """A device writes; what it gets no answer for it sends again after its next resume."""
        device = self.devices[number]
        if device.user in TALKS[key]:
            for _ in range(many):
                device.write(key, self._id(), f"from {number}")
        self.world.run(turns)

    @rule(number=devices, key=st.sampled_from([10, 10, 11]), asked=st.lists(acts, min_size=1, max_size=3))
    def change(self, number: int, key: int, asked: list[tuple[str, int, str]]) -> None:
        """A device edits, reacts to or takes back what was said last, where it may."""
        device, log = self.devices[number], self.world.ledger.talks[key].log
        for kind, back, emoji in asked:
            if device.user in TALKS[key] and back < len(log):
                self.count += 1
                data = {
                    "msgId": str(log[-1 - back].msg_id),
                    "content": f"changed {self.count}",
                    "emoji": emoji,
                    "on": back % 2 == 0,
                }
                device.change(kind, data)

    @rule(process=processes, fates=fates, turns=st.integers(0, 6))
    def layer(self, process: int, fates: list[tuple[str, int]], turns: int) -> None:
        """What is on its way arrives in any order, more than once or never."""
        at = self.world.processes[process]
        for fate, index in fates:
            if at.in_flight and fate == "lose":
                at.in_flight.pop(index % len(at.in_flight))
            elif at.in_flight:
                at.arrive(index % len(at.in_flight), keep=fate == "double")
            self.world.run(turns)

    @rule(turns=st.integers(1, 60))
    def time_goes_by(self, turns: int) -> None:
        self.world.run(turns)

    @rule(number=devices)
    def ask_again(self, number: int) -> None:
        """A client may sync whenever it likes."""
        device = self.devices[number]
        if device.link is not None and device.heads:
            device.sync()

    @rule(process=processes)
    def sweep(self, process: int) -> None:
        self.world.processes[process].sweep()

    @rule(process=processes)
    def die(self, process: int) -> None:
        dead = self.world.processes[process]
        self.world.kill(process)
        for device in self._everybody():
            if device.link is not None and device.link.process is dead:
                device.lost(device.link)
        self.world.run(3)

    def _everybody(self) -> list[Device]:
        return [*self.devices, self.bot]

    # ---- what always holds --------------------------------------------------------------------------------------------

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
                self.bot.check_complete()
                self._nobody_was_told_too_much()
            finally:
                self.world.close()

    def _come_to_rest(self) -> None:
        """What is on its way arrives or is lost, who is away comes back, what was lost is found."""
        for process in self.world.processes:
            while process.in_flight:
                if self.world.random.random() < 0.5:
                    process.in_flight.pop()
                else:
                    process.arrive(0, keep=False)
        for number, device in enumerate(self._everybody()):
            if device.link is None:
                device.connect(self.world.processes[number % 2], slow=False)
        for _ in range(2):
            self.world.settle()
            for process in self.world.processes:
                process.in_flight.clear()
                process.sweep()
        self.world.settle()

    def _nobody_was_told_too_much(self) -> None:
        """`delivered` and `read` stay within what was stored, in their order."""
        for talk in self.world.ledger.talks.values():
            for mark in talk.marks.values():
                assert 0 <= mark.read <= mark.delivered <= len(talk.log)
