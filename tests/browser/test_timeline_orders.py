"""The timeline alone: frames in any order, doubled, lost and asked for again, pages that were read before they arrive."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browser.conftest import Modules
from tests.model.profile import budget, one_look

EXAMPLES = 200
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 3)),
        st.tuples(st.just("edit"), st.integers(0, 12)),
        st.tuples(st.just("frame"), st.integers(0, 12)),
        st.tuples(st.just("frame"), st.integers(0, 3)),
        st.tuples(st.just("older"), st.tuples(st.integers(1, 4), st.integers(0, 4))),
        st.tuples(st.just("resync"), st.none()),
        st.tuples(st.just("replace"), st.tuples(st.integers(1, 5), st.integers(0, 4))),
    ),
    min_size=5,
    max_size=40,
)

# Frames are put as they come. A resync brings what changed after the cursor, each message in its latest form, in rev order.
PLAY = """async ([operations]) => {
  const { Timeline } = await import("/static/js/core/timeline.js");
  const timeline = new Timeline();
  return operations.map(([name, value, rev]) => {
    if (name === "frame") timeline.put(value);
    if (name === "replace") timeline.replace(value, rev, value[0]?.seq === 1 || !value.length);
    if (name === "older") {
      const rows = value.filter((row) => row.seq < (timeline.messages[0]?.seq ?? 0)).slice(-rev);
      const joins = rows.at(-1)?.seq + 1 === timeline.messages[0]?.seq; // it was asked for when the stretch was there
      if (joins) timeline.prepend(rows, rows[0].seq === 1);
    }
    if (name === "resync") {
      const { rev: cursor } = timeline;
      for (const row of value) if (row.rev > cursor) timeline.put(row);
      timeline.reach(rev);
    }
    return { held: timeline.messages.map(({ msgId, seq, rev }) => [msgId, seq, rev]), cursor: timeline.rev };
  });
}"""

Row = dict[str, Any]
Play = Callable[[Any], list[dict[str, Any]]]


class Store:
    """One conversation: its rows as they are, as they were at every rev, and as they were at every moment."""

    def __init__(self, count: int) -> None:
        self.rows: list[Row] = []
        self.versions: list[Row] = []
        self.moments: list[list[Row]] = []
        self.asked = 0  # the rev of the page that is held: older ones are asked for after it
        for _ in range(count):
            self.change(None)

    def change(self, back: int | None) -> None:
        """A new message, or another version of one."""
        rev = len(self.versions) + 1
        if back is None:
            self.rows.append({"msgId": f"m{len(self.rows) + 1}", "seq": len(self.rows) + 1, "rev": rev})
        elif back < len(self.rows):
            self.rows[-1 - back] = {**self.rows[-1 - back], "rev": rev}
        else:
            return
        self.versions.append(self.rows[-1 if back is None else -1 - back])
        self.moments.append(list(self.rows))

    def read(self, ago: int) -> tuple[list[Row], int]:
        """The rows as they were some changes ago, and the rev of that moment."""
        rev = max(self.asked, len(self.moments) - ago)
        return (self.moments[rev - 1], rev) if rev else ([], 0)


def operations(count: int, steps: list[Any]) -> tuple[list[Any], list[list[Row]]]:
    """What is done to the timeline, and what the database holds meanwhile."""
    store, done, stored = Store(count), [], []

    def do(*operation: Any) -> None:
        done.append(operation)
        stored.append(list(store.rows))

    rows, store.asked = store.read(0)
    do("replace", rows[-3:], store.asked)
    for name, value in [*steps, ("resync", None)]:
        if name == "add":
            for _ in range(value):
                store.change(None)
        elif name == "edit":
            store.change(value)
        elif name == "frame" and value < len(store.versions):
            do("frame", store.versions[-1 - value], 0)
        elif name == "resync":
            do("resync", sorted(store.rows, key=lambda row: row["rev"]), len(store.versions))
        elif name == "older":
            do("older", store.read(value[1])[0], value[0])
        elif name == "replace":
            store.asked = 0
            rows, store.asked = store.read(value[1])
            do("replace", rows[-value[0] :], store.asked)
    return done, stored


def examine(play: Play, looks: settings) -> None:
    @looks
    @given(st.integers(0, 8), STEPS)
    def whatever_order(count: int, steps: list[Any]) -> None:
        done, stored = operations(count, steps)
        before: dict[str, int] = {}
        for (name, *_), rows, seen in zip(done, stored, play(done), strict=True):
            held = seen["held"]
            first = held[0][1] if held else 1
            assert [seq for _, seq, _ in held] == list(range(first, first + len(held))), "each once, in order, without a hole"
            revs = {msg_id: rev for msg_id, _, rev in held}
            for row in rows[first - 1 :]:
                assert row["rev"] > seen["cursor"] or revs.get(row["msgId"]) == row["rev"], "the cursor says it is held"
            if name != "replace":
                assert all(revs[msg_id] >= rev for msg_id, rev in before.items()), "no version goes back"
            before = revs
        assert held == [[row["msgId"], row["seq"], row["rev"]] for row in stored[-1][first - 1 :]]

    whatever_order()


def open_timeline(modules: Modules, *planted: str) -> Play:
    page = modules(*planted)
    return lambda done: page.evaluate(PLAY, [done])


def test_any_order_ends_as_the_database(modules: Modules) -> None:
    examine(open_timeline(modules), budget(EXAMPLES))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('if (known.rev >= message.rev) return "known";', ""),
        ("while (this.#ahead.delete(this.rev + 1)) this.rev += 1;", "this.rev = Math.max(this.rev, rev);"),
        ("if (message.seq > last + 1) {", "if (false) {"),
        ("next = this.#early.get(this.last.seq + 1)", "next = null"),
        ("return changed?.rev > message.rev ? changed : message;", "return message;"),
        ("if (ahead <= this.rev) this.#ahead.delete(ahead);", "this.#ahead.add(ahead + 1);"),
    ],
)
def test_a_planted_bug_is_found(modules: Modules, old: str, new: str) -> None:
    with pytest.raises(AssertionError):
        examine(open_timeline(modules, "core/timeline.js", old, new), one_look(EXAMPLES))
