"""Calibration of a finished run: temperature and thresholds, with JSON and plots in its folder."""

import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from reddots import knowledge
from reddots._atomic import atomic_write
from reddots.classifier.preprocessing import InputSpec
from reddots.classifier.softmax import softmax
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.manifest import Manifest, Row, read_manifest
from reddots.evaluation.core.scored import Flags, Floats
from reddots.evaluation.metrics.calibration.reliability import reliability
from reddots.evaluation.metrics.scores import equal_width, expected_calibration_error
from reddots.photo.result import GATE
from reddots.training.calibration import ACCEPTABLE_RISK, Calibration, calibrate, risk_curve
from reddots.training.dataset import LabelledPhotos, load_labelled
from reddots.training.leave_one_source_out import held_out_probabilities
from reddots.training.networks.onnx_export import load_network
from reddots.training.plots import draw_reliability, draw_risk
from reddots.training.predict import NetworkOutput, predict_photos
from reddots.training.run_folder import RunFolder

_log = logging.getLogger(__name__)
_MOST = 150  # training photos of one output and data set: enough for a last layer
_STEPS = 100  # points of a curve


def calibrate_run(run: RunFolder, photos_folder: Path) -> Calibration:
    """Calibrate a run's best epoch on its calibration split; write and return the result.

    Raises:
        TrainingError: it is no run, or its photos are not there.
        CheckpointError: its weights cannot be loaded.
    """
    facts = run.read_facts()
    outputs = tuple(facts["outputs"])
    spec = msgspec.convert(facts["input"], InputSpec)
    network = load_network(run.best, facts["backbone"], len(outputs))
    manifest = read_manifest(run.manifest)
    taught = some_of(manifest.only("train").rows, _MOST, facts.get("seed", 0))
    split = load(Manifest(photos_folder, manifest.only("calibration").rows), outputs, spec.resize)
    output = predict_photos(network, split, spec, exact=True)
    _log.info("looked at %d photos to calibrate on", len(split.rows))
    learnt = load(Manifest(photos_folder, taught), outputs, spec.resize)
    held_out = _held_out(predict_photos(network, learnt, spec), learnt, output, split, facts)
    sources = [row.dataset for row in split.rows]
    shares = facts["training_shares"]
    found = calibrate(
        output.logits, split.truth, outputs, shares, GATE, sources=sources, held_out=held_out
    )
    report = _report(output, split.truth, found)
    atomic_write(
        run.calibration, json.dumps({**asdict(found), "report": report}, indent=1).encode()
    )
    named = {"calibration split": report}
    for drawing in (draw_reliability(named), draw_risk(named, ACCEPTABLE_RISK)):
        for ending, data in (("svg", drawing.svg), ("png", drawing.png)):
            atomic_write(run.path / f"{drawing.name}.{ending}", data)
    return found


def load(manifest: Manifest, outputs: Sequence[str], short_side: int) -> LabelledPhotos:
    """Decode the photos of a manifest whose label means one of ``outputs``."""
    return load_labelled(
        manifest, outputs, knowledge.load().categories, read_catalogue(), short_side
    )


def some_of(rows: Sequence[Row], most: int, seed: int) -> tuple[Row, ...]:
    """Return the rows, at most so many of each label and data set, drawn by chance."""
    order = np.random.default_rng(seed).permutation(len(rows))
    taken: Counter[tuple[str, str]] = Counter()
    keep = []
    for index in order.tolist():
        cell = rows[index].label, rows[index].dataset
        taken[cell] += 1
        if taken[cell] <= most:
            keep.append(index)
    return tuple(rows[i] for i in sorted(keep))


def _held_out(
    learnt_output: NetworkOutput,
    learnt: LabelledPhotos,
    output: NetworkOutput,
    split: LabelledPhotos,
    facts: Any,
) -> Floats:
    sides = [
        (s.features, p.truth.argmax(axis=1), np.array([r.dataset for r in p.rows]))
        for s, p in ((learnt_output, learnt), (output, split))
    ]
    shares = np.array([facts["training_shares"].get(o, 0.0) for o in facts["outputs"]])
    return held_out_probabilities(sides[0], sides[1], shares)


def _report(output: NetworkOutput, truth: Flags, found: Calibration) -> dict[str, Any]:
    """Return what calibration did on its own split: errors, bins, and the curve of abstention."""
    result: dict[str, Any] = {"n": len(truth), "reliability": {}}
    for name, when, temperature in (
        ("ece_before", "before", 1.0),
        ("ece", "after", found.temperature),
    ):
        p = softmax(output.logits, temperature)
        right = truth[np.arange(len(truth)), p.argmax(axis=1)]
        result[name] = expected_calibration_error(p, truth)
        bins = reliability(p.max(axis=1), right, equal_width(p.max(axis=1)))
        result["reliability"][when] = bins
    top, risk = risk_curve(softmax(output.logits, found.temperature), truth, np.ones(len(truth)))
    count = int((top >= found.abstention).sum())
    shown = np.unique(np.linspace(0, len(top) - 1, min(_STEPS, len(top))).astype(int))
    result["selective"] = {
        "curve": {
            "coverage": [float((i + 1) / len(top)) for i in shown],
            "risk": [float(risk[i]) for i in shown],
        },
        "own_abstention": {
            "coverage": count / len(top),
            "risk": float(risk[count - 1]) if count else None,
        },
    }
    return result
