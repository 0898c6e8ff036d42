"""The measurements. Each returns a dict of figures; rates per second, CPU in microseconds, times in milliseconds."""

import asyncio
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from benchmarks import measure
from benchmarks.load import TEXT, Echoes, Socket, Talk, connect_all
from benchmarks.subjects import Subject

WARM = 1.5  # seconds of load before the clock starts
USERS = 200  # 100 pairs
Figures = dict[str, float]


async def echo_rate(subject: Subject, seconds: float) -> Figures:
    """E: echoes a second, 100 sockets with one message each under way."""
    sockets = await connect_all([subject.url(number) for number in range(100)], welcomed=False)
    echoes = Echoes(sockets)
    echoes.begin()
    await asyncio.sleep(WARM)
    figures = await _spend(subject, seconds, lambda: echoes.completed)
    await _close(sockets)
    return figures


async def talk_rate(subject: Subject, seconds: float, window: int) -> Figures:
    """Messages a second that were stored, acknowledged, delivered and acknowledged again, as fast as they come back."""
    sockets, talk = await _talk(subject, window)
    talk.begin()
    await asyncio.sleep(WARM)
    talk.measuring = True
    figures = await _spend(subject, seconds, lambda: talk.completed)
    talk.measuring = False
    figures |= _times(talk)
    talk.window = 0
    await _settle(talk)
    figures |= {"errors": talk.errors, "unanswered": talk.unanswered, "lost sockets": talk.lost_sockets}
    await _close(sockets)
    return figures


async def talk_at(subject: Subject, seconds: float, per_second: float) -> Figures:
    """The same at a fixed rate: what each message takes, and costs, when the server is not busy."""
    sockets, talk = await _talk(subject, 0)
    source = asyncio.create_task(talk.offer(per_second))
    await asyncio.sleep(WARM)
    talk.measuring = True
    figures = await _spend(subject, seconds, lambda: talk.completed)
    talk.measuring = False
    source.cancel()
    figures |= _times(talk)
    await _settle(talk)
    figures |= {"errors": talk.errors, "unanswered": talk.unanswered, "lost sockets": talk.lost_sockets}
    await _close(sockets)
    return figures


async def crowd(subject: Subject, count: int) -> Figures:
    """Connects a second, and KiB per idle connection, with `count` of them open. The first 50 only warm up."""
    warm = await connect_all([subject.url(number) for number in range(50)], welcomed=subject.welcomed)
    await asyncio.sleep(1)
    held, spent, began = measure.memory(subject.pids), measure.cpu(subject.pids), time.perf_counter()
    urls = [subject.url(number) for number in range(50, 50 + count)]
    sockets = await connect_all(urls, welcomed=subject.welcomed, at_once=128)
    seconds = time.perf_counter() - began
    cost = measure.cpu(subject.pids) - spent
    await asyncio.sleep(3)
    grown = measure.memory(subject.pids) - held
    idle = measure.cpu(subject.pids)
    await asyncio.sleep(3)
    figures = {
        "rate": count / seconds,
        "cpu us": cost / count * 1e6,
        "KiB": grown / count / 1024,
        "idle cores": (measure.cpu(subject.pids) - idle) / 3,
        "lost sockets": sum(each.closed is not None for each in sockets),
    }
    await _close(warm + sockets)
    return figures


async def room(subject: Subject, seconds: float, members: int, window: int = 4) -> Figures:
    """Deliveries a second of one sender's messages to the other members of a group, `window` messages at a time."""
    sockets = await connect_all([subject.url(number) for number in range(members)], welcomed=True)
    await asyncio.sleep(1)
    arrived, acknowledged, number = 0, 0, 0

    def on_text(text: bytes) -> None:
        nonlocal arrived
        arrived += text.startswith(b'{"type":"chat"')

    def on_ack(text: bytes) -> None:
        nonlocal acknowledged
        acknowledged += text.startswith(b'{"type":"ack"')

    for other in sockets[1:]:
        other.on_text = on_text
    sockets[0].on_text = on_ack

    async def batch() -> None:
        nonlocal number
        want, deadline = arrived + window * (members - 1), time.perf_counter() + 10
        for _ in range(window):
            number += 1
            sockets[0].send(
                b'{"type":"chat","data":{"conversationId":%d,"msgId":"ffffffff-0000-4000-8000-%012x","content":"%s"}}'
                % (subject.group, number, TEXT.encode())
            )
        while arrived < want and time.perf_counter() < deadline:
            await asyncio.sleep(0.0005)

    await batch()
    began, stop = arrived, time.perf_counter() + seconds

    async def load() -> None:
        while time.perf_counter() < stop:
            await batch()

    task = asyncio.create_task(load())
    figures = await _spend(subject, seconds, lambda: arrived)
    await task
    missing = number * (members - 1) - arrived
    await _close(sockets)
    return figures | {"deliveries": arrived - began, "missing": missing, "unacknowledged": number - acknowledged}


