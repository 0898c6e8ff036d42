"""`python -m tests.chaos.clock …` runs `uvicorn …` with a wall clock that jumps an hour: ahead by SIGUSR1, back by SIGUSR2.

The clocks that Python code reads are replaced before anything else is imported. libfaketime would do it from outside, but
0.9.10 breaks the absolute clock_nanosleep behind Python's time.sleep. Monotonic clocks are left alone, as a real jump does."""

import datetime
import runpy
import signal
import sys
import time
from types import FrameType
from typing import Any

HOUR = 3600  # seconds
MODULE = "tests.chaos.clock"

_real_time, _real_time_ns, _Real = time.time, time.time_ns, datetime.datetime
_offset = 0  # seconds


class _AnyDatetime(type):
    """What C code makes is a real datetime, and one for every isinstance."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, _Real)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, _Real)


class _Datetime(_Real, metaclass=_AnyDatetime):
    """datetime by the jumping clock."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "_Datetime":
        return cls.fromtimestamp(_time(), tz)

    @classmethod
    def today(cls) -> "_Datetime":
        return cls.now()

    @classmethod
    def utcnow(cls) -> "_Datetime":
        return cls.fromtimestamp(_time(), datetime.UTC).replace(tzinfo=None)


def _time() -> float:
    return _real_time() + _offset


def _time_ns() -> int:
    return _real_time_ns() + _offset * 1_000_000_000


def _jump(number: int, frame: FrameType | None) -> None:
    global _offset
    _offset += HOUR if number == signal.SIGUSR1 else -HOUR


def main() -> None:
    time.time, time.time_ns = _time, _time_ns
    datetime.datetime = _Datetime  # type: ignore[misc]
    signal.signal(signal.SIGUSR1, _jump)
    signal.signal(signal.SIGUSR2, _jump)
    runpy.run_module("uvicorn", run_name="__main__")


if __name__ == "__main__":
    sys.argv[0] = "uvicorn"
    main()
