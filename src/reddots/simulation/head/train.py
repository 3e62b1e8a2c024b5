"""Teaches the simulated head of a finished run, and measures it on what it was not taught.

Without photos of bleeding, the penalty is chosen on the validation split (see ``model_selection``),
and how a score is read, and its cap, on the calibration split. With some, they teach too (see
``real_photos``), and with each person left out they say how a score is read.
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
from reddots.simulation.head.feature_dataset import (
    FeatureDataset,
    Order,
    join,
    photo_features,
    render_features,
)
from reddots.simulation.head.features import FeatureExtractor, deep_model
from reddots.simulation.head.likelihood import Scores, learn_likelihood
from reddots.simulation.head.model_selection import try_penalties
from reddots.simulation.head.real_dataset import (
    OUTPUT,
    PhotoFeatures,
    group_names,
    held_out_scores,
    photos_beside,
    real_rows,
    skin_rows,
)
from reddots.simulation.head.real_photos import Taught, teach_by_photos
from reddots.simulation.head.ridge import fit_head, rescaled, score
from reddots.simulation.rendering.shapes import OTHER_STYLE, ShapeStyle
from reddots.training.networks.onnx_export import load_network
from reddots.training.networks.simulated_head import SimulatedHead
from reddots.training.recipe import read_recipe
from reddots.training.run_folder import RunFolder

_log = logging.getLogger(__name__)


def teach_head(
    run: RunFolder,
    photos_folder: Path,
    *,
    pairs: int = 400,
    draws: int = 3,
    seed: int = 0,
    workers: int = 1,
    real: Path | None = None,
) -> dict[str, Any]:
    """Teach the head of a finished run; write it into the run and return what was measured.

    Args:
        run: what ``reddots train`` made; ``simulated.safetensors`` and ``simulated.json`` are
            added.
        photos_folder: what the manifest's paths start from.
        pairs: skin patches a draw; each is rendered once with bleeding, once with something else.
        draws: how often ``pairs`` are rendered anew; the head learns from all.
        seed: of everything.
        workers: processes that render.
        real: the manifest of real photos of bleeding, and of others from the same sets, which
            teach too.

    Raises:
        ManifestError: the terms of a real photo's set forbid training.
        TrainingError: the run is not whole, its photos show no skin, or the real photos are too
            few.
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
        style=ShapeStyle(),
    )
    rows = read_manifest(run.manifest).rows
    taught = []
    for draw in range(draws):
        _log.info("rendering draw %d of %d: %d pairs", draw + 1, draws, pairs)
        patches = skin_rows(rows, "train")
        taught.append(render_features(replace(order, rows=patches, seed=seed + draw), workers))
    hold_out = max(pairs // 3, 1)
    other_style = replace(order, pairs=hold_out, style=OTHER_STYLE)
    validation = skin_rows(rows, "validation")
    _log.info("rendering hold-outs: %d pairs each", hold_out)
    chosen_on = render_features(replace(other_style, rows=validation, seed=seed + 100), workers)
    every = join(taught)
    extractor = FeatureExtractor(order.model, spec)

    def features_of(rows: Sequence[Row], folder: Path = photos_folder) -> PhotoFeatures:
        return photo_features(extractor, folder, rows, recipe.data.short_side)

    seen = features_of(validation)
    tried = try_penalties(every, chosen_on, *seen)
    penalty = max(tried, key=lambda carried: carried.merit).penalty
    for carried in tried:
        _log.info("penalty %g: merit %.3f", carried.penalty, carried.merit)
    head = fit_head(every.pooled, every.bleeding, penalty)
    calibration = skin_rows(rows, "calibration")
    rendered = render_features(replace(other_style, rows=calibration, seed=seed + 200), workers)
    others = features_of(calibration)
    taught_by: Taught | None = None
    if real is not None:
        own = features_of(*real_rows(real))
        taught_by = teach_by_photos(head, photos_beside(own, seen, others, network), seed)
        head = taught_by.head
        _log.info("real photos: %s", taught_by.figures)
    lesions = np.array([r.label != "normal_skin" for r in others[0]])
    likelihood = learn_likelihood(
        *_read_by(head, rendered, (group_names(others[0])[lesions], others[1][lesions]), taught_by),
        load().evidence.limits.photo,
        seed,
    )
    head = rescaled(head, likelihood.slope, likelihood.intercept)
    own_style = replace(order, pairs=hold_out, rows=skin_rows(rows, "test"), seed=seed + 300)
    tested = render_features(own_style, workers)
    tested_other = render_features(replace(own_style, style=OTHER_STYLE, seed=seed + 400), workers)
    figures = {
        "output": OUTPUT,
        "cap": likelihood.cap,
        "pairs": pairs,
        "draws": draws,
        "seed": seed,
        "penalty": penalty,
        "penalties": [asdict(carried) for carried in tried],
        "likelihood": asdict(likelihood),
        "painted": synthetic_metrics(head, tested),
        "painted_by_another_brush": synthetic_metrics(head, tested_other),
        "draws_alone": [
            auroc(
                score(fit_head(t.pooled, t.bleeding, penalty), tested_other.pooled),
                tested_other.bleeding,
            )
            for t in taught
        ],
        "photos": {
            "n": int(lesions.sum()),
            "from_2": float((score(head, others[1][lesions]) >= np.log(2)).mean()),
        },
        "real": taught_by and taught_by.figures,
    }
    _write(run, head, figures)
    return figures


def synthetic_metrics(head: SimulatedHead, features: FeatureDataset) -> dict[str, Any]:
    """Return AUROC of bleeding against the rest: overall, by what else was rendered, by tone."""
    scores, bleeding = score(head, features.pooled), features.bleeding

    def area(chosen: npt.NDArray[np.bool_]) -> dict[str, Any]:
        return {
            "n": int(chosen.sum()),
            "bleeding": int((chosen & bleeding).sum()),
            "auroc": auroc(scores[chosen], bleeding[chosen]),
        }

    others = sorted(set(features.kind[~bleeding]))
    return {
        "all": area(np.ones(len(scores), bool)),
        "photos": area(~features.generated),
        "generated": area(features.generated),
        "against": {k: area(bleeding | (features.kind == k)) for k in others},
        "of": {
            k: area(~bleeding | (features.kind == k)) for k in sorted(set(features.kind[bleeding]))
        },
        "tone": {str(t): area(features.tone == t) for t in range(1, 7)},
    }


def _read_by(
    head: SimulatedHead,
    rendered: FeatureDataset,
    lesions: tuple[npt.NDArray[np.str_], npt.NDArray[np.float32]],
    taught: Taught | None,
) -> tuple[Scores, dict[str, Scores]]:
    """Return the scores of bleeding, and of others, by which a score is read."""
    if taught is not None:
        return held_out_scores(taught)
    bleeding, names = rendered.bleeding, rendered.group
    scores = score(head, rendered.pooled)
    return (
        Scores(scores[bleeding], names[bleeding]),
        {
            "painted": Scores(scores[~bleeding], names[~bleeding]),
            "photos": Scores(score(head, lesions[1]), lesions[0]),
        },
    )


def _write(run: RunFolder, head: SimulatedHead, figures: dict[str, Any]) -> None:
    tensors = {name: tensor.contiguous() for name, tensor in head.state_dict().items()}
    with atomic_file(run.simulated_head) as partial:
        partial.write_bytes(save(tensors))
    atomic_write(run.simulated_facts, json.dumps(figures, indent=1).encode())
