"""Cuts connections that take for ever to ask for something: half a request, or a body that drips (protocol: none; RFC 9110,
section 15.5.9, would allow a 408, which whoever does this on purpose would not read)."""

import asyncio
from typing import Any

LOOKS = 3  # in one time-out
DRIP = 1024  # bytes a second that a body must bring at least


def patient(base: type[asyncio.Protocol], timeout: float) -> type[asyncio.Protocol]:
    """`base`, uvicorn's HTTP protocol, which drops a connection when no whole request came within `timeout` seconds.

    A request that is being answered, an idle connection that is kept alive (uvicorn ends it by itself) and a socket that
    was upgraded are left alone."""

    class Patient(base):  # type: ignore[misc, valid-type]
        _received = 0
        _waited = 0
        _last: Any = None
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._look_later()

        def data_received(self, data: bytes) -> None:
            self._received += len(data)
            super().data_received(data)
            if self._timer is not None and self.transport.get_protocol() is not self:
                self._timer.cancel()  # upgraded: a timer would keep this object, which weighs as much as a socket
                self._timer = None

        def _look_later(self) -> None:
            self._timer = asyncio.get_running_loop().call_later(timeout / LOOKS, self._look)

        def _look(self) -> None:
            if self.transport.is_closing() or self.transport.get_protocol() is not self:
                return
            cycle = self.cycle
            is_asking = cycle is None or cycle.response_complete or cycle.more_body
            dripped = self._received < DRIP * timeout / LOOKS
            self._received = 0
            self._waited = self._waited + 1 if is_asking and dripped and cycle is self._last else 0
            self._last = cycle
            if self._waited >= LOOKS:
                self.transport.abort()
            else:
                self._look_later()

    return Patient
