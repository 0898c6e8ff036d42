"""What load balancers and supervisors ask, on any host name and without a session: is it alive, can it serve?"""

import asyncio
import json
from typing import Any

from django.db import connection

from realtime.database import in_database
from realtime.hub import hub
from realtime.process import Process

PATIENCE = 2.0  # seconds that the database has for an answer


async def answer(process: Process, path: str, send: Any) -> bool:
    """Answer `/healthz` or `/readyz`; False for any other path.

    `/healthz` is 200 as long as the event loop turns. `/readyz` is 503 while the process starts or stops, and while the
    database does not answer; Redis is not asked, as everything works without it, only slower."""
    if path == "/healthz":
        await _send(send, 200, {"status": "ok", "connections": len(hub.connections)})
    elif path == "/readyz":
        problem = "stopping" if process.stopping_now else await _problem()
        await _send(send, 503 if problem else 200, {"status": problem or "ok"})
    else:
        return False
    return True


async def _problem() -> str | None:
    try:
        async with asyncio.timeout(PATIENCE):
            await in_database(_ask)
    except Exception:  # whatever it is, this process cannot serve now
        return "database"
    return None


def _ask() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM chat_epoch LIMIT 1")


async def _send(send: Any, status: int, body: dict[str, Any]) -> None:
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
