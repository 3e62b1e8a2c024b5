"""``reddots.classify``: photos in, predictions out, from any program."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import reddots
from batch.worker_processes import worker_processes
from reddots.batch.inputs import PhotoInput
from reddots.batch.prediction import Prediction
from reddots.errors import CheckpointError, ManifestError
from reddots.triage.answers import parse_settings
from tiny_checkpoint import RED, SKIN


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name, colour in [("a.png", SKIN), ("b.png", RED)]:
        Image.new("RGB", (160, 160), colour).save(tmp_path / name)
    return tmp_path


@pytest.mark.slow
def test_every_kind_of_path_is_taken(photos: Path, tiny_checkpoint: Path) -> None:
    given = [photos, str(photos / "*.png"), photos / "gone.png", PhotoInput("x", photos / "a.png")]
    found = list(reddots.classify(given, workers=1, checkpoint=tiny_checkpoint))
    names = ["a.png", "b.png"] * 2 + ["gone.png", "x"]
    assert [Path(prediction.photo).name for prediction in found] == names
    assert [p.status for p in found] == ["ok", "ok", "ok", "ok", "error", "ok"]
    assert all(isinstance(prediction, Prediction) for prediction in found)
    assert {prediction.model for prediction in found} == {"reddots-0.0.0"}


@pytest.mark.slow
def test_one_path_is_enough(photos: Path, tiny_checkpoint: Path) -> None:
    for path in (photos / "b.png", str(photos / "b.png")):
        (found,) = reddots.classify(path, workers=1, checkpoint=tiny_checkpoint)
        assert (
            max(found.result.categories, key=found.result.categories.__getitem__)
            == "cherry_angioma"
        )


def test_answers_give_an_urgency(photos: Path, tiny_checkpoint: Path) -> None:
    name = str(photos / "a.png")
    answers = {name: parse_settings(["fever=yes", "blanches=no"])}
    (found,) = reddots.classify(name, answers=answers, workers=1, checkpoint=tiny_checkpoint)
    assert (found.urgency, found.see_doctor) == ("emergency", True)


@pytest.mark.slow
def test_closing_ends_the_processes_and_no_more_photos_are_taken(
    photos: Path, tiny_checkpoint: Path
) -> None:
    taken = 0

    def endless() -> Iterator[PhotoInput]:
        nonlocal taken
        while True:
            taken += 1
            yield PhotoInput(f"photo {taken}", photos / "a.png")

    found = reddots.classify(endless(), workers=2, checkpoint=tiny_checkpoint)
    assert [next(found).photo for _ in range(3)] == ["photo 1", "photo 2", "photo 3"]
    assert worker_processes(tiny_checkpoint)
    found.close()
    assert not worker_processes(tiny_checkpoint)
    assert taken < 40


# what is wrong, the error, why
WRONG = [
    ({"workers": 0}, ValueError, "no worker"),
    ({"checkpoint": Path("gone.json")}, CheckpointError, "no checkpoint"),
]


@pytest.mark.parametrize(("options", "error", "why"), WRONG)
def test_wrong_use_is_told_at_once(
    options: dict[str, object], error: type[Exception], why: str
) -> None:
    with pytest.raises(error):
        reddots.classify(["a.png"], **options)
    assert why


def test_a_bad_manifest_is_an_error(tmp_path: Path, tiny_checkpoint: Path) -> None:
    (tmp_path / "list.csv").write_text("file\n")
    with pytest.raises(ManifestError):
        list(reddots.classify(tmp_path / "list.csv", checkpoint=tiny_checkpoint))


@pytest.mark.slow
def test_a_plain_script_needs_no_guard(photos: Path, tiny_checkpoint: Path) -> None:
    script = photos / "script.py"
    script.write_text(
        "import reddots, pathlib\n"
        f"for found in reddots.classify('{photos}/*.png', checkpoint=pathlib.Path("
        f"'{tiny_checkpoint}'), workers=2):\n"
        "    print(found.status)\n"
    )
    done = subprocess.run([sys.executable, script], check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("ok\nok\n", "")


def test_reddots_itself_stays_quick_to_import() -> None:
    program = (
        "import sys, reddots; "
        "print([m for m in ('numpy', 'PIL', 'onnxruntime', 'reddots.batch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout.strip() == b"[]"
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = reddots.no_such_thing
