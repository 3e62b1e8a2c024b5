"""Teaches the simulated head of a finished run, and measures it on what it was not taught.

What is chosen is chosen without any photo of bleeding: the penalty on the validation split (see
``choosing``), how a score is read, and its cap, on the calibration split.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from safetensors.torch import save

from reddots._atomic import atomic_file, atomic_write
from reddots.classifier.preprocessing import InputSpec
from reddots.datasets.manifest import Row, read_manifest
from reddots.evaluation.metrics.scores import auroc
from reddots.knowledge import load
from reddots.photo.result import GATE
from reddots.simulation.head.feature_dataset import (
    Looked,
    Order,
    join,
    look_at_photos,
    paint_and_look,
)
from reddots.simulation.head.features import DeepEye, deep_model
from reddots.simulation.head.likelihood import Scores, learn_likelihood
from reddots.simulation.head.model_selection import try_penalties
from reddots.simulation.head.ridge import fit_head, rescaled, score
from reddots.simulation.rendering.shapes import OTHER_BRUSH, Brush
from reddots.training.networks.onnx_export import load_network
from reddots.training.networks.simulated_head import SimulatedHead
from reddots.training.recipe import read_recipe
from reddots.training.run_folder import RunFolder

_log = logging.getLogger(__name__)
OUTPUT = "purpura"
# Dermoscopy is another scale, and these hands are 100 pixels wide.
_NO_CANVAS = frozenset({"ham10000", "sign_digits_hands"})


def teach_head(
    run: RunFolder,
    photos_folder: Path,
    *,
    pairs: int = 400,
    draws: int = 3,
    seed: int = 0,
    workers: int = 1,
) -> dict[str, Any]:
    """Teach the head of a finished run; write it into the run and return what was measured.

    Args:
        run: what ``reddots train`` made; ``simulated.safetensors`` and ``simulated.json`` are
            added.
        photos_folder: what the manifest's paths start from.
        pairs: canvases a draw; each is painted once with bleeding, once with something else.
        draws: how often ``pairs`` are painted anew; the head learns from all.
        seed: of everything.
        workers: processes that paint.

    Raises:
        TrainingError: the run is not whole, or its photos show no skin.
    """
    facts, recipe = run.read_facts(), read_recipe(run.recipe)
    spec = msgspec.convert(facts["input"], InputSpec)
    network = load_network(run.best, facts["backbone"], len(facts["outputs"]))
    order = Order(
        model=deep_model(network, spec),
        spec=spec,
        folder=photos_folder,
        rows=(),
        short_side=recipe.data.short_side,
        pairs=pairs,
        seed=seed,
        brush=Brush(),
    )
    rows = read_manifest(run.manifest).rows
    taught = []
    for draw in range(draws):
        _log.info("painting draw %d of %d: %d pairs", draw + 1, draws, pairs)
        canvases = _canvases(rows, "train")
        taught.append(paint_and_look(replace(order, rows=canvases, seed=seed + draw), workers))
    hold_out = max(pairs // 3, 1)
    other_hand = replace(order, pairs=hold_out, brush=OTHER_BRUSH)
    validation = _canvases(rows, "validation")
    _log.info("painting hold-outs: %d pairs each", hold_out)
    chosen_on = paint_and_look(replace(other_hand, rows=validation, seed=seed + 100), workers)
    every = join(taught)
    eye = DeepEye(order.model, spec)
    shown, unpainted = look_at_photos(eye, photos_folder, validation, recipe.data.short_side)
    tried = try_penalties(every, chosen_on, shown, unpainted)
    penalty = max(tried, key=lambda carried: carried.merit).penalty
    for carried in tried:
        _log.info("penalty %g: merit %.3f", carried.penalty, carried.merit)
    head = fit_head(every.pooled, every.bleeding, penalty)
    calibration = _canvases(rows, "calibration")
    painted = paint_and_look(replace(other_hand, rows=calibration, seed=seed + 200), workers)
    lesions = _lesions(rows, "calibration")
    real, unpainted = look_at_photos(eye, photos_folder, lesions, recipe.data.short_side)
    likelihood = learn_likelihood(
        Scores(score(head, painted.pooled[painted.bleeding]), painted.group[painted.bleeding]),
        {
            "painted": Scores(
                score(head, painted.pooled[~painted.bleeding]), painted.group[~painted.bleeding]
            ),
            "photos": Scores(
                score(head, unpainted), np.array([f"{r.dataset}/{r.group}" for r in real])
            ),
        },
        load().evidence.limits.photo,
        seed,
    )
    head = rescaled(head, likelihood.slope, likelihood.intercept)
    own_hand = replace(order, pairs=hold_out, rows=_canvases(rows, "test"), seed=seed + 300)
    tested = paint_and_look(own_hand, workers)
    tested_other = paint_and_look(replace(own_hand, brush=OTHER_BRUSH, seed=seed + 400), workers)
    figures = {
        "output": OUTPUT,
        "cap": likelihood.cap,
        "pairs": pairs,
        "draws": draws,
        "seed": seed,
        "penalty": penalty,
        "penalties": [asdict(carried) for carried in tried],
        "likelihood": asdict(likelihood),
        "painted": painted_figures(head, tested),
        "painted_by_another_brush": painted_figures(head, tested_other),
        "draws_alone": [
            auroc(
                score(fit_head(t.pooled, t.bleeding, penalty), tested_other.pooled),
                tested_other.bleeding,
            )
            for t in taught
        ],
        "photos": {"n": len(real), "from_2": float((score(head, unpainted) >= np.log(2)).mean())},
    }
    _write(run, head, figures)
    return figures


def painted_figures(head: SimulatedHead, looked: Looked) -> dict[str, Any]:
    """Return AUROC of bleeding against the rest: overall, by what else was painted, by tone."""
    scores, bleeding = score(head, looked.pooled), looked.bleeding

    def area(chosen: npt.NDArray[np.bool_]) -> dict[str, Any]:
        return {
            "n": int(chosen.sum()),
            "bleeding": int((chosen & bleeding).sum()),
            "auroc": auroc(scores[chosen], bleeding[chosen]),
        }

    others = sorted(set(looked.kind[~bleeding]))
    return {
        "all": area(np.ones(len(scores), bool)),
        "photos": area(~looked.generated),
        "generated": area(looked.generated),
        "against": {k: area(bleeding | (looked.kind == k)) for k in others},
        "of": {k: area(~bleeding | (looked.kind == k)) for k in sorted(set(looked.kind[bleeding]))},
        "tone": {str(t): area(looked.tone == t) for t in range(1, 7)},
    }


def _canvases(rows: Sequence[Row], split: str) -> tuple[Row, ...]:
    return tuple(
        r for r in rows if r.split == split and r.label and r.label != GATE
        and r.dataset not in _NO_CANVAS
    )  # fmt: skip


def _lesions(rows: Sequence[Row], split: str) -> tuple[Row, ...]:
    return tuple(r for r in _canvases(rows, split) if r.label != "normal_skin")


def _write(run: RunFolder, head: SimulatedHead, figures: dict[str, Any]) -> None:
    tensors = {name: tensor.contiguous() for name, tensor in head.state_dict().items()}
    with atomic_file(run.simulated_head) as partial:
        partial.write_bytes(save(tensors))
    atomic_write(run.simulated_facts, json.dumps(figures, indent=1).encode())
