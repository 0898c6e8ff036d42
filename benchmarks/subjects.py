"""What is measured: server processes of SkyeIM, of the plain design, and of the echo, each with what it needs."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import measure
from tests.support.services import free_port

ROOT = Path(__file__).resolve().parents[1]
UNLIMITED = {  # the load comes from one address, and each person writes faster than anybody types
    "IM_RATE_HANDSHAKE": "100000/s:100000",
    "IM_RATE_CHAT": "100000/s:100000",
    "IM_RATE_FRAMES": "100000/s:100000",
}
STARTUP = 60.0


@dataclass
class Subject:
    """Server processes of one kind. `services`: the process ids of its database and its Redis, which count as server too."""

    name: str
    application: str
    environment: dict[str, str] = field(default_factory=dict)
    processes: int = 1
    server: str = "uvicorn"
    services: list[int] = field(default_factory=list)
    welcomed: bool = False
    tokens: list[str] = field(default_factory=list)
    pairs: list[int] = field(default_factory=list)
    group: int | None = None
    ports: list[int] = field(default_factory=list)
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="skyeim-bench-")))

    def start(self, *, pinned: bool = True) -> "Subject":
        """Start the processes; a single one keeps to the first core, so that the load has the other for itself."""
        for number in range(self.processes):
            port = free_port()
            self.ports.append(port)
            log = (self.folder / f"{self.name}-{number}.log").open("wb")
            command = self._command(port)
            if pinned and self.processes == 1:
                command = ["taskset", "-c", "0", *command]
            environment = {**os.environ, **self.environment}
            self.running.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        deadline = time.monotonic() + STARTUP
        for port in self.ports:
            self._wait(port, deadline)
        return self

    def _command(self, port: int) -> list[str]:
        if self.server == "daphne":
            return [sys.executable, "-m", "daphne", "-v", "0", "-p", str(port), self.application]
        return [
            sys.executable, "-m", "uvicorn", self.application, "--port", str(port), "--log-level", "warning",
            "--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--backlog", "8192",
        ]  # fmt: skip

    def _wait(self, port: int, deadline: float) -> None:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.5).close()
                return
            except OSError:
                dead = [process for process in self.running if process.poll() is not None]
                if dead or time.monotonic() > deadline:
                    raise RuntimeError(f"{self.name} did not start:\n{self.log}") from None
                time.sleep(0.05)

    @property
    def log(self) -> str:
        return "\n".join(file.read_text(errors="replace") for file in sorted(self.folder.glob("*.log")))

    @property
    def pids(self) -> list[int]:
        """The server processes, without the database and Redis."""
        return [pid for process in self.running for pid in measure.tree(process.pid)]

    def service_pids(self) -> list[int]:
        return [pid for service in self.services for pid in measure.tree(service)]

    def url(self, user: int) -> str:
        """Where user number `user` connects; the processes share them evenly."""
        token = self.tokens[user] if self.tokens else str(user + 1)
        return f"ws://127.0.0.1:{self.ports[user % len(self.ports)]}/ws?token={token}"

    def stop(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        self.running.clear()
        self.ports.clear()

    def clean(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def echo() -> Subject:
    return Subject("echo", "benchmarks.references.echo:application")


def plain(users: int, database_url: str = "", redis_url: str = "", services: list[int] | None = None) -> Subject:
    """The plain design: daphne on SQLite, as the tutorials start it; uvicorn on PostgreSQL and Redis."""
    subject = Subject("plain", "benchmarks.references.plain:application", services=services or [])
    subject.server = "uvicorn" if redis_url else "daphne"
    subject.environment = {"PLAIN_DATABASE": database_url or f"sqlite:///{subject.folder}/plain.sqlite3"}
    if redis_url:
        subject.environment["REDIS_URL"] = redis_url
    command = [sys.executable, "-m", "benchmarks.references.plain", str(users)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **subject.environment}, check=True)
    subject.pairs = list(range(1, users // 2 + 1))
    return subject


def skyeim(
    users: int, *, group: int = 0, database_url: str = "", redis_url: str = "", processes: int = 1,
    services: list[int] | None = None,
) -> Subject:  # fmt: skip
    """SkyeIM with `users` people in pairs, on SQLite or on what the addresses name."""
    subject = Subject("skyeim", "imsite.asgi:application", processes=processes, services=services or [], welcomed=True)
    subject.environment = {
        **UNLIMITED,
        "IM_VAR_DIR": str(subject.folder),
        "IM_SECRET_KEY": secrets.token_hex(32),
        "IM_JWT_SECRET": secrets.token_hex(32),
        "DATABASE_URL": database_url or f"sqlite:///{subject.folder}/skyeim.sqlite3",
        "REDIS_URL": redis_url,
    }
    command = [sys.executable, "-m", "benchmarks.prepare", str(users), str(group)]
    environment = {**os.environ, **subject.environment}
    made: dict[str, Any] = json.loads(
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True).stdout
    )
    subject.tokens, subject.pairs, subject.group = made["tokens"], made["pairs"], made["group"]
    return subject


def second_start() -> float:
    """Seconds from `manage.py start` on a data folder that is complete until `/readyz` answers 200."""
    with tempfile.TemporaryDirectory(prefix="skyeim-bench-") as folder:
        for _ in range(2):
            port = free_port()
            command = [sys.executable, "manage.py", "start", "--port", str(port)]
            others = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
            began = time.monotonic()
            process = subprocess.Popen(command, cwd=ROOT, env={**others, "IM_VAR_DIR": folder}, stdout=subprocess.DEVNULL)
            try:
                _until_ready(process, port)
                seconds = time.monotonic() - began
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(15)
    return seconds


def _until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + STARTUP
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).read()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("SkyeIM did not start.") from None
            time.sleep(0.01)
