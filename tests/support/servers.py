"""SkyeIM as it is deployed: `uvicorn imsite.asgi:application` in processes of its own, on the tests' database."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkstemp

from django.conf import settings
from django.db import connection

from tests.support.services import free_port

ROOT = Path(__file__).resolve().parents[2]
STARTED = re.compile(r"Application startup complete")


def database_url() -> str:
    """The tests' own database, as a server process is told of it."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    password = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
    return f"postgres://{found['USER']}{password}@{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"


class Server:
    """One server process. `environment` adds to ours; DATABASE_URL in it names another database than the tests' own."""

    module = "uvicorn"  # what serves
    probe = "/sign-in"  # what answers when it has started

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        descriptor, name = mkstemp(prefix="skyeim-server-", suffix=".log", dir=os.environ["IM_VAR_DIR"])
        os.close(descriptor)
        self.log_file = Path(name)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws"

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def start(self) -> "Server":
        environment = {**os.environ, **self.environment}
        environment["DATABASE_URL"] = self.environment.get("DATABASE_URL") or database_url()
        environment.setdefault("IM_RATE_HANDSHAKE", "1000/s:10000")
        command = [
            sys.executable,
            "-m",
            self.module,
            "imsite.asgi:application",
            "--port",
            str(self.port),
            "--host",
            "127.0.0.1",
        ]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        self._wait()
        return self

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                raise RuntimeError(f"The server did not start:\n{self.log}")
            with contextlib.suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(f"{self.url}{self.probe}", timeout=5).read()
                return
            time.sleep(0.05)
        raise RuntimeError(f"The server did not answer:\n{self.log}")

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it as a loss of power would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)

    def stop(self) -> int:
        """End it as an operator would; returns the exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextlib.contextmanager
def running(count: int = 1, **environment: str) -> Iterator[list[Server]]:
    """`count` server processes that share the tests' database (and Redis, where the tests have one)."""
    servers = [Server(**environment) for _ in range(count)]
    try:
        for server in servers:
            server.start()
        yield servers
    finally:
        for server in servers:
            server.stop()


def backend_has_redis() -> bool:
    return bool(settings.REDIS_URL)
