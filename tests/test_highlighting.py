"""Colours for code: what the pieces are, and that no grammar and nobody can hold anything up."""

import sys
import time
from collections.abc import Iterator

import pytest
from django.test import Client

from chat import highlighting
from chat.highlighter import pieces
from chat.highlighting import Highlighter
from realtime.errors import Code, Refused
from realtime.limits import Buckets
from tests.support.people import Cast
from tests.support.rest import API, ok, refused

CODE = 'def f(x):  # why\n    return "a" + 42\n'


def test_pieces_are_the_text() -> None:
    found = pieces("python", CODE)
    assert found is not None
    assert "".join(part for _, part in found) == CODE
    assert {("k", "def"), ("f", "f"), ("c", "# why"), ("s", '"a"'), ("n", "42")} <= {(kind, part) for kind, part in found}


@pytest.mark.parametrize("text", ["", "\n\n", "  x", "x\n\n", "\t", "a\r\nb", "好 😀", "\x00", "'", '"""', "{{{" * 2000])
@pytest.mark.parametrize("language", ["python", "js", "html", "sql", "bash", "json", "c++", "diff", "PHP"])
def test_no_text_is_changed(language: str, text: str) -> None:
    found = pieces(language, text)
    assert found is None or "".join(part for _, part in found) == text


@pytest.mark.parametrize("language", ["", "klingon", "../../etc/passwd", "x" * 32, "好"])
def test_a_language_that_nobody_knows(language: str) -> None:
    assert pieces(language, CODE) is None


@pytest.fixture
def answering() -> Iterator[Highlighter]:
    highlighter = Highlighter()
    yield highlighter
    highlighter.stop()


def test_a_process_that_ended_is_started_again(answering: Highlighter) -> None:
    assert answering.pieces("python", "if x") == [["k", "if"], ["", " x"]]
    assert answering._process is not None
    answering._process.kill()
    assert answering.pieces("python", "not x") == [["k", "not"], ["", " x"]]


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighting, "FIRST", 0.2)
    stuck = Highlighter((sys.executable, "-c", "import time; time.sleep(60)"))
    began = time.monotonic()
    assert stuck.pieces("python", "x") is None
    assert stuck._process is None
    assert stuck.pieces("python", "x") is None  # and is not tried again
    assert time.monotonic() - began < 5


def test_who_waits_too_long_for_a_turn_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighting, "FIRST", 0.05)
    busy = Highlighter()
    with busy._turn, pytest.raises(Refused) as found:
        busy.pieces("python", "x")
    assert found.value.code is Code.OVERLOADED


def test_a_queue_has_an_end() -> None:
    busy = Highlighter()
    for _ in range(highlighting.QUEUE):
        assert busy._queue.acquire(blocking=False)
    with pytest.raises(Refused) as found:
        busy.pieces("klingon", "x")
    assert found.value.code is Code.OVERLOADED
    busy._queue.release()
    busy._known[("klingon", "x")] = None
    assert busy.pieces("klingon", "x") is None
    assert busy.pieces("klingon", "x") is None  # and each leaves it again


def test_the_endpoint(cast: Cast) -> None:
    ask = {"language": "Python", "text": CODE}
    answer = ok(cast.alice.api.post(API + "highlight", ask))
    assert "".join(part for _, part in answer["pieces"]) == CODE
    assert ok(cast.alice.api.post(API + "highlight", {**ask, "language": "klingon"})) == {"pieces": None}
    refused(Client().post(API + "highlight", ask, content_type="application/json"), 401, "unauthorized")
    assert refused(cast.alice.api.post(API + "highlight", {**ask, "text": "x" * 10_001}), 400, "bad_frame")["field"] == "text"
    assert refused(cast.alice.api.post(API + "highlight", {**ask, "language": 5}), 400, "bad_frame")["field"] == "language"


def test_nobody_asks_for_ever(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighting, "_limits", Buckets((0.001, 3)))
    ask = {"language": "klingon", "text": "x"}
    for _ in range(3):
        ok(cast.bob.api.post(API + "highlight", ask))
    assert refused(cast.bob.api.post(API + "highlight", ask), 429, "rate_limited")["retryAfterMs"] > 0
    ok(cast.alice.api.post(API + "highlight", ask))
