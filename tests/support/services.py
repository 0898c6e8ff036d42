"""PostgreSQL and Redis of a test's (or a benchmark's) own: each on a free port, in a temporary folder that goes with it.

They can be killed, brought back with what was in their folder, and stopped in their tracks. Only processes that were started
here are ever signalled."""

import contextlib
import os
import pwd
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Self

import psutil
import psycopg
import redis

WAIT = 30.0  # seconds for anything to come up or go down, far more than it takes
ACCOUNT = "postgres"  # whom PostgreSQL runs as when we are root: it refuses to be root itself


class Missing(RuntimeError):
    """A program that is needed is not installed; the message names Debian's package."""


def find_program(name: str, package: str) -> str:
    """The path of a program, from PATH or from where Debian keeps PostgreSQL's. Raises Missing."""
    found = shutil.which(name)
    if found is None:
        kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
        found = str(kept[-1]) if kept else None
    if found is None:
        raise Missing(f"{name} is not installed. On Debian: apt-get install {package}")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(check: Callable[[], bool], what: str, timeout: float = WAIT) -> None:
    """Return when the check holds. Raises TimeoutError, naming what did not happen."""
    deadline = time.monotonic() + timeout
    while not check():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.02)


class Service(ABC):
    """One service: its process, its port, its folder and its log. Subclasses know the program."""

    name = ""
    account: str | None = None  # whom it runs as, None: us

    def __init__(self, parent: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"skyeim-{self.name}-", dir=parent))
        if self.account is not None:
            os.chmod(self.folder, 0o700)
            shutil.chown(self.folder, self.account)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    # ---- what subclasses say --------------------------------------------------------------------------------------------

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def answers(self) -> bool: ...

    # ---- life -----------------------------------------------------------------------------------------------------------

    @property
    def log_file(self) -> Path:
        return self.folder / "log"

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def start(self) -> Self:
        """Start it, on the same port and folder as before, and return when it answers. Raises RuntimeError with its log."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=self.folder,
                user=self.account, start_new_session=True,
            )  # fmt: skip
        try:
            until(lambda: not self.is_running() or self.answers(), f"{self.name} did not answer:\n{self.log}")
        except TimeoutError:
            self.kill()
            raise
        if not self.is_running():
            raise RuntimeError(f"{self.name} did not start:\n{self.log}")
        return self

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def pids(self) -> list[int]:
        """The process and all below it, the parent first. PostgreSQL's children lead sessions of their own: a signal to the
        group would miss them."""
        if self.process is None or self.process.poll() is not None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process.pid)
            return [parent.pid, *(child.pid for child in parent.children(recursive=True))]
        return []

    def signal(self, number: signal.Signals) -> list[int]:
        """Signal the parent first, so that it makes no child meanwhile, then every child; returns their ids."""
        reached: list[int] = []
        while new := [pid for pid in self.pids() if pid not in reached]:
            for pid in new:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
                reached.append(pid)
        return reached

    def pause(self) -> None:
        """Stop it in its tracks: connections stay open, nothing answers."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """End every process of it as a loss of power would, and return when they are gone."""
        pids = self.signal(signal.SIGSTOP)
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait(WAIT)
        until(lambda: not any(_lives(pid) for pid in pids), f"{self.name} did not die")

    def restart(self) -> None:
        """Kill it and bring it back, on the same port and folder."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """End it and remove its folder."""
        if self.is_running():
            self.resume()
            assert self.process is not None
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *error: object) -> None:
        self.stop()


def _lives(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


class OwnPostgres(Service):
    """A PostgreSQL cluster. `settings` are its `-c name=value`; fsync is on unless they say otherwise."""

    name = "postgres"

    def __init__(self, parent: Path | None = None, *, wal_segment_mb: int = 16, **settings: str) -> None:
        self.initdb = find_program("initdb", "postgresql")
        self.program = find_program("postgres", "postgresql")
        if os.geteuid() == 0:
            self.account = ACCOUNT
            try:
                pwd.getpwnam(ACCOUNT)
            except KeyError:
                raise Missing(f"PostgreSQL does not run as root, and nobody is called {ACCOUNT}: install postgresql") from None
        super().__init__(parent)
        self.settings = {"fsync": "on", "max_connections": "200", "shared_buffers": "32MB", **settings}
        self._create(wal_segment_mb)

    def _create(self, wal_segment_mb: int) -> None:
        made = subprocess.run(
            [self.initdb, "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
             f"--wal-segsize={wal_segment_mb}"],
            user=self.account, cwd=self.folder, capture_output=True, text=True,
        )  # fmt: skip
        if made.returncode != 0:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def command(self) -> list[str]:
        own = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": str(self.folder)}
        options = [part for name, value in {**self.settings, **own}.items() for part in ("-c", f"{name}={value}")]
        return [self.program, "-D", str(self.data), *options]

    def url(self, database: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def answers(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run one statement outside a transaction; returns its rows."""
        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make a database, as a copy of `template` where one is named (nobody may be connected to it); returns its address."""
        self.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, and whoever is connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def limit_files(self, size: int) -> None:
        """No process of it may make a file longer than `size` bytes from now on ("File too large"); -1 lifts that."""
        limit = "unlimited" if size == resource.RLIM_INFINITY else str(size)
        prlimit = find_program("prlimit", "util-linux")
        for pid in self.pids():  # as its own account: changing another one's limits takes a capability
            arguments = [prlimit, f"--fsize={limit}:", f"--pid={pid}"]
            subprocess.run(arguments, user=self.account, check=psutil.pid_exists(pid), capture_output=True)


class OwnRedis(Service):
    """A Redis that keeps nothing."""

    name = "redis"

    def __init__(self, parent: Path | None = None) -> None:
        self.program = find_program("redis-server", "redis-server")
        super().__init__(parent)

    def command(self) -> list[str]:
        options = {
            "--port": str(self.port),
            "--bind": "127.0.0.1",
            "--dir": str(self.folder),
            "--save": "",
            "--appendonly": "no",
        }
        return [self.program, *(part for option in options.items() for part in option)]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def answers(self) -> bool:
        with contextlib.suppress(redis.RedisError, OSError):
            return bool(self.execute("PING"))
        return False

    def execute(self, *command: str) -> object:
        """Run one command on a connection of its own."""
        with contextlib.closing(redis.Redis(host="127.0.0.1", port=self.port, socket_timeout=5)) as client:
            return client.execute_command(*command)
