"""The one place that reads the clocks, so that tests can put them where they need them."""

import time


def now_ms() -> int:
    """Milliseconds since the Unix epoch (UTC): the unit of every time on the wire and in the database."""
    return time.time_ns() // 1_000_000


def monotonic() -> float:
    """Seconds of a clock that never jumps: for limits, deadlines and leases within this process."""
    return time.monotonic()


_ahead = time.time_ns() // 1_000_000 - round(time.monotonic() * 1000)


def shared_ms() -> int:
    """Unix milliseconds that do not jump with this machine's clock: those of the start and what has passed since, put right
    by `set_shared` wherever there is a clock that all processes share."""
    return round(monotonic() * 1000) + _ahead


def set_shared(now: int) -> None:
    """The shared clock, the database's, says `now`."""
    global _ahead
    _ahead = now - round(monotonic() * 1000)
