"""A site of its own for the tests: a tiny checkpoint, pictures made here, a server."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from running_site import Site, start_site, stop_site
from skin_pictures import picture

from reddots.knowledge import load

_SIDE = 64


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of one layer: a bluish picture is no skin, any other is a rash."""
    onnx = pytest.importorskip("onnx", reason="the train extra makes the tests' checkpoint")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT
    outputs = tuple(dict.fromkeys(c.output for c in load().categories.values() if c.output))
    gate = next(c.output for c in load().categories.values() if c.kind == "gate")
    weights = np.zeros((3, len(outputs)), np.float32)
    weights[:, outputs.index(gate)] = (-40, 0, 40)
    weights[:, outputs.index("other_rash")] = (2, 0, 0)
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
            helper.make_node("Flatten", ["mean"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
            helper.make_node(
                "AveragePool", ["image"], ["features"], kernel_shape=[8, 8], strides=[8, 8]
            ),
        ],
        "tiny",
        [helper.make_tensor_value_info("image", floats, ["n", 3, _SIDE, _SIDE])],
        [
            helper.make_tensor_value_info("logits", floats, ["n", len(outputs)]),
            helper.make_tensor_value_info("features", floats, ["n", 3, 8, 8]),
        ],
        [helper.make_tensor("weights", floats, weights.shape, weights.ravel())],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    folder = tmp_path_factory.mktemp("checkpoint")
    (folder / "reddots-0.0.0.onnx").write_bytes(model.SerializeToString())
    digest = hashlib.sha256((folder / "reddots-0.0.0.onnx").read_bytes()).hexdigest()
    share = dict.fromkeys(outputs, 1 / len(outputs))
    side_car = {
        "version": "0.0.0",
        "outputs": outputs,
        "simulated": {},
        "input": {
            "size": _SIDE,
            "resize": _SIDE,
            "crop": "center",
            "mean": [0, 0, 0],
            "std": [1, 1, 1],
            "interpolation": "bicubic",
        },
        "temperature": 1.0,
        "thresholds": {
            "abstention": 0.1,
            "not_skin": 0.5,
            "conformal": dict.fromkeys(outputs, 0.9),
        },
        "priors": {"training": share, "deployment": share},
        "data": {},
        "metrics": {},
        "code": {},
        "licence": "Apache-2.0",
        "sha256": {"onnx": digest, "safetensors": digest},
    }
    path = folder / "reddots-0.0.0.json"
    path.write_text(json.dumps(side_car), encoding="utf-8")
    assert onnx.load(folder / "reddots-0.0.0.onnx").graph.name == "tiny"
    return path


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of red dots on skin, as a phone would save it."""
    path = tmp_path_factory.mktemp("photos") / "my-secret-file-name.jpg"
    picture().save(path, quality=90)
    return path


@pytest.fixture(scope="session")
def site(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server that most tests share."""
    running = start_site(checkpoint, tmp_path_factory.mktemp("site"))
    yield running
    stop_site(running)


@pytest.fixture
def visit(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """Open the page as a new person; keyword arguments go to the browser's context."""
    contexts = []

    def open_page(address: str = "", **options: Any) -> Any:
        phone = {"viewport": {"width": 390, "height": 844}, "locale": "en-GB"}
        context = browser.new_context(**{**phone, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)  # a busy computer
        page.goto(address or site.address)
        page.locator("#rd-go-on").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
