"""Synthetic healthy skin is of every tone, and each picture is its own group."""

from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="synthetic skin needs scipy, of the extra “train”")

import numpy as np
from PIL import Image

from reddots.simulation.rendering.write_dataset import write_healthy_skin


@pytest.mark.slow
def test_healthy_skin_is_of_every_tone(tmp_path: Path) -> None:
    rows = write_healthy_skin(tmp_path / "skin", 12)
    assert [row.fitzpatrick for row in rows] == [1, 2, 3, 4, 5, 6] * 2
    assert {(row.label, row.dataset) for row in rows} == {("normal_skin", "synthetic_skin")}
    assert len({row.sha256 for row in rows}) == len({row.group for row in rows}) == 12
    sizes = {Image.open(tmp_path / "skin" / row.photo).size for row in rows}
    assert sizes == {(352, 352)}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_pictures(tmp_path: Path) -> None:
    one, again, other = (
        [row.sha256 for row in write_healthy_skin(tmp_path / name, 3, seed)]
        for name, seed in (("one", 1), ("again", 1), ("other", 2))
    )
    assert one == again
    assert not set(one) & set(other)


@pytest.mark.slow
def test_dark_skin_is_darker_than_light_skin(tmp_path: Path) -> None:
    rows = write_healthy_skin(tmp_path / "skin", 60)
    mean = {
        tone: np.mean([
            np.asarray(Image.open(tmp_path / "skin" / r.photo))[150:200, 150:200].mean()
            for r in rows if r.fitzpatrick == tone
        ])
        for tone in (1, 6)
    }  # fmt: skip
    assert mean[6] < mean[1]
