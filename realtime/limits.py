"""Token buckets (protocol §6). A limit is (events per second, burst), as `imsite.environment.rate` reads it."""

from collections import OrderedDict

from realtime.clock import monotonic
from realtime.errors import RateLimited

Limit = tuple[float, int]


class Bucket:
    """Starts full; refills steadily; an event takes one token."""

    __slots__ = ("at", "tokens")

    def __init__(self, burst: int) -> None:
        self.tokens = float(burst)
        self.at = monotonic()

    def wait(self, limit: Limit) -> float:
        """Take a token and return 0.0, or return the seconds until there is one."""
        per_second, burst = limit
        now = monotonic()
        self.tokens = min(burst, self.tokens + (now - self.at) * per_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / per_second

    def take(self, limit: Limit) -> None:
        """Take a token. Raises RateLimited, which says when there is one again."""
        seconds = self.wait(limit)
        if seconds:
            raise RateLimited(seconds)


class Buckets:
    """A bucket per key (an address, a name). Holds at most `size` keys: the one unused for longest is forgotten."""

    def __init__(self, limit: Limit, size: int = 10_000) -> None:
        self.limit = limit
        self.size = size
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until `key` may act again; 0.0 takes a token."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self.limit[1])
            if len(self._buckets) > self.size:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket.wait(self.limit)
