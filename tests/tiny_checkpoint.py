"""A checkpoint that is made in a test: it judges a photo by its mean colour.

Its side-car is written by hand, so that a test also fails when the contract's names change.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

SIZE = 32
MEAN, STD = (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)
OUTPUTS = ("keratosis_pilaris", "cherry_angioma", "other_rash", "normal_skin", "not_skin")
# What each output makes of the mean red, green and blue, from -1 to 1, and its bias.
WEIGHTS = np.array(
    [[0, 0, 0], [6, -6, -6], [2, 0, 0], [3, 2, 0], [-6, -6, 6]],
    dtype=np.float32,
)
BIAS = np.array([-1, -3, -1, 0, 0], dtype=np.float32)

SKIN, RED, BLUE = (214, 168, 144), (230, 20, 20), (20, 20, 230)


def side_car() -> dict[str, Any]:
    """The side-car without its hashes, as plain JSON."""
    shares = dict.fromkeys(OUTPUTS, 1 / len(OUTPUTS))
    return {
        "version": "0.0.0",
        "outputs": list(OUTPUTS),
        "simulated": {},
        "input": {
            "size": SIZE,
            "resize": SIZE,
            "crop": "center",
            "mean": list(MEAN),
            "std": list(STD),
            "interpolation": "bicubic",
        },
        "temperature": 1.0,
        "thresholds": {
            "abstention": 0.5,
            "not_skin": 0.5,
            "conformal": dict.fromkeys(OUTPUTS, 0.9),
        },
        "priors": {"training": shares, "deployment": shares},
        "data": {},
        "metrics": {},
        "code": {},
        "licence": "none: made in a test",
        "sha256": {},
    }


def network(weights: npt.NDArray[np.float32] = WEIGHTS) -> bytes:
    """The network's ONNX bytes: the mean of each channel, then one linear layer."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    outputs = len(weights)
    graph = helper.make_graph(
        [
            helper.make_node(
                "AveragePool", ["image"], ["features"], kernel_shape=[4, 4], strides=[4, 4]
            ),
            helper.make_node("GlobalAveragePool", ["features"], ["mean"]),
            helper.make_node("Flatten", ["mean"], ["flat"]),
            helper.make_node("Gemm", ["flat", "weights", "bias"], ["logits"], transB=1),
            helper.make_node("Conv", ["features", "places", "bias"], ["cam"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["photos", 3, SIZE, SIZE])],
        [
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["photos", outputs]),
            helper.make_tensor_value_info(
                "features", TensorProto.FLOAT, ["photos", 3, SIZE // 4, SIZE // 4]
            ),
            helper.make_tensor_value_info(
                "cam", TensorProto.FLOAT, ["photos", outputs, SIZE // 4, SIZE // 4]
            ),
        ],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(weights[:, :, None, None], "places"),
            numpy_helper.from_array(BIAS[:outputs], "bias"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data


def write_checkpoint(
    folder: Path, description: dict[str, Any] | None = None, model: bytes | None = None
) -> Path:
    """Write a checkpoint whose hashes fit into ``folder``; return its side-car's path."""
    description = description or side_car()
    stem = folder / f"reddots-{description['version']}"
    for ending, data in (("onnx", model or network()), ("safetensors", b"no weights")):
        stem.with_name(f"{stem.name}.{ending}").write_bytes(data)
        description["sha256"].setdefault(ending, hashlib.sha256(data).hexdigest())
    path = stem.with_name(f"{stem.name}.json")
    path.write_text(json.dumps(description), encoding="utf-8")
    return path


def expected_logits(colour: tuple[int, int, int]) -> npt.NDArray[np.float32]:
    """The logits of a photo of one colour, worked out without the network."""
    scaled = (np.array(colour, dtype=np.float32) / 255 - 0.5) / 0.5
    result: npt.NDArray[np.float32] = WEIGHTS @ scaled + BIAS
    return result
