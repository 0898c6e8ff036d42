"""`python -m tests`: everything, on every backend that is there. What follows the command goes to pytest.

    1. on the embedded default: SQLite, in memory, one process
    2. on PostgreSQL and Redis with two processes, where TEST_DATABASE_URL and TEST_REDIS_URL name them
    3. in Chromium, beside 1 and 2: what those wait for most is time
    4. faults, on a PostgreSQL and a Redis of the tests' own, where round 2 runs or everything is required

TEST_AT_ONCE=1 begins 1 and 2 together, each with databases and processes of its own: sooner at an end, and a harder test of
what takes time. TEST_REQUIRE_ALL=1 (as in CI) makes a missing backend a failure."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

SERVICES = ("TEST_DATABASE_URL", "TEST_REDIS_URL")
REQUIRE_ALL = os.environ.get("TEST_REQUIRE_ALL") == "1"
AT_ONCE = os.environ.get("TEST_AT_ONCE") == "1"
ORDINARY = "not browser and not chaos"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(title: str, arguments: list[str], **environment: str) -> bool:
    """One round of pytest in a process of its own; returns whether it passed."""
    say(f"== {title}: begun ==")
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, *sys.argv[1:]],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    passed = ended.returncode == 0
    # In one piece, because two rounds may run at a time.
    say(f"\n== {title} ==\n{ended.stdout}== {title}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.0f} s ==")
    return passed


def main() -> int:
    missing = [name for name in SERVICES if not os.environ.get(name)]
    wanted = [("Embedded: SQLite, in memory", ORDINARY, "")]
    if not missing:
        wanted.append(("PostgreSQL and Redis, two processes", f"{ORDINARY} and not once", "postgres"))
    else:
        say(f"\n== PostgreSQL and Redis: left out, {' and '.join(missing)} not set ==")
    with ThreadPoolExecutor() as beside, ThreadPoolExecutor(len(wanted) if AT_ONCE else 1) as ordinary:
        chromium = beside.submit(run, "Chromium", ["tests/browser"])
        going = [ordinary.submit(run, title, ["-m", marks], TEST_BACKEND=backend) for title, marks, backend in wanted]
        rounds = [one.result() for one in (*going, chromium)]
    if missing:
        rounds.append(not REQUIRE_ALL)
    if not missing or REQUIRE_ALL:
        rounds.append(run("Faults", ["tests/chaos", "-m", "chaos"]))
    return 0 if all(rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
