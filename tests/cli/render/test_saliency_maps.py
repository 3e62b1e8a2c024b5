"""``reddots assess --map`` draws where the network looked, and says what it is for."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli.command_line import CommandLine
from tiny_checkpoint import RED, SKIN

SPOT = (slice(60, 250), slice(120, 310))


@pytest.fixture
def photo(tmp_path: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Skin with a red spot that fills two fifths of what the network sees."""
    monkeypatch.setenv("REDDOTS_CHECKPOINT", str(tiny_checkpoint))
    pixels = np.full((300, 400, 3), SKIN, np.uint8)
    pixels[SPOT] = RED
    path = tmp_path / "spot.png"
    Image.fromarray(pixels).save(path)
    return path


def test_the_map_is_blue_on_the_spot(reddots: CommandLine, photo: Path, tmp_path: Path) -> None:
    picture = tmp_path / "map.png"
    done = reddots("assess", photo, "--map", picture)
    assert done.code == 0
    assert "map.png: blue speaks for" in done.err
    with Image.open(picture) as shown, Image.open(photo) as before:
        assert shown.size == before.size
        change = np.asarray(shown).astype(int) - np.asarray(before)
    assert change[SPOT][..., 2].mean() > 40, "of 255"
    assert abs(change[265:, 60:100]).max() < 12, "plain skin stays as it is"


def test_several_photos_have_numbered_maps(
    reddots: CommandLine, photo: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.jpg"
    done = reddots("assess", photo, missing, photo, "--map", tmp_path / "map.jpg")
    assert sorted(p.name for p in tmp_path.glob("map*")) == ["map-1.jpg", "map-3.jpg"]
    assert f"no map of {missing}" in done.err


def test_where_nothing_stands_out_no_map_is_written(
    reddots: CommandLine, photo: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (300, 300), SKIN).save(photo)
    done = reddots("assess", photo, "--map", tmp_path / "map.png")
    assert done.code == 0
    assert "no part of it stood out" in done.err
    assert not (tmp_path / "map.png").exists()


def test_a_map_that_is_no_picture_is_refused_at_once(
    reddots: CommandLine, photo: Path, tmp_path: Path
) -> None:
    done = reddots("assess", photo, "--map", tmp_path / "map.txt")
    assert done.code == 2
    assert ".png or .jpg" in done.err
    assert done.out == ""
