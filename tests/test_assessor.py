"""One person's way from photos and answers to an assessment; several photos are joined."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from reddots.assessor import Assessor, merge
from reddots.errors import CheckpointError, PhotoError
from reddots.knowledge import Urgency
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers, parse_settings
from tiny_checkpoint import BLUE, OUTPUTS, RED, SKIN, write_checkpoint


def finding(a: float = 0.5, **more: Any) -> PhotoResult:
    """A usable finding with two outputs, of which the first has the probability ``a``."""
    values = {"status": "ok", "categories": {"a": a, "b": 1 - a}, "prediction_set": ("a",)}
    return PhotoResult(**{**values, "training_priors": {"a": 0.3, "b": 0.7}, **more})


UNREADABLE = PhotoResult(status="rejected", problems=("unreadable",))
NO_SKIN = finding(status="rejected", problems=("not_skin",), not_skin=True)

# probabilities of “a” in several photos, in the joined one, why
POOLED = [
    ([0.5], 0.5, "one photo stays as it is"),
    ([0.8, 0.8], 0.8, "two that agree are no surer than one"),
    ([0.8, 0.2], 0.5, "two that contradict each other"),
    ([0.9, 0.5], 0.75, "odds of 9 and 1: their geometric mean is 3"),
    ([0.9, 0.9, 0.1], 0.675, "two against one: odds of 9 to the power of a third"),
    ([1.0, 0.5], 1.0, "certainty survives"),
]


@pytest.mark.parametrize(("given", "pooled", "why"), POOLED, ids=[row[2] for row in POOLED])
def test_probabilities_are_pooled(given: list[float], pooled: float, why: str) -> None:
    joined = merge([finding(a) for a in given])
    assert joined is not None
    assert joined.categories["a"] == pytest.approx(pooled, abs=1e-3), why
    assert sum(joined.categories.values()) == pytest.approx(1)


def test_no_photo_says_nothing() -> None:
    assert merge([]) is None


# photos, status, problems, why
STATUS = [
    ([finding(), UNREADABLE], "ok", ("unreadable",), "one usable photo is enough"),
    ([UNREADABLE, finding()], "ok", ("unreadable",), "in any order"),
    ([UNREADABLE, NO_SKIN], "rejected", ("unreadable", "not_skin"), "all that is wrong is kept"),
    ([NO_SKIN], "rejected", ("not_skin",), "one photo without skin"),
    (
        [finding(problems=("blurred",)), finding(problems=("blurred", "too_dark"))],
        "ok",
        ("blurred", "too_dark"),
        "each problem once",
    ),
]


@pytest.mark.parametrize(("photos", "status", "problems", "why"), STATUS)
def test_status_and_problems(
    photos: list[PhotoResult], status: str, problems: tuple[str, ...], why: str
) -> None:
    joined = merge(photos)
    assert joined is not None
    assert (joined.status, joined.problems) == (status, problems), why


def test_a_rejected_photo_does_not_sway_the_others() -> None:
    joined = merge([finding(0.7), NO_SKIN, UNREADABLE])
    assert joined is not None
    assert joined.categories == {"a": 0.7, "b": pytest.approx(0.3)}
    assert not joined.not_skin


def test_what_several_photos_leave_open() -> None:
    unsure, sure = finding(abstained=True), finding(abstained=False, prediction_set=("b",))
    joined, both = merge([unsure, sure]), merge([unsure, unsure])
    assert joined is not None
    assert both is not None
    assert not joined.abstained, "one clear photo is enough to name something"
    assert both.abstained
    assert tuple(joined.prediction_set) == ("a", "b"), "what any photo leaves possible"
    assert joined.training_priors == {"a": 0.3, "b": 0.7}


def test_the_strongest_sign_of_a_simulated_output_is_kept() -> None:
    photos = [finding(simulated_ratios={"purpura": ratio}) for ratio in (1.0, 4.0, 2.0)]
    joined = merge(photos)
    assert joined is not None
    assert joined.simulated_ratios == {"purpura": 4.0}


# ---------------------------------------------------------------- with a checkpoint


def picture(folder: Path, colour: tuple[int, int, int], name: str = "spots.png") -> Path:
    path = folder / name
    Image.effect_noise((200, 200), 40).convert("RGB").save(path)
    plain = Image.new("RGB", (200, 200), colour)
    Image.blend(plain, Image.open(path), 0.15).save(path)
    return path


@pytest.fixture
def assessor(tiny_checkpoint: Path) -> Assessor:
    return Assessor(tiny_checkpoint)


def test_a_path_and_its_bytes_are_one_photo(assessor: Assessor, tmp_path: Path) -> None:
    path = picture(tmp_path, SKIN)
    assert assessor.analyze_photo(path) == assessor.analyze_photo(path.read_bytes())
    assert tuple(assessor.analyze_photo(path).categories) == OUTPUTS


def test_a_photo_that_cannot_be_read_is_an_error_or_a_rejection(
    assessor: Assessor, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.png"
    with pytest.raises(PhotoError):
        assessor.analyze_photo(missing)
    assert assessor.analyze_or_reject(missing) == PhotoResult("rejected", ("missing",))


def test_the_quality_of_the_photo_is_told(assessor: Assessor, tmp_path: Path) -> None:
    path = tmp_path / "dark.png"
    Image.new("RGB", (60, 60), (20, 10, 10)).save(path)
    problems = ("not_skin", "too_small", "too_dark", "blurred")
    assert tuple(assessor.analyze_photo(path).problems) == problems, (
        "what turns it away comes first"
    )


def test_several_photos_become_one_assessment(assessor: Assessor, tmp_path: Path) -> None:
    photos = [picture(tmp_path, SKIN, "a.png"), picture(tmp_path, RED, "b.png"), tmp_path / "c"]
    result = assessor.assess(parse_settings(["fever=no"]), photos, case_id="seven")
    assert result.photo is not None
    assert (result.id, result.photo.status, result.photo.problems) == (
        "seven",
        "ok",
        ("no_spots", "missing"),
    )
    assert result.model is not None
    assert result.model.version == "0.0.0"
    assert len(result.model.sha256) == 64


def test_a_photo_without_skin_leaves_the_answers_alone(assessor: Assessor, tmp_path: Path) -> None:
    answers = parse_settings(["age_years=6", "fever=yes", "blanches=no"])
    result = assessor.assess(answers, [picture(tmp_path, BLUE)])
    alone = assessor.assess(answers)
    assert result.photo is not None
    assert result.photo.not_skin
    assert result.urgency is Urgency.EMERGENCY
    assert result.candidates == alone.candidates


def test_answers_need_no_checkpoint_but_a_photo_does(tmp_path: Path) -> None:
    assessor = Assessor(tmp_path / "reddots-9.json")
    result = assessor.assess(parse_settings(["fever=yes", "blanches=no"]))
    assert result.urgency is Urgency.EMERGENCY
    assert result.model is None
    assert result.to_json()["model"] is None
    with pytest.raises(CheckpointError, match="cannot be read"):
        assessor.assess(Answers(), [tmp_path / "photo.jpg"])


def test_a_damaged_checkpoint_is_no_reason_to_be_silent(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    path = write_checkpoint(tmp_path)
    path.with_suffix(".onnx").write_bytes(b"another")
    with pytest.raises(CheckpointError, match="changed"):
        Assessor(path).assess(Answers(), [picture(tmp_path, SKIN)])
