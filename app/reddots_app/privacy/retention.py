"""Forgets people: sessions that are no longer used, and uploaded files that were left behind."""

import asyncio
import os
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import gradio as gr
from gradio.route_utils import FileUploadProgress as Progress
from gradio.routes import file_upload_statuses

from reddots_app.session import Session

FORGET_MINUTES = 30  # after the last use; a phone that slept may still come back before
_MOST_PHOTO_BYTES = 500_000_000  # of smaller copies in memory, in all sessions together
_FILE_SECONDS = 45
_PROGRESS_SECONDS = 60
_MESSAGE_SECONDS = 60
_SWEEP_SECONDS = 10


class Forgetter:
    """Sweeps one page's sessions and one folder of uploads.

    Gradio keeps a closed session for an hour, and for ever its rendered parts, the names and hashes
    of uploads and whatever anybody called the progress of one; and the answer that nobody fetched,
    which may show a photo, until 2,000 others have come. This does not.
    """

    def __init__(self, blocks: gr.Blocks, cache: Path) -> None:
        self._blocks = blocks
        self._cache = cache
        self._progress: dict[str, float] = {}  # when each was first seen

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

    def make_room(self, most: int = _MOST_PHOTO_BYTES) -> int:
        """Forget those who came longest ago while all photos are more bytes; return how many."""
        holder, forgotten = self._blocks.state_holder, 0
        for name, state in reversed(list(holder.session_data.items())):  # the last used one first
            sessions = [s for s in list(state.state_data.values()) if isinstance(s, Session)]
            own = sum(len(p.copy) + len(p.thumbnail) for s in sessions for p in s.photos)
            most -= own
            if own and most < 0:
                holder.session_data.pop(name, None)
                holder.time_last_used.pop(name, None)
                forgotten += 1
        return forgotten

    def delete_files(self, now: float) -> int:
        """Delete uploads that no step has read in time, and what is empty; return how many."""
        deleted = 0
        # A folder is called by the hash of its file, and comes after what is in it. Unlike rglob,
        # os.walk bears that one goes meanwhile.
        for folder, _, names in os.walk(self._cache, topdown=False):
            for path in (*(Path(folder, name) for name in names), Path(folder)):
                try:
                    if path != self._cache and now - path.lstat().st_mtime > _FILE_SECONDS:
                        path.rmdir() if path.is_dir() else path.unlink()
                        deleted += 1
                except OSError:  # it was read, and so deleted, just now; or it is not empty
                    continue
        return deleted

    def forget_uploads(self, uploads: set[str], progress: Progress, now: float) -> None:
        """Forget the names of uploads that are gone, and what was called a progress a while ago."""
        uploads.difference_update([path for path in list(uploads) if not Path(path).exists()])
        named = {*progress._signals, *progress._statuses}
        self._progress = {name: self._progress.get(name, now) for name in named}
        for name in [n for n, since in self._progress.items() if now - since > _PROGRESS_SECONDS]:
            for kept in (progress._signals, progress._statuses, self._progress):
                kept.pop(name, None)

    def forget_messages(self, now: datetime) -> int:
        """Forget answers that wait for somebody who has left; return of how many sessions."""
        queue, used = self._blocks._queue, self._blocks.state_holder.time_last_used
        messages, events = queue.pending_messages_per_session, queue.pending_event_ids_session
        oldest, forgotten = now - timedelta(seconds=_MESSAGE_SECONDS), 0
        for session in {*messages, *events}:
            at_work = any(e in queue.event_ids_to_events for e in events.get(session, ()))
            if not at_work and used.get(session, datetime.min) < oldest:
                messages.pop(session, None)
                events.pop(session, None)
                forgotten += 1
        return forgotten

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            for sweep in (
                partial(self.delete_files, time.time()),
                partial(self.forget_messages, datetime.now()),  # by when a session was last used
                partial(self.forget_sessions, datetime.now()),
                self.make_room,
                self._forget_uploads,
            ):
                try:  # whatever becomes of one, the others and the next ones are made
                    await asyncio.to_thread(sweep)
                except Exception:  # noqa: BLE001 - its kind gets into the log
                    traceback.print_exc()

    def _forget_uploads(self) -> None:
        self.forget_uploads(self._blocks.upload_file_set, file_upload_statuses, time.time())
