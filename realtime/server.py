"""What the protocol fixes about the server, for `uvicorn imsite.asgi:application` without a single flag."""

import asyncio
import logging
import os
import sys
from typing import Any, cast

from django.conf import settings
from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.importer import import_from_string

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
    config.http = config.http_protocol_class = patient(_http_protocol(config), settings.IM_REQUEST_TIMEOUT)
    # Two thirds of the time-out: a peer that answers no ping is gone before it is over (protocol §8).
    beat = settings.IM_HEARTBEAT_TIMEOUT / 3
    config.ws_ping_interval = min(config.ws_ping_interval or beat, beat)
    config.ws_ping_timeout = min(config.ws_ping_timeout or beat, beat)
    if config.timeout_graceful_shutdown is None:
        config.timeout_graceful_shutdown = 8
    if config.workers > 1:  # as uvicorn itself would have read it: the system checks look there
        os.environ["WEB_CONCURRENCY"] = str(config.workers)
    logging.getLogger("uvicorn.error").addFilter(_without_trace)


def _http_protocol(config: Any) -> type[asyncio.Protocol]:
    """The class that uvicorn has chosen, or is about to: it imports us before (`uvicorn`) or within (`--workers`) its load."""
    chosen = config.http
    if isinstance(chosen, str):
        chosen = import_from_string(HTTP_PROTOCOLS.get(chosen, chosen))
    return cast(type[asyncio.Protocol], chosen)


def _without_trace(record: logging.LogRecord) -> bool:
    """A client's bad UTF-8 is no crash of the server: a line in the log, without a stack trace."""
    if isinstance(record.msg, str) and record.msg.startswith("Invalid UTF-8"):
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.INFO, "INFO"
    return True


def _importing_config() -> Any:
    uvicorn_config = sys.modules.get("uvicorn.config")
    frame = sys._getframe(1)
    while uvicorn_config is not None and frame is not None:
        found = frame.f_locals.get("self")
        if isinstance(found, uvicorn_config.Config):
            return found
        frame = frame.f_back  # type: ignore[assignment]
    return None
