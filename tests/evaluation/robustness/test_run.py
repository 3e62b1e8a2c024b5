"""Photos are corrupted alike every time, and what it costs is told."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")
pytest.importorskip("onnx", reason="making a checkpoint needs onnx, of the extra “train”")

from PIL import Image

from cli.command_line import CommandLine
from evaluation.tables import read_json
from reddots.evaluation.robustness.corruptions import (
    SEVERITIES,
    Corruption,
    read_corruptions,
    read_person,
)
from reddots.evaluation.robustness.run import drawn_rows
from reddots.photo.colour import from_linear, to_linear_exact
from reddots.triage.assessment import assess
from tiny_checkpoint import RED, SKIN

CORRUPTIONS = read_corruptions()
# those that change no colour
KEEP_GREY = ("blur", "motion", "exposure", "scale", "crop", "rotation", "colour_profile", "chain")


def picture() -> np.ndarray:
    rng = np.random.default_rng(0)
    small = rng.integers(60, 200, (24, 32, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((320, 240), Image.Resampling.NEAREST))


def test_there_are_fifteen() -> None:
    assert len(CORRUPTIONS) == 15


@pytest.mark.parametrize("corruption", CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_a_corruption_changes_the_photo_more_with_severity_and_alike_every_time(
    corruption: Corruption,
) -> None:
    photo, change = picture(), []
    for severity in range(1, SEVERITIES + 1):
        once = corruption.apply(photo, severity, "aa")
        assert once.dtype == np.uint8
        assert once.ndim == 3
        assert once.flags.c_contiguous
        np.testing.assert_array_equal(once, corruption.apply(photo, severity, "aa"))
        same = np.asarray(Image.fromarray(once).resize((320, 240)), dtype=float)
        change.append(np.abs(same - photo).mean())
    assert change[0] > 0
    assert change[-1] > change[0], "the fifth is worse than the first"


def test_each_photo_has_its_own_luck_and_the_seed_is_part_of_it() -> None:
    photo, noise = picture(), CORRUPTIONS["noise"]
    assert (noise.apply(photo, 3, "aa") != noise.apply(photo, 3, "bb")).any()
    assert (noise.apply(photo, 3, "aa") != noise.apply(photo, 3, "aa", seed=1)).any()


@pytest.mark.parametrize("name", KEEP_GREY)
def test_grey_stays_grey(name: str) -> None:
    grey = np.repeat(picture()[:, :, :1], 3, axis=2)
    found = CORRUPTIONS[name].apply(grey, 5, "aa").astype(int)
    assert np.ptp(found, axis=2).max() <= 3, name


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3)])
@pytest.mark.parametrize("corruption", CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_tiny_and_thin_photos_survive(corruption: Corruption, size: tuple[int, int]) -> None:
    for severity in (1, SEVERITIES):
        found = corruption.apply(np.full((*size, 3), 120, np.uint8), severity, "aa")
        assert min(found.shape) >= 1


def test_by_the_persons_answers_there_is_nothing_to_fear() -> None:
    assert assess(read_person()).urgency.id == "self_care", "so that only a photo raises it"


def test_light_goes_there_and_back() -> None:
    """IEC 61966-2-1: half of the range is 21.4% of the light."""
    steps = np.arange(256, dtype=np.uint8).reshape(1, -1, 1)
    np.testing.assert_allclose(from_linear(to_linear_exact(steps)) * 255, steps, atol=1e-6)
    assert to_linear_exact(np.full((1, 1, 1), 128, np.uint8))[0, 0, 0] == pytest.approx(
        0.2159, abs=1e-4
    )


def test_drawn_photos_are_the_same_for_the_same_seed() -> None:
    assert drawn_rows(5, None, 0) == [0, 1, 2, 3, 4]
    assert drawn_rows(5, 9, 0) == [0, 1, 2, 3, 4]
    few = drawn_rows(100, 10, 0)
    assert few == drawn_rows(100, 10, 0) == sorted(set(few))
    assert few != drawn_rows(100, 10, 1)


def photos(folder: Path) -> Path:
    """Eight photos of two colours and a manifest; one photo is damaged."""
    lines = ["photo,label"]
    for i in range(8):
        red = i % 2
        Image.new("RGB", (64, 48), RED if red else SKIN).save(folder / f"{i}.png")
        lines.append(f"{i}.png,{'cherry_angioma' if red else 'normal_skin'}")
    (folder / "8.png").write_bytes(b"no photo")
    lines.append("8.png,normal_skin")
    manifest = folder / "manifest.csv"
    manifest.write_text("\n".join(lines) + "\n")
    return manifest


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch, tiny_checkpoint: Path) -> None:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", str(tiny_checkpoint))


def run(reddots: CommandLine, manifest: Path, output: Path, *more: object) -> dict[str, Any]:
    done = reddots("stress", manifest, "-o", output, "--workers", 1, *more)
    assert done.code == int("photos left out" in done.err), done.err
    return read_json(output / "stress.json")


@pytest.mark.slow
def test_the_command_writes_tables_that_can_be_evaluated(
    reddots: CommandLine, tmp_path: Path
) -> None:
    manifest = photos(tmp_path)
    found = run(
        reddots, manifest, tmp_path / "s", "--corruption", "red_gain", "--corruption", "crop"
    )
    assert set(found["corruptions"]) == {"red_gain", "crop"}
    assert (found["photos"], found["n"]) == (9, 8)
    tables = {p.name for p in (tmp_path / "s" / "predictions").iterdir()}
    assert len(tables) == 11
    assert {"clean.csv", "crop.1.csv", "crop.5.csv", "red_gain.3.csv"} <= tables
    crop = found["corruptions"]["crop"]
    assert crop["urgency_changed"] == 0, "a cut of one colour is the same photo"
    assert crop["balanced_error"] == pytest.approx(found["clean_balanced_error"])
    assert len(crop["levels"]) == 5
    again = reddots(
        "evaluate", tmp_path / "s" / "predictions" / "crop.5.csv", "--truth", manifest,
        "-o", tmp_path / "r", "--replicates", 5, "--no-plots",
    )  # fmt: skip
    assert again.code == 0, again.err
    assert read_json(tmp_path / "r" / "metrics.json")["data"]["no_prediction"] == 1
    for level in crop["levels"]:
        assert level["increase_ci"] == pytest.approx([0, 0]), "paired: the same on every draw"
    page = (tmp_path / "s" / "stress.html").read_text()
    assert 'src="data:image/svg+xml' in page


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_and_a_baseline_makes_it_relative(
    reddots: CommandLine, tmp_path: Path
) -> None:
    manifest = photos(tmp_path)
    options = ("--corruption", "exposure", "--limit", 6)
    run(reddots, manifest, tmp_path / "a", *options)
    run(reddots, manifest, tmp_path / "b", *options)
    for path in (tmp_path / "a").rglob("*.*"):
        other = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.is_dir() or path.read_bytes() == other.read_bytes(), path
    report = json.loads((tmp_path / "a" / "stress.json").read_text())
    report["corruptions"]["exposure"]["increase"] = 0.5
    (tmp_path / "base.json").write_text(json.dumps(report))
    found = run(reddots, manifest, tmp_path / "c", *options, "--baseline", tmp_path / "base.json")
    own = found["corruptions"]["exposure"]
    assert own["relative_balanced_error"] == pytest.approx(own["increase"] / 0.5)


def test_wrong_usage_is_exit_code_2(reddots: CommandLine, tmp_path: Path) -> None:
    manifest = photos(tmp_path)
    unknown = reddots("stress", manifest, "-o", tmp_path / "s", "--corruption", "rain")
    assert unknown.code == 2
    assert "rain" in unknown.err
    (tmp_path / "x.json").write_text("{}")
    base = reddots("stress", manifest, "-o", tmp_path / "s", "--baseline", tmp_path / "x.json")
    assert base.code == 2
    assert "stress.json" in base.err


def test_copies_let_any_model_be_stressed(reddots: CommandLine, tmp_path: Path) -> None:
    manifest, copies = photos(tmp_path), tmp_path / "copies"
    option = ("--corruption", "red_gain")
    done = reddots("stress", manifest, "-o", tmp_path / "s", *option, "--copies", copies)
    assert done.code == 1, "one photo cannot be read"
    assert "1 photos left out" in done.err
    assert sorted(p.name for p in copies.iterdir()) == [
        "clean",
        *(f"red_gain.{i}" for i in range(1, 6)),
    ]
    lines = (copies / "clean" / "manifest.csv").read_text().splitlines()
    assert len(lines) == 9, "a heading and the eight photos that can be read"
    onto = reddots(
        "stress",
        copies / "clean" / "manifest.csv",
        "-o",
        tmp_path / "s",
        *option,
        "--copies",
        copies,
    )
    assert (onto.code, "read by this run" in onto.err) == (2, True), "never onto its own input"
    strong = np.asarray(Image.open(copies / "red_gain.5" / "00000.png")).astype(int)
    assert (strong != np.asarray(Image.open(copies / "clean" / "00000.png"))).any()
    tables = tmp_path / "tables"
    tables.mkdir()
    for copy in copies.iterdir():
        right = copy.name != "red_gain.5"
        rows = [
            f"{i:05}.png,{float(right == bool(i % 2))},{float(right != bool(i % 2))}"
            for i in range(8)
        ]
        text = "photo,p_cherry_angioma,p_normal_skin\n" + "\n".join(rows) + "\n"
        (tables / f"{copy.name}.csv").write_text(text)
    found = run(
        reddots, copies / "clean" / "manifest.csv", tmp_path / "s", *option, "--tables", tables
    )
    levels = found["corruptions"]["red_gain"]["levels"]
    assert [level["balanced_error"] for level in levels] == [0, 0, 0, 0, 1]
    (tables / "clean.csv").unlink()
    gone = reddots("stress", manifest, "-o", tmp_path / "s", *option, "--tables", tables)
    assert (gone.code, "clean.csv" in gone.err) == (2, True)
