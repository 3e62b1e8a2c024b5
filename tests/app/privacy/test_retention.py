"""Nothing is kept longer than the page says."""

import os
import time
from asyncio import Queue as AsyncQueue
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from gradio.route_utils import FileUploadProgress

from reddots_app.privacy.retention import Retention

# seconds since the last use (None: the session is forgotten), events that wait to be told, events
# that are being worked at, what is kept, why
WAITING = [
    (46, {"a"}, set(), False, "the answer is there, and nobody came for it"),
    (46, set(), set(), False, "all was told"),
    (44, {"a"}, set(), True, "it is just being told"),
    (46, {"a"}, {"a"}, True, "a photo is still looked at"),
    (None, {"a"}, set(), False, "whose session is forgotten will not come"),
]


@pytest.mark.parametrize(
    ("seconds", "told", "at_work", "kept", "why"), WAITING, ids=[row[4] for row in WAITING]
)
def test_an_answer_that_nobody_fetches_is_forgotten(  # by name
    tmp_path: Path, seconds: int | None, told: set[str], at_work: set[str], kept: bool, why: str
) -> None:
    now = datetime(2026, 1, 1, 12)
    queue = gr.Blocks()._queue
    queue.pending_messages_per_session["s"] = AsyncQueue()
    queue.pending_event_ids_session["s"] = told
    queue.event_ids_to_events = dict.fromkeys(at_work)
    used = {} if seconds is None else {"s": now - timedelta(seconds=seconds)}
    holder = SimpleNamespace(time_last_used=used, session_data={"s": object()})
    blocks = SimpleNamespace(_queue=queue, state_holder=holder)
    assert Retention([blocks], tmp_path).forget_sessions(now) == (0 if kept else 1), why  # type: ignore[list-item]
    assert ("s" in holder.session_data) is kept
    assert ("s" in queue.pending_messages_per_session) is kept
    assert ("s" in queue.pending_event_ids_session) is kept


def test_files_left_behind_are_deleted_within_a_minute(tmp_path: Path) -> None:
    old, new = tmp_path / "deep" / "old", tmp_path / "new"
    old.parent.mkdir()
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 50, time.time() - 50))
    assert Retention([], tmp_path).delete_files(time.time()) == 1
    assert new.exists()
    assert not old.exists()


def test_a_folder_called_by_the_hash_of_its_photo_goes_too(tmp_path: Path) -> None:
    old, new, full = (tmp_path / name for name in ("old", "new", "full"))
    for path in (old, new, full):
        path.mkdir()
    (full / "photo").write_bytes(b"x")
    for path in (old, full):
        os.utime(path, (time.time() - 50, time.time() - 50))
    assert Retention([], tmp_path).delete_files(time.time()) == 1
    assert sorted(tmp_path.iterdir()) == [full, new]


def test_names_of_uploads_are_forgotten_with_them(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.write_bytes(b"x")
    uploads, progress = {str(here), str(tmp_path / "gone")}, FileUploadProgress()
    retention = Retention([], tmp_path)
    retention.forget_uploads(uploads, progress, 0)
    assert uploads == {str(here)}


def test_it_sweeps_what_gradio_took_in_and_never_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr("reddots_app.privacy.retention._SWEEP_SECONDS", 0.01)
    monkeypatch.setattr("reddots_app.privacy.retention._FILE_SECONDS", 0.2)
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.UploadButton()
    retention = Retention([blocks], tmp_path)
    site = FastAPI(lifespan=lambda _site: retention.sweeping())
    gr.mount_gradio_app(site, blocks, path="/")
    with TestClient(site) as client:
        for number in range(3):
            sent = {"files": ("photo.jpg", b"%d" % number)}
            (path,) = client.post("/gradio_api/upload?upload_id=a", files=sent).json()
            assert blocks.upload_file_set == {path}, "Gradio keeps its name"
            end = time.monotonic() + 30
            while (any(tmp_path.iterdir()) or blocks.upload_file_set) and time.monotonic() < end:
                time.sleep(0.02)
            assert list(tmp_path.iterdir()) == []
            assert blocks.upload_file_set == set()
            with monkeypatch.context() as fault:  # the next sweeps are made all the same
                for name in ("state_holder", "upload_file_set"):
                    fault.setattr(blocks, name, None)
                time.sleep(0.1)


def test_what_was_called_a_progress_is_forgotten(tmp_path: Path) -> None:
    progress = FileUploadProgress()
    retention = Retention([], tmp_path)
    progress.track("sent")
    progress._signals["asked for and never sent"]
    for now, kept in ((0, 2), (44, 2), (46, 0)):
        retention.forget_uploads(set(), progress, now)
        assert len(progress._signals) == kept, now
    assert progress._statuses == {}
    progress.track("sent")
    retention.forget_uploads(set(), progress, 50)
    assert len(progress._statuses) == 1, "its time begins anew"
