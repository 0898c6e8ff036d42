"""What the protocol fixes about the server, for `uvicorn imsite.asgi:application` without a single flag."""

import asyncio
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from uvicorn.config import HTTP_PROTOCOLS, WS_PROTOCOLS
from uvicorn.importer import import_from_string

from realtime.heartbeat import attentive
from realtime.patience import patient


def configure_uvicorn() -> None:
    """Set uvicorn's options from our settings while it imports the application.

    It imports us from within `Config.load()`, whose frame is on the stack, and reads these options afterwards. A frame
    over the limit is then refused by its header, before its bytes are kept; compression is not negotiated; and proxies
    are trusted by IM_TRUSTED_PROXIES alone (protocol §1). Under another server this finds nothing and does nothing."""
    config = _importing_config()
    if config is None:
        return
    config.ws_max_size = settings.IM_MAX_MESSAGE_SIZE
    config.ws_per_message_deflate = settings.IM_COMPRESSION
    config.proxy_headers = False
    config.server_header = False
    http = _protocol(config.http, HTTP_PROTOCOLS)
    config.http = config.http_protocol_class = patient(http, settings.IM_REQUEST_TIMEOUT)
    timeout = settings.IM_HEARTBEAT_TIMEOUT
    if config.ws != "none":
        config.ws = config.ws_protocol_class = attentive(_protocol(config.ws, WS_PROTOCOLS), timeout)
    # A peer that answers a ping and then falls silent is gone when the time-out is over (protocol §8).
    config.ws_ping_interval = min(config.ws_ping_interval or timeout, timeout / 3)
    config.ws_ping_timeout = timeout - config.ws_ping_interval
    if config.timeout_graceful_shutdown is None:
        config.timeout_graceful_shutdown = 8
    if config.workers > 1:  # as uvicorn itself would have read it: the system checks look there
        os.environ["WEB_CONCURRENCY"] = str(config.workers)
    logging.getLogger("uvicorn.error").addFilter(_no_alarm)


def _protocol(chosen: Any, known: Mapping[str, str | None]) -> type[asyncio.Protocol]:
    """The class that uvicorn has chosen, or is about to: it imports us before (`uvicorn`) or within (`--workers`) its load."""
    if isinstance(chosen, str):
        chosen = import_from_string(known.get(chosen) or chosen)
    return cast(type[asyncio.Protocol], chosen)


def _no_alarm(record: logging.LogRecord) -> bool:
    """What a client does wrong is no fault of the server: bad UTF-8 is a line in the log without a stack trace, and a
    handshake that we refuse with a status (protocol §1.2), which uvicorn takes for one that we forgot, is none."""
    if not isinstance(record.msg, str):
        return True
    if record.msg.startswith("Invalid UTF-8"):
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.INFO, "INFO"
    return not record.msg.startswith("ASGI callable returned without completing handshake")


def _importing_config() -> Any:
    uvicorn_config = sys.modules.get("uvicorn.config")
    frame = sys._getframe(1)
    while uvicorn_config is not None and frame is not None:
        found = frame.f_locals.get("self")
        if isinstance(found, uvicorn_config.Config):
            return found
        frame = frame.f_back  # type: ignore[assignment]
    return None
