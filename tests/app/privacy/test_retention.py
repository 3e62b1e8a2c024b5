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

from reddots.photo.result import PhotoResult
from reddots_app.privacy.retention import FORGET_MINUTES, Forgetter
from reddots_app.session import LookedAt, Session


@pytest.mark.parametrize(
    ("minutes", "forgotten"),
    [
        (0, 0),  # just used
        (FORGET_MINUTES - 1, 0),  # a phone that slept may come back
        (FORGET_MINUTES + 1, 1),  # too long ago
    ],
)
def test_sessions_are_forgotten_after_a_while(tmp_path: Path, minutes: int, forgotten: int) -> None:
    now = datetime(2026, 1, 1, 12)
    used = now - timedelta(minutes=minutes)
    holder = SimpleNamespace(session_data={"a": object()}, time_last_used={"a": used})
    forgetter = Forgetter(SimpleNamespace(state_holder=holder), tmp_path)
    assert forgetter.forget_sessions(now) == forgotten
    assert len(holder.session_data) == len(holder.time_last_used) == 1 - forgotten


# seconds since the last use (None: the session is forgotten), events that wait to be told, events
# that are being worked at, what is kept, why
WAITING = [
    (61, {"a"}, set(), False, "the answer is there, and nobody came for it"),
    (61, set(), set(), False, "all was told"),
    (59, {"a"}, set(), True, "it is just being told"),
    (61, {"a"}, {"a"}, True, "a photo is still looked at"),
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
    blocks = SimpleNamespace(_queue=queue, state_holder=SimpleNamespace(time_last_used=used))
    assert Forgetter(blocks, tmp_path).forget_messages(now) == (0 if kept else 1), why
    assert ("s" in queue.pending_messages_per_session) is kept
    assert ("s" in queue.pending_event_ids_session) is kept


# photos of each session in the order of its last use, what is kept of 100 bytes, why
SIZES = [
    ([[40], [40]], [0, 1], "there is room"),
    ([[40], [40], [40]], [1, 2], "who came first is forgotten"),
    ([[40], [20, 20], [40, 20]], [1, 2], "several photos of one"),
    ([[], [70], [70]], [0, 2], "who has no photo stays"),
    ([[10], [200]], [], "one alone that is too large"),
]


@pytest.mark.parametrize(("sizes", "kept", "why"), SIZES, ids=[row[2] for row in SIZES])
def test_photos_in_memory_have_an_end(
    tmp_path: Path, sizes: list[list[int]], kept: list[int], why: str
) -> None:
    finding = PhotoResult(status="ok")
    states = {
        number: SimpleNamespace(
            state_data={
                0: Session(
                    "en", photos=tuple(LookedAt(finding, "x" * 10, b"x" * (n - 10)) for n in photos)
                ),
                1: "something else",
            }
        )
        for number, photos in enumerate(sizes)
    }
    holder = SimpleNamespace(session_data=states, time_last_used=dict.fromkeys(states))
    forgetter = Forgetter(SimpleNamespace(state_holder=holder), tmp_path)
    assert forgetter.make_room(100) == len(sizes) - len(kept)
    assert list(holder.session_data) == list(holder.time_last_used) == kept, why


def test_files_left_behind_are_deleted_within_a_minute(tmp_path: Path) -> None:
    old, new = tmp_path / "deep" / "old", tmp_path / "new"
    old.parent.mkdir()
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 50, time.time() - 50))
    assert Forgetter(SimpleNamespace(), tmp_path).delete_files(time.time()) == 1
    assert new.exists()
    assert not old.exists()


def test_a_folder_called_by_the_hash_of_its_photo_goes_too(tmp_path: Path) -> None:
    old, new, full = (tmp_path / name for name in ("old", "new", "full"))
    for path in (old, new, full):
        path.mkdir()
    (full / "photo").write_bytes(b"x")
    for path in (old, full):
        os.utime(path, (time.time() - 50, time.time() - 50))
    assert Forgetter(SimpleNamespace(), tmp_path).delete_files(time.time()) == 1
    assert sorted(tmp_path.iterdir()) == [full, new]


def test_names_of_uploads_are_forgotten_with_them(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.write_bytes(b"x")
    uploads, progress = {str(here), str(tmp_path / "gone")}, FileUploadProgress()
    forgetter = Forgetter(SimpleNamespace(), tmp_path)
    forgetter.forget_uploads(uploads, progress, 0)
    assert uploads == {str(here)}


def test_it_sweeps_what_gradio_took_in_and_never_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr("reddots_app.privacy.retention._SWEEP_SECONDS", 0.01)
    monkeypatch.setattr("reddots_app.privacy.retention._FILE_SECONDS", 0.2)
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.UploadButton()
    forgetter = Forgetter(blocks, tmp_path)
    site = FastAPI(lifespan=lambda _site: forgetter.sweeping())
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
    forgetter = Forgetter(SimpleNamespace(), tmp_path)
    progress.track("sent")
    progress._signals["asked for and never sent"]
    for now, kept in ((0, 2), (59, 2), (61, 0)):
        forgetter.forget_uploads(set(), progress, now)
        assert len(progress._signals) == kept, now
    assert progress._statuses == {}
    progress.track("sent")
    forgetter.forget_uploads(set(), progress, 70)
    assert len(progress._statuses) == 1, "its time begins anew"
