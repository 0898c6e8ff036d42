"""What operators rely on: health, the cut of half requests, several processes under one command, a restored database."""

import asyncio
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command

from chat import epoch
from realtime.database import in_database
from tests.conftest import Open
from tests.environment import POSTGRES
from tests.support.client import Device
from tests.support.http import call
from tests.support.people import Cast
from tests.support.raw import RawSocket
from tests.support.servers import ROOT, Server, database_url, running
from tests.support.services import free_port


async def test_health_is_answered_on_any_host_name(servers: list[Server], live_database: None) -> None:
    for path in ("/healthz", "/readyz"):
        status, body = await call(servers[0], "GET", path, Host="10.0.0.7")
        assert (status, body["status"]) == (200, "ok")


async def test_not_ready_without_a_database(tmp_path: Path) -> None:
    with running(DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}", REDIS_URL="") as (server,):
        status, body = await call(server, "GET", "/readyz")
        assert (status, body["status"]) == (503, "database")
        assert (await call(server, "GET", "/healthz"))[0] == 200


async def test_half_a_request_is_cut(live_database: None, people: Cast) -> None:
    """Nothing, half a header, half a handshake and half a body are dropped; whoever is connected is left alone."""
    with running(IM_REQUEST_TIMEOUT="2s", IM_HEARTBEAT_INTERVAL="20s") as (server,):
        device = await Device.open(server.ws_url, people.alice.access)
        halves = [
            b"",
            b"GET / HTTP/1.1\r\nHost: localhost\r\n",
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
            b"POST /api/v1/auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
        ]

        async def cut(half: bytes) -> float:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(half)
            began = time.monotonic()
            try:
                while await asyncio.wait_for(reader.read(1000), 20):
                    pass
            except ConnectionError:
                pass
            return time.monotonic() - began

        took = await asyncio.gather(*(cut(half) for half in halves))
        assert min(took) > 1
        await device.settled()
        assert device.close_code is None
        await device.close()


async def test_a_body_that_keeps_coming_is_not_cut(live_database: None) -> None:
    with running(IM_REQUEST_TIMEOUT="1s") as (server,):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        size = 30_000
        writer.write(
            f"POST /api/v1/auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n"
            "Content-Type: application/json\r\n\r\n".encode()
        )
        for _ in range(15):
            writer.write(b" " * (size // 15))
            await asyncio.sleep(0.2)
        assert (await asyncio.wait_for(reader.readline(), 10)).startswith(b"HTTP/1.1 400")
        writer.close()


async def test_a_new_epoch_voids_every_cursor(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    old = alice.all("connected")[0]["epoch"]
    ack = await alice.chat("before the restore", to=people.bob.id)
    await in_database(call_command, "new_epoch", stdout=io.StringIO())
    await asyncio.sleep(epoch.AGE + 1)
    again = await device(people.alice, backlog=0)
    assert again.all("connected")[0]["epoch"] != old
    await again.send("sync", {"cursors": {str(ack["conversationId"]): ack["rev"]}, "epoch": old})
    await again.get("synced")
    assert again.all("reset") == [{"conversationId": None, "reason": "epoch"}]


@pytest.mark.skipif(not POSTGRES, reason="several processes need PostgreSQL and Redis")
async def test_one_command_serves_with_several_processes(people: Cast, tmp_path: Path) -> None:
    """Two people on whatever process they meet talk; SIGTERM closes their sockets with 1012 and ends all within 10 s."""
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": database_url(), "IM_VAR_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "start", "--no-demo", "--workers", "2", "--port", str(port)]
    process = _start(command, environment)
    try:
        await asyncio.to_thread(_until_ready, port)
        url = f"ws://127.0.0.1:{port}/ws"
        alices = [await Device.open(url, people.alice.access) for _ in range(6)]
        bobs = [await Device.open(url, people.bob.access) for _ in range(6)]
        await alices[0].chat("to every process", to=people.bob.id)
        for device in [*bobs, *alices[1:]]:
            await device.get("chat", lambda d: d["content"] == "to every process")
        processes = {device.all("connected")[0]["connectionId"][-5:] for device in [*alices, *bobs]}
        assert len(processes) == 2
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert {await device.closed(15) for device in [*alices, *bobs]} == {1012}
        await asyncio.to_thread(process.wait, 15)
        assert time.monotonic() - began < 10
    finally:
        process.kill()
        output, _ = process.communicate()
    assert not re.search(rb"Traceback|ERROR", output), output.decode()


def _start(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def _until_ready(port: int) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as found:
                assert json.load(found)["status"] == "ok"
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    raise AssertionError("not ready")


def test_a_process_may_open_as_many_files_as_it_needs(live_database: None) -> None:
    """Debian lets a process open 1,024 files unless it asks for more: 1,000 sockets."""
    with running(IM_MAX_CONNECTIONS="3000") as (server,):
        assert server.process is not None
        limits = Path(f"/proc/{server.process.pid}/limits").read_text()
    soft, hard = re.search(r"Max open files\s+(\d+)\s+(\d+)", limits).groups()  # type: ignore[union-attr]
    assert int(soft) >= min(3500, int(hard))


def embedded(folder: Path) -> dict[str, str]:
    """The environment of a newcomer, with a data folder of the test's."""
    others = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return {**others, "IM_VAR_DIR": str(folder)}


def test_a_taken_port_is_named_before_anything_is_said(tmp_path: Path) -> None:
    """The greeting would send people to the server that has the port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = embedded(tmp_path)
        refused = subprocess.run(
            [sys.executable, "manage.py", "start", "--port", str(port)],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert refused.returncode == 1
    assert f"Port {port} cannot be used" in refused.stderr
    assert "SkyeIM is at" not in refused.stdout
    assert "Traceback" not in refused.stderr


@pytest.mark.once
def test_an_interrupted_first_start_says_nothing_and_is_finished_by_the_next(tmp_path: Path) -> None:
    port = free_port()
    environment = embedded(tmp_path / "var")
    command = [sys.executable, "manage.py", "start", "--port", str(port)]
    for seconds in (0.5, 1.5):
        begun = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        time.sleep(seconds)
        begun.send_signal(signal.SIGINT)
        output, _ = begun.communicate(timeout=30)
        assert begun.returncode in (0, 130), output
        assert "Traceback" not in output
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0
    last = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _until_ready(port)
    finally:
        last.send_signal(signal.SIGINT)
        assert last.wait(15) == 0


def _until_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).read()
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


async def test_a_scan_leaves_no_tracebacks_in_the_log(live_database: None) -> None:
    """Strange host names and foreign origins are refused, and that is all."""
    with running() as (server,):
        status, _ = await call(server, "GET", "/", Host="evil.example")
        assert status == 400
        for header in ("Origin: https://evil.example\r\n", ""):
            host = None if header else "evil.example"
            knocking = await RawSocket.open(server.ws_url, "token=x", header, host=host)
            assert knocking.status == 403
        assert "Traceback" not in server.log
        assert "ERROR" not in server.log
