"""`python -m benchmarks`: every figure, beside the references, in one run. `--quick` is a shorter one that shows the way;
`--only rate` and `--on embedded` choose; `--runs 3` repeats each and takes medians; `--json FILE` keeps the raw figures."""

import argparse
import json
import os
import resource
import statistics
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop

from benchmarks import report, scenarios, subjects
from benchmarks.scenarios import USERS, Figures
from benchmarks.subjects import Subject
from tests.support.services import OwnPostgres, OwnRedis

BACKENDS = ("embedded", "servers")
KINDS = ("start", "rate", "latency", "crowd", "room", "silent")
Scenario = Callable[[Subject], Coroutine[Any, Any, Figures]]
Results = dict[str, Figures]


class Run:
    """One run: what is asked for, and what was measured so far, by name."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.runs: int = options.runs
        self.seconds = 2.0 if options.quick else 5.0
        self.crowd = 1000 if options.quick else 10_000
        self.members = 300 if options.quick else 1000
        self.only: list[str] = options.only
        self.backends: list[str] = options.on
        self.results: Results = {}

    def measure(self, name: str, subject: Callable[[], Subject], *scenarios_of: tuple[str, str, Scenario]) -> None:
        """Start a subject, measure it `runs` times, and stop it; each scenario is (its kind, its name, the coroutine)."""
        wanted = [(title, scenario) for kind, title, scenario in scenarios_of if kind in self.only]
        if not wanted:
            return
        found: dict[str, list[Figures]] = {title: [] for title, _ in wanted}
        for _ in range(self.runs):
            started = subject()
            shared = started.processes > 1 or started.services
            os.sched_setaffinity(0, range(os.cpu_count() or 1) if shared else {1 % (os.cpu_count() or 1)})
            try:
                started.start(pinned=not shared)
                for title, scenario in wanted:
                    report.say(f"  {name}: {title} …")
                    found[title].append(uvloop.run(scenario(started)))
            finally:
                started.stop()
                started.clean()
        for title, figures in found.items():
            self.results[f"{name} {title}"] = {key: statistics.median(one[key] for one in figures) for key in figures[0]}

    def references(self) -> None:
        self.measure(
            "echo",
            subjects.echo,
            ("rate", "rate", lambda s: scenarios.echo_rate(s, self.seconds)),
            ("crowd", "crowd", lambda s: scenarios.crowd(s, self.crowd)),
        )

    def embedded(self) -> None:
        if "start" in self.only:
            report.say("  SkyeIM on SQLite: second start …")
            seconds = statistics.median(subjects.second_start() for _ in range(self.runs))
            self.results["SkyeIM on SQLite start"] = {"seconds": seconds}
        self.measure(
            "plain on SQLite",
            lambda: subjects.plain(USERS),
            ("rate", "rate", lambda s: scenarios.talk_rate(s, self.seconds, 1)),
        )
        self.measure("SkyeIM on SQLite", lambda: subjects.skyeim(USERS), *self._talk())
        self.measure("SkyeIM on SQLite", lambda: subjects.skyeim(self.crowd + 60), self._crowd())
        self.measure("SkyeIM on SQLite", lambda: subjects.skyeim(self.members, group=self.members), self._room())
        self.measure("SkyeIM on SQLite", lambda: subjects.skyeim(USERS), self._silent())

    def servers(self) -> None:
        """PostgreSQL and Redis of its own, two processes of SkyeIM, everything on the same cores as the load."""
        name = "SkyeIM on PostgreSQL and Redis"
        with OwnPostgres(max_wal_size="4GB", shared_buffers="256MB") as postgres, OwnRedis() as redis:
            services = [postgres.pids()[0], redis.pids()[0]]
            made = 0

            def here(make: Callable[..., Subject], *args: Any, **more: Any) -> Callable[[], Subject]:
                def start() -> Subject:
                    nonlocal made
                    made += 1
                    url = postgres.create_database(f"bench{made}")
                    return make(*args, database_url=url, redis_url=redis.url, services=services, **more)

                return start

            self.measure(
                "plain on PostgreSQL and Redis",
                here(subjects.plain, USERS),
                ("rate", "rate", lambda s: scenarios.talk_rate(s, self.seconds, 1)),
            )
            self.measure(name, here(subjects.skyeim, USERS, processes=2), *self._talk())
            self.measure(name, here(subjects.skyeim, self.crowd + 60, processes=2), self._crowd())
            group = here(subjects.skyeim, self.members, group=self.members, processes=2)
            self.measure(name, group, self._room())
            self.measure(name, here(subjects.skyeim, USERS, processes=2), self._silent())

    def _talk(self) -> list[tuple[str, str, Scenario]]:
        return [
            ("rate", "rate", lambda s: scenarios.talk_rate(s, self.seconds, 4)),
            ("latency", "at 200/s", lambda s: scenarios.talk_at(s, self.seconds, 200)),
            ("latency", "at 1,000/s", lambda s: scenarios.talk_at(s, self.seconds, 1000)),
        ]

    def _crowd(self) -> tuple[str, str, Scenario]:
        return "crowd", "crowd", lambda s: scenarios.crowd(s, self.crowd)

    def _room(self) -> tuple[str, str, Scenario]:
        return "room", "room", lambda s: scenarios.room(s, self.seconds, self.members)

    def _silent(self) -> tuple[str, str, Scenario]:
        return "silent", "silent reader", lambda s: scenarios.silent_reader(s, megabytes=12)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--on", nargs="+", choices=BACKENDS, default=list(BACKENDS))
    parser.add_argument("--json")
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 32_768)), hard))
    run = Run(options)
    run.references()
    if "embedded" in run.backends:
        run.embedded()
    if "servers" in run.backends:
        run.servers()
    if options.json:
        with open(options.json, "w") as file:
            json.dump(run.results, file, indent=1)
    report.say("\n" + report.table(run.results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
