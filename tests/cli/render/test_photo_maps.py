"""``reddots assess --map`` circles the spots, ``--saliency`` draws what the network went by."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli.command_line import CommandLine
from tiny_checkpoint import RED, SKIN

SPOT = (slice(60, 250), slice(120, 310))
SMALL = [(60, 50), (200, 150), (128, 100)]


@pytest.fixture(autouse=True)
def tiny_networks(
    tiny_checkpoint: Path, tiny_detector_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", str(tiny_checkpoint))
    monkeypatch.setenv("REDDOTS_SPOT_DETECTOR", str(tiny_detector_path))


@pytest.fixture
def small_spots(tmp_path: Path) -> Path:
    """Skin with three small red spots."""
    pixels = np.full((200, 256, 3), SKIN, np.uint8)
    for x, y in SMALL:
        pixels[y - 4 : y + 4, x - 4 : x + 4] = (200, 30, 30)
    path = tmp_path / "spots.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Skin with a red spot that fills two fifths of what the network sees."""
    pixels = np.full((300, 400, 3), SKIN, np.uint8)
    pixels[SPOT] = RED
    path = tmp_path / "spot.png"
    Image.fromarray(pixels).save(path)
    return path


def test_the_spots_are_circled(reddots: CommandLine, small_spots: Path, tmp_path: Path) -> None:
    picture = tmp_path / "map.png"
    done = reddots("assess", small_spots, "--map", picture)
    assert done.code == 0
    assert "map.png: We see about 3 small red dots" in done.err
    with Image.open(picture) as shown, Image.open(small_spots) as before:
        change = np.abs(np.asarray(shown).astype(int) - np.asarray(before)).max(axis=2)
    for x, y in SMALL:
        assert change[y - 3 : y + 3, x - 3 : x + 3].max() == 0, "the spot itself stays free"
        assert change[y - 12 : y + 12, x - 12 : x + 12].max() > 60


def test_the_map_is_blue_on_the_spot(reddots: CommandLine, photo: Path, tmp_path: Path) -> None:
    picture = tmp_path / "map.png"
    done = reddots("assess", photo, "--saliency", picture)
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
    done = reddots("assess", photo, missing, photo, "--saliency", tmp_path / "map.jpg")
    assert sorted(p.name for p in tmp_path.glob("map*")) == ["map-1.jpg", "map-3.jpg"]
    assert f"no map of {missing}" in done.err


def test_where_nothing_stands_out_no_map_is_written(
    reddots: CommandLine, photo: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (300, 300), SKIN).save(photo)
    for option, said in (("--saliency", "no part of it stood out"), ("--map", "no clear red dots")):
        done = reddots("assess", photo, option, tmp_path / "map.png")
        assert done.code == 0
        assert said in done.err
    assert not (tmp_path / "map.png").exists()


# photos, options, words on standard error, why
REFUSED = [
    (1, ["--map", "map.txt"], ".png or .jpg", "no picture"),
    (1, ["--map", "m.png", "--saliency", "m.png"], "written twice", "two maps in one file"),
    (2, ["--map", "m.png", "--saliency", "./m.png"], "written twice", "the same of several photos"),
    (0, ["--map", "m.png"], "no photo to draw on", "no photo"),
]


@pytest.mark.parametrize(("count", "options", "words", "why"), REFUSED, ids=[r[3] for r in REFUSED])
def test_maps_that_cannot_be_written_are_refused_after_the_advice(
    reddots: CommandLine,
    photo: Path,
    count: int,
    options: list[str],
    words: str,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    done = reddots("assess", *[photo] * count, "--set", "fever=yes", *options)
    assert done.code == 2, why
    assert words in done.err
    assert "SEE A DOCTOR" in done.out, "the advice comes first"
    assert set(tmp_path.iterdir()) == before, "no map is there, and no half one"
