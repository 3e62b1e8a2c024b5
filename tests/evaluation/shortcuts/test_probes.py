"""A cue in the border is found there, and a truth without a cue is not."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

from PIL import Image

from cli.command_line import CommandLine
from evaluation.tables import read_json
from reddots.evaluation.shortcuts.probes import cross_predict
from reddots.evaluation.shortcuts.views import SIDE, VIEWS, lesion_mask, look, otsu

COUNT = 24
SKIN = (214, 168, 144)


def photo(rng: np.random.Generator, cue: str) -> Image.Image:
    """Skin with a little noise, a blue edge, a tint or a dark spot in the middle."""
    pixels = np.array(SKIN) + rng.normal(0, 8, (120, 120, 3))
    if cue == "border":
        pixels[:10] += (-40, 0, 40)
    if cue == "tint":
        pixels += (6, 0, -6)
    if cue == "lesion":
        pixels[45:75, 45:75] -= 90
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def files(folder: Path, cue: str) -> tuple[Path, Path]:
    """Write photos of two truths that only ``cue`` tells apart, a table and a manifest."""
    rng = np.random.default_rng(0)
    table, manifest = ["photo,p_a,p_b"], ["photo,label,dataset"]
    for i in range(COUNT):
        second = bool(i % 2)
        image = photo(rng, cue if second else "")
        image.save(folder / f"{i}.png", compress_level=0)
        table.append(f"{i}.png,{0.2 if second else 0.8},{0.8 if second else 0.2}")
        manifest.append(f"{i}.png,{'b' if second else 'a'},one")
    (folder / "p.csv").write_text("\n".join(table) + "\n")
    (folder / "m.csv").write_text("\n".join(manifest) + "\n")
    return folder / "p.csv", folder / "m.csv"


def run(reddots: CommandLine, folder: Path, cue: str) -> dict[str, Any]:
    table, manifest = files(folder, cue)
    done = reddots("evaluate", table, "--truth", manifest, "-o", folder / "r", "--replicates", 5,
                   "--shortcuts")  # fmt: skip
    assert done.code == 0, done.err
    return read_json(folder / "r" / "metrics.json")


# where the cue is, views that find it, views that do not
CUES = [
    ("border", ("border", "whole"), ("file",)),
    ("tint", ("border", "background", "whole"), ("file",)),
    ("lesion", ("whole",), ("border", "background", "file")),
]


@pytest.mark.parametrize(("cue", "find", "miss"), CUES, ids=[r[0] for r in CUES])
@pytest.mark.slow
def test_a_cue_is_found_where_it_is(
    cue: str, find: tuple[str, ...], miss: tuple[str, ...], reddots: CommandLine, tmp_path: Path
) -> None:
    found = run(reddots, tmp_path, cue)
    truth = found["shortcuts"]["truth"]
    assert (truth["chance"], truth["model"], found["shortcuts"]["n"]) == (0.5, 1.0, COUNT)
    for view in find:
        assert truth["probes"][view]["balanced_accuracy"] > 0.9, view
        assert truth["probes"][view]["share_of_model"] > 0.8, view
    for view in miss:
        assert truth["probes"][view]["balanced_accuracy"] < 0.8, view
    assert found["shortcuts"]["source"] is None, "there is one data set only"
    assert 'id="shortcuts"' in (tmp_path / "r" / "report.html").read_text()
    assert (tmp_path / "r" / "figures" / "shortcuts.svg").exists()


@pytest.mark.slow
def test_damaged_and_doubled_photos_are_listed(reddots: CommandLine, tmp_path: Path) -> None:
    table, manifest = files(tmp_path, "lesion")
    (tmp_path / "0.png").write_bytes(b"no photo")
    (tmp_path / "2.png").write_bytes((tmp_path / "4.png").read_bytes())
    done = reddots("evaluate", table, "--truth", manifest, "-o", tmp_path / "r", "--replicates", 5,
                   "--shortcuts")  # fmt: skip
    assert done.code == 0, done.err
    found = read_json(tmp_path / "r" / "metrics.json")
    counts = found["checks"]["counts"]
    assert (counts["duplicate"], counts["unreadable"]) == (1, 1)
    assert found["shortcuts"]["looked_at"] == COUNT - 1


@pytest.mark.slow
def test_too_few_photos_are_not_probed(reddots: CommandLine, tmp_path: Path) -> None:
    table, manifest = files(tmp_path, "lesion")
    manifest.write_text("\n".join(manifest.read_text().splitlines()[:8]) + "\n")
    done = reddots("evaluate", table, "--truth", manifest, "-o", tmp_path / "r", "--replicates", 5,
                   "--shortcuts")  # fmt: skip
    assert done.code == 0, done.err
    assert read_json(tmp_path / "r" / "metrics.json")["shortcuts"]["truth"] is None


def test_the_mask_holds_the_middle_and_what_stands_out() -> None:
    pixels = np.full((SIDE, SIDE, 3), 0.7)
    pixels[5:15, 5:15] = 0.2
    mask = lesion_mask(pixels)
    assert mask[SIDE // 2, SIDE // 2]
    assert mask[10, 10]
    assert mask[3, 10], "and a little around it"
    assert not mask[80, 10]


def test_otsu_parts_two_heaps() -> None:
    values = np.concatenate([np.full(50, 0.1), np.full(30, 0.9)])
    assert 0.1 < otsu(values) < 0.9


def test_views_have_as_many_numbers_for_every_photo(tmp_path: Path) -> None:
    sizes = set()
    for i, shape in enumerate([(3, 90), (200, 100), (1, 1)]):
        path = tmp_path / f"{i}.png"
        Image.new("RGB", shape, SKIN).save(path)
        seen = look(path)
        assert tuple(seen) == VIEWS
        sizes.add(tuple(len(numbers) for numbers in seen.values()))
        assert all(np.isfinite(numbers).all() for numbers in seen.values())
    assert len(sizes) == 1


def test_a_group_is_never_on_both_sides() -> None:
    """Features that only name the group tell nothing of groups that are held out."""
    groups = np.repeat(np.arange(20), 5)
    target = np.repeat(np.arange(20) % 2, 5)
    said = cross_predict(np.eye(20)[groups], target, groups, 0)
    assert (said == target).mean() < 0.7
