"""Coverage of the evaluation's 95% intervals when photos come in groups, by simulation.

python benchmarks/coverage.py [SIMULATIONS]

Patients with about 8 photos each (1 to 15); half of the latent variance is the patient's. Prints a
table in Markdown: the share of simulations whose interval holds the true value.
"""

import sys

import numpy as np

from reddots.evaluation.core.scored import Scored
from reddots.evaluation.metrics.calibration.ece import debiased_calibration_error
from reddots.evaluation.metrics.discrimination.delong import area_interval
from reddots.evaluation.metrics.inference.bootstrap import resample
from reddots.evaluation.metrics.inference.proportions import share, wilson
from reddots.evaluation.metrics.overall import NAMES, Overall
from reddots.evaluation.metrics.scores import equal_width

GROUPS = (10, 20, 40, 60)
REPLICATES = 200
SEPARATION = 1.2


def sample(groups: int, seed: int) -> Scored:
    """Three classes with calibrated probabilities, alike within patients."""
    rng = np.random.default_rng(seed)
    place = np.repeat(np.arange(groups), rng.integers(1, 16, groups))
    patient = rng.integers(0, 3, groups)
    truth = np.where(rng.random(len(place)) < 0.7, patient[place], rng.integers(0, 3, len(place)))
    signal = np.eye(3)[truth] * SEPARATION
    noise = rng.normal(size=(groups, 3))[place] + rng.normal(size=(len(place), 3))
    evidence = signal + noise / np.sqrt(2)
    p = np.exp(SEPARATION * evidence)
    p /= p.sum(axis=1, keepdims=True)
    possible = np.eye(3, dtype=bool)[truth]
    return Scored(("a", "b", "c"), p, possible, possible, place)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    large = sample(60_000, 10**6)
    overall = dict(zip(NAMES, Overall(large).values(large.weight), strict=True))
    place = equal_width(large.confidence)
    gap = np.bincount(place, weights=large.confidence - large.correct)
    true = {
        "Wilson, photos as independent": float(large.correct.mean()),
        "accuracy": float(large.correct.mean()),
        "sensitivity": float(large.correct[large.certain[:, 0]].mean()),
        "balanced accuracy": overall["balanced_accuracy"],
        "log loss": overall["log_loss"],
        "AUROC": _area(large),
        "debiased ECE": float(np.abs(gap).sum() / len(large)),
    }
    found: dict[str, list[float]] = {name: [] for name in true}
    for groups in GROUPS:
        covers = dict.fromkeys(true, 0)
        for seed in range(count):
            for name, ends in _intervals(sample(groups, seed)).items():
                covers[name] += ends is not None and ends[0] <= true[name] <= ends[1]
        for name, hits in covers.items():
            found[name].append(hits / count)
    sys.stdout.write("| interval of | " + " | ".join(f"{g} groups" for g in GROUPS) + " |" + "\n")
    sys.stdout.write("|---|" + "---:|" * len(GROUPS) + "\n")
    for name, shares in found.items():
        sys.stdout.write(
            f"| {name} | " + " | ".join(f"{100 * s:.0f}%" for s in shares) + " |" + "\n"
        )


def _area(own: Scored) -> float:
    from reddots.evaluation.metrics.discrimination.curves import Curve

    return float(Curve(own.probabilities[:, 0], own.certain[:, 0]).areas()[0])


def _intervals(own: Scored) -> dict[str, list[float] | None]:
    everything = np.ones(len(own), dtype=bool)
    drawn = resample(Overall(own).statistics(), own, REPLICATES, 0)
    error = debiased_calibration_error(
        own.confidence, own.correct, equal_width(own.confidence), own.groups
    )
    balanced = drawn["overall by class"][:, NAMES.index("balanced_accuracy")]
    loss = drawn["overall"][:, NAMES.index("log_loss")]
    return {
        "Wilson, photos as independent": wilson(int(own.correct.sum()), len(own)),
        "accuracy": share(own.correct, everything, own.groups).interval,
        "sensitivity": share(own.correct, own.certain[:, 0], own.groups).interval,
        "balanced accuracy": [float(v) for v in balanced],
        "log loss": [float(v) for v in loss],
        "AUROC": area_interval(own.probabilities[:, 0], own.certain[:, 0], own.groups),
        "debiased ECE": error.interval,
    }


if __name__ == "__main__":
    main()
