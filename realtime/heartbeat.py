"""Drops peers that show no sign of life (protocol §8): any byte is one, not only the answer to a WebSocket ping."""

import asyncio
from typing import Any


def attentive(base: type[asyncio.Protocol], timeout: float) -> type[asyncio.Protocol]:
    """`base`, uvicorn's WebSocket protocol, which drops a peer that answers no ping: here only when it has sent nothing at
    all for `timeout` seconds. Another implementation than uvicorn's own is left as it is."""
    if not hasattr(base, "keepalive_timeout"):
        return base

    class Attentive(base):  # type: ignore[misc, valid-type]
        _heard = 0.0

        def connection_made(self, transport: Any) -> None:
            self._heard = self.loop.time()
            super().connection_made(transport)

        def data_received(self, data: bytes) -> None:
            self._heard = self.loop.time()
            super().data_received(data)

        def keepalive_timeout(self) -> None:
            left = self._heard + timeout - self.loop.time()
            if left > 0:
                self.pong_timer = self.loop.call_later(left, self.keepalive_timeout)
            else:
                super().keepalive_timeout()

    return Attentive
