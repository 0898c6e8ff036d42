"""From raw figures to the table: each as it is, as a ratio to its reference in the same run, and what it should reach."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Results = dict[str, dict[str, float]]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Line:
    """One line of the table. `must` and `goal` bound `ratio` (or `value`, where there is no reference) from below, or from
    above where `less` is better."""

    title: str
    value: Callable[[Results], float]
    unit: str = ""
    reference: Callable[[Results], float] | None = None
    times: str = ""
    must: float | None = None
    goal: float | None = None
    less: bool = False

    def row(self, results: Results) -> str | None:
        try:
            value = self.value(results)
            ratio = value / self.reference(results) if self.reference is not None else None
        except (KeyError, ZeroDivisionError):
            return None
        judged = value if ratio is None else ratio
        said = f"{_number(ratio)} {self.times}" if ratio is not None else ""
        bounds = " | ".join("" if bound is None else _number(bound) for bound in (self.must, self.goal))
        return f"| {self.title} | {_number(value)} {self.unit} | {said} | {bounds} | {self._verdict(judged)} |"

    def _verdict(self, judged: float) -> str:
        for name, bound in (("goal", self.goal), ("must", self.must)):
            if bound is not None and (judged <= bound if self.less else judged >= bound):
                return name
        return "" if self.must is None else "**missed**"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _at(name: str, key: str) -> Callable[[Results], float]:
    return lambda results: results[name][key]


E = _at("echo rate", "rate")
E_CPU = _at("echo rate", "cpu us")


def _lines(backend: str) -> list[Line]:
    name, small = f"SkyeIM on {backend}", backend == "SQLite"
    rate, crowd, room, silent = f"{name} rate", f"{name} crowd", f"{name} room", f"{name} silent reader"
    lines = [
        Line(
            "messages stored, acknowledged and delivered",
            _at(rate, "rate"),
            "/s",
            E,
            "E",
            *((0.18, 0.25) if small else (0.15, 0.22)),
        ),
        Line("the same, times the plain design", _at(rate, "rate"), "/s", _at(f"plain on {backend} rate", "rate"), "×", 15, 30),
        Line("CPU of a message, saturated", _at(rate, "cpu us"), "µs", E_CPU, "of E", 7, 4, less=True),
        Line("of that, the server processes", _at(rate, "server us"), "µs"),
    ]
    for per_second in ("200", "1,000"):
        at = f"{name} at {per_second}/s"
        bounds = (8, 3) if small else (20, 10)
        lines += [
            Line(f"at the peer, p50 at {per_second}/s", _at(at, "arrived p50"), "ms"),
            Line(f"at the peer, p99 at {per_second}/s", _at(at, "arrived p99"), "ms", None, "", *bounds, less=True),
            Line(f"`delivered` stored and back, p50 at {per_second}/s", _at(at, "delivered p50"), "ms"),
            Line(
                f"`delivered` stored and back, p99 at {per_second}/s",
                _at(at, "delivered p99"),
                "ms",
                None,
                "",
                *bounds,
                less=True,
            ),
        ]
    lines += [
        Line("CPU of a message at 1,000/s", _at(f"{name} at 1,000/s", "cpu us"), "µs", E_CPU, "of E", 50, 20, less=True),
        Line("an idle connection", _at(crowd, "KiB"), "KiB", _at("echo crowd", "KiB"), "C", 2, 1.4, less=True),
        Line("authenticated connects", _at(crowd, "rate"), "/s", _at("echo crowd", "rate"), "C", 0.45, 0.7),
        Line("CPU of a connect", _at(crowd, "cpu us"), "µs", _at("echo crowd", "cpu us"), "of C"),
        Line("deliveries into a group of 1,000", _at(room, "rate"), "/s", E, "E", 1.0, 2.2),
        Line("memory for a client that never reads", _at(silent, "MiB"), "MiB", None, "", 10, 10, less=True),
        Line("the others' p99 meanwhile", _at(silent, "others p99"), "ms", None, "", 500, 500, less=True),
        Line("second start until ready", _at(f"{name} start", "seconds"), "s", None, "", 3, 1, less=True),
        Line("errors, lost, unanswered", lambda results: _wrong(name, results), "", None, "", 0, 0, less=True),
    ]  # fmt: skip
    return lines


def _wrong(name: str, results: Results) -> float:
    bad = ("errors", "unanswered", "lost sockets", "missing", "unacknowledged")
    if not any(key.startswith(name) for key in results):
        raise KeyError(name)
    return sum(results[key].get(figure, 0) for key in results if key.startswith(name) for figure in bad)


def table(results: Results) -> str:
    """The Markdown table of a run; lines of what was not measured are left out."""
    parts = []
    references = [
        Line("E: echoes of 100 bytes, one process on one core", E, "/s"),
        Line("CPU of an echo", E_CPU, "µs"),
        Line("C: connects to the echo", _at("echo crowd", "rate"), "/s"),
        Line("an idle connection of the echo", _at("echo crowd", "KiB"), "KiB"),
        Line("the plain Channels design, daphne and SQLite", _at("plain on SQLite rate", "rate"), "/s"),
        Line("the same, uvicorn, PostgreSQL and Redis", _at("plain on PostgreSQL and Redis rate", "rate"), "/s"),
    ]
    blocks = [("References", references)]
    blocks += [(f"SkyeIM on {backend}", _lines(backend)) for backend in ("SQLite", "PostgreSQL and Redis")]
    for title, lines in blocks:
        rows = [row for line in lines if (row := line.row(results)) is not None]
        if rows:
            parts.append(f"| {title} | | ratio | must | goal | reached |\n|---|---|---|---|---|---|\n" + "\n".join(rows))
    return "\n\n".join(parts)


if __name__ == "__main__":
    import json

    say(table(json.loads(Path(sys.argv[1]).read_text())))
