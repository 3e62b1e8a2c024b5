"""The class activation map is exact: its mean plus the bias is the logit."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from reddots.classifier.cam import activation_maps, on_photo, speaks_for
from reddots.classifier.checkpoint import newest_checkpoint
from reddots.classifier.linear_head import LinearHead, read_linear_head
from reddots.classifier.model import Classifier
from reddots.classifier.preprocessing import InputSpec, prepare
from tiny_checkpoint import BIAS, WEIGHTS, network, side_car, write_checkpoint

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
def test_the_mean_of_each_map_gives_the_logit(
    tiny_checkpoint: Path, which: str, number: int
) -> None:
    path = tiny_checkpoint if which == "tiny" else shipped()
    classifier = Classifier.load(path)
    head = read_linear_head(path.with_suffix(".onnx").read_bytes())
    assert head is not None, "its head is linear"
    pixels = pictures()[number]
    session = ort.InferenceSession(path.with_suffix(".onnx").read_bytes())
    image = prepare(pixels, classifier.side_car.input)
    features = session.run(["features"], {"image": image})[0][0]
    maps = activation_maps(features, head)
    assert maps.shape == (len(classifier.outputs), *features.shape[1:])
    for output, mean, bias, logit in zip(
        classifier.outputs,
        maps.mean(axis=(1, 2)),
        head.bias,
        classifier.logits(pixels),
        strict=True,
    ):
        assert mean + bias == pytest.approx(logit, abs=1e-4), output


def test_the_head_is_read_as_it_was_written() -> None:
    pytest.importorskip("onnx", reason="making a network needs onnx, of the extra “train”")
    head = read_linear_head(network())
    assert head is not None
    np.testing.assert_array_equal(head.weight, WEIGHTS)
    np.testing.assert_array_equal(head.bias, BIAS)


def _changed(change: str) -> bytes:
    onnx = pytest.importorskip("onnx", reason="making a network needs onnx, of the extra “train”")
    model = onnx.load_from_string(network())
    nodes = model.graph.node
    if change == "scaled":
        nodes[3].attribute.append(onnx.helper.make_attribute("alpha", 2.0))
    elif change == "squashed":
        nodes[3].output[0] = "raw"
        nodes.append(onnx.helper.make_node("Tanh", ["raw"], ["logits"]))
    elif change == "largest":
        nodes[1].op_type = "GlobalMaxPool"
    elif change == "half":
        weight = onnx.numpy_helper.from_array(WEIGHTS.astype(np.float16), "weights")
        model.graph.initializer[0].CopyFrom(weight)
    elif change == "turned":
        del nodes[3].attribute[:]
        weight = onnx.numpy_helper.from_array(np.ascontiguousarray(WEIGHTS.T), "weights")
        model.graph.initializer[0].CopyFrom(weight)
    data: bytes = model.SerializeToString()
    return data


@pytest.mark.parametrize(
    ("change", "known", "why"),
    [
        ("none", True, "as networks here are exported"),
        ("turned", True, "the weights may be stored the other way round"),
        ("scaled", False, "the logits are no longer the plain sum"),
        ("squashed", False, "something comes after the linear layer"),
        ("largest", False, "the pooling is no mean"),
        ("half", False, "weights of another type are not guessed at"),
    ],
)
def test_only_a_head_that_makes_the_map_exact_is_read(change: str, known: bool, why: str) -> None:
    head = read_linear_head(_changed(change))
    assert (head is not None) == known, why
    if head is not None:
        np.testing.assert_array_equal(head.weight, WEIGHTS)


def test_a_network_without_a_known_head_is_looked_at_all_the_same(tmp_path: Path) -> None:
    classifier = Classifier.load(write_checkpoint(tmp_path, side_car(), _changed("squashed")))
    pixels = pictures()[0]
    assert classifier.activation(pixels, "other_rash") is None
    assert np.isfinite(classifier.logits(pixels)).all()


def test_what_raises_every_output_alike_speaks_for_none() -> None:
    features = np.random.default_rng(1).random((4, 3, 3), dtype=np.float32)
    weight = np.random.default_rng(2).normal(size=(3, 4)).astype(np.float32)
    one = activation_maps(features, LinearHead(weight, np.zeros(3, np.float32)))
    other = activation_maps(features, LinearHead(weight + 5, np.zeros(3, np.float32)))
    np.testing.assert_allclose(speaks_for(one, 1), speaks_for(other, 1), atol=1e-5)


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
