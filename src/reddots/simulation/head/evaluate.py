"""How well a checkpoint's simulated output finds what it was never shown: on real photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from reddots.classifier.model import Classifier
from reddots.errors import CheckpointError, ManifestError
from reddots.evaluation.metrics.inference.bootstrap import percentiles, replicate_weights
from reddots.photo.loader import expect_photos, load_photo
from reddots.simulation.head.real_dataset import OUTPUT
from reddots.tabular.reader import open_table

REPLICATES = 2000
_RAISES = 2.0  # the ratio from which the photo's rule raises the urgency


@dataclass(frozen=True, eq=False)
class Measured:
    """Scores of real photos.

    Attributes:
        score: N, the natural logarithm of the likelihood ratio before it is cut off.
        spots: N, photos of purpura that show separate spots.
        condition: N names of what the others show.
        group: N names.
        ratio: N, as used: from 1 to the cap.
    """

    score: npt.NDArray[np.float64]
    spots: npt.NDArray[np.bool_]
    condition: npt.NDArray[np.str_]
    group: npt.NDArray[np.str_]
    ratio: npt.NDArray[np.float64]


def look(checkpoint: Path, manifest: Path) -> Measured:
    """Look at a manifest's photos of lesions that have ``condition`` and, for purpura, ``spots``.

    Left out are photos of purpura in which nobody saw separate spots (``spots`` is ``no``), healthy
    skin, and what is no skin.

    Raises:
        CheckpointError: the checkpoint has no simulated output.
        ManifestError: the manifest cannot be read, or lacks a column or spots.
    """
    classifier = Classifier.load(checkpoint)
    if OUTPUT not in classifier.side_car.simulated:
        raise CheckpointError(f"{checkpoint.stem} has no simulated output {OUTPUT}.")
    rows = _rows(manifest)
    expect_photos(of_one_owner=True)
    short_side = classifier.side_car.input.resize
    photos = (load_photo(manifest.parent / r["photo"], short_side=short_side) for r in rows)
    scores = np.array([classifier.simulated(photo.pixels)[OUTPUT] for photo in photos])
    cap = classifier.side_car.simulated[OUTPUT]
    return Measured(
        scores,
        np.array([row["spots"] == "yes" for row in rows]),
        np.array([row["condition"] for row in rows]),
        np.array([row["group"] or row["photo"] for row in rows]),
        np.exp(np.clip(scores, 0, np.log(cap))),
    )


def figures(measured: Measured, seed: int = 0) -> dict[str, Any]:
    """Return AUROC of spots against all else and each condition, and the ratio at the rule's level.

    Intervals are 95% percentiles of a bootstrap over groups.
    """
    everything = np.ones(len(measured.score), bool)
    conditions = sorted(set(measured.condition[~measured.spots]))
    against = {
        name: _area(measured, measured.spots | (measured.condition == name), seed)
        for name in conditions
    }
    raised = measured.ratio >= _RAISES
    return {
        "all": _area(measured, everything, seed),
        "against": dict(sorted(against.items(), key=lambda item: item[1]["auroc"])),
        "rule": {
            "from": _RAISES,
            "spots": int((raised & measured.spots).sum()),
            "of": int(measured.spots.sum()),
            "others": int((raised & ~measured.spots).sum()),
            "of_others": int((~measured.spots).sum()),
            **_ratio(measured, raised, seed),
        },
    }


def table(found: dict[str, Any]) -> str:
    """Return the figures as a table in Markdown."""
    lines = ["| against | photos | AUROC (95% interval) |", "|---|---:|---|"]
    named = [("everything else", found["all"]), *found["against"].items()]
    for name, area in named:
        low, high = area["interval"]
        lines.append(
            f"| {name.replace('_', ' ')} | {area['others']} | "
            f"{area['auroc']:.3f} ({low:.3f} to {high:.3f}) |"
        )
    rule = found["rule"]
    low, high = rule["interval"]
    summary = (
        f"Ratio {rule['from']:g} or more: {rule['spots']} of {rule['of']} photos with spots, "
        f"{rule['others']} of {rule['of_others']} others; likelihood ratio {rule['ratio']:.2f} "
        f"({low:.2f} to {high:.2f})."
    )
    return "\n".join([*lines, "", summary])


def _area(measured: Measured, chosen: npt.NDArray[np.bool_], seed: int) -> dict[str, Any]:
    """Return the AUROC, as the share of pairs that are ordered rightly, with its interval."""
    spots = measured.spots[chosen]
    found, rest = measured.score[chosen][spots], measured.score[chosen][~spots]
    right = (found[:, None] > rest) + 0.5 * (found[:, None] == rest)
    codes = np.unique(measured.group[chosen], return_inverse=True)[1].reshape(-1)

    def area(weights: npt.NDArray[np.float64]) -> float:
        pairs = weights[spots].sum() * weights[~spots].sum()
        return float(weights[spots] @ right @ weights[~spots] / pairs) if pairs else float("nan")

    values = np.array([area(w) for w in replicate_weights(codes, REPLICATES, seed)])
    return {
        "others": int((~spots).sum()),
        "auroc": area(np.ones(len(spots))),
        "interval": [float(v) for v in percentiles(values)],
    }


def _ratio(measured: Measured, raised: npt.NDArray[np.bool_], seed: int) -> dict[str, Any]:
    codes = np.unique(measured.group, return_inverse=True)[1].reshape(-1)
    spots = measured.spots

    def ratio(weights: npt.NDArray[np.float64]) -> float:
        hits, alarms = weights[spots & raised].sum(), weights[~spots & raised].sum()
        of, of_others = weights[spots].sum(), weights[~spots].sum()
        return float((hits + 0.5) / (of + 1) / ((alarms + 0.5) / (of_others + 1)))

    values = np.array([ratio(w) for w in replicate_weights(codes, REPLICATES, seed)])
    return {
        "ratio": ratio(np.ones(len(spots))),
        "interval": [float(v) for v in percentiles(values)],
    }


def _rows(manifest: Path) -> Sequence[dict[str, str]]:
    table = open_table(manifest, ManifestError)
    table.require("photo", "label", "condition", "spots", "group")
    rows = [row.texts() for row in table]
    kept = [r for r in rows if r["label"] not in {"normal_skin", "not_skin"} and r["spots"] != "no"]
    if not any(r["spots"] == "yes" for r in kept):
        raise ManifestError(f"The manifest {manifest} marks no photo as showing spots.")
    return kept
