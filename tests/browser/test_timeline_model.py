"""The page's own client, timeline and all, against any order of what may happen: it ends as the database (protocol §4)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browser.conftest import Modules
from tests.model.profile import budget, one_look

TALKS = st.sampled_from([1, 1, 1, 2])
WEIGHED = [
    (3, st.tuples(st.just("theirs"), TALKS, st.integers(1, 3))),
    (3, st.tuples(st.just("mine"), TALKS)),
    (3, st.tuples(st.just("edit"), TALKS, st.integers(0, 4))),
    (1, st.tuples(st.just("edit"), TALKS, st.integers(60, 75))),
    (4, st.tuples(st.just("exchange"))),
    (2, st.tuples(st.just("process"), st.integers(1, 3))),
    (2, st.tuples(st.just("store"), st.integers(1, 3))),
    (1, st.tuples(st.just("finish"))),
    (4, st.tuples(st.just("push"), TALKS, st.integers(1, 4))),
    (1, st.tuples(st.just("repair"), TALKS)),
    (3, st.tuples(st.just("deliver"), st.integers(1, 5))),
    (3, st.tuples(st.just("cut"), st.booleans(), st.sampled_from([0, 1_000, 1_000]))),
    (1, st.tuples(st.just("select"), TALKS)),
    (1, st.tuples(st.just("older"), TALKS)),
    (3, st.tuples(st.just("respond"), st.sampled_from(["early", "now", "fail"]))),
    (1, st.tuples(st.just("refuse"), st.sampled_from(["rate_limited", "forbidden"]))),
    (1, st.tuples(st.just("wait"), st.sampled_from([60, 1_000, 11_000, 40_000]))),
]
OPERATIONS = st.sampled_from([operation for weight, operation in WEIGHED for _ in range(weight)]).flatmap(lambda one: one)
# Most examples begin with a page that is connected and shows the first conversation, or waits for it.
OPENED = [("deliver", 9), ("exchange",), ("select", 1), ("respond", "now"), ("exchange",)]
LONG = st.lists(OPERATIONS, min_size=20, max_size=60)
SHORT = st.lists(OPERATIONS, min_size=2, max_size=12)  # what a later message would heal shows at the end of these
SCRIPTS = st.tuples(st.sampled_from([0, 3, 5, 5]), SHORT | LONG).map(lambda drawn: [*OPENED[: drawn[0]], *drawn[1]])
BEFORE = st.fixed_dictionaries({"1": st.sampled_from([0, 3, 3, 70]), "2": st.integers(0, 3)})

# The page is closed now and then, and begins again with what its browser remembers.
REOPENED = st.tuples(
    st.sampled_from([5, 5, 3]), st.lists(OPERATIONS | OPERATIONS | st.just(("reopen",)), min_size=8, max_size=40)
).map(lambda drawn: [*OPENED[: drawn[0]], *drawn[1]])

EXAMPLES = 200

Play = Callable[[Any, Any], dict[str, Any]]


@pytest.fixture
def serve(modules: Modules) -> Callable[..., Play]:
    """A page with the simulation, and with a module of the product changed where a bug is planted."""

    def open_page(*planted: str) -> Play:
        page = modules(*planted)
        run = """async ([before, script]) => (await import("/tests/simulation.js")).play(before, script)"""
        return lambda before, script: page.evaluate(run, [before, script])

    return open_page


def check(result: dict[str, Any]) -> None:
    """Each message once, in order, in its latest version, up to the newest; and nothing written here is left behind."""
    assert result["problem"] is None
    for number, stored in result["stored"].items():
        chat = result["chats"].get(number)
        if chat is None:
            assert stored["log"] == []
            continue
        held = chat["held"]
        assert held == stored["log"][len(stored["log"]) - len(held) :]
        assert held or not stored["log"]
        assert not chat["atStart"] or len(held) == len(stored["log"])
        assert chat["rev"] <= stored["rev"]
        assert chat["unread"] == stored["unread"]
    assert {state for _, state in result["outbox"]} <= {"failed"}
    contents = [row[3].rstrip("'") for stored in result["stored"].values() for row in stored["log"]]
    assert len(set(contents)) == len(contents)
    assert not {content for content, _ in result["outbox"]} & set(contents)


def examine(play: Play, looks: settings, scripts: Any = SCRIPTS) -> None:
    @looks
    @given(BEFORE, scripts)
    def whatever_happens(before: dict[str, int], script: list[Any]) -> None:
        check(play(before, script))

    whatever_happens()


def test_the_page_ends_as_the_database(serve: Callable[..., Play]) -> None:
    examine(serve(), budget(EXAMPLES))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("core/timeline.js", "while (this.#ahead.delete(this.rev + 1)) this.rev += 1;", "this.rev = Math.max(this.rev, rev);"),
        ("core/timeline.js", "if (message.seq > last + 1) {", "if (false) {"),
        ("core/timeline.js", "next = this.#early.get(this.last.seq + 1)", "next = null"),
        ("app/sync.js", "chat.timeline?.rev ?? 0", "chat.lastRev"),
        ("app/sender.js", "contentType: 1, msgId,", "contentType: 1, msgId: crypto.randomUUID(),"),
        ("app/frames.js", "client.sync.begin(data.epoch);", ""),
    ],
)  # fmt: skip
def test_a_planted_bug_is_found(serve: Callable[..., Play], file: str, old: str, new: str) -> None:
    with pytest.raises(AssertionError):
        examine(serve(file, old, new), one_look(EXAMPLES))


def test_what_a_browser_remembers_is_only_ever_continued_by_the_server(serve: Callable[..., Play]) -> None:
    examine(serve(), budget(EXAMPLES // 2), REOPENED)
    with pytest.raises(AssertionError):  # messages with the cursor of others
        examine(
            serve("core/keepsake.js", "rev, atStart: atStart", "rev: rev + 1, atStart: atStart"), one_look(EXAMPLES), REOPENED
        )


# What random scripts come upon rarely, and the line that each of them needs. All begin with an empty conversation.
BEHIND = [("theirs", 1, 2), ("mine", 1), ("process", 9), ("store", 9), ("push", 1, 1), ("deliver", 1), ("deliver", 1)]
STORIES = {
    "a page that was read before what came meanwhile": (
        [*OPENED[:3], ("theirs", 1, 1), ("push", 1, 1), ("deliver", 9), ("respond", "early")],
        ("app/history.js", "if (timeline.rev < chat.lastRev) this.client.sync.request(chat);", ""),
    ),
    "an own message that was stored before its place was known leaves the outbox": (
        [*OPENED, ("theirs", 1, 1), ("mine", 1), ("exchange",), ("exchange",), ("respond", "now")],
        ("app/history.js", "this.client.arrivals.placed(chat);", ""),
    ),
    "an empty page that arrives while a resume is answered that is not about it": (
        [("deliver", 9), ("select", 1), ("theirs", 1, 1), ("respond", "early"), ("process", 9), ("finish",), ("deliver", 9)],
        ("app/sync.js", "else client.history.load(chat);", ""),
    ),
    "what an own message has overtaken is unread": (
        [*OPENED[:2], ("theirs", 1, 2), ("mine", 1), ("exchange",), ("push", 1, 9), ("deliver", 9)],
        ("core/chat.js", "message.seq > this.base.upTo && !this.since.has(message.seq)", "message.seq > this.lastSeq"),
    ),
    "an answer to cursor 0 brings nothing and reaches nowhere": (
        [*OPENED, *BEHIND, ("exchange",)],
        ("app/sync.js", "if (cursor) chat", "if (true) chat"),
    ),
    "a page takes the place of what an answer has brought": (
        [*OPENED, *BEHIND, ("exchange",), ("theirs", 1, 1), ("push", 1, 1), ("deliver", 9), ("process", 9), ("deliver", 9),
         ("respond", "early"), ("finish",), ("deliver", 9)],
        ("app/history.js", "this.client.sync.replaced(chat);", ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_a_story(serve: Callable[..., Play], story: str) -> None:
    script, planted = STORIES[story]
    empty = {"1": 0, "2": 0}
    check(serve()(empty, script))
    with pytest.raises(AssertionError):
        check(serve(*planted)(empty, script))
