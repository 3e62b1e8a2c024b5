"""Healthy skin is found beside what a photo shows, and nothing is found where all is ill."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

pytest.importorskip("scipy", reason="looking for healthy skin needs scipy, of the extra “train”")

from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.healthy_skin.areas import LEAST_SIDE, healthy_areas
from reddots.datasets.healthy_skin.dataset import cut_healthy
from reddots.datasets.healthy_skin.is_healthy import is_healthy
from reddots.datasets.manifest import Manifest, Row
from reddots.errors import ManifestError

SIDE = 352
# Mean colours of healthy skin, from Fitzpatrick type 1 to 6.
TONES = ((236, 200, 180), (222, 178, 150), (198, 150, 118), (166, 116, 84), (124, 82, 56),
         (80, 52, 36))  # fmt: skip


def skin(tone: int, seed: int = 0) -> Image.Image:
    """Return plain skin with pores and the shading of a rounded part."""
    random = np.random.default_rng(seed)
    shade = 1 - 0.12 * np.linspace(-1, 1, SIDE)[:, None] ** 2
    grain = 1 + random.normal(0, 0.012, (SIDE, SIDE))
    pixels = np.array(TONES[tone - 1]) * (shade * grain)[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def spotted(photo: Image.Image, places: list[tuple[int, int]], radius: int = 7) -> Image.Image:
    """Return the photo with spots that are redder and darker than its skin."""
    photo = photo.copy()
    red, green, blue = (int(v) for v in np.asarray(photo).mean(axis=(0, 1)))
    pen = ImageDraw.Draw(photo)
    for x, y in places:
        box = (x - radius, y - radius, x + radius, y + radius)
        pen.ellipse(box, fill=(int(red * 0.9), int(green * 0.55), int(blue * 0.6)))
    return photo


def areas(photo: Image.Image) -> list[tuple[int, int, int, int]]:
    found = healthy_areas(np.asarray(photo), np.random.default_rng(0))
    return [(a.left, a.top, a.left + a.width, a.top + a.height) for a in found]


@pytest.mark.parametrize("tone", range(1, 7))
def test_skin_of_every_tone_beside_a_lesion_is_found(tone: int) -> None:
    lesion = (280, 270)
    found = areas(spotted(skin(tone), [lesion], radius=30))
    assert found, "there is plenty of it"
    for left, top, right, bottom in found:
        assert min(right - left, bottom - top) >= LEAST_SIDE
        assert not (left - 25 < lesion[0] < right + 25 and top - 25 < lesion[1] < bottom + 25)


@pytest.mark.parametrize("tone", range(1, 7))
def test_skin_that_is_spotted_all_over_has_no_healthy_area(tone: int) -> None:
    places = [(x, y) for x in range(15, SIDE, 34) for y in range(15, SIDE, 34)]
    assert areas(spotted(skin(tone), places)) == []


def _noise() -> Image.Image:
    pixels = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("photo", "why"),
    [
        (Image.new("RGB", (SIDE, SIDE), (30, 80, 200)), "blue cloth is no skin"),
        (Image.new("RGB", (SIDE, SIDE), (250, 250, 250)), "nor is paper"),
        (_noise(), "nor is noise"),
        (skin(3).resize((100, 100)), "an area of a small photo would be too blurred"),
    ],
)
def test_where_no_skin_is_nothing_is_found(photo: Image.Image, why: str) -> None:
    assert areas(photo) == [], why


def half(edge: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    pixels = np.asarray(skin(2)).copy()
    pixels[:, SIDE // 2 :] = edge
    return pixels


@pytest.mark.parametrize(
    ("pixels", "healthy", "why"),
    [
        (np.asarray(skin(1)), True, "light skin"),
        (np.asarray(skin(6)), True, "dark skin"),
        (np.asarray(spotted(skin(2), [(170, 170)], 8)), False, "one spot is a spot"),
        (np.asarray(spotted(skin(5), [(60, 90), (240, 200)], 8)), False, "on dark skin too"),
        (half((214, 130, 115)), False, "one half is redder"),
    ],
)
def test_an_area_is_judged_closely(pixels: npt.NDArray[np.uint8], healthy: bool, why: str) -> None:
    assert is_healthy(pixels) == healthy, why


@pytest.fixture
def photos(tmp_path: Path) -> Manifest:
    """Five photos, of which three have skin to offer."""
    rows = []
    for number, (label, dataset) in enumerate(
        [
            ("mole_or_growth", "fitzpatrick17k"),
            ("other_rash", "sd198"),
            ("mole_or_growth", "ham10000"),
            ("normal_skin", "pad_perilesional"),
            ("keratosis_pilaris", "sd198"),
        ]
    ):
        spotted(skin(number + 1, number), [(270, 280)], 20).save(tmp_path / f"{number}.png")
        rows.append(
            Row(f"{number}.png", label, dataset=dataset, group=f"g{number}", licence="L",
                source_url="https://example.org", fitzpatrick=number + 1)
        )  # fmt: skip
    rows.append(Row("missing.jpg", "other_rash", dataset="sd198", group="g9"))
    return Manifest(tmp_path, tuple(rows))


def test_areas_keep_what_is_known_of_their_photo(photos: Manifest, tmp_path: Path) -> None:
    made = cut_healthy(photos, tmp_path / "areas", read_catalogue())
    assert {row.group for row in made.rows} == {"g0", "g1"}, "no dermoscopy, nothing ill all over"
    assert made.looked_at == 3
    assert len(made.dropped) == 1, "the missing one is named"
    for row in made.rows:
        assert (row.label, row.dataset, row.licence) == ("normal_skin", "healthy_areas", "L")
        assert row.fitzpatrick == int(row.group[1:]) + 1
        with Image.open(tmp_path / "areas" / row.photo) as picture:
            assert min(picture.size) >= 0.85 * LEAST_SIDE


def test_sets_without_labels_or_illness_are_searched_when_asked(
    photos: Manifest, tmp_path: Path
) -> None:
    row = replace(photos.rows[0], label="", dataset="fuseg")
    manifest = Manifest(photos.folder, (row, photos.rows[3]))
    assert cut_healthy(manifest, tmp_path / "none", read_catalogue()).looked_at == 0
    made = cut_healthy(
        manifest, tmp_path / "areas", read_catalogue(), also=("fuseg", "pad_perilesional")
    )
    assert {row.group for row in made.rows} == {"g0", "g3"}
    assert {row.label for row in made.rows} == {"normal_skin"}


def test_a_counterpart_shows_the_lesion_and_is_as_large(tmp_path: Path) -> None:
    spotted(skin(2), [(SIDE // 2, SIDE // 2)], 34).save(tmp_path / "mole.png")
    row = Row("mole.png", "mole_or_growth", "nevus", "sd198", group="g", licence="L")
    made = cut_healthy(Manifest(tmp_path, (row,)), tmp_path / "areas", read_catalogue())
    assert made.rows
    assert made.counterparts, "the mole is in the middle"
    sizes = []
    for found in (*made.rows, *made.counterparts):
        with Image.open(tmp_path / "areas" / found.photo) as picture:
            sizes.append(picture.size)
            assert is_healthy(np.asarray(picture)) == (found.label == "normal_skin")
    assert set(sizes[len(made.rows) :]) <= set(sizes[: len(made.rows)])
    for found in made.counterparts:
        expected = ("mole_or_growth", "nevus", "lesion_areas", "g", "L")
        assert (found.label, found.label_raw, found.dataset, found.group, found.licence) == expected


def test_a_photo_without_a_lesion_in_its_middle_has_no_counterpart(
    photos: Manifest, tmp_path: Path
) -> None:
    assert cut_healthy(photos, tmp_path / "areas", read_catalogue()).counterparts == ()


@pytest.mark.slow
def test_the_same_photos_give_the_same_areas(photos: Manifest, tmp_path: Path) -> None:
    first = cut_healthy(photos, tmp_path / "a", read_catalogue())
    again = cut_healthy(photos, tmp_path / "b", read_catalogue())
    assert first.rows == again.rows


def test_of_too_many_areas_every_set_keeps_some(photos: Manifest, tmp_path: Path) -> None:
    made = cut_healthy(photos, tmp_path / "areas", read_catalogue(), most=2)
    assert {row.group for row in made.rows} == {"g0", "g1"}


def test_photos_that_may_not_train_are_refused(photos: Manifest, tmp_path: Path) -> None:
    row = Row("0.png", "other_rash", dataset="dermnetnz")
    with pytest.raises(ManifestError, match="forbid"):
        cut_healthy(Manifest(photos.folder, (row,)), tmp_path / "areas", read_catalogue())


def test_the_command_lists_the_areas_and_the_photos(photos: Manifest, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from reddots.cli import app
    from reddots.cli.options import command_resources
    from reddots.datasets.manifest import read_manifest, write_manifest

    write_manifest(photos.rows[:5], tmp_path / "manifest.csv")
    out = tmp_path / "out"
    command = [
        "data",
        "healthy",
        str(tmp_path / "manifest.csv"),
        "-o",
        str(out),
        "--synthetic",
        "3",
    ]
    with command_resources():
        result = CliRunner().invoke(app, [*command, "--merge"])
    assert result.exit_code == 0, result.output
    listed = read_manifest(out / "manifest.csv")
    assert all(listed.path(row).is_file() for row in listed.rows)
    sets = [row.dataset for row in listed.rows]
    assert sets.count("synthetic_skin") == 3
    assert sets.count("healthy_areas") >= 2
    assert sets.count("ham10000") == 1, "the manifest's own are there too"
    with (out / "manifest.csv").open(newline="") as file:
        assert "group" in next(csv.reader(file))
