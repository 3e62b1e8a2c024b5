"""Reads from an ONNX file how the logits follow from the last feature map, without onnx.

Only one way is known, that of the networks here: the mean over all places, then one linear layer.
For it the class activation map is exact (Zhou et al., Learning deep features for discriminative
localization, CVPR 2016).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from reddots.classifier.onnx_check import Value, fields

# Fields of ``onnx.proto`` (ONNX IR version 13).
_GRAPH: Final = 7
_NODE, _INITIALISER = 1, 5
_INPUT, _OUTPUT, _OPERATOR, _ATTRIBUTE = 1, 2, 4, 5
_ATTRIBUTE_NAME, _NUMBER, _INTEGER = 1, 2, 3
_DIMS, _TYPE, _FLOATS, _TENSOR_NAME, _RAW = 1, 2, 4, 8, 9
_FLOAT32: Final = 1
_LOGITS, _FEATURES = "logits", "features"
# Values that leave a Gemm what a linear layer is; those not given have them already.
_PLAIN_FLOATS: Final = {"alpha": 1.0, "beta": 1.0}


@dataclass(frozen=True, eq=False)
class LinearHead:
    """Logits = weight @ mean of the feature map + bias.

    Attributes:
        weight: float32, K × C.
        bias: float32, K.
    """

    weight: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Node:
    operator: str
    inputs: tuple[str, ...]
    attributes: dict[str, float]


def read_linear_head(model: bytes) -> LinearHead | None:
    """Return the head of an ONNX file, or None where the logits come about in another way.

    Args:
        model: an ONNX file's bytes that ``onnx_file.objection`` found nothing against.
    """
    graph = next((_message(v) for f, v in fields(memoryview(model)) if f == _GRAPH), None)
    if graph is None:
        return None
    nodes, tensors = {}, {}
    for field, value in fields(graph):
        if field == _NODE:
            outputs, node = _node(_message(value))
            nodes.update(dict.fromkeys(outputs, node))
        elif field == _INITIALISER:
            tensors[_name(_message(value), _TENSOR_NAME)] = _message(value)
    linear = nodes.get(_LOGITS)
    if linear is None or linear.operator != "Gemm" or len(linear.inputs) != 3:
        return None
    flat = nodes.get(linear.inputs[0])
    pooled = nodes.get(flat.inputs[0]) if flat and flat.operator == "Flatten" else None
    if pooled is None or pooled.operator != "GlobalAveragePool" or pooled.inputs[0] != _FEATURES:
        return None
    if any(linear.attributes.get(name, v) != v for name, v in _PLAIN_FLOATS.items()):
        return None
    weight, bias = (
        _array(tensors[name]) if name in tensors else None for name in linear.inputs[1:]
    )
    if weight is None or bias is None or weight.ndim != 2 or bias.ndim != 1:
        return None
    weight = weight if linear.attributes.get("transB", 0) else weight.T
    fits = len(weight) == len(bias) and not linear.attributes.get("transA", 0)
    return LinearHead(np.ascontiguousarray(weight), bias) if fits else None


def _node(message: memoryview) -> tuple[list[str], _Node]:
    inputs: list[str] = []
    outputs: list[str] = []
    attributes: dict[str, float] = {}
    operator = ""
    for field, value in fields(message):
        if field == _INPUT:
            inputs.append(_text(value))
        elif field == _OUTPUT:
            outputs.append(_text(value))
        elif field == _OPERATOR:
            operator = _text(value)
        elif field == _ATTRIBUTE:
            attributes.update(_attribute(_message(value)))
    return outputs, _Node(operator, tuple(inputs), attributes)


def _attribute(message: memoryview) -> Iterator[tuple[str, float]]:
    """Yield name and value of an attribute that is one number."""
    name = _name(message, _ATTRIBUTE_NAME)
    for field, value in fields(message):
        if field == _INTEGER and isinstance(value, int):
            yield name, float(value)
        elif field == _NUMBER and not isinstance(value, int):
            yield name, float(np.frombuffer(value, "<f4")[0])


def _array(message: memoryview) -> npt.NDArray[np.float32] | None:
    """Return a tensor of float32; None where it is of another type."""
    dims: list[int] = []
    kind, data = 0, memoryview(b"")
    for field, value in fields(message):
        if field == _DIMS and isinstance(value, int):
            dims.append(value)
        elif field == _TYPE and isinstance(value, int):
            kind = value
        elif field in {_RAW, _FLOATS} and not isinstance(value, int):
            data = value
    if kind != _FLOAT32 or len(data) != 4 * int(np.prod(dims)):
        return None
    return np.frombuffer(data, "<f4").reshape(dims).astype(np.float32)


def _name(message: memoryview, field: int) -> str:
    return next((_text(value) for found, value in fields(message) if found == field), "")


def _text(value: Value) -> str:
    return bytes(_message(value)).decode("utf-8", "replace")


def _message(value: Value) -> memoryview:
    return memoryview(b"") if isinstance(value, int) else value
