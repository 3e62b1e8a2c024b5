"""The confusion matrix, with rows for coarse truths, and the rates that follow from it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reddots.evaluation.core.scored import Floats, Scored, Whole


@dataclass(frozen=True, eq=False)
class Rates:
    """Shares of each output (K each), 0 to 1; NaN where there is nothing to divide by.

    Attributes:
        sensitivity: of the photos that surely are it, those with a right first choice.
        specificity: of the photos that cannot be it, those that are not called it.
        ppv: of the photos called it, those that may be it.
        npv: of the photos not called it, those that cannot be it; coarse ones that may or may not
            be it are left out.
        f1: harmonic mean of sensitivity and ppv (van Rijsbergen 1979).
        counts: the eight whole numbers behind the first four: hits and totals, 8 × K.
    """

    sensitivity: Floats
    specificity: Floats
    ppv: Floats
    npv: Floats
    f1: Floats
    counts: Floats

    @property
    def macro_f1(self) -> float:
        """The mean of F1 over the outputs that have photos."""
        present = self.counts[1] > 0
        return float(self.f1[present].mean()) if present.any() else float("nan")


class Confusion:
    """Truths (T rows: the K outputs, then coarse and manifold truths) against first choices."""

    def __init__(self, scored: Scored) -> None:
        """Find each photo's cell."""
        self.outputs = scored.outputs
        self.possible, self.certain, kind = scored.kinds
        self._cell = kind * len(scored.outputs) + scored.predicted

    def matrix(self, weights: Floats | None = None) -> Floats:
        """Return how many photos (or what weight of them) are in each cell, T × K."""
        cells = np.bincount(self._cell, weights=weights, minlength=self.possible.size)
        return cells.astype(np.float64).reshape(self.possible.shape)

    @property
    def truths(self) -> tuple[str, ...]:
        """The names of the T rows: ``a|b`` is one of them, ``a;b`` is both."""
        names = []
        for may, surely in zip(self.possible, self.certain, strict=True):
            joint = ";" if surely.sum() > 1 else "|"
            names.append(joint.join(o for o, m in zip(self.outputs, may, strict=True) if m))
        return tuple(names)

    def square(self) -> Whole:
        """Return the counts as a square, K × K: a coarse truth is in the row of its first class."""
        result: Whole = np.zeros((len(self.outputs), len(self.outputs)), dtype=np.intp)
        np.add.at(result, self.possible.argmax(axis=1), self.matrix().astype(np.intp))
        return result

    def to_json(self) -> dict[str, Any]:
        """Return the counts, T × K, with the names of their rows and columns."""
        return {
            "truths": list(self.truths),
            "called": list(self.outputs),
            "counts": self.matrix().astype(int).tolist(),
        }

    def rates(self, matrix: Floats) -> Rates:
        """Return the rates of a matrix of this shape."""
        total = matrix.sum(axis=1)
        hits = (matrix * self.possible).sum(axis=1)
        left = total[:, None] - matrix
        never = ~self.possible
        called_right, called = (matrix * self.possible).sum(axis=0), matrix.sum(axis=0)
        rejected = (left * never).sum(axis=0)
        counts = np.stack(
            [
                hits @ self.certain,
                total @ self.certain,
                rejected,
                total @ never,
                called_right,
                called,
                rejected,
                rejected + (left * self.certain).sum(axis=0),
            ]
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            sensitivity, specificity, ppv, npv = counts[::2] / counts[1::2]
            # A share of nothing called is no share, but F1 counts it as nothing found.
            found = np.where(counts[5] > 0, ppv, 0.0)
            both = sensitivity + found
            f1 = np.where(both > 0, 2 * sensitivity * found / both, both)
        return Rates(sensitivity, specificity, ppv, npv, f1, counts)

    def balanced_accuracy(self, matrix: Floats) -> float:
        """Return the mean share of right first choices over the truths that have photos."""
        total = matrix.sum(axis=1)
        present = total > 0
        return float(((matrix * self.possible).sum(axis=1)[present] / total[present]).mean())

    def kappa(self, matrix: Floats) -> float:
        """Return Cohen's kappa (Cohen 1960) of the photos with a single truth, −1 to 1.

        NaN when there is none, or when chance alone would agree always.
        """
        square = matrix[: len(self.outputs)]
        total = square.sum()
        if not total:
            return float("nan")
        chance = float(square.sum(axis=0) @ square.sum(axis=1)) / total**2
        agreed = float(np.trace(square)) / total
        return (agreed - chance) / (1 - chance) if chance < 1 else float("nan")


def predictive_values(
    sensitivity: Floats, specificity: Floats, prevalence: Floats | float
) -> tuple[Floats, Floats]:
    """Return the predictive values at a stated prevalence, by Bayes' rule (Altman 1994).

    The worked example: sensitivity 0.90 (231 of 258) and specificity 0.63 (54 of 86), at a
    prevalence of 0.25, give a positive value of 0.45 and a negative one of 0.95 (Altman and Bland,
    BMJ 1994;309:102).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        hit, alarm = sensitivity * prevalence, (1 - specificity) * (1 - prevalence)
        calm, missed = specificity * (1 - prevalence), (1 - sensitivity) * prevalence
        return hit / (hit + alarm), calm / (calm + missed)
