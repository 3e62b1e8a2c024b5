"""Predictions of any model: tiny ones of each library, and what evaluate makes of them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("torch", reason="of the extra “train”")

import torch
from PIL import Image

import reddots
from reddots.errors import TableError

LEVELS = (40, 120, 200)
CLASSES = ("dark", "light")


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{level}.png" for level in LEVELS]
    for path, level in zip(paths, LEVELS, strict=True):
        Image.new("RGB", (40, 30), (level, level, level)).save(path)
    return paths


def expected() -> np.ndarray:
    """The softmax of (−x, x) where x is how bright the photo is."""
    x = np.array(LEVELS) / 255
    p = 1 / (1 + np.exp(-2 * x))
    return np.stack([1 - p, p], axis=1)


def brightness() -> Any:
    """A module with the logits (−x, x)."""
    last = torch.nn.Linear(3, 2, bias=False)
    last.weight.data = torch.tensor([[-1.0] * 3, [1.0] * 3]) / 3
    return torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), last)


def scaled(picture: Image.Image) -> Any:
    return torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1).float() / 255


@pytest.mark.slow
def test_a_torchvision_model(photos: list[Path], tmp_path: Path) -> None:
    found = reddots.Predictions.from_torchvision(brightness(), photos, CLASSES, scaled)
    np.testing.assert_allclose(np.asarray(found), expected(), rtol=1e-5)
    found.to_csv(tmp_path / "p.csv")
    again = reddots.Predictions.from_csv(tmp_path / "p.csv")
    assert (again.photos, again.columns, again.model) == (found.photos, CLASSES, "Sequential")
    np.testing.assert_allclose(np.asarray(again), np.asarray(found), atol=1e-6)  # six decimals
    report = reddots.evaluate(["dark", "light", "light"], again)
    assert report["accuracy"] == pytest.approx(2 / 3)


def test_a_timm_model_is_prepared_as_it_says(photos: list[Path]) -> None:
    timm = pytest.importorskip("timm")
    torch.manual_seed(0)
    model = timm.create_model("test_efficientnet", pretrained=False, num_classes=2)
    found = reddots.Predictions.from_timm(model, photos, CLASSES)
    config = timm.data.resolve_model_data_config(model)
    transform = timm.data.create_transform(**config, is_training=False)
    with Image.open(photos[0]) as picture, torch.inference_mode():
        own = model.eval()(transform(picture.convert("RGB"))[None]).softmax(dim=1)[0]
    np.testing.assert_allclose(np.asarray(found)[0], own, rtol=1e-5)
    assert found.model == "test_efficientnet"


def test_a_pipeline_of_transformers_is_asked_for_every_class(photos: list[Path]) -> None:
    """A stand-in that answers as the library does: the likeliest first, under the model's names."""

    def pipeline(picture: Image.Image, *, top_k: int, function_to_apply: str) -> list[Any]:
        assert (top_k, function_to_apply) == (2, "softmax")
        p = expected()[LEVELS.index(picture.getpixel((0, 0))[0])]
        answers = [{"label": n, "score": s} for n, s in zip(CLASSES, p, strict=True)]
        return sorted(answers, key=lambda own: -own["score"])

    config = SimpleNamespace(id2label={1: "light", 0: "dark"}, _name_or_path="tiny")
    pipeline.model = SimpleNamespace(config=config)  # type: ignore[attr-defined]
    found = reddots.Predictions.from_transformers(pipeline, photos)
    np.testing.assert_allclose(np.asarray(found), expected())
    assert (found.columns, found.model) == (CLASSES, "tiny")


def test_an_onnx_file(photos: list[Path], tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    kinds = onnx.TensorProto.FLOAT
    weight = onnx.numpy_helper.from_array(
        np.array([[-1] * 3, [1] * 3], dtype=np.float32).T / 3, "weight"
    )
    nodes = [
        onnx.helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
        onnx.helper.make_node("Flatten", ["mean"], ["flat"]),
        onnx.helper.make_node("MatMul", ["flat", "weight"], ["logits"]),
    ]
    ends = [
        [onnx.helper.make_tensor_value_info(name, kinds, shape)]
        for name, shape in (("image", [1, 3, 30, 40]), ("logits", [1, 2]))
    ]
    graph = onnx.helper.make_graph(nodes, "brightness", *ends, [weight])
    path = tmp_path / "brightness.onnx"
    opset = [onnx.helper.make_opsetid("", 17)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=opset, ir_version=9), path)
    found = reddots.Predictions.from_onnx(path, photos, CLASSES, lambda own: scaled(own).numpy())
    np.testing.assert_allclose(np.asarray(found), expected(), rtol=1e-5)
    with pytest.raises(TableError, match="2 outputs, but 3 classes"):
        reddots.Predictions.from_onnx(path, photos, "abc", lambda own: scaled(own).numpy())
