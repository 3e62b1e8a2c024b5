"""A checkpoint is used only when it is whole, in order, and the one that its side-car describes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reddots._side_car import require_untouched
from reddots.classifier import checkpoint
from reddots.classifier.checkpoint import newest_checkpoint, read_side_car
from reddots.errors import CheckpointError

pytest.importorskip("onnx", reason="making a checkpoint needs onnx, of the extra “train”")
import tiny_checkpoint as tiny

Change = Callable[[dict[str, Any]], Any]


def set_to(*keys: str, value: Any) -> Change:
    """Put a value at a place in the side-car."""

    def change(description: dict[str, Any]) -> None:
        for key in keys[:-1]:
            description = description[key]
        description[keys[-1]] = value

    return change


# what is wrong, words that the message must have, why
BAD: list[tuple[Change, list[str], str]] = [
    (lambda d: d.pop("temperature"), ["temperature"], "a key is missing"),
    (set_to("colour", value="red"), ["colour"], "an unknown key"),
    (set_to("temperature", value="hot"), ["temperature"], "a word for a number"),
    (set_to("thresholds", "gate", value=1), ["gate"], "an unknown key further in"),
    (set_to("outputs", value=["not_skin"]), ["at least two outputs"], "one output"),
    (set_to("outputs", value=[*tiny.OUTPUTS[:4], tiny.OUTPUTS[0]]), ["each once"], "one twice"),
    (set_to("outputs", value=[*tiny.OUTPUTS, "measles"]), ["training priors"], "one too many"),
    (
        set_to("priors", "training", value=dict.fromkeys(tiny.OUTPUTS, 0.3)),
        ["training priors"],
        "shares that sum to 1.5",
    ),
    (
        set_to("priors", "training", value={**dict.fromkeys(tiny.OUTPUTS, 0.25), "not_skin": 0.0}),
        ["training priors"],
        "a share of nothing, which nothing can be divided by",
    ),
    (
        set_to("priors", "deployment", value={"not_skin": 1.0}),
        ["deployment priors"],
        "shares of other outputs",
    ),
    (set_to("priors", "training", value={}), ["training priors"], "no shares"),
    (set_to("thresholds", "conformal", value={"x": 1}), ["conformal"], "quantiles of others"),
    (set_to("temperature", value=0), ["temperature"], "divides by zero"),
    (set_to("temperature", value=-1), ["temperature"], "turns the order round"),
    (set_to("sha256", value={"safetensors": "0"}), ["hashes"], "no hash for the network"),
    (set_to("sha256", value={"onnx": "0"}), ["hashes"], "no hash for the weights"),
    (set_to("input", "crop", value="random"), ["input"], "a crop that is not known"),
    (set_to("input", "interpolation", value="magic"), ["input"], "a filter that is not known"),
    (set_to("input", "std", value=[1, 0, 1]), ["input"], "a deviation of nothing"),
    (set_to("input", "size", value=0), ["input"], "no pixels"),
    (set_to("input", "size", value=64), ["input"], "a cut larger than the photo"),
]


@pytest.mark.parametrize(("change", "words", "why"), BAD, ids=[row[2] for row in BAD])
def test_a_side_car_that_is_not_in_order_is_named(
    tmp_path: Path, change: Change, words: list[str], why: str
) -> None:
    description = tiny.side_car()
    description["sha256"] = {"onnx": "0", "safetensors": "0"}
    change(description)
    path = tmp_path / "reddots-0.0.0.json"
    path.write_text(json.dumps(description))
    with pytest.raises(CheckpointError) as caught:
        read_side_car(path)
    for word in ["reddots-0.0.0.json", "not in order", *words]:
        assert word in str(caught.value), why


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null"])
def test_a_side_car_that_is_no_json_object_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "reddots-1.json"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"reddots-1\.json is not in order"):
        read_side_car(path)


def test_a_missing_side_car_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        read_side_car(tmp_path / "reddots-1.json")


def test_the_side_car_is_read_whole(tiny_checkpoint: Path) -> None:
    side_car = read_side_car(tiny_checkpoint)
    assert side_car.outputs == tiny.OUTPUTS
    assert (side_car.input.size, side_car.input.mean) == (tiny.SIZE, tiny.MEAN)
    assert side_car.thresholds.conformal["not_skin"] == 0.9
    assert set(side_car.sha256) == {"onnx", "safetensors"}


# what happened to the file, words that the message must have
TAMPERED: list[tuple[Callable[[Path], Any], str]] = [
    (lambda p: p.write_bytes(p.read_bytes()[:-1]), "only partly copied"),
    (lambda p: p.write_bytes(bytes([p.read_bytes()[0] ^ 1]) + p.read_bytes()[1:]), "changed"),
    (lambda p: p.write_bytes(b""), "changed"),
    (lambda p: p.unlink(), "cannot be read"),
]


@pytest.mark.parametrize(("harm", "words"), TAMPERED)
def test_a_file_that_is_not_the_described_one_is_refused(
    tmp_path: Path, harm: Callable[[Path], Any], words: str
) -> None:
    side_car = tiny.write_checkpoint(tmp_path)
    model = side_car.with_suffix(".onnx")
    digest = read_side_car(side_car).sha256["onnx"]
    assert require_untouched(model, digest) == model.read_bytes()
    harm(model)
    with pytest.raises(CheckpointError, match=words) as caught:
        require_untouched(model, digest)
    assert "reddots-0.0.0.onnx" in str(caught.value)


# versions in the folder, the newest of them, why
VERSIONS = [
    (["0.1.0"], "0.1.0", "the only one"),
    (["0.9.0", "0.10.0"], "0.10.0", "ten is more than nine"),
    (["0.2.0", "0.1.9", "0.1.10"], "0.2.0", "the first number counts most"),
    (["0.1.0-rc1", "0.1.0"], "0.1.0", "a candidate comes before its release"),
    (["0.1.0-rc1", "0.1.0-rc2"], "0.1.0-rc2", "and before the next candidate"),
    (["0.1.0-rc1", "0.0.9"], "0.1.0-rc1", "but after the release before"),
    (["0.1", "0.1.1"], "0.1.1", "a short version is the earliest of its kind"),
]


@pytest.mark.parametrize(("versions", "newest", "why"), VERSIONS, ids=[r[2] for r in VERSIONS])
def test_the_newest_checkpoint_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, versions: list[str], newest: str, why: str
) -> None:
    monkeypatch.delenv("REDDOTS_CHECKPOINT", raising=False)
    monkeypatch.setattr(checkpoint, "folder", lambda _: tmp_path)
    for version in versions:
        (tmp_path / f"reddots-{version}.json").touch()
    (tmp_path / "reddots-9.9.9.manifest.csv").touch()
    assert newest_checkpoint() == tmp_path / f"reddots-{newest}.json", why


def test_without_a_checkpoint_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REDDOTS_CHECKPOINT", raising=False)
    monkeypatch.setattr(checkpoint, "folder", lambda _: tmp_path)
    with pytest.raises(CheckpointError, match="Install Red Dots again") as caught:
        newest_checkpoint()
    assert "REDDOTS_CHECKPOINT" in str(caught.value)


def test_the_variable_names_the_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", "/some/where.json")
    assert newest_checkpoint() == Path("/some/where.json")
