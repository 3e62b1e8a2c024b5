"""Small tables of predictions and truth, and the command run on them in this process."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Scored

OUTPUTS = ("other_rash", "mole_or_growth", "not_skin")


def write(path: Path, text: str) -> Path:
    """Write lines without their indentation."""
    path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n")
    return path


def scored(
    probabilities: Any, truths: Sequence[str], groups: Sequence[int] = (), outputs: str = "abc"
) -> Scored:
    """Photos whose truth is letters of the outputs; two letters are either of them."""
    may = np.array([[o in t for o in outputs] for t in truths], dtype=bool)
    exact = may.sum(axis=1, keepdims=True) == 1
    places = np.array(groups or range(len(truths)), dtype=np.intp)
    return Scored(tuple(outputs), np.array(probabilities, dtype=float), may, may & exact, places)


def drawn(count: int, seed: int = 0, outputs: int = 3, sharpness: float = 1.2) -> Scored:
    """Photos with predictions that are right more often than not, some in groups."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, outputs, count)
    logits = rng.normal(0, 1, (count, outputs))
    logits[np.arange(count), first] += sharpness
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    may = np.eye(outputs, dtype=bool)[first]
    groups = np.unique(rng.integers(0, max(1, count // 2), count), return_inverse=True)[1]
    return Scored(tuple("abcdefgh"[:outputs]), p, may, may.copy(), groups)


def sample_files(folder: Path, count: int = 60, seed: int = 0) -> tuple[Path, Path]:
    """Write a table and a manifest in the contract's format; return their paths."""
    found = drawn(count, seed)
    columns = ["photo", "status", *(f"p_{o}" for o in OUTPUTS)]
    lines = [",".join(columns)]
    truth = ["photo,label,dataset,group,fitzpatrick,body_site,age"]
    for i in range(count):
        p = ",".join(f"{v:.6f}" for v in found.probabilities[i])
        lines.append(f"{i}.jpg,ok,{p}")
        label = OUTPUTS[int(found.possible[i].argmax())]
        skin = i % 6 + 1
        truth.append(f"{i}.jpg,{label},one,g{found.groups[i]},{skin},back,{20 + i % 60}")
    predictions, manifest = folder / "predictions.csv", folder / "manifest.csv"
    predictions.write_text("\n".join(lines) + "\n")
    manifest.write_text("\n".join(truth) + "\n")
    return predictions, manifest


def read_json(path: Path) -> dict[str, Any]:
    """Read strict JSON: NaN is an error."""

    def refuse(word: str) -> Any:
        raise AssertionError(f"{word} is no JSON")

    result: dict[str, Any] = json.loads(path.read_text(), parse_constant=refuse)
    return result
