"""The class activation map is exact: its mean is the logit."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from reddots.classifier.cam import contrast, on_photo
from reddots.classifier.checkpoint import newest_checkpoint
from reddots.classifier.model import Classifier
from reddots.classifier.preprocessing import InputSpec, prepare
from tiny_checkpoint import network, side_car, write_checkpoint

ort = pytest.importorskip("onnxruntime")


def pictures() -> list[npt.NDArray[np.uint8]]:
    random = np.random.default_rng(0)
    return [
        random.integers(0, 255, (120, 90, 3), dtype=np.uint8),
        np.full((64, 64, 3), (214, 168, 144), np.uint8),
        np.kron(random.integers(60, 255, (5, 7, 3)), np.ones((40, 40, 1))).astype(np.uint8),
    ]


def shipped() -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("REDDOTS_CHECKPOINT", raising=False)
        return newest_checkpoint()


@pytest.mark.parametrize("which", ["tiny", "shipped"])
@pytest.mark.parametrize("number", range(3))
def test_the_mean_of_each_map_is_the_logit(tiny_checkpoint: Path, which: str, number: int) -> None:
    path = tiny_checkpoint if which == "tiny" else shipped()
    classifier = Classifier.load(path)
    pixels = pictures()[number]
    session = ort.InferenceSession(path.with_suffix(".onnx").read_bytes())
    image = prepare(pixels, classifier.side_car.input)
    features, maps = (a[0] for a in session.run(["features", "cam"], {"image": image}))
    assert maps.shape == (len(classifier.outputs), *features.shape[1:])
    for output, mean, logit in zip(
        classifier.outputs, maps.mean(axis=(1, 2)), classifier.logits(pixels), strict=True
    ):
        assert mean == pytest.approx(logit, abs=1e-4), output


def without_cam() -> bytes:
    onnx = pytest.importorskip("onnx", reason="making a network needs onnx, of the extra “train”")
    model = onnx.load_from_string(network())
    del model.graph.output[2], model.graph.node[4]
    data: bytes = model.SerializeToString()
    return data


def test_a_network_without_maps_classifies_all_the_same(tmp_path: Path) -> None:
    classifier = Classifier.load(write_checkpoint(tmp_path, side_car(), without_cam()))
    pixels = pictures()[0]
    assert classifier.activation(pixels, "other_rash") is None
    assert np.isfinite(classifier.logits(pixels)).all()


def test_what_raises_every_output_alike_speaks_for_none() -> None:
    maps = np.random.default_rng(1).normal(size=(3, 3, 3))
    np.testing.assert_allclose(contrast(maps, 1), contrast(maps + 5, 1), atol=1e-9)


@pytest.mark.parametrize(
    ("height", "width", "resize", "seen", "why"),
    [
        (100, 100, 64, (0, 100, 0, 100), "a square photo is seen whole"),
        (100, 160, 64, (0, 100, 30, 130), "a wide one in the middle"),
        (90, 50, 64, (20, 70, 0, 50), "a tall one in the middle"),
        (100, 100, 80, (10, 90, 10, 90), "and less, where the network is given a cut"),
    ],
)
def test_the_map_lies_on_what_the_network_sees(
    height: int, width: int, resize: int, seen: tuple[int, int, int, int], why: str
) -> None:
    spec = InputSpec(64, resize, "center", (0.5,) * 3, (0.5,) * 3, "bicubic")
    laid = on_photo(np.ones((8, 8)), height, width, spec)
    top, bottom, left, right = seen
    assert laid.shape == (height, width)
    assert laid[top:bottom, left:right].min() > 0.99, why
    assert laid.sum() == pytest.approx((bottom - top) * (right - left), rel=1e-3), why
