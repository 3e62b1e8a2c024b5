"""The same table through Ray Data, though a worker is killed in the middle."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from batch.worker_processes import ray_actors, worker_processes
from reddots.batch import ray_engine
from reddots.batch.inputs import expand
from reddots.batch.run import run_batch
from reddots.batch.table_writer import Row
from reddots.errors import RedDotsError

try:
    import ray
except ModuleNotFoundError:
    ray = None


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(24):
        colour = (200, 100 + 4 * number, 130)
        Image.new("RGB", (160, 160), colour).save(folder / f"{number:02}.png")
    (folder / "07.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


@pytest.fixture
def _cluster() -> Iterator[None]:
    """Ray with two workers on this machine."""
    if ray is None:
        pytest.skip("RAY IS NOT TESTED: the extra “ray” is not installed")
    try:
        ray_engine._ray_data(2)
    except RedDotsError as error:
        pytest.skip(f"RAY IS NOT TESTED: {error}")
    yield
    ray.shutdown()


@pytest.mark.usefixtures("_cluster")
@pytest.mark.slow
def test_the_same_table_though_workers_are_killed(
    photos: Path, tmp_path: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_engine, "_CHUNK", 10)
    here, there = tmp_path / "here.csv", tmp_path / "there.csv"
    run_batch(expand([str(photos)]), here, checkpoint=tiny_checkpoint, workers=2)
    done, killed = 0, list[int]()

    def kill(_: Row) -> None:
        nonlocal done
        done += 1
        if done >= 3 and not killed:  # our process, which its actor replaces
            running = worker_processes(tiny_checkpoint)
        elif done >= 12 and len(killed) == 1:  # Ray's own, which Ray replaces
            running = ray_actors()
        else:
            return
        if running:
            killed.append(running[0])
            os.kill(killed[-1], signal.SIGKILL)

    run_batch(
        expand([str(photos)]), there, checkpoint=tiny_checkpoint, workers=2, engine="ray",
        on_row=kill,
    )  # fmt: skip
    assert len(killed) == 2
    assert there.read_bytes() == here.read_bytes()


def test_without_ray_the_way_out_is_told(
    photos: Path, tmp_path: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RedDotsError, match=r"reddots\[ray\]"):
        run_batch(
            expand([str(photos)]), tmp_path / "t.csv", checkpoint=tiny_checkpoint, engine="ray"
        )
