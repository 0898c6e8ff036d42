"""What processes have spent and hold, and how a list of times is told in two numbers."""

import os
from collections.abc import Iterable, Sequence

import psutil

_TICK = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    process = psutil.Process(pid)
    return [pid, *(child.pid for child in process.children(recursive=True))]


def cpu(pids: Iterable[int]) -> float:
    """Seconds of CPU, user and system, that these processes have spent so far; in steps of 10 ms."""
    total = 0.0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += (int(fields[11]) + int(fields[12])) / _TICK
    return total


def memory(pids: Iterable[int]) -> int:
    """Bytes that these processes hold, shared pages by share (proportional set size)."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def busy() -> float:
    """Seconds of CPU that the whole machine has spent so far."""
    with open("/proc/stat") as file:
        values = [int(value) for value in file.readline().split()[1:9]]
    return (sum(values) - values[3] - values[4]) / _TICK


def percentile(times: Sequence[float], share: float) -> float:
    """The time, in milliseconds, that `share` of the times (in seconds) do not exceed; 0 for none."""
    if not times:
        return 0.0
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000