async def silent_reader(subject: Subject, megabytes: int) -> Figures:
    """MiB that the server grows by while one client that never reads is sent so much, and what the others notice."""
    silent, writer = 0, 1
    sockets = await connect_all([subject.url(number) for number in range(1, USERS)], welcomed=True)
    reader = await _deaf_socket(subject.url(silent))
    talk = Talk(sockets[1:], subject.pairs[1:], 0)
    others = asyncio.create_task(talk.offer(300))
    await asyncio.sleep(WARM)
    talk.measuring = True
    held, grown, text = measure.memory(subject.pids), 0, "y" * 4000
    for number in range(megabytes * 1_000_000 // len(text)):
        message = b'{"type":"chat","data":{"conversationId":%d,"msgId":"eeeeeeee-0000-4000-8000-%012x","content":"%s"}}'
        sockets[writer - 1].send(message % (subject.pairs[0], number, text.encode()))
        if number % 50 == 0:
            await asyncio.sleep(0.05)
            grown = max(grown, measure.memory(subject.pids) - held)
    await asyncio.sleep(2)
    grown = max(grown, measure.memory(subject.pids) - held)
    talk.measuring = False
    others.cancel()
    reader.close()
    await _settle(talk)
    figures = {"MiB": grown / 2**20, "others p99": measure.percentile(talk.arrived, 0.99)}
    figures |= {"errors": talk.errors, "unanswered": talk.unanswered, "lost sockets": talk.lost_sockets}
    await _close(sockets)
    return figures


async def _deaf_socket(url: str) -> socket.socket:
    """A client that upgrades with a small receive buffer and reads nothing more."""
    parts = urlsplit(url)
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    deaf.connect((parts.hostname, parts.port))
    deaf.sendall(
        f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode()
    )
    await asyncio.sleep(1)
    return deaf


async def _talk(subject: Subject, window: int) -> tuple[list[Socket], Talk]:
    sockets = await connect_all([subject.url(number) for number in range(USERS)], welcomed=subject.welcomed)
    await asyncio.sleep(0.5)
    return sockets, Talk(sockets, subject.pairs, window)


async def _spend(subject: Subject, seconds: float, completed: Callable[[], int]) -> Figures:
    """Let the load run, and tell what came of it and what it cost."""
    pids, services, began = subject.pids, subject.service_pids(), time.perf_counter()
    before = completed(), measure.cpu(pids), measure.cpu(services), measure.busy(), time.process_time()
    await asyncio.sleep(seconds)
    took = time.perf_counter() - began
    count = max(completed() - before[0], 1)
    server, database = measure.cpu(pids) - before[1], measure.cpu(subject.service_pids()) - before[2]
    load = time.process_time() - before[4]
    return {
        "rate": count / took,
        "cpu us": (server + database) / count * 1e6,
        "server us": server / count * 1e6,
        "server cores": server / took,
        "load cores": load / took,
        "foreign cores": max(0.0, (measure.busy() - before[3] - server - database - load) / took),
    }


def _times(talk: Talk) -> Figures:
    named = {"sent": talk.sent, "arrived": talk.arrived, "delivered": talk.delivered}
    return {
        f"{name} p{round(share * 100)}": measure.percentile(times, share)
        for name, times in named.items()
        for share in (0.5, 0.99)
    }


async def _settle(talk: Talk) -> None:
    """Wait until every message is answered, or five seconds."""
    deadline = time.perf_counter() + 5
    while talk.unanswered and time.perf_counter() < deadline:
        await asyncio.sleep(0.05)


async def _close(sockets: list[Socket]) -> None:
    for each in sockets:
        if each.transport is not None:
            each.transport.disconnect()
    await asyncio.sleep(0.5)
