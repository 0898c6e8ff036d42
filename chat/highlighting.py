"""Colours for code: asked of a process of its own, which is ended when it takes too long (docs/decisions/0010)."""

import atexit
import json
import subprocess
import sys
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from pathlib import Path

from django.conf import settings

from realtime.errors import Code, RateLimited, Refused
from realtime.limits import Buckets

MOST = 10_000  # characters of code, as many as a message has
PATIENCE = 1.0  # seconds for one piece of code
FIRST = 10.0  # seconds for the first one of a process, which has to start; also for one's turn
QUEUE = 8  # requests of which one is being answered
KEPT = 200  # answers that are remembered

Pieces = list[tuple[str, str]]

_limits = Buckets(settings.IM_RATE_HIGHLIGHT)
_counting = threading.Lock()


class Highlighter:
    """The process, started when it is needed. It ends by itself when nobody needs it for a minute."""

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-m", "chat.highlighter")) -> None:
        self.command = command
        self._turn = threading.Lock()
        self._queue = threading.BoundedSemaphore(QUEUE)
        self._process: subprocess.Popen[bytes] | None = None
        self._reader = ThreadPoolExecutor(1, "highlighter")
        self._known: OrderedDict[tuple[str, str], Pieces | None] = OrderedDict()

    def pieces(self, language: str, text: str) -> Pieces | None:
        """As `chat.highlighter.pieces`; also None for what took too long. Raises Refused: overloaded."""
        if not self._queue.acquire(blocking=False):
            raise Refused(Code.OVERLOADED, "Others are being served. Try again.")
        try:
            return self._in_turn((language, text))
        finally:
            self._queue.release()

    def _in_turn(self, key: tuple[str, str]) -> Pieces | None:
        if not self._turn.acquire(timeout=FIRST):
            raise Refused(Code.OVERLOADED, "Others are being served. Try again.")
        try:
            if key not in self._known:
                self._known[key] = self._ask(*key)
                if len(self._known) > KEPT:
                    self._known.popitem(last=False)
            return self._known[key]
        finally:
            self._turn.release()

    def _ask(self, language: str, text: str) -> Pieces | None:
        line = json.dumps([language, text]).encode() + b"\n"
        for _ in range(2):  # the process may have ended just now, since nobody had needed it
            process, patience = self._running()
            answer = self._reader.submit(self._exchange, process, line)
            try:
                found = answer.result(patience)
            except TookTooLong:
                self.stop()
                return None
            if found:
                return json.loads(found)  # type: ignore[no-any-return]
            self.stop()
        return None

    def _running(self) -> tuple[subprocess.Popen[bytes], float]:
        """The process, and how long it may take."""
        if self._process is not None and self._process.poll() is None:
            return self._process, PATIENCE
        root = Path(__file__).resolve().parent.parent
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(self.command, cwd=root, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)  # noqa: S603
        return self._process, FIRST

    @staticmethod
    def _exchange(process: subprocess.Popen[bytes], line: bytes) -> bytes:
        """The answer's line; empty when the process ended."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
            return process.stdout.readline()
        except OSError:
            return b""

    def stop(self) -> None:
        """End the process; the next request starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except OSError:
                continue  # what was written and not taken


highlighter = Highlighter()
atexit.register(highlighter.stop)


def highlight(*, user_id: int, language: str, text: str) -> Pieces | None:
    """The colours of a piece of code. Raises Refused: rate_limited, overloaded."""
    with _counting:
        seconds = _limits.wait(str(user_id))
    if seconds:
        raise RateLimited(seconds)
    return highlighter.pieces(language.lower(), text)
