"""A spot detector that needs no training: what is redder than green is a spot 8 pixels wide."""

import hashlib
import json
from pathlib import Path
from typing import Any

STRIDE, MULTIPLE = 2, 32


def side_car() -> dict[str, Any]:
    """A side-car without its hash."""
    return {
        "version": "0.0.0",
        "input": {"long_side": 256, "enlarge": 2.0, "multiple": MULTIPLE, "stride": STRIDE},
        "thresholds": {"strength": 0.5, "apart": 0.5, "redder": 1.0},
        "data": {},
        "metrics": {},
        "code": {},
        "licence": "none: made in a test",
        "sha256": {},
    }


def network() -> bytes:
    """The network's ONNX bytes: means of 4 × 4 pixels at every second, then one linear layer."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    # A peak wants a slope: the wide mean makes the middle of a square the highest.
    weights = np.array([[8, -8, 0], [0, 0, 0]], np.float32).reshape(2, 3, 1, 1)
    graph = helper.make_graph(
        [
            helper.make_node(
                "AveragePool", ["photo"], ["mean"], kernel_shape=[8, 8], strides=[2, 2],
                pads=[3, 3, 3, 3], count_include_pad=0,
            ),
            helper.make_node("Conv", ["mean", "weights", "bias"], ["maps"]),
        ],
        "tiny_detector",
        [helper.make_tensor_value_info("photo", TensorProto.FLOAT, [1, 3, "h", "w"])],
        [helper.make_tensor_value_info("maps", TensorProto.FLOAT, [1, 2, "rows", "columns"])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array([-4.0, 3.0], np.float32), "bias"),
        ],
    )  # fmt: skip
    opset = [helper.make_opsetid("", 17)]
    model: bytes = helper.make_model(graph, ir_version=8, opset_imports=opset).SerializeToString()
    onnx.checker.check_model(onnx.load_from_string(model))
    return model


def write_detector(folder: Path) -> Path:
    """Write the detector into ``folder``; return its side-car."""
    path = folder / "spots-0.0.0.json"
    data, written = network(), side_car()
    path.with_suffix(".onnx").write_bytes(data)
    written["sha256"] = {"onnx": hashlib.sha256(data).hexdigest()}
    path.write_text(json.dumps(written))
    return path
