"""Forgets people: sessions that are no longer used, and uploaded files that were left behind."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import gradio as gr

FORGET_MINUTES = 30  # after the last use; a phone that slept may still come back before
_FILE_SECONDS = 45
_SWEEP_SECONDS = 10


class Forgetter:
    """Sweeps one page's sessions and one folder of uploads.

    Gradio keeps a closed session for an hour and its rendered parts for ever; this does not.
    """

    def __init__(self, blocks: gr.Blocks, cache: Path) -> None:
        self._blocks = blocks
        self._cache = cache

    @asynccontextmanager
    async def sweeping(self) -> AsyncIterator[None]:
        """Sweep as long as this lasts."""
        task = asyncio.create_task(self._sweep_for_ever())
        try:
            yield
        finally:
            task.cancel()

    def forget_sessions(self, now: datetime) -> int:
        """Forget every session that was not used for too long; return how many."""
        holder = self._blocks.state_holder
        oldest = now - timedelta(minutes=FORGET_MINUTES)
        old = [s for s, used in list(holder.time_last_used.items()) if used < oldest]
        for session in old:
            holder.session_data.pop(session, None)
            holder.time_last_used.pop(session, None)
        return len(old)

    def delete_files(self, now: float) -> int:
        """Delete uploads that no step has read in time; return how many."""
        deleted = 0
        for path in self._cache.rglob("*"):
            try:
                if path.is_file() and now - path.stat().st_mtime > _FILE_SECONDS:
                    path.unlink()
                    deleted += 1
            except FileNotFoundError:  # it was read, and so deleted, just now
                continue
        return deleted

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            self.forget_sessions(datetime.now())
            await asyncio.to_thread(self.delete_files, time.time())
