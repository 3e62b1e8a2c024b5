"""Idle timeout (slowloris protection): a connection that asks nothing is hung up."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS: Final = 800  # a browser keeps two or three open
_HEADER_TIMEOUT: Final = 15.0  # seconds in which a request's headers must be whole


class Connection(H11Protocol):
    """Uvicorn's connection, which would itself wait for ever for a request's headers."""

    header_timeout = _HEADER_TIMEOUT
    _alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch."""
        super().connection_made(transport)
        self._watch(self.cycle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._alarm is not None:
            self._alarm.cancel()
        super().connection_lost(exc)

    def _watch(self, seen: Any) -> None:
        self._alarm = self.loop.call_later(self.header_timeout, self._check, seen)

    def _check(self, seen: Any) -> None:
        """Hang up if nothing was asked since the last check."""
        busy = self.cycle is not None and not self.cycle.response_complete
        if self.cycle is seen and not busy:
            self.transport.close()
        else:
            self._watch(self.cycle)
