"""``reddots spots`` finds, draws, lists and compares."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cli.command_line import CommandLine

PLACES = [(60, 50), (200, 150), (128, 100)]


@pytest.fixture(autouse=True)
def tiny(tiny_detector_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDDOTS_SPOT_DETECTOR", str(tiny_detector_path))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    pixels = np.full((200, 256, 3), (200, 160, 140), np.uint8)
    for x, y in PLACES:
        pixels[y - 4 : y + 4, x - 4 : x + 4] = (200, 30, 30)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.mark.parametrize("words", [("spots",), ("spots", "find")])
def test_a_photo_may_follow_the_command_at_once(reddots: CommandLine, photo, words):
    done = reddots(*words, photo)
    assert done.code == 0
    assert done.out == f"{photo}: We see about 3 small red dots, scattered. Is that right?\n"


def test_skin_without_spots_has_an_answer_of_its_own(reddots: CommandLine, photo):
    Image.new("RGB", (100, 100), (200, 160, 140)).save(photo)
    done = reddots("spots", photo)
    assert done.code == 0
    assert "no clear red dots" in done.out
    assert "rules nothing out" in done.out


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.slow
def test_spots_are_listed_in_pixels_of_the_photo(reddots: CommandLine, photo, tmp_path, order):
    table = tmp_path / "spots.csv"
    option = ("-o", table)
    done = reddots("spots", *((*option, photo) if order == "before" else (photo, *option)))
    assert done.code == 0
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = sorted((float(r["x"]), float(r["y"])) for r in rows)
    assert np.abs(np.array(found) - np.array(sorted(PLACES))).max() < 2
    assert all(float(r["redness"]) > 10 for r in rows)
    assert {(r["n_spots"], r["spot_size"], r["status"]) for r in rows} == {("3", "small", "ok")}


def test_a_marked_picture_is_drawn(reddots: CommandLine, photo, tmp_path):
    done = reddots("spots", photo, "-o", tmp_path / "marked.png")
    assert done.code == 0
    with Image.open(tmp_path / "marked.png") as shown, Image.open(photo) as before:
        assert shown.size == before.size
        assert (np.asarray(shown) != np.asarray(before)).any()


def test_one_unreadable_photo_does_not_end_the_run(reddots: CommandLine, photo, tmp_path):
    done = reddots("spots", tmp_path / "missing.jpg", photo)
    assert done.code == 1
    assert "missing.jpg" in done.err
    assert "about 3" in done.out


@pytest.mark.parametrize(
    "words", [("spots", "p.png", "-o", "x.txt"), ("spots", "compare", "a", "b", "-o", "x.csv")]
)
def test_an_unknown_ending_is_refused_at_once(reddots: CommandLine, words):
    done = reddots(*words)
    assert done.code == 2
    assert "End “x." in done.err


def test_photos_of_two_places_are_not_compared(reddots: CommandLine, photo, tmp_path):
    pytest.importorskip("cv2", reason="the extra “compare” is not installed")
    other = tmp_path / "other.png"
    Image.new("RGB", (256, 200), (120, 120, 120)).save(other)
    done = reddots("spots", "compare", photo, other)
    assert done.code == 2
    assert "same place" in done.err


def test_a_tourniquet_test_without_a_square_says_what_to_draw(reddots: CommandLine, photo):
    pytest.importorskip("cv2", reason="the extra “compare” is not installed")
    done = reddots("spots", "tourniquet", photo)
    assert done.code == 2
    assert "Draw all four sides" in done.err


def test_a_tourniquet_test_says_count_interval_and_that_it_is_untried(
    reddots: CommandLine, photo, tmp_path
):
    cv2 = pytest.importorskip("cv2", reason="the extra “compare” is not installed")
    pixels = np.full((400, 400, 3), (200, 160, 140), np.uint8)
    cv2.rectangle(pixels, (100, 100), (300, 300), (30, 40, 110), 4)
    cv2.circle(pixels, (200, 200), 6, (150, 40, 40), -1)
    Image.fromarray(pixels).save(photo)
    done = reddots("spots", "tourniquet", photo, "-o", tmp_path / "counted.png")
    assert done.code == 0
    assert (
        "1 petechiae in the square (95% interval 0 to 6), which is below the threshold of 10"
        in (done.out)
    )
    assert "painted arms only" in done.out
    assert (tmp_path / "counted.png").exists()
