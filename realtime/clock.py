"""The one place that reads the clocks, so that tests can put them where they need them."""

import time


def now_ms() -> int:
    """Milliseconds since the Unix epoch (UTC): the unit of every time on the wire and in the database."""
    return time.time_ns() // 1_000_000


def monotonic() -> float:
    """Seconds of a clock that never jumps: for limits, deadlines and leases within this process."""
    return time.monotonic()
