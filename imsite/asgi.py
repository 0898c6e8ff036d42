"""The ASGI application: `uvicorn imsite.asgi:application`."""

import os
import warnings
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imsite.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()  # sets Django up: what follows imports models

from channels.routing import URLRouter
from django.conf import settings
from django.urls import re_path
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from imsite import checks, health, routing
from realtime.consumer import SocketConsumer
from realtime.process import Process
from realtime.server import configure_uvicorn

# WhiteNoise's files are iterators; Django reads them in a thread, and says so on every first file.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous iterators")

configure_uvicorn()
checks.refuse_contradictions()
process = Process(routing.services, routing.stopping)
socket = URLRouter([re_path(r"^ws/?$", SocketConsumer.as_asgi(routes=routing.routes))])


async def serve(scope: Any, receive: Any, send: Any) -> None:
    """Route a scope. The process starts with the server where it tells us (lifespan), else with the first request."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    await process.ensure_started()
    if scope["type"] == "http" and await health.answer(process, scope["path"], send):
        return
    if scope["type"] == "websocket":
        try:
            await socket(scope, receive, send)
        except ValueError:  # no route: there is one socket, at /ws
            await send({"type": "websocket.close"})
    else:
        await http(scope, receive, send)


async def _live(receive: Any, send: Any) -> None:
    """The ASGI lifespan: begin before the first request, end after the last."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await process.ensure_started()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await process.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


# X-Forwarded-* counts only from these; without any, the addresses are those of the TCP connections.
application = ProxyHeadersMiddleware(serve, trusted_hosts=settings.IM_TRUSTED_PROXIES) if settings.IM_TRUSTED_PROXIES else serve
