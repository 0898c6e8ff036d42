"""Sends mail beside the request: how long a page takes must not tell whether there was somebody to write to."""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

logger = logging.getLogger(__name__)

MOST_WAITING = 1000
PATIENCE = 3.0  # seconds

_waiting: "queue.Queue[EmailMessage]" = queue.Queue(MOST_WAITING)
_lock = threading.Lock()
_worker: threading.Thread | None = None


class Nowhere(BaseEmailBackend):
    """Without IM_EMAIL_URL there is nobody to give mail to."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return 0


def is_configured() -> bool:
    return bool(settings.IM_EMAIL_URL)


def send(message: EmailMessage) -> None:
    """Send a message soon. Where more than 1,000 wait it is dropped, and the log says so."""
    try:
        _waiting.put_nowait(message)
    except queue.Full:
        logger.error("Too many mails wait; one was dropped.")
        return
    _start()


def settle() -> None:
    """Wait until everything that waited has been tried: for tests and commands."""
    _waiting.join()


async def drain() -> None:
    """At a stop: give what waits a few seconds."""
    deadline = time.monotonic() + PATIENCE
    while _waiting.unfinished_tasks and time.monotonic() < deadline:  # noqa: ASYNC110  (a thread empties it)
        await asyncio.sleep(0.05)


def _start() -> None:
    global _worker
    with _lock:
        if _worker is None or not _worker.is_alive():
            _worker = threading.Thread(target=_work, name="mail", daemon=True)
            _worker.start()


def _work() -> None:
    while True:
        message = _waiting.get()
        try:
            message.send()
        except Exception as error:  # whatever a mail server or the network answers
            logger.error("A mail could not be sent: %s.", type(error).__name__)
        finally:
            _waiting.task_done()
