"""`python -m tests`: everything, on every backend that is there. What follows the command goes to pytest.

    1. on the embedded default: SQLite, in memory, one process
    2. in Chromium
    3. on PostgreSQL and Redis with two processes, where TEST_DATABASE_URL and TEST_REDIS_URL name them

TEST_REQUIRE_ALL=1 (as in CI) makes a missing backend a failure."""

import os
import subprocess
import sys
import time

SERVICES = ("TEST_DATABASE_URL", "TEST_REDIS_URL")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run(title: str, arguments: list[str], **environment: str) -> bool:
    """One round of pytest in a process of its own; returns whether it passed."""
    say(f"\n== {title} ==")
    began = time.monotonic()
    status = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, *sys.argv[1:]], env={**os.environ, **environment}
    ).returncode
    say(f"== {title}: {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s ==")
    return status == 0


def main() -> int:
    rounds = [
        run("Embedded: SQLite, in memory", ["-m", "not browser"]),
        run("Chromium", ["tests/browser"]),
    ]
    missing = [name for name in SERVICES if not os.environ.get(name)]
    if not missing:
        rounds.append(run("PostgreSQL and Redis, two processes", ["-m", "not browser"], TEST_BACKEND="postgres"))
    else:
        say(f"\n== PostgreSQL and Redis: left out, {' and '.join(missing)} not set ==")
        rounds.append(os.environ.get("TEST_REQUIRE_ALL") != "1")
    return 0 if all(rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
