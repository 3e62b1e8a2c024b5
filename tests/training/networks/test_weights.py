"""Weights come from safetensors alone; a pickle is named as one and never opened."""

import os
import pickle
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="of the extra “train”")

import torch
from safetensors.torch import save

from reddots.errors import CheckpointError, TrainingError
from reddots.training.networks.network import SpotNetwork, load_pretrained, read_tensors
from reddots.training.networks.onnx_export import load_network

BACKBONE = "test_efficientnet"  # 0.1 million parameters
WHOLE = save({"a": torch.zeros(4)})


class Program:
    """Something that runs when it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self.proof = proof

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (str(self.proof),)


def saved_by_torch(path: Path) -> bytes:
    torch.save({"a": Program(path.with_name("proof"))}, path)
    return path.read_bytes()


# what the file holds, words of the sentence, why
FILES: list[tuple[Callable[[Path], bytes], str, str]] = [
    (lambda path: pickle.dumps(Program(path.with_name("proof"))), "a pickle", "a pickle"),
    (saved_by_torch, "a pickle", "what torch.save writes, a pickle in a zip"),
    (lambda _: WHOLE[:-3], "no safetensors", "cut"),
    (lambda _: b"", "no safetensors", "empty"),
    (lambda _: struct.pack("<Q", 2**60) + WHOLE[8:], "no safetensors", "a header of an exabyte"),
    (lambda _: struct.pack("<Q", 9) + b"[" * 9, "no safetensors", "a header that is no JSON"),
]


@pytest.mark.parametrize(("make", "words", "why"), FILES, ids=[row[2] for row in FILES])
def test_what_is_no_safetensors_is_named(
    tmp_path: Path, make: Callable[[Path], bytes], words: str, why: str
) -> None:
    path = tmp_path / "weights.pt"
    path.write_bytes(make(path))
    with pytest.raises(CheckpointError, match=words):
        read_tensors(path)
    with pytest.raises(CheckpointError, match=r"weights\.pt"):
        load_network(path, BACKBONE, 2)
    with pytest.raises(TrainingError, match=words):
        load_pretrained(SpotNetwork(BACKBONE, 2), str(path), BACKBONE)
    assert not (tmp_path / "proof").exists(), f"no program has run: {why}"


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        read_tensors(tmp_path / "nothing")


def test_whole_weights_are_read(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(WHOLE)
    assert read_tensors(tmp_path / "weights")["a"].shape == (4,)
