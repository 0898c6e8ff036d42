"""Follows an append-only table by its id, as every process does with the log of ended rights and the new messages."""

from collections import deque

from realtime.clock import monotonic

MARGIN = 10.0  # seconds within which a transaction that took an id must commit


class Tail:
    """Which rows to read next. PostgreSQL hands out ids before the commit, so a lower id may become visible after a higher
    one: rows are read again until they are older than MARGIN, and `fresh` tells which were not seen before."""

    def __init__(self, newest: int) -> None:
        self._marks: deque[tuple[float, int]] = deque([(monotonic(), newest)])
        self._seen: set[int] = set()

    @property
    def after(self) -> int:
        """Read the rows with an id above this one."""
        return self._marks[0][1]

    def advance(self, newest: int) -> None:
        """The rows up to `newest` have been read; those younger than MARGIN will be read again."""
        now = monotonic()
        if newest > self._marks[-1][1]:
            self._marks.append((now, newest))
        while len(self._marks) > 1 and self._marks[1][0] < now - MARGIN:
            self._marks.popleft()

    def fresh(self, ids: list[int]) -> set[int]:
        """Those of the ids just read that were not seen before; moves the position on."""
        new = set(ids) - self._seen
        self._seen |= new
        self.advance(max(ids, default=0))
        self._seen = {seen for seen in self._seen if seen > self.after}
        return new
