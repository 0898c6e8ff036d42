"""What the protocol fixes about the server, for `uvicorn imsite.asgi:application` without a single flag."""

import sys
from typing import Any

from django.conf import settings


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
    if config.timeout_graceful_shutdown is None:
        config.timeout_graceful_shutdown = 8


def _importing_config() -> Any:
    uvicorn_config = sys.modules.get("uvicorn.config")
    frame = sys._getframe(1)
    while uvicorn_config is not None and frame is not None:
        found = frame.f_locals.get("self")
        if isinstance(found, uvicorn_config.Config):
            return found
        frame = frame.f_back  # type: ignore[assignment]
    return None
