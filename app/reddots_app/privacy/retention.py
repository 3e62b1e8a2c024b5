"""Data retention: uploads and Gradio's traces of a call are deleted within a minute.

The page itself keeps nothing of a person. Gradio keeps a closed session for an hour, for ever the
names and hashes of uploads and whatever anybody called the progress of one, and the answer that
nobody fetched, which may show a photo, until 2,000 others have come.
"""

import asyncio
import os
import time
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import gradio as gr
from gradio.route_utils import FileUploadProgress as Progress
from gradio.routes import file_upload_statuses

_FILE_SECONDS: Final = 45
_SESSION_SECONDS: Final = 45
_PROGRESS_SECONDS: Final = 45
_SWEEP_SECONDS: Final = 10


class Retention:
    """Sweeps what Gradio keeps, and one folder of uploads."""

    def __init__(self, engines: Sequence[gr.Blocks], cache: Path) -> None:
        """Sweep after ``engines``, to which more may be added later, and in ``cache``."""
        self._engines = engines
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

    def delete_files(self, now: float) -> int:
        """Delete uploads that nothing has read in time, and empty folders; return how many."""
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

    def forget_sessions(self, now: datetime) -> int:
        """Forget calls that are done, with answers that nobody fetched; return how many."""
        forgotten = 0
        oldest = now - timedelta(seconds=_SESSION_SECONDS)
        for engine in self._engines:
            holder, queue = engine.state_holder, engine._queue
            messages, events = queue.pending_messages_per_session, queue.pending_event_ids_session
            for name in {*messages, *events, *holder.time_last_used}:
                at_work = any(e in queue.event_ids_to_events for e in events.get(name, ()))
                if at_work or holder.time_last_used.get(name, datetime.min) >= oldest:
                    continue
                for kept in (messages, events, holder.session_data, holder.time_last_used):
                    kept.pop(name, None)
                forgotten += 1
        return forgotten

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            for sweep in (
                partial(self.delete_files, time.time()),
                partial(self.forget_sessions, datetime.now()),  # as Gradio notes it
                self._forget_uploads,
            ):
                try:  # whatever becomes of one, the others and the next ones are made
                    await asyncio.to_thread(sweep)
                except Exception:  # noqa: BLE001 - its kind gets into the log
                    traceback.print_exc()

    def _forget_uploads(self) -> None:
        uploads = [engine.upload_file_set for engine in self._engines]
        for names in uploads:
            self.forget_uploads(names, file_upload_statuses, time.time())
