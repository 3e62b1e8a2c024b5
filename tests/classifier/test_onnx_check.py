"""A network that reaches outside its file, or is none, is refused before ONNX Runtime sees it."""

import io
import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reddots._resources import folder
from reddots.classifier.model import Classifier
from reddots.classifier.onnx_check import objection
from reddots.classifier.onnx_runtime import onnx_runtime
from reddots.errors import CheckpointError

pytest.importorskip("onnx", reason="making a network needs onnx, of the extra “train”")
import onnx

import tiny_checkpoint as tiny

OTHER_FILES, OPERATORS = "keeps weights in other files", "operators that do not belong to ONNX"
NO_ONNX, FUNCTIONS = "is no ONNX file", "functions of its own"
Change = Callable[[Any], None]


def external(tensor: Any, *, said: bool = True) -> None:
    """Let a tensor's numbers lie in another file."""
    tensor.ClearField("raw_data")
    if said:
        tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", "../../secret"), ("offset", "0"), ("length", "4")):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value


def in_attribute(model: Any, field: str) -> Any:
    """A new attribute of the first node that holds ``field``."""
    attribute = model.graph.node[0].attribute.add()
    attribute.name = "hidden"
    return getattr(attribute, field)


def inner_graph(model: Any) -> None:
    """An external tensor in a graph inside a node."""
    external(in_attribute(model, "g").initializer.add())


def foreign(model: Any, domain: str) -> None:
    """A node of another library."""
    model.graph.node[0].domain = domain


# what is changed, words of the reason, why
NETWORKS: list[tuple[Change, str, str]] = [
    (lambda m: external(m.graph.initializer[0]), OTHER_FILES, "weights elsewhere"),
    (lambda m: external(m.graph.initializer[1], said=False), OTHER_FILES, "named but not said"),
    (lambda m: external(in_attribute(m, "t")), OTHER_FILES, "in a constant"),
    (lambda m: external(in_attribute(m, "tensors").add()), OTHER_FILES, "in a list of constants"),
    (lambda m: external(in_attribute(m, "sparse_tensor").values), OTHER_FILES, "in a sparse one"),
    (lambda m: external(m.graph.sparse_initializer.add().indices), OTHER_FILES, "in its places"),
    (inner_graph, OTHER_FILES, "in a graph inside a node"),
    (lambda m: foreign(m, "evil.operators"), OPERATORS, "a node of another library"),
    (lambda m: foreign(m, "com.microsoft"), OPERATORS, "a node of ONNX Runtime's own"),
    (
        lambda m: m.opset_import.extend([onnx.helper.make_opsetid("evil", 1)]),
        OPERATORS,
        "another library that is asked for",
    ),
    (lambda m: m.functions.add(), FUNCTIONS, "functions"),
    (lambda m: m.training_info.add(), "training procedure", "training"),
]


@pytest.mark.parametrize(("change", "words", "why"), NETWORKS, ids=[row[2] for row in NETWORKS])
def test_what_reaches_outside_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, words: str, why: str
) -> None:
    model = onnx.load_from_string(tiny.network())
    change(model)
    monkeypatch.setattr(onnx_runtime(), "InferenceSession", lambda *_, **__: pytest.fail("opened"))
    path = tiny.write_checkpoint(tmp_path, model=model.SerializeToString())
    with pytest.raises(CheckpointError, match=words) as caught:
        Classifier.load(path)
    assert str(caught.value).endswith("."), why


def archive() -> bytes:
    """What torch.save writes is a zip with a pickle inside."""
    file = io.BytesIO(b"PK\3\4" + pickle.dumps({"weights": [1.0]}))
    return file.getvalue()


# a file's bytes, why
NO_NETWORKS = [
    (pickle.dumps(os.getcwd), "a pickle"),
    (archive(), "a pickle in a zip"),
    (b"<html>", "a page"),
    (tiny.network()[:-5], "a network that was cut"),
    (b"\xff" * 99, "a number without an end"),
    (b"\x3a\xff\xff\xff\xff\x0f", "a graph longer than the file"),
    (b"\x3b", "a kind of field that there is not"),
    (b"\x38\x01", "a number where the graph must be"),
]


@pytest.mark.parametrize(("data", "why"), NO_NETWORKS, ids=[row[1] for row in NO_NETWORKS])
def test_what_is_no_network_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, why: str
) -> None:
    monkeypatch.setattr(onnx_runtime(), "InferenceSession", lambda *_, **__: pytest.fail("opened"))
    with pytest.raises(CheckpointError, match=NO_ONNX):
        Classifier.load(tiny.write_checkpoint(tmp_path, model=data))
    assert objection(data), why


def test_graphs_without_end_are_refused() -> None:
    nested = b""
    for _ in range(200):
        for field in (6, 5, 1):  # a graph in an attribute in a node
            size = onnx_number(len(nested))
            nested = bytes([field << 3 | 2]) + size + nested
    assert objection(b"\x3a" + onnx_number(len(nested)) + nested)


def onnx_number(number: int) -> bytes:
    """A number as Protocol Buffers write it."""
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def test_a_tampered_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tiny.write_checkpoint(tmp_path)
    victim = path.with_suffix(".onnx")
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    with pytest.raises(CheckpointError, match=r"not the one that its side-car describes.*\.$"):
        Classifier.load(path)


def test_a_pickle_in_place_of_the_side_car_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tiny.write_checkpoint(tmp_path)
    path.write_bytes(pickle.dumps(tiny.side_car()))
    with pytest.raises(CheckpointError, match=r"not in order"):
        Classifier.load(path)


def test_whole_networks_are_let_through_fast() -> None:
    assert objection(tiny.network()) is None
    for path in folder("checkpoints").glob("*.onnx"):
        data = path.read_bytes()
        began = time.perf_counter()
        assert objection(data) is None
        assert time.perf_counter() - began < 0.5, "the weights are skipped, not read"


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(data: bytes) -> None:
    objection(data)


@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_any_damaged_network_is_judged(place: float, bits: int) -> None:
    data = bytearray(tiny.network())
    data[int(place * len(data))] ^= bits
    objection(bytes(data))
