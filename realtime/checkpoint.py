"""Copies SQLite's write-ahead log into the database from a side thread, so that no commit has to do it: an automatic
checkpoint within a commit is what makes the slowest one in a hundred slow."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from realtime.supervision import every

PERIOD = 2.0  # seconds


async def run() -> None:
    """A service: PASSIVE checkpoints, which wait for nobody. What they leave behind the automatic one takes, at a size that
    settings name. Nothing to do on another database."""
    if connection.vendor != "sqlite":
        return
    with ThreadPoolExecutor(1, "checkpoint") as thread:
        loop = asyncio.get_running_loop()

        async def once() -> None:
            await loop.run_in_executor(thread, _checkpoint)

        try:
            await every(PERIOD, once, "The checkpoint")
        finally:
            thread.submit(lambda: connection.close())  # that thread's own


def _checkpoint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
